"""Payment reminders: sent letters with what became of each mail, the run looked at first, then
sent."""

from flask import current_app, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from models import dunning
from models.adapters import spreadsheets
from models.adapters.outbox import Mail
from models.company import Company
from models.core import filenames
from models.core.errors import refuse
from models.core.money import SYMBOLS
from models.customers import Customer
from models.dunning import Reminded, Reminder
from models.numbering import as_counted
from models.receivables import due_dates
from models.receivables.standing import totals
from views.lists import Listing, between
from views.staff.receivables import mine
from views.web.auth import can, staff_only
from views.web.blueprints import StaffBlueprint
from views.web.downloads import send_data
from views.web.fields import form_id, form_text, page_of, parse_id, query_text
from views.web.idempotency import idempotent
from views.web.pages import calendar_file, flash_ok
from views.web.scope import get_or_404, person, sees
from views.web.sheets import Sheets, serve_sheets

bp = StaffBlueprint(
    "reminders", __name__, url_prefix="/reminders", menu="reminders", help="08-reminders"
)
PAGE = 50  # customers


def listing():
    """The reminders one may see, filtered and sorted by the query string."""
    q, rows = query_text("q"), sees().reminders().select(Reminder, Customer).join(Customer)
    if q:
        rows = rows.where(Reminder.number.contains(q) | Customer.name.contains(q))
    return Listing(
        "reminders",
        between(rows, Reminder.day),
        {
            "id": (Reminder.id, "int"),
            "number": (as_counted(Reminder.number), "text"),
            "customer": (Customer.name, "text"),
            "date": (Reminder.day, "day"),
            "total": (Reminder.total, "int"),
        },
        "-id",
    )


@bp.get("/")
@staff_only
def index():
    return render_template(
        "staff/reminders/index.html", listing=listing(), chosen=request.args, owed=totals(mine())
    )


@bp.get("/export.<any(csv,xlsx):form>")
@staff_only
def export(form):
    return listing().as_file(
        form,
        [_("Number"), _("Customer"), _("Date"), _("Currency"), _("Open")],
        lambda r: [
            r.number,
            r.customer.name,
            r.day,
            r.currency,
            spreadsheets.amount(r.total, r.currency),
        ],
    )


@bp.get("/run")
@staff_only
def preview():
    """Who would get a reminder now, and who would not and why."""
    # All ids once: to count them takes as long as to read them.
    reached = [ident for (ident,) in dunning.reached(mine()).tuples()]
    page, pages = page_of(len(reached), PAGE)
    shown = reached[(page - 1) * PAGE : page * PAGE]
    plans = dunning.preview(customers=Customer.groups_of(shown or [0]))
    return render_template(
        "staff/reminders/run.html",
        ready=[p for p in plans if not p.skipped],
        skipped=[p for p in plans if p.skipped],
        with_credit=[p for p in plans if p.credit],
        dead=Mail.bouncing([c.email for p in plans for c in p.contacts]),
        levels=dunning.ReminderLevel.ladder(),
        page=page,
        pages=pages,
        firm=Company.current(),
    )


@bp.post("/run")
@can("remind")
def run():
    """Send to those chosen, each in a transaction of its own. Sent twice it sends nothing twice: an
    invoice has each level once."""
    chosen = {key for key in map(_key, request.form.getlist("ids")) if key} or refuse(
        "nothing_chosen"
    )
    failed = []
    plans = dunning.preview(customers=sees().customer_ids())
    unreachable = sum(p.skipped == "no_address" for p in plans)
    reminders = dunning.run_due(current_app.config["BASE_URL"], chosen, failed)
    flash_ok(ngettext("1 reminder created.", "%(num)s reminders created.", len(reminders)))
    for customer, _error in failed:
        flash_ok(
            _(
                "The reminder for %(name)s could not be created and was not sent. See the log.",
                name=customer.name,
            )
        )
    if unreachable:
        flash_ok(
            ngettext(
                "1 customer was not reminded: no contact with an email address receives reminders.",
                "%(num)s customers were not reminded: no contact with an email address receives "
                "reminders.",
                unreachable,
            )
        )
    return redirect(url_for("reminders.index"), 303)


@bp.post("/credit")
@can("pay")
@idempotent
def set_off():
    """Settle with a customer's unapplied credit what would be asked for."""
    customer, currency = _key(form_text("plan", 40)) or refuse("nothing_chosen")
    customer = get_or_404(sees().customers(), customer)
    dunning.set_off_credit(person(), customer.id, currency)
    flash_ok(_("The unapplied credit was allocated."))
    return redirect(url_for("reminders.preview"), 303)


def _key(text):
    """(customer id, currency) of a ticked row such as 7-CNY."""
    ident, _dash, currency = text.partition("-")
    return (parse_id(ident), currency) if parse_id(ident) and currency in SYMBOLS else None


@bp.get("/due.ics")
@staff_only
def due_calendar():
    """The due dates of the open invoices one sees, for a calendar."""
    return calendar_file(
        due_dates.calendar_of(sees().documents(), current_app.config["BASE_URL"] + "/documents/")
    )


class ReminderPage:
    """A reminder with its mails, and what someone may do with these."""

    def __init__(self, reminder, person):
        self.letter, self.person, self.mails = reminder, person, reminder.mails()

    def may_bounce(self, mail):
        """Whether one may mark the mail as bounced."""
        return mail.state in ("sent", "failed") and self.person.may("hold")


@bp.get("/<int:id>")
@staff_only
def show(id):
    reminder = get_or_404(sees().reminders(), id)
    page = ReminderPage(reminder, person())
    return render_template(
        "staff/reminders/show.html",
        page=page,
        letter=reminder,
        sheets=Sheets(reminder, ("reminders", id)),
        invoices=[row.invoice for row in reminder.items.order_by(Reminded.id)],
    )


@bp.get("/<int:id>/pdf")
@staff_only
def pdf(id):
    reminder = get_or_404(sees().reminders(), id)
    return send_data(
        reminder.pdf_bytes(),
        mimetype="application/pdf",
        download_name=filenames.pdf_of(reminder.number),
    )


serve_sheets(bp, staff_only, lambda id: get_or_404(sees().reminders(), id))


@bp.post("/<int:id>/bounces")
@can("hold")
@idempotent
def bounce(id):
    """Someone knows that a mail did not arrive: mark it by hand."""
    reminder = get_or_404(sees().reminders(), id)
    mail = next((m for m in reminder.mails() if m.id == form_id("mail")), None)
    mail or refuse("not_yours")
    mail.mark_bounced(form_text("reason", 500))
    return redirect(url_for("reminders.show", id=id), 303)
