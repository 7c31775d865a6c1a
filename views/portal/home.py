"""The customer's first page, and the firm's logo."""

from collections import namedtuple

from flask import abort, render_template, url_for
from peewee import SQL

from models.core.clock import today
from models.core.model import first_rows
from models.disputes import Dispute
from models.documents import Document
from models.documents.issue import seller_logo
from models.payments import Payment
from models.receivables.balance import money_state
from views.allocations import listed_invoices
from views.portal.paying import ways_to_pay
from views.web.auth import contacts_only, public
from views.web.blueprints import PortalBlueprint
from views.web.downloads import send_data
from views.web.scope import person, sees

bp = PortalBlueprint("portal_home", __name__, url_prefix="/portal", menu="portal_home")
MOST_UNPAID, MOST = 50, 10
# Written out, as the partial index is only used then.
CONFIRMED_KINDS = Document.kind.in_([SQL("'order'"), SQL("'delivery_note'")])
# An open invoice; `days` until it is due, negative afterwards; `reported`: what they say was paid.
Owed = namedtuple("Owed", "document state days reported")


@bp.get("/")
@contacts_only
def index():
    found = listed_invoices(sees(), sees().group)
    reported = Payment.reported_amounts([d.id for d in found])
    waiting = [
        Owed(d, money_state(d, d.left), (d.due_on - today()).days, reported.get(d.id, 0))
        for d in found[:MOST_UNPAID]
    ]
    to_confirm = (
        sees()
        .documents()
        .where(
            Document.confirmed_at.is_null(),
            CONFIRMED_KINDS,
            Document.state.in_(("issued", "archived")),
        )
    )
    newest = first_rows(to_confirm, [Document.id.desc()], MOST)
    return render_template(
        "portal/home/index.html",
        waiting=waiting,
        sums=_sums(found, reported),
        unpaid=len(found),
        ways=ways_to_pay(found, url_for("portal_payments.code_of_all"), reported),
        recent=list(sees().documents().order_by(Document.id.desc()).limit(6)),
        to_confirm=newest,
        answered=list(sees().disputes().where(Dispute.state == "answered").order_by(Dispute.id)),
        many_to_confirm=to_confirm.count() if len(newest) == MOST else len(newest),
        owner=person().customer.leading.owner,
    )


def _sums(found, reported):
    """{currency: what is owed, how much of it is overdue, and what of that nobody has reported as
    paid}: two currencies are never added."""
    sums = {}
    day = today()
    for d in found:
        row = sums.setdefault(d.currency, {"owed": 0, "late": [], "overdue": 0, "to_pay": 0})
        row["owed"] += d.left
        if d.due_on < day:
            row["overdue"] += d.left
            to_pay = max(0, d.left - reported.get(d.id, 0))
            row["to_pay"] += to_pay
            row["late"] += [d] * bool(to_pay)
    return sums


@bp.get("/logo")
@public
def logo():
    data = seller_logo() or abort(404)
    return send_data(
        data,
        mimetype="image/png" if data[:4] == b"\x89PNG" else "image/jpeg",
        max_age=3600,
    )
