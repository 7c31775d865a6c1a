"""Insights: a page for each question, targets, and the monthly page; tables also as files."""

from flask import make_response, redirect, render_template, request, url_for
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from models.adapters import blobs, spreadsheets
from models.core.clock import today
from models.core.errors import Refused, refuse
from models.core.money import SYMBOLS
from models.insights import Target, proposals
from models.insights import monthly as monthly_paper
from models.insights.lens import PERIODS
from models.insights.monthly import MonthlyPaper
from models.people import User
from views.figures import (
    categories,
    charts,
    churned,
    customers,
    forecast,
    overview,
    pareto,
    paying,
    products,
    quotes,
    retention,
    salespeople,
    segments,
    tax,
    variance,
)
from views.figures.page import (
    BASES,
    as_sheet,
    lens_parameters,
    offered_currencies,
    period_name,
    requested_lens,
)
from views.refusals import sentence, status
from views.web.auth import can
from views.web.blueprints import StaffBlueprint
from views.web.downloads import send_data
from views.web.fields import form_amount, form_currency, form_id, parse_month, query_text
from views.web.idempotency import idempotent
from views.web.pages import flash_ok
from views.web.scope import get_or_404, person, sees

bp = StaffBlueprint("insights", __name__, url_prefix="/insights", menu="insights", help="13-care")
PAGES = {
    "overview": (_l("Overview"), overview.page),
    "customers": (_l("Customers"), customers.page),
    "segments": (_l("Groups (RFM)"), segments.page),
    "cohorts": (_l("Repeat purchases"), retention.page),
    "stopped": (_l("Lapsed customers"), churned.page),
    "salespeople": (_l("Salespeople"), salespeople.page),
    "products": (_l("Products"), products.page),
    "categories": (_l("Categories"), categories.page),
    "weak": (_l("Decline analysis"), variance.page),
    "pareto": (_l("ABC analysis"), pareto.page),
    "season": (_l("Seasons and forecast"), forecast.page),
    "paying": (_l("Days to pay"), paying.page),
    "tax": (_l("Tax"), tax.page),
    "quotes": (_l("Quotes to orders"), quotes.page),
}
# {the page that answers: (the question, the pages with its details, what may be suggested)}
QUESTIONS = {
    "overview": (
        _l("How are we doing?"),
        ("overview", "season", "paying", "tax"),
        ("stopped", "weak", "overdue"),
    ),
    "customers": (
        _l("Who buys?"),
        ("customers", "segments", "cohorts", "stopped", "pareto"),
        ("stopped", "best"),
    ),
    "products": (_l("What sells?"), ("products", "categories", "weak"), ("weak",)),
    "salespeople": (_l("Who sells?"), ("salespeople", "quotes"), ()),
}
QUESTION_OF = {
    page: question for question, (_name, pages, _causes) in QUESTIONS.items() for page in pages
}


@bp.get("/")
@can("see_insights")
def index():
    return show("overview")


@bp.get(
    "/<any(overview,customers,segments,cohorts,stopped,salespeople,products,categories,weak,pareto,season,paying,tax,quotes):name>"
)
@can("see_insights")
def show(name):
    lens = requested_lens()
    return render_template(
        "staff/insights/show.html",
        page=PAGES[name][1](lens),
        name=name,
        question=QUESTION_OF[name],
        details=[(key, PAGES[key][0]) for key in QUESTIONS[QUESTION_OF[name]][1]],
        **_page_context(lens),
    )


@bp.get("/<any(overview,customers,products,salespeople):name>/suggestion")
@can("see_insights")
def suggestion(name):
    """The first thing that the figures suggest; the answer need not wait for it."""
    lens = requested_lens()
    found = (proposals.proposal_for(lens, cause) for cause in QUESTIONS[name][2])
    return render_template(
        "staff/insights/_suggestion.html",
        name=name,
        looked=True,
        proposal=next(filter(None, found), None),
        look=lens,
        args=lens_parameters,
    )


@bp.get(
    "/<any(overview,customers,segments,cohorts,stopped,salespeople,products,categories,weak,pareto,season,paying,tax,quotes):name>.xlsx"
)
@can("see_insights")
def export(name):
    """Every table of the page, whole, a sheet each."""
    lens = requested_lens()
    page = PAGES[name][1](lens)
    sheets = [(table.title or page.title, *as_sheet(table, lens.currency)) for table in page.tables]
    return send_data(
        spreadsheets.xlsx_sheets(sheets),
        as_attachment=True,
        download_name=f"{name}-{lens.first}-{lens.last}.xlsx",
    )


def _page_context(lens):
    """The variables that every question's page needs."""
    return {
        "look": lens,
        "questions": [(key, row[0]) for key, row in QUESTIONS.items()],
        "periods": _periods(),
        "currencies": offered_currencies(),
        "bases": BASES,
        "chosen": lens_parameters(),
        "period": period_name(lens),
        "args": lens_parameters,
        "sellers": _salespeople(),
        "bar": charts.bar,
        "spark": charts.spark,
    }


def _periods():
    names = {
        "12m": _("Last 12 months"),
        "month": _("This month"),
        "last_month": _("Last month"),
        "quarter": _("This quarter"),
        "year": _("This year"),
        "last_year": _("The year before this"),
        "all": _("Everything"),
    }
    return [(key, names[key]) for key in PERIODS]


def _salespeople():
    seen = User.select(User.id, User.name).order_by(User.name)
    return list(seen if person().sees_all else seen.where(User.id.in_(sees().colleagues())))


@bp.get("/targets")
@can("set_targets")
def targets():
    return render_template("staff/insights/targets.html", **_targets("", {}))


def _targets(problem, typed):
    rows = (
        Target.select(Target, User)
        .join(User)
        .where(Target.owner.in_([u.id for u in _salespeople()]))
        .order_by(Target.month.desc(), User.name)
        .limit(200)
    )
    return {
        "targets": list(rows),
        "sellers": _salespeople(),
        "currencies": list(SYMBOLS),
        "problem": problem,
        "given": typed,
        "month": typed.get("month") or f"{today():%Y-%m}",
    }


@bp.post("/targets")
@can("set_targets")
@idempotent
def set_target():
    try:
        owner = next((u for u in _salespeople() if u.id == form_id("person")), None) or refuse(
            "no_such_person"
        )
        month, currency = _month(request.form.get("month", "")), form_currency()
        Target.define(person(), owner, month, currency, form_amount("amount", currency))
    except Refused as error:
        return make_response(
            render_template(
                "staff/insights/targets.html", **_targets(sentence(error), request.form)
            ),
            status(error),
        )
    flash_ok(_("The target is set."))
    return redirect(url_for("insights.targets"), 303)


def _month(text):
    first = parse_month(text)
    return first if 1990 <= first.year < 2100 else refuse("month_unreadable")


@bp.get("/monthly")
@can("see_monthly")
def monthly():
    """The pages on past months."""
    return render_template(
        "staff/insights/monthly.html",
        papers=list(sees().monthly_papers().order_by(MonthlyPaper.month.desc())),
        month=f"{today():%Y-%m}",
    )


@bp.get("/monthly/preview")
@can("see_monthly")
def preview():
    """A month's page as of now; nothing is kept."""
    first = _month(query_text("month") or f"{today():%Y-%m}")
    data = monthly_paper.render(monthly_paper.content_of(first), str(get_locale() or "zh")[:2])
    return send_data(data, mimetype="application/pdf", download_name=f"{first:%Y-%m}.pdf")


@bp.get("/monthly/<int:id>/pdf")
@can("see_monthly")
def monthly_pdf(id):
    page_of_month = get_or_404(sees().monthly_papers(), id)
    return send_data(
        blobs.fetch(page_of_month.pdf_sha256),
        mimetype="application/pdf",
        download_name=f"{page_of_month.month}.pdf",
    )
