"""What is owed: ageing, the items behind each figure, days sales outstanding, credit limits."""

from flask import render_template, request
from flask_babel import gettext as _

from models.adapters import spreadsheets
from models.core.clock import today
from models.core.money import SYMBOLS
from models.customers import Customer
from models.documents import Document
from models.receivables import ageing
from models.receivables.balance import open_of
from models.receivables.credit_limit import limits
from models.receivables.debtor import Debtor
from views.lists import MOST_EXPORTED
from views.web.auth import staff_only
from views.web.blueprints import StaffBlueprint
from views.web.downloads import table_file
from views.web.fields import page_of, query_day, query_id, query_text
from views.web.scope import person, sees

bp = StaffBlueprint(
    "receivables", __name__, url_prefix="/receivables", menu="receivables", help="07-payment"
)
MOST, PAGE = 500, 50


def mine():
    """Ids of the customers this person sees; None for all."""
    return None if person().sees_all else sees().customer_ids()


def asked():
    """(day or None, "due" or "issued"): as of when, and from which day age counts."""
    return query_day("day"), "issued" if query_text("by") == "issued" else "due"


def bucket_names():
    return [
        _("Not due"),
        _("1–30 days"),
        _("31–60 days"),
        _("61–90 days"),
        _("91–180 days"),
        _("181–365 days"),
        _("Over a year"),
    ]


@bp.get("/")
@staff_only
def index():
    day, by = asked()
    if day:
        rows = ageing.ageing(day, by, mine())
        page, pages = page_of(len(rows), PAGE)
        totals, rows = ageing.totals(rows), rows[(page - 1) * PAGE : page * PAGE]
    else:
        seen = sees().owned_by_seen(Debtor.owner)
        totals, count = ageing.totals_today(seen, by, mine())
        page, pages = page_of(count, PAGE)
        keys = Debtor.in_order(seen).paginate(page, PAGE).tuples()
        rows = ageing.of_debtors(list(keys), by)
    return render_template(
        "staff/receivables/index.html",
        rows=rows,
        page=page,
        pages=pages,
        totals=totals,
        dso=ageing.dso(totals, day, mine()),
        buckets=bucket_names(),
        day=day or today(),
        by=by,
        chosen=request.args,
    )


@bp.get("/export.<any(csv,xlsx):form>")
@staff_only
def export(form):
    day, by = asked()
    heads = [_("Customer"), _("Currency"), *bucket_names(), _("Open"), _("Unapplied credit")]
    rows = [
        [
            r["name"],
            r["currency"],
            *(
                spreadsheets.amount(v, r["currency"])
                for v in (*r["buckets"], r["total"], r["credit"])
            ),
        ]
        for r in ageing.ageing(day, by, mine())
    ]
    return table_file(f"ageing-{day or today()}", form, heads, rows, _("Ageing"))


def _items():
    """The open invoices behind one figure of the table."""
    day, by = asked()
    rows = open_of(sees().documents(), day).select_extend(Customer).join(Customer)
    if query_id("customer"):
        rows = rows.where(Document.customer.in_(Customer.group_of(query_id("customer"))))
    if query_text("currency") in SYMBOLS:
        rows = rows.where(Document.currency == query_text("currency"))
    if query_text("bucket") in map(str, range(len(ageing.BUCKETS))):
        rows = rows.where(ageing.in_bucket(int(query_text("bucket")), by, day))
    return rows


@bp.get("/items")
@staff_only
def items():
    day, _by = asked()
    rows, sums = list(_items().limit(MOST + 1)), {}
    for row in rows:
        sums[row.currency] = sums.get(row.currency, 0) + row.left
    return render_template(
        "staff/receivables/items.html",
        rows=rows[:MOST],
        more=len(rows) > MOST,
        sums=sums,
        day=day or today(),
        chosen=request.args,
        buckets=bucket_names(),
        query=request.query_string.decode(),
    )


@bp.get("/items.<any(csv,xlsx):form>")
@staff_only
def items_export(form):
    day, _by = asked()
    heads = [
        _("Invoice"),
        _("Customer"),
        _("Issue date"),
        _("Due date"),
        _("Days overdue"),
        _("Currency"),
        _("Total (incl. tax)"),
        _("Open"),
    ]
    rows = [
        [
            d.number,
            d.customer.name,
            d.issued_on or d.date,
            d.due_on,
            d.days_late(day),
            d.currency,
            spreadsheets.amount(d.total, d.currency),
            spreadsheets.amount(d.left, d.currency),
        ]
        for d in _items().limit(MOST_EXPORTED)
    ]
    return table_file("open-items", form, heads, rows, _("Open items"))


@bp.get("/limits")
@staff_only
def credit_limits():
    return render_template("staff/receivables/limits.html", rows=limits(sees().customers())[:MOST])
