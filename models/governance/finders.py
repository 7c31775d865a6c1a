"""The queries of the daily checks: each returns what should not be, with the person who is to
correct it."""

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
from models.core.clock import at, now, today
from models.core.journal import Event
from models.customers import Customer
from models.documents import ISSUED, Document, Line
from models.dunning import Reminded, ReminderLevel, preview
from models.governance.handbook import late_readers
from models.governance.training import Training
from models.operations.backup import Place
from models.people import User
from models.receivables.balance import by_money

Hit = namedtuple("Hit", "subject label owner facts", defaults=({},))
MOST = 500


def days_ago(days):
    return today() - dt.timedelta(days=days)


def untouched(days):
    """Documents without an event for so many days."""
    recent_events = Event.select(pw.SQL("1")).where(
        Event.subject_type == "Document",
        Event.subject_id == Document.id,
        Event.at > now() - dt.timedelta(days=days),
    )
    return Document.select().where(~fn.EXISTS(recent_events)).order_by(Document.id).limit(MOST)


def document_hit(document, **facts):
    return Hit(
        document,
        f"{document.number or document.kind} · {document.customer.name}",
        document.owner or document.customer.leading.owner,
        facts,
    )


def drafts_stale():
    """Drafts and returned documents that nobody touched for two weeks."""
    return [document_hit(d) for d in untouched(14).where(Document.state.in_(("draft", "returned")))]


def approved_not_issued():
    """Approved documents that still have no number after three days."""
    return [document_hit(d) for d in untouched(3).where(Document.state == "approved")]


def approval_late():
    """Approval tasks that are two days overdue."""
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
    invoices_of_it = invoiced.select(pw.SQL("1")).where(
        invoiced.source == Document.id,
        invoiced.kind == "invoice",
        invoiced.state.not_in(("voided", "discarded")),
    )
    rows = Document.standing().where(
        Document.kind == "delivery_note",
        Document.issued_on.between(days_ago(365), days_ago(7)),
        ~fn.EXISTS(invoices_of_it),
    )
    return [
        document_hit(d)
        for d in rows.order_by(Document.id.desc()).limit(MOST)
        if "invoice" in d.can_become()
    ]


def no_signed_slip():
    """Deliveries of the last half year that after two weeks have neither the customer's signature
    in the portal nor a filed slip."""
    filed = ExternalFile.select(ExternalFile.document).where(ExternalFile.document.is_null(False))
    rows = Document.standing().where(
        Document.kind == "delivery_note",
        Document.confirmed_at.is_null(),
        ~Document.imported,
        Document.issued_on.between(days_ago(180), days_ago(14)),
        Document.id.not_in(filed),
    )
    return [document_hit(d) for d in rows.order_by(Document.id.desc()).limit(MOST)]


def tax_id_missing():
    """Customers invoiced in the last three months without a tax id, where invoices need one."""
    if Company.current().currency != "CNY":
        return []
    recent = Document.select(Customer.main_of(Document.customer)).where(
        Document.kind == "invoice",
        Document.state.in_(("issued", "archived")),
        Document.issued_on >= days_ago(90),
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
    """Invoices that should have been reminded three days ago, except for what is on hold, covered
    by credit, or of customers whom no reminder reaches."""
    days = [level.days for level in ReminderLevel.ladder() if level.days >= 0]
    if not days:
        return []
    with at(now() - dt.timedelta(days=3)):
        unkept = Document.is_of_unkept_import()  # of which nobody was to be reminded then
    rows = by_money(Document.select(), "overdue").where(
        Document.due_on <= days_ago(days[0] + 3),
        ~unkept,
        Document.id.not_in(Reminded.select(Reminded.invoice)),
    )
    claimed = {i.invoice.id for p in preview() if p.skipped != "no_address" for i in p.claimed}
    return [
        document_hit(d)._replace(owner=_who_reminds() or d.owner)
        for d in rows.order_by(Document.due_on).limit(MOST)
        if d.id in claimed
    ]


def _who_reminds():
    return next(iter(User.with_role("finance")), None)


def reminder_without_address():
    """Customers to be reminded of whom no contact gets reminders by mail."""
    rows = {p.customer.id: p.customer for p in preview() if p.skipped == "no_address"}
    return [Hit(c, c.name, c.owner) for c in rows.values()][:MOST]


def credit_not_allocated():
    """Customers with open invoices past their due date that are covered by unapplied credit."""
    rows = {
        p.customer.id: p.customer
        for p in preview()
        if any(i.credit and i.days_late for i in p.items)
    }
    return [Hit(c, c.name, _who_reminds() or c.owner) for c in rows.values()][:MOST]


def not_archived():
    """Documents that the filing rules should have filed three days ago."""
    archivist = (User.with_role("archivist") or User.with_role("admin"))[0]
    return [document_hit(d)._replace(owner=archivist) for d in filing_by_rule.overdue(3)[:MOST]]


def retention_due():
    """Folders of the archive whose retention has ended and that nobody has appraised."""
    unappraised = retention.due().where(
        Filing.id.not_in(DestructionList.open_items().select(DestructionItem.filing))
    )
    archivist = (User.with_role("archivist") or User.with_role("admin"))[0]
    ids = [f.folder_id for f in unappraised]
    folders = Folder.select().where(Folder.id.in_(ids or [0])).order_by(Folder.id)
    return [Hit(f, f"{f.kind} {f.year}", archivist) for f in folders]


def backups_late():
    """Places whose backups fail or are not proven in time; the firm itself when there is no
    place."""
    admin = User.with_role("admin")[0]
    return [
        Hit(
            place or Company.current(),
            place.name if place else Company.current().name,
            admin,
            {"what": what},
        )
        for place, what in Place.problems()
    ]


def holidays_missing():
    """A year whose public holidays nobody has entered; time limits would count them as work."""
    year = year_without_holidays()
    if year is None:
        return []
    return [Hit(Company.current(), str(year), User.with_role("admin")[0], {"year": year})]


def voided_often():
    """People with three or more documents voided within thirty days."""
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
    """People with three or more documents within thirty days whose discount is just below what
    needs an approval."""
    limits_and_counts = {}
    for limit in {
        f.conditions["discount"]
        for f in ApprovalFlow.in_force()
        if "discount" in (f.conditions or {})
    }:
        near_limit = (limit * 9 // 10, limit - 1)
        rows = (
            Document.select(Document.owner, fn.COUNT(Document.id.distinct()))
            .join(Line, on=(Line.document == Document.id))
            .where(
                days_ago(30) <= ISSUED,
                Document.owner.is_null(False),
                Document.state.not_in(("discarded", "voided")),
                Line.discount.between(*near_limit) | Document.discount.between(*near_limit),
            )
        )
        for person, n in rows.group_by(Document.owner).tuples():
            if n >= 3:
                limits_and_counts[person] = (limit, n)
    return [
        Hit(p, p.name, p.superior or p, {"n": n, "limit": limit})
        for p, limit, n in ((User.get_by_id(i), *v) for i, v in sorted(limits_and_counts.items()))
    ]


def follow_ups_late():
    """Follow-ups that are more than a week late."""
    rows = FollowUp.open().where(FollowUp.due_on < days_ago(7)).order_by(FollowUp.due_on)
    rows = rows.limit(MOST)
    return [Hit(r, f"{r.customer.name}: {r.what}", r.owner) for r in rows]


def mail_failed():
    """Mails that failed for good and that nobody dealt with for a day."""
    responsible = User.with_role("finance") or User.with_role("admin")
    return [
        Hit(m, f"{m.recipient}: {m.error}", responsible[0])
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
    """People who have not acknowledged sections of the handbook for two weeks."""
    return [Hit(person, person.name, person, {"n": len(left)}) for person, left in late_readers()]


def batch_waits():
    """Greetings that nobody approved, due within two days or in the present week."""
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
    return [Hit(f, f"{f.customer.name}: {f.text[:100]}", f.customer.leading.owner) for f in rows]
