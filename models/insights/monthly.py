"""老板一页: one page on the month that is over, made and mailed on the first."""

import datetime as dt

import peewee as pw

from models.adapters import blobs
from models.adapters.outbox import Mail
from models.adapters.printing import pdf
from models.company import Company
from models.core.clock import local, now, today
from models.core.database import db
from models.core.fields import JSONField
from models.core.journal import Journaled
from models.core.model import Model
from models.documents import Document
from models.documents.sales import SalesDay
from models.insights import customers, forecast, overview, paying, products, rhythm, weak
from models.insights.lens import Lens, currencies, months_on
from models.insights.overview import change
from models.payments import Allocation
from models.people import User

MOST = 3


class MonthlyPaper(Journaled, Model):
    """The page as it was made: what it said and its PDF."""

    month = pw.CharField(max_length=7, unique=True)
    made_at = pw.DateTimeField()
    snapshot = JSONField()
    pdf_sha256 = pw.CharField(max_length=64, column_name="paper")

    @property
    def name(self):
        return self.month


def gather(first):
    """What the page says of the month that begins on `first`, as data: one part for each currency,
    never added up; currencies beyond the third have room for one line."""
    last = months_on(first, 1) - dt.timedelta(days=1)
    parts = [_part(Lens(None, first, last, currency)) for currency in currencies()]
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


def _part(lens):
    now_, before, year = (overview.totals(x) for x in (lens, lens.before(), lens.year_before()))
    fell = sorted(
        (
            c
            for c in products.categories(lens.moved(first=months_on(lens.first, -2)), courses=False)
            if c.net < c.before
        ),
        key=lambda c: c.net - c.before,
    )[:1]
    why = weak.explain(lens.moved(first=months_on(lens.first, -2)), fell[0].name) if fell else None
    paid = paying.rows(lens)
    open_, overdue = _open(lens.currency)
    f = forecast.forecast(lens)
    return {
        "currency": lens.currency,
        "net": now_.net,
        "before": before.net,
        "year": year.net,
        "change": change(now_.net, before.net),
        "change_year": change(now_.net, year.net),
        "papers": now_.papers,
        "customers": now_.customers,
        "new": now_.new,
        "discount": now_.discount,
        "collected": sum(r.paid for r in paid),
        "days": paying.mean_days(paid),
        "open": open_,
        "overdue": overdue,
        "line": overview.months(lens.moved(first=months_on(lens.first, -11))),
        "customers_top": [
            [c.name, c.net, c.change] for c in customers.rows(lens, liking=False)[:5]
        ],
        "products_top": [[p.name, p.net, p.change] for p in products.rows(lens)[:5] if p.net > 0],
        "stopped": [[s.name, s.last.isoformat(), s.worth] for s in rhythm.stopped(lens)[:5]],
        "ahead": f.ahead[0] if f.ahead else None,
        "error": f.error,
        "weak": why
        and {
            "name": fell[0].name,
            **{
                k: getattr(why, k)
                for k in ("before", "now", "price", "quantity", "range", "new", "lost")
            },
            "gone": [name for _c, name, _n in why.lost_customers[:4]],
        },
    }


def _open(currency):
    """(open, of it overdue) of all invoices in the currency, today."""
    d, a = Document, Allocation
    settled = {
        i: int(s)
        for i, s in a.standing().select(a.invoice, pw.fn.SUM(a.amount)).group_by(a.invoice).tuples()
    }
    rows = [
        (total - settled.get(i, 0), due)
        for i, total, due in d.standing()
        .select(d.id, d.total, d.due_on)
        .where(d.kind == "invoice", d.currency == currency)
        .tuples()
    ]
    return sum(left for left, _ in rows if left > 0), sum(
        left for left, due in rows if left > 0 and due and due < today()
    )


def render(said, language):
    """The page as PDF bytes."""
    return pdf.page("monthly", language, said=said)


def make(first):
    """Make and keep the month's page, and mail it to the administrators; None when it is there
    already."""
    month = f"{first:%Y-%m}"
    if MonthlyPaper.select().where(MonthlyPaper.month == month).exists():
        return None
    said, firm = gather(first), Company.current()
    return _keep(month, said, render(said, firm.language))


@db.atomic()
def _keep(month, said, data):
    if MonthlyPaper.select().where(MonthlyPaper.month == month).exists():
        return None  # another process was faster
    paper = MonthlyPaper.create(
        month=month, made_at=now(), snapshot=said, pdf_sha256=blobs.keep(data)
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
                "parts": [[p["currency"], p["net"], p["before"]] for p in said["parts"]],
                "path": "/insights/monthly",
            },
        )
    return paper


def run_due():
    """On the first, or when it was missed later: last month's page, if anything was sold until
    then. Twice makes one."""
    first = months_on(local(now()).date().replace(day=1), -1)
    return (
        make(first)
        if SalesDay.select().where(SalesDay.day < months_on(first, 1)).exists()
        else None
    )
