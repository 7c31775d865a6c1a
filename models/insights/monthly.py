"""老板一页: one page about the last month, made and mailed on the first day of the next."""

import datetime as dt

import peewee as pw
from peewee import fn

from models.adapters import blobs
from models.adapters.outbox import Mail
from models.adapters.printing import pdf
from models.company import Company
from models.core.clock import local, now, today
from models.core.database import db
from models.core.fields import JSONField
from models.core.journal import Journaled
from models.core.model import Model
from models.documents.sales import SalesDay
from models.insights import customers, forecast, overview, paying, products, rhythm, weak
from models.insights.lens import Lens, currencies, months_on
from models.insights.overview import change
from models.people import User
from models.receivables.due_item import DueItem, DueSum

MOST = 3


class MonthlyPaper(Journaled, Model):
    """The page of one month: its content and its PDF."""

    month = pw.CharField(max_length=7, unique=True)
    made_at = pw.DateTimeField()
    snapshot = JSONField()
    pdf_sha256 = pw.CharField(max_length=64, column_name="paper")

    @property
    def name(self):
        return self.month


def content_of(first):
    """The content of the page about the month that begins on `first`: one part for each currency,
    as they are never added; one line for each currency after the third."""
    last = months_on(first, 1) - dt.timedelta(days=1)
    parts = [_content_in_currency(Lens(None, first, last, currency)) for currency in currencies()]
    parts = [p for p in parts if any(n for _m, n in p["line"]) or p["open"]]
    return {
        "month": f"{first:%Y-%m}",
        "firm": Company.current().name,
        "parts": parts[:MOST],
        "rest": [
            {k: p[k] for k in ("currency", "net", "collected", "open", "overdue")}
            for p in parts[MOST:]
        ],
    }


def _content_in_currency(lens):
    present, before, year = (overview.totals(x) for x in (lens, lens.before(), lens.year_before()))
    fallen = sorted(
        (
            c
            for c in products.categories(
                lens.replace(first=months_on(lens.first, -2)), courses=False
            )
            if c.net < c.before
        ),
        key=lambda c: c.net - c.before,
    )[:1]
    explanation = (
        weak.explain(lens.replace(first=months_on(lens.first, -2)), fallen[0].name)
        if fallen
        else None
    )
    paid = paying.rows(lens)
    open_, overdue = _open_amounts(lens.currency)
    expected, stopped = forecast.forecast(lens), rhythm.stopped(lens)[:5]
    stopped_names = customers.names_of(s.id for s in stopped)
    return {
        "currency": lens.currency,
        "net": present.net,
        "before": before.net,
        "year": year.net,
        "change": change(present.net, before.net),
        "change_year": change(present.net, year.net),
        "papers": present.papers,
        "customers": present.customers,
        "new": present.new,
        "discount": present.discount,
        "collected": sum(r.paid for r in paid),
        "days": paying.mean_days(paid),
        "open": open_,
        "overdue": overdue,
        "line": overview.months(lens.replace(first=months_on(lens.first, -11))),
        "customers_top": [
            [c.name, c.net, c.change] for c in customers.rows(lens, customers.bought(lens)[:5])
        ],
        "products_top": [
            [p.name, p.net, p.change]
            for p in products.rows(lens, products.sold(lens)[:5])
            if p.net > 0
        ],
        "stopped": [[stopped_names.get(s.id, "?"), s.last.isoformat(), s.worth] for s in stopped],
        "ahead": expected.ahead[0] if expected.ahead else None,
        "error": expected.error,
        "weak": explanation
        and {
            "name": fallen[0].name,
            **{
                k: getattr(explanation, k)
                for k in ("before", "now", "price", "quantity", "range", "new", "lost")
            },
            "gone": list(
                customers.names_of(c for c, _n in explanation.lost_customers[:4]).values()
            ),
        },
    }


def _open_amounts(currency):
    """(open, overdue) of all invoices in the currency, today."""
    sums = DueSum.select(fn.SUM(DueSum.open)).where(DueSum.state != "paid")
    late = DueItem.select(fn.SUM(DueItem.open)).where(DueItem.is_overdue(today()))
    return tuple(
        int(query.where(query.model.currency == currency).scalar() or 0) for query in (sums, late)
    )


def render(content, language):
    """The page as PDF bytes."""
    firm = Company.current()
    return pdf.page("monthly", language, firm.font, dates=firm.date_letters(language), said=content)


def make(first):
    """Make and store the month's page, and mail it to the administrators; None when it exists
    already."""
    month = f"{first:%Y-%m}"
    if MonthlyPaper.select().where(MonthlyPaper.month == month).exists():
        return None
    content, company = content_of(first), Company.current()
    return _keep(month, content, render(content, company.language))


@db.atomic()
def _keep(month, content, data):
    if MonthlyPaper.select().where(MonthlyPaper.month == month).exists():
        return None  # another process was faster
    paper = MonthlyPaper.create(
        month=month, made_at=now(), snapshot=content, pdf_sha256=blobs.keep(data)
    )
    paper.record("made", None, month=month)
    for owner in User.with_role("admin"):
        Mail.enqueue(
            f"monthly-{month}-{owner.id}",
            to=owner.email,
            template="monthly",
            language=owner.language,
            attachment=paper.pdf_sha256,
            filename=f"{month}.pdf",
            context={
                "name": owner.name,
                "month": month,
                "parts": [[p["currency"], p["net"], p["before"]] for p in content["parts"]],
                "path": "/insights/monthly",
            },
        )
    return paper


def run_due():
    """On the first, or later if that was missed: make last month's page, once, if anything was ever
    sold."""
    first = months_on(local(now()).date().replace(day=1), -1)
    return (
        make(first)
        if SalesDay.select().where(SalesDay.day < months_on(first, 1)).exists()
        else None
    )
