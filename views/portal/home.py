"""The customer's first page, and the firm's logo."""

import io

from flask import abort, render_template, send_file

from models.documents import Document
from models.documents.issue import seller_logo
from models.receivables.balance import money_state
from views.allocations import open_invoices
from views.web.auth import contacts_only, public
from views.web.blueprints import PortalBlueprint
from views.web.scope import person, sees

bp = PortalBlueprint("portal_home", __name__, url_prefix="/portal", menu="portal_home")


@bp.get("/")
@contacts_only
def index():
    found = open_invoices(person(), person().customer_id)
    waiting = [(d, d.left, money_state(d, d.left)) for d in found]
    sums = {}
    for document, left, state in waiting:
        row = sums.setdefault(document.currency, [0, 0])
        row[0] += left
        row[1] += left if state == "overdue" else 0
    recent = list(sees().documents().order_by(Document.id.desc()).limit(8))
    to_confirm = [
        d
        for d in sees()
        .documents()
        .where(
            Document.confirmed_at.is_null(),
            Document.kind.in_(("order", "delivery_note")),
            Document.state.in_(("issued", "archived")),
        )
        .limit(10)
    ]
    return render_template(
        "portal/home/index.html", waiting=waiting, sums=sums, recent=recent, to_confirm=to_confirm
    )


@bp.get("/logo")
@public
def logo():
    data = seller_logo() or abort(404)
    return send_file(
        io.BytesIO(data),
        mimetype="image/png" if data[:4] == b"\x89PNG" else "image/jpeg",
        max_age=3600,
    )
