"""What the daily checks see becomes a finding, from found to closed."""

import datetime as dt

import pytest

from models.adapters.outbox import Mail
from models.approvals import ApprovalFlow, ApprovalRequest, Task
from models.archive import ExternalFile, FilingRule, filing_by_rule
from models.care import FollowUp
from models.company import Company
from models.core.clock import at, now, today
from models.core.errors import Forbidden, Refused
from models.documents import Document
from models.governance import Finding, check, finders, report
from models.operations import checks
from models.operations.backup import Place
from tests.valid_forms.archive import aged


@pytest.fixture(autouse=True)
def all_have_read(monkeypatch, request):
    """Neither an unread handbook nor a firm without backups comes between: other tests see to those
    checks."""
    if "words_in_both" not in request.node.name:
        monkeypatch.setattr(
            check,
            "RULES",
            [
                r
                for r in check.RULES
                if r.key
                not in ("handbook_unread", "backups_late", "not_archived", "holidays_missing")
            ],
        )


def days_on(n):
    return at(now() + dt.timedelta(days=n))


def rules_of(rows):
    return sorted(f.rule for f in rows)


def test_a_stale_draft_is_found_once_and_let_go_when_it_is_mended(firm):
    paper = firm.draft()
    assert check.run() == []
    with days_on(15):
        found = check.run()
        assert (
            rules_of(found) == ["drafts_stale"]
            and found[0].owner == firm.li
            and found[0].due_on == today() + dt.timedelta(days=7)
        )
        assert check.run() == []
        assert [
            m.recipient for m in Mail.select().where(Mail.template == "findings").order_by(Mail.id)
        ] == ["li@firm.test"]
        paper.discard(firm.li)
        check.run()
    row = Finding.get()
    assert (
        (row.state, row.live) == ("closed", None)
        and [e.action for e in row.events] == ["found", "gone"]
        and checks.faults() == []
    )


def test_approved_papers_and_late_decisions_are_found(firm):
    firm.approved(price="10")
    asked = firm.draft(price="20000")
    asked.submit(by=firm.li)
    Task.update(due_at=now()).where(Task.request == ApprovalRequest.current(asked)).execute()
    with days_on(4):
        assert rules_of(check.run()) == ["approval_late", "approved_not_issued"]
        assert {m.recipient for m in Mail.select().where(Mail.template == "findings")} >= {
            "li@firm.test",
            "wang@firm.test",
        }


def test_a_delivery_without_invoice_or_signature_is_found_until_it_has_them(firm):
    note = firm.issued("delivery_note", price="10")
    with days_on(15):
        assert rules_of(check.run()) == ["delivered_not_invoiced", "no_signed_slip"]
        note.confirm(firm.anna, "Anna")
        note.convert(firm.li, "invoice")
        check.run()
        states = {f.rule: f.state for f in Finding.select()}
    assert states == {"delivered_not_invoiced": "corrected", "no_signed_slip": "closed"}


def test_a_customer_without_tax_id_and_an_invoice_without_reminder_are_found(firm):
    firm.a.revise(firm.li, tax_id="")
    firm.issued(price="10")
    with days_on(36):
        assert rules_of(check.run()) == ["overdue_not_reminded", "tax_id_missing"]
        from models import dunning

        dunning.run_due()
        check.run()
    assert {f.rule: f.state for f in Finding.select()} == {
        "overdue_not_reminded": "corrected",
        "tax_id_missing": "open",
    }


def test_many_voids_and_discounts_just_below_the_limit_are_found(firm):
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
        firm.issued(price="10").void(firm.fang, "x")
        Document.draft(firm.li, "invoice", firm.a, [firm.line(discount=950)])
    found = {f.rule: f for f in check.run()}
    assert found["voided_often"].owner == firm.li and found["voided_often"].facts == {"n": 3}
    assert found["discounts_near_limit"].facts == {"limit": 1000, "n": 3}


def test_promises_and_mails_left_alone_are_found(firm):
    FollowUp.plan(firm.li, firm.a, "x", today())
    Mail.enqueue("k", to="gone@x.test", template="password", language="en", context={})
    Mail.update(state="failed").execute()
    with days_on(8):
        assert rules_of(check.run()) == ["follow_ups_late", "mail_failed"]


@pytest.fixture
def serious(firm):
    firm.issued("delivery_note", price="10")
    with days_on(8):
        check.run()
    return Finding.get(Finding.rule == "delivered_not_invoiced")


def test_a_finding_is_corrected_by_its_owner_and_closed_by_another_when_the_check_agrees(
    firm, serious
):
    with days_on(8):
        with pytest.raises(Refused, match="text_needed"):
            serious.correct(firm.li, " ")
        with pytest.raises(Forbidden):
            serious.correct(firm.fang, "x")
        serious.correct(firm.li, "补开发票")
        with pytest.raises(Forbidden):
            serious.close(firm.li)
        with pytest.raises(Refused, match="still_found"):
            serious.close(firm.wang)
        Document.get(Document.kind == "delivery_note").convert(firm.li, "invoice")
        serious.close(firm.wang, "已核对")
    fresh = Finding.get_by_id(serious.id)
    assert (fresh.state, fresh.closed_by, fresh.corrected_by) == ("closed", firm.wang, firm.li)
    assert [e.action for e in fresh.events] == ["found", "corrected", "closed"]


def test_a_correction_that_mends_nothing_is_sent_back_the_next_day(firm, serious):
    with days_on(8):
        serious.correct(firm.li, "明天做")
        check.run()
        assert Finding.get_by_id(serious.id).state == "corrected"
    with days_on(9):
        check.run()
        assert Finding.get_by_id(serious.id).state == "open"


def test_nobody_closes_their_own_unless_alone(firm, serious):
    with days_on(8):
        serious.hand_over(firm.ada, firm.wang)
        serious.correct(firm.wang, "x")
        Document.get(Document.kind == "delivery_note").convert(firm.li, "invoice")
        with pytest.raises(Refused, match="own_finding"):
            serious.close(firm.wang)
        serious.close(firm.ada)


def test_what_is_accepted_is_quiet_until_its_day_and_then_found_anew(firm, serious):
    with days_on(8):
        with pytest.raises(Refused, match="accepted_too_long"):
            serious.accept(firm.wang, "x", today() + dt.timedelta(days=400))
        serious.accept(firm.wang, "客户要求合并开票", today() + dt.timedelta(days=20))
        check.run()
    with days_on(29):
        assert "delivered_not_invoiced" in rules_of(check.run())
    assert Finding.get_by_id(serious.id).state == "closed"


def test_a_serious_one_that_is_late_goes_up_once(firm, serious):
    with days_on(14):
        check.run(), check.run()
        up = [
            m.recipient
            for m in Mail.select().where(
                Mail.template == "finding_escalated",
                Mail.key.startswith(f"finding-late-{serious.id}-"),
            )
        ]
    assert up == ["wang@firm.test"] and Finding.get_by_id(serious.id).escalated_on


def test_a_check_that_falls_leaves_the_others_and_is_told(firm, monkeypatch):
    firm.draft()
    broken = check.Rule("broken", False, 1, lambda: 1 / 0)
    monkeypatch.setattr(check, "RULES", [broken, *check.RULES])
    with days_on(15), pytest.raises(ZeroDivisionError):
        check.run()
    assert rules_of(Finding.select()) == ["drafts_stale"]


def test_the_report_counts_what_the_month_saw(firm):
    with at(dt.datetime(2027, 3, 2, 3)):
        note = firm.issued("delivery_note", price="10")
    with at(dt.datetime(2027, 3, 10, 3)):
        check.run()
        row = Finding.get(Finding.rule == "delivered_not_invoiced")
        row.correct(firm.li, "x")
        note.convert(firm.li, "invoice")
    with at(dt.datetime(2027, 3, 13, 3)):
        row.close(firm.wang)
    march, seen = (
        dt.date(2027, 3, 1),
        Finding.select().where(Finding.rule == "delivered_not_invoiced"),
    )
    assert report.by(Finding.rule, march, seen) == {
        "delivered_not_invoiced": {"found": 1, "closed": 1, "open": 0, "late": 0, "days": 3}
    }
    assert report.by(Finding.owner, march, seen)[firm.li.id]["closed"] == 1
    assert report.trend(Finding.rule, march, seen)[1] == {
        "delivered_not_invoiced": [0, 0, 0, 0, 0, 1]
    }
    assert report.trend(Finding.owner, march, seen)[1] == {firm.li.id: [0, 0, 0, 0, 0, 1]}
    with at(dt.datetime(2027, 4, 2, 3)):
        report.mail_monthly(), report.mail_monthly()
    assert {m.recipient for m in Mail.select().where(Mail.template == "inspection")} == {
        "wang@firm.test",
        "ada@firm.test",
    }


def test_every_check_has_its_words_in_both_languages(app):
    from flask_babel import force_locale

    from views.staff.rule_names import RULES

    assert {r.key for r in check.RULES} <= set(RULES)
    for language in ("zh", "en"):
        with force_locale(language):
            assert all(str(name) and str(advice) for name, advice in RULES.values())
    assert all(getattr(finders, r.find.__name__).__doc__ for r in check.RULES)


def test_backups_filing_and_terms_of_keeping_are_looked_after(firm):
    assert [(h.subject, h.facts) for h in finders.backups_late()] == [
        (Company.current(), {"what": "none"})
    ]
    place = Place.add(firm.ada, "disk", "folder", {"path": "/nowhere"}, "")
    Place.update(proven_at=now() + dt.timedelta(days=9)).where(Place.id == place.id).execute()
    assert finders.backups_late() == []
    note = firm.issued("delivery_note", price="10")
    FilingRule.define(firm.zhao, "delivery_note", "{number}", days=1)
    with days_on(5):
        assert [h.subject for h in finders.not_archived()] == [note] and finders.not_archived()[
            0
        ].owner == firm.zhao
        filing_by_rule.file_due()
        assert finders.not_archived() == []
    aged(firm)
    assert [h.subject.kind for h in finders.retention_due()]


def test_a_filed_slip_is_as_good_as_a_signature_in_the_portal(firm):
    note = firm.issued("delivery_note", price="10")
    with days_on(15):
        assert [h.subject for h in finders.no_signed_slip()] == [note]
        ExternalFile.receive(
            firm.li, b"%PDF-1.4 signed", "slip.pdf", "delivery_note", title="签收单", document=note
        )
        assert finders.no_signed_slip() == []
