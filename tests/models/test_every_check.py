"""Each daily check: silent in a firm that does right, loud in one that does not, silent again once
it is mended."""

import datetime as dt

import pytest

from models.adapters.outbox import Mail
from models.approvals import ApprovalFlow, ApprovalRequest, Task
from models.approvals.deadline import SpecialDay
from models.archive import ExternalFile, FilingRule, filing_by_rule
from models.care import Feedback, FollowUp, Occasion, greeting
from models.company import Company
from models.core.clock import at, now, today
from models.documents import Document
from models.governance import Acknowledgement, Training, check, course, handbook
from models.operations.backup import Place
from models.payments import Payment
from models.people import User
from tests.valid_forms.archive import aged


def paper(firm, kind="invoice", price="10"):
    return firm.issued(kind, price=price)


def drafts_stale(firm):
    return firm.draft(), 15, lambda row: row.discard(firm.li)


def approved_not_issued(firm):
    return firm.approved(price="10"), 4, lambda row: row.issue(by=firm.li)


def approval_late(firm):
    asked = firm.draft(price="20000")
    asked.submit(by=firm.li)
    Task.update(due_at=now()).where(Task.request == ApprovalRequest.current(asked)).execute()
    return Task.get(), 3, lambda _row: firm.approve_all(asked)


def delivered_not_invoiced(firm):
    return paper(firm, "delivery_note"), 8, lambda row: row.convert(firm.li, "invoice")


def no_signed_slip(firm):
    return (
        paper(firm, "delivery_note"),
        15,
        lambda row: ExternalFile.receive(
            firm.li, b"%PDF-1.4 x", "s.pdf", "delivery_note", title="签收单", document=row
        ),
    )


def tax_id_missing(firm):
    paper(firm)
    firm.a.revise(firm.li, tax_id="")
    return firm.a, 1, lambda row: row.revise(firm.li, tax_id="91110000MA0000000X")


def overdue_not_reminded(firm):
    from models import dunning

    return paper(firm), 36, lambda _row: dunning.run_due()


def reminder_without_address(firm):
    paper(firm)
    firm.anna.revise(firm.li, email="")
    return firm.a, 32, lambda _row: firm.anna.revise(firm.li, email="anna@a.test")


def credit_not_allocated(firm):
    from models import dunning

    paper(firm)
    Payment.receive(firm.fang, firm.a, "CNY", 100)
    return firm.a, 32, lambda row: dunning.set_off_credit(firm.fang, row.id, "CNY")


def voided_often(firm):
    for _ in range(3):
        paper(firm).void(firm.fang, "x")
    return firm.li, 1, 31


def discounts_near_limit(firm):
    ApprovalFlow.define(
        firm.ada,
        kind="invoice",
        least=0,
        steps=["manager"],
        currency="CNY",
        name="折扣",
        conditions={"discount": 1000},
        priority=9,
    )
    for _ in range(3):
        Document.draft(firm.li, "invoice", firm.a, [firm.line(discount=950)])
    return firm.li, 1, 32


def follow_ups_late(firm):
    row = FollowUp.plan(firm.li, firm.a, "x", today())
    return row, 8, lambda row: row.done(firm.li)


def mail_failed(firm):
    Mail.enqueue("k", to="gone@x.test", template="password", language="en", context={})
    Mail.update(state="failed").execute()
    return Mail.get(), 2, lambda row: Mail.update(state="sent").execute()


def training_late(firm):
    row = Training.assign(firm.wang, firm.li, "course-sales", today())
    right = {
        i: q.right for i, q in enumerate(course.course("course-sales", firm.li.language).questions)
    }
    return row, 1, lambda row: row.answer(firm.li, right)


def batch_waits(firm):
    firm.anna.revise(firm.li, birthday=(today() + dt.timedelta(days=2)).replace(year=1988))
    Occasion.configure(firm.ada, "birthday", True, 7)
    return greeting.prepare()[0], 1, lambda row: row.approve(firm.wang)


def complaint_open(firm):
    return (
        Feedback.write(firm.anna, "complaint", "少一支"),
        3,
        lambda row: row.answer(firm.li, "马上补"),
    )


def not_archived(firm):
    FilingRule.define(firm.zhao, "delivery_note", "{number}", days=1)
    return paper(firm, "delivery_note"), 5, lambda _row: filing_by_rule.file_due()


def retention_due(firm):
    from models.archive import DestructionList

    row = aged(firm)
    return (
        row.filing.folder,
        0,
        lambda _folder: DestructionList.propose(firm.zhao, [row.filing], "无续存价值"),
    )


def backups_late(firm):
    place = Place.add(firm.ada, "disk", "folder", {"path": "/nowhere"}, "")
    Place.update(proven_at=now()).where(Place.id == place.id).execute()
    return (
        place,
        9,
        lambda row: (
            Place.update(proven_at=now(), last_at=now()).where(Place.id == row.id).execute()
        ),
    )


def handbook_unread(firm):
    def read(person):
        for section in handbook.unread(person):
            Acknowledgement.give(person, section.key, section.edition)

    for person in User.select():
        if person.id != firm.li.id:
            read(person)
    return firm.li, 15, read


def holidays_missing(firm):
    june = dt.date(2041, 6, 15)
    return (
        Company.current(),
        (june - today()).days,
        lambda _firm: SpecialDay.define(firm.ada, june, False, "端午节"),
    )


BREAK = {
    f.__name__: f
    for f in (
        drafts_stale,
        approved_not_issued,
        approval_late,
        delivered_not_invoiced,
        no_signed_slip,
        tax_id_missing,
        overdue_not_reminded,
        reminder_without_address,
        credit_not_allocated,
        voided_often,
        discounts_near_limit,
        follow_ups_late,
        mail_failed,
        training_late,
        batch_waits,
        complaint_open,
        not_archived,
        retention_due,
        backups_late,
        holidays_missing,
        handbook_unread,
    )
}


def test_no_check_is_without_a_firm_that_breaks_it():
    assert set(BREAK) == {rule.key for rule in check.RULES}


@pytest.mark.parametrize("rule", check.RULES, ids=lambda r: r.key)
def test_it_speaks_of_who_breaks_it_and_of_nobody_else(firm, rule):
    # A firm without any place for backups is itself a finding, as are holidays not yet announced.
    if rule.key not in ("backups_late", "holidays_missing"):
        assert rule.find() == []
    subject, days, mend = BREAK[rule.key](firm)
    with at(now() + dt.timedelta(days=days)):
        hits = rule.find()
        assert [(type(h.subject), h.subject.id) for h in hits] == [(type(subject), subject.id)]
        assert hits[0].label and (hits[0].owner is None or hits[0].owner.active) and rule.days >= 1
        if callable(mend):
            mend(hits[0].subject)
    with at(now() + dt.timedelta(days=days if callable(mend) else mend)):
        assert rule.find() == []
