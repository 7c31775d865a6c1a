"""What the daily checks look for: each a query of its own that gives what should not be, and whose
it is to mend."""

import datetime as dt
from collections import namedtuple

import peewee as pw
from peewee import fn

from models.adapters.outbox import Mail
from models.approvals import ApprovalFlow, Task
from models.approvals.deadline import year_without_holidays
from models.archive import (
    DestructionItem,
    DestructionList,
    ExternalFile,
    Filing,
    Folder,
    filing_by_rule,
    retention,
)
from models.care import Feedback, FollowUp, GreetingBatch
from models.company import Company
from models.core.clock import now, today
from models.core.journal import Event
from models.customers import Customer
from models.documents import Document, Line
from models.dunning import Reminded, ReminderLevel, amount_on_hold
from models.governance.handbook import late_readers
from models.governance.training import Training
from models.operations.backup import Place
from models.payments import open_balance
from models.people import User
from models.receivables.balance import by_money

Hit = namedtuple("Hit", "subject label owner facts", defaults=({},))
MOST = 500


def since(days):
    return today() - dt.timedelta(days=days)


def untouched(days):
    """Documents of which the journal tells nothing for so many days."""
    late = Event.select(pw.SQL("1")).where(
        Event.subject_type == "Document",
        Event.subject_id == Document.id,
        Event.at > now() - dt.timedelta(days=days),
    )
    return Document.select().where(~fn.EXISTS(late)).order_by(Document.id).limit(MOST)


def of_paper(paper, **facts):
    return Hit(
        paper,
        f"{paper.number or paper.kind} · {paper.customer.name}",
        paper.owner or paper.customer.owner,
        facts,
    )


def drafts_stale():
    """Drafts and returned papers that nobody touched for two weeks."""
    return [of_paper(d) for d in untouched(14).where(Document.state.in_(("draft", "returned")))]


def approved_not_issued():
    """Approved papers that still have no number after three days."""
    return [of_paper(d) for d in untouched(3).where(Document.state == "approved")]


def approval_late():
    """Decisions whose time was over two days ago."""
    rows = (
        Task.select()
        .where(Task.state == "open", Task.due_at < now() - dt.timedelta(days=2))
        .order_by(Task.id)
        .limit(MOST)
    )
    return [Hit(t, _asked_for(t.request.subject), t.user) for t in rows]


def _asked_for(subject):
    return subject.customer.name if subject.customer else subject.name


def delivered_not_invoiced():
    """Deliveries of the last year that can still be invoiced a week after they were issued."""
    invoiced = Document.alias()
    follows = invoiced.select(pw.SQL("1")).where(
        invoiced.source == Document.id,
        invoiced.kind == "invoice",
        invoiced.state.not_in(("voided", "discarded")),
    )
    rows = Document.standing().where(
        Document.kind == "delivery_note",
        Document.issued_on.between(since(365), since(7)),
        ~fn.EXISTS(follows),
    )
    return [
        of_paper(d)
        for d in rows.order_by(Document.id.desc()).limit(MOST)
        if "invoice" in d.can_become()
    ]


def no_signed_slip():
    """Deliveries of the last half year with neither the customer's signature in the portal nor a
    filed slip after two weeks."""
    filed = ExternalFile.select(ExternalFile.document).where(ExternalFile.document.is_null(False))
    rows = Document.standing().where(
        Document.kind == "delivery_note",
        Document.confirmed_at.is_null(),
        ~Document.imported,
        Document.issued_on.between(since(180), since(14)),
        Document.id.not_in(filed),
    )
    return [of_paper(d) for d in rows.order_by(Document.id.desc()).limit(MOST)]


def tax_id_missing():
    """Customers invoiced in the last three months whose tax id we do not know, where invoices need
    one."""
    if Company.current().currency != "CNY":
        return []
    recent = Document.select(Document.customer).where(
        Document.kind == "invoice",
        Document.state.in_(("issued", "archived")),
        Document.issued_on >= since(90),
        Document.currency == "CNY",
    )
    rows = (
        Customer.select()
        .where(Customer.active, Customer.tax_id == "", Customer.id.in_(recent))
        .order_by(Customer.id)
        .limit(MOST)
    )
    return [Hit(c, c.name, c.owner) for c in rows]


def overdue_not_reminded():
    """Invoices that the first level after the due date should have reached three days ago, and did
    not; not those that are held."""
    days = [level.days for level in ReminderLevel.ladder() if level.days >= 0]
    if not days:
        return []
    rows = by_money(Document.select(), "overdue").where(
        Document.due_on <= since(days[0] + 3), Document.id.not_in(Reminded.select(Reminded.invoice))
    )
    clerks = User.with_role("finance")
    return [
        of_paper(d)._replace(owner=clerks[0] if clerks else d.owner)
        for d in rows.order_by(Document.due_on).limit(MOST)
        if amount_on_hold(d) < open_balance(d)
    ]


def not_archived():
    """Papers that the filing rules should have filed three days ago."""
    clerks = User.with_role("archivist") or User.with_role("admin")
    return [of_paper(d)._replace(owner=clerks[0]) for d in filing_by_rule.overdue(3)[:MOST]]


def retention_due():
    """Folders of the archive whose term of keeping is over and that nobody has appraised."""
    left = retention.due().where(
        Filing.id.not_in(DestructionList.open_items().select(DestructionItem.filing))
    )
    clerks = User.with_role("archivist") or User.with_role("admin")
    folders = (
        Folder.select().where(Folder.id.in_([f.folder_id for f in left] or [0])).order_by(Folder.id)
    )
    return [Hit(f, f"{f.kind} {f.year}", clerks[0]) for f in folders]


def backups_late():
    """Places whose backups fail or are not proven in time; the firm itself when there is no place
    at all."""
    admin = User.with_role("admin")[0]
    return [
        Hit(
            place or Company.current(),
            place.name if place else Company.current().name,
            admin,
            {"what": what},
        )
        for place, what in Place.worries()
    ]


def holidays_missing():
    """A year whose public holidays nobody has entered; time limits would count them as work."""
    year = year_without_holidays()
    if year is None:
        return []
    return [Hit(Company.current(), str(year), User.with_role("admin")[0], {"year": year})]


def voided_often():
    """People of whose papers three or more were voided within thirty days."""
    rows = (
        Event.select(Document.owner, fn.COUNT(Event.id).alias("n"))
        .join(Document, on=(Event.subject_id == Document.id))
        .where(
            Event.subject_type == "Document",
            Event.action == "voided",
            Event.at > now() - dt.timedelta(days=30),
            Document.owner.is_null(False),
        )
        .group_by(Document.owner)
        .having(fn.COUNT(Event.id) >= 3)
        .tuples()
    )
    return [
        Hit(person, person.name, person, {"n": n})
        for person, n in ((User.get_by_id(i), n) for i, n in rows)
    ]


def discounts_near_limit():
    """People with three or more papers within thirty days whose discount stays just below what
    needs an approval."""
    found = {}
    for limit in {
        f.conditions["discount"]
        for f in ApprovalFlow.in_force()
        if "discount" in (f.conditions or {})
    }:
        near = Line.discount.between(limit * 9 // 10, limit - 1) | Document.discount.between(
            limit * 9 // 10, limit - 1
        )
        rows = (
            Document.select(Document.owner, fn.COUNT(Document.id.distinct()))
            .join(Line, on=(Line.document == Document.id))
            .where(
                Document.date >= since(30),
                Document.owner.is_null(False),
                Document.state.not_in(("discarded", "voided")),
                near,
            )
        )
        for person, n in rows.group_by(Document.owner).tuples():
            if n >= 3:
                found[person] = (limit, n)
    return [
        Hit(p, p.name, p.superior or p, {"n": n, "limit": limit})
        for p, limit, n in ((User.get_by_id(i), *v) for i, v in sorted(found.items()))
    ]


def follow_ups_late():
    """What was promised to a customer and is more than a week late."""
    rows = FollowUp.open().where(FollowUp.due_on < since(7)).order_by(FollowUp.due_on).limit(MOST)
    return [Hit(r, f"{r.customer.name}: {r.what}", r.owner) for r in rows]


def mail_failed():
    """Mails to customers and colleagues that were given up and that nobody looked after for a
    day."""
    clerks = User.with_role("finance") or User.with_role("admin")
    return [
        Hit(m, f"{m.recipient}: {m.error}", clerks[0])
        for m in Mail.failed().where(Mail.queued_at < now() - dt.timedelta(days=1)).limit(MOST)
    ]


def training_late():
    """Courses that should be passed by now."""
    rows = (
        Training.open()
        .join(User)
        .where(User.active, Training.due_on < today())
        .order_by(Training.due_on)
        .limit(MOST)
    )
    return [Hit(t, f"{t.user.name}: {t.course}", t.user) for t in rows]


def handbook_unread():
    """People who did not acknowledge what concerns them for two weeks."""
    return [Hit(person, person.name, person, {"n": len(left)}) for person, left in late_readers()]


def batch_waits():
    """Greetings that go within two days, or in the week that runs, and that nobody approved."""
    rows = GreetingBatch.select().where(
        GreetingBatch.state == "proposed",
        GreetingBatch.first_day <= today() + dt.timedelta(days=2),
        GreetingBatch.last_day >= today(),
    )
    return [
        Hit(
            b,
            f"{b.occasion} {b.first_day}",
            (User.with_role("manager") or User.with_role("admin"))[0],
        )
        for b in rows
    ]


def complaint_open():
    """Complaints without an answer for two days."""
    rows = (
        Feedback.select()
        .where(
            Feedback.kind == "complaint",
            Feedback.state == "open",
            Feedback.at < now() - dt.timedelta(days=2),
        )
        .limit(MOST)
    )
    return [Hit(f, f"{f.customer.name}: {f.text[:100]}", f.customer.owner) for f in rows]
