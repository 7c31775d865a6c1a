"""What `flask verify` looks at: the journal, the kept PDFs, the numbers, the totals."""
from models import blobs, events
from models.base import today
from models.company import Company
from models.documents import Document
from models.documents.totals import total
from models.dunning import Reminder
from models.numbering import NumberSeries
from models.outbox import Mail
from models.payments import Payment
from models.receivables.statement import Statement
from models.refunds import Refund
from models.people import User


SERIES = {"payment": Payment, "reminder": Reminder, "refund": Refund, "statement": Statement}


def last_numbers():
    """[[kind, period, last]] for the anchor."""
    return [[s.kind, s.period, s.last] for s in NumberSeries.select().order_by(NumberSeries.id)]


def anchor(folder, key):
    return events.anchor(folder, key, last_numbers())


def mail_anchor(folder, key):
    """Once a week, mail head hash, count and last numbers to the administrators: a copy outside this machine."""
    mark = anchor(folder, key)
    year, week, _ = today().isocalendar()
    for admin in User.with_role("admin") if mark else ():
        Mail.put(f"anchor-{year}-{week}-{admin.id}", to=admin.email, template="anchor", language=admin.language,
                 context={"name": admin.name, "head": mark["head"], "count": mark["count"], "at": mark["at"][:16],
                          "last": [f"{kind} {period}: {last}" for kind, period, last in mark["numbers"]]})


def faults(folder=None, key=None):
    """Plain sentences, one per fault; empty when all is well."""
    found = events.verify(folder, key)
    for look in (papers, numbers, sums):
        try:
            found += look()
        except Exception as error:  # rubbish in a column must not hide the faults found elsewhere
            found.append(f"{look.__name__}: not looked through, something unreadable is among them: {error}")
    return found


def papers():
    found = []
    for cls, name in ((Document, "paper"), (Document, "signature"), (Reminder, "paper"), (Payment, "slip"), (Statement, "paper"), (Statement, "confirmed_paper")):
        for row in cls.select().where(getattr(cls, name).is_null(False)).iterator():
            try:
                blobs.fetch(getattr(row, name))
            except blobs.Damaged:
                what = {"paper": "PDF", "signature": "signature", "slip": "slip", "confirmed_paper": "confirmed PDF"}[name]
                found.append(f"{row.number}: the kept {what} is missing or was changed")
    firm = Company.current()
    for name in ("logo", "seal"):
        try:
            firm and getattr(firm, name) and blobs.fetch(getattr(firm, name))
        except blobs.Damaged:
            found.append(f"the firm's {name}: the picture is missing or was changed; no paper can be made with it")
    return found


def numbers():
    """Each series runs 1..last without a gap."""
    found = []
    for s in NumberSeries.select():
        if s.kind in SERIES:
            cls = SERIES[s.kind]
            if s.period == "" or "year" not in s.pattern:
                continue
            prefix = s.pattern.split("{n")[0].replace("{year}", s.period[:4]).replace("{month}", s.period[5:7])
            have = cls.select().where(cls.number.startswith(prefix)).count()
            if have != s.last:
                found.append(f"{s.kind} {s.period}: {s.last} numbers drawn, {have} used")
            continue
        places = [d.place for d in Document.select(Document.place).where(Document.series == s.id).order_by(Document.place)]
        if places != list(range(1, s.last + 1)):
            gaps = sorted(set(range(1, s.last + 1)) - set(places))
            found.append(f"{s.kind} {s.period}: last is {s.last}, missing {gaps[:10]}")
    return found


def sums():
    return [f"{d.label()}: the total is not the sum of its lines" for d in Document.select().iterator()
            if (d.net, d.tax, d.total) != total(d.ordered_lines())]


def number_book():
    """One row per series: first, last, how many voided, gaps."""
    rows = []
    for s in NumberSeries.select().where(NumberSeries.kind.not_in(list(SERIES))).order_by(
            NumberSeries.kind, NumberSeries.period):
        papers_ = list(Document.select().where(Document.series == s.id).order_by(Document.place))
        rows.append({"series": s, "first": papers_[0].number if papers_ else "", "count": len(papers_),
                     "last": papers_[-1].number if papers_ else "", "gaps": s.last - len(papers_),
                     "voided": [p for p in papers_ if p.state == "voided"]})
    return rows
