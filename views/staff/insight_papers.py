"""The documents behind a figure of the insights, with the figure computed again from them."""

from flask import render_template
from flask_babel import gettext as _
from flask_babel import pgettext

from models.adapters import spreadsheets
from models.customers import Customer
from models.documents import Document
from models.insights.evidence import ONLY, Evidence
from models.numbering import as_counted
from models.people import User
from models.products import Product
from views.figures.page import period_name, requested_lens
from views.figures.segments import segment_names
from views.lists import Listing
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.fields import query_id, query_text
from views.web.labels import kind_name
from views.web.scope import person, sees

bp = StaffBlueprint(
    "insight_papers", __name__, url_prefix="/insights", menu="insights", help="13-care"
)


@bp.get("/papers")
@can("see_insights")
def index():
    """The documents behind a figure, and their sum."""
    lens, wanted = _with_filters(requested_lens()), query_text("figure")
    evidence = _evidence(lens)
    listing = _listing(
        evidence.documents,
        {
            "id": (Document.id, "int"),
            "number": (as_counted(Document.number), "text"),
            "customer": (_customer_name(), "text"),
            "date": (Document.issued_on, "day"),
            "net": (Document.net, "int"),
        },
    )
    figures = evidence.figures(wanted)
    if not person().may("see_figures"):
        figures.pop("margin", None)
    names = figure_names()
    shown = sorted(
        ((key, names[key], kind, value) for key, (kind, value) in figures.items()),
        key=lambda f: f[0] != wanted,
    )
    return render_template(
        "staff/insights/papers.html",
        listing=listing,
        look=evidence.lens,
        figures=shown,
        wanted=wanted,
        period=period_name(evidence.lens),
        narrowed=_filters_with_names(lens, evidence),
        counted=evidence.by_sales,
    )


@bp.get("/papers.<any(csv,xlsx):form>")
@can("see_insights")
def export(form):
    evidence = _evidence(_with_filters(requested_lens()))
    listing = _listing(evidence.documents, {"date": (Document.issued_on, "day")})
    heads = [
        _("Number"),
        _("Type"),
        _("Customer"),
        _("Issue date"),
        _("Currency"),
        _("Subtotal (excl. tax)"),
        _("Total (incl. tax)"),
    ]
    sign = {"credit_note": -1}
    return listing.as_file(
        form,
        heads,
        lambda d: [
            d.number,
            kind_name(d.kind),
            d.customer.name,
            d.issued_on,
            d.currency,
            *(
                spreadsheets.amount(sign.get(d.kind, 1) * value, d.currency)
                for value in (d.net, d.total)
            ),
        ],
    )


def _listing(documents, sorts):
    rows = Document.select(Document, Customer).join(Customer)
    return Listing("insight-papers", rows, sorts, "-date", ids=documents)


def _customer_name():
    this = Customer.alias()
    return this.select(this.name).where(this.id == Document.customer)


def _evidence(lens):
    only = query_text("only") if query_text("only") in ONLY else ""
    return Evidence(lens, only, query_text("which"), query_text("of"))


def figure_names():
    return {
        "net": _("Net sales"),
        "papers": pgettext("number", "Documents"),
        "credits": _("Credit notes"),
        "customers": _("Customers"),
        "average": _("Per document"),
        "days": _("Days with a purchase"),
        "bought": _("Days with a purchase"),
        "silent": _("Days since last purchase"),
        "gap": _("Usual interval (days)"),
        "quantity": _("Quantity"),
        "discount": _("Discounts"),
        "discount_share": _("Discount"),
        "margin": _("Margin"),
        "paid": _("Received and allocated"),
        "pay_days": _("Days to pay"),
        "late_share": _("Share that came late"),
        "terms": _("Days agreed"),
        "late_days": _("Days beyond due"),
        "quotes": _("Quotes"),
        "quoted": _("Subtotal (excl. tax)"),
        "won": _("Became orders"),
        "won_net": _("Net of those that became orders"),
        "rate": _("Rate by number"),
        "rate_net": _("Rate by amount"),
        "order_days": _("Days to the order"),
        "rounds": _("Returned"),
        "hours": _("Hours (median)"),
        "buyers": _("Customers who bought"),
        "classed": _("Products of this class"),
    }


def only_names():
    return {
        "new": _("Customers who bought for the first time"),
        "first": _("First purchases"),
        "credits": _("Credit notes"),
        "voided": _("Voided"),
        "returned": _("Returned in approval"),
        "timed": _("Invoices made from orders"),
        "approved": _("Approved by a person"),
        "settled": _("Invoices that money settled in the period"),
        "late": _("Settled after the due date"),
        "quotes": _("Quotes"),
        "won": _("Quotes that became orders"),
        "stopped": _("The year before the customer stopped"),
        "lost": _("Customers lost"),
        "gained": _("Customers won"),
        "both": _("Customers of both periods"),
        "segment": _("Group"),
        "letter": _("ABC class"),
        "cohort": _("First purchase"),
    }


def _with_filters(lens):
    """The lens with the filters of the query string; "-" stands for none."""
    changes = {
        name: 0 if query_text(name) == "-" else query_id(name)
        for name in ("customer", "product", "owner")
        if query_text(name)
    }
    if query_text("category"):
        changes["category"] = "" if query_text("category") == "-" else query_text("category")
    return lens.replace(**changes)


def _filters_with_names(lens, evidence):
    """[(label, name)] of the filters."""
    names = (
        (_("Customer"), Customer, lens.customer),
        (_("Product"), Product, lens.product),
        (_("Salesperson"), User, lens.owner),
    )
    filters = [(label, _name(cls, ident)) for label, cls, ident in names if ident is not None]
    filters += (
        [(_("Category"), lens.category or _("Without category"))]
        if lens.category is not None
        else []
    )
    if evidence.only:
        filters.append(
            (only_names()[evidence.only], segment_names().get(evidence.which, evidence.which))
        )
    return filters


def _name(cls, ident):
    scope = {Customer: sees().customers, Product: sees().products}.get(cls, User.select)()
    row = scope.where(cls.id == ident).first()
    return row.name if row else "–"
