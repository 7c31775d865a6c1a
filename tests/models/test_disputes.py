"""A complaint from being raised to being settled: who may, what it holds, what its outcome makes,
what the other side sees."""

import base64
import datetime as dt

import pytest

from models.adapters.outbox import Mail
from models.core.clock import at, now
from models.core.errors import Forbidden, Refused
from models.disputes import Dispute, DisputeEntry, run_late, statistics
from models.documents import Document
from models.dunning import amount_on_hold
from models.payments import Payment, open_balance
from tests.firm import money
from tests.models.documents.test_life import firm_issue
from tests.valid_forms.shared import PNG as DRAWN

PNG = base64.b64decode(DRAWN.split(",")[1])


@pytest.fixture
def invoice(firm):
    return firm.issued(price="100", quantity="10", contact=firm.anna)  # 1,130.00 with tax


def complain(firm, invoice, by=None, **more):
    return Dispute.raise_(
        by or firm.anna,
        customer=firm.a,
        document=invoice,
        **{"reason": "quantity", "text": "少了两支", **more},
    )


def fresh(row):
    return type(row).get_by_id(row.id)


def actions(row):
    return [e.action for e in row.events]


def mailed(to):
    about = Mail.template.in_(("dispute", "gathered"))
    return Mail.select().where(Mail.recipient == to, about).count()


def test_a_contact_disputes_a_line_and_an_amount_and_the_owner_is_told(firm, invoice):
    row = complain(firm, invoice, line=invoice.ordered_lines()[0], amount=money("226"))
    assert (row.state, row.amount, row.currency, row.owner, row.contact) == (
        "open",
        22600,
        "CNY",
        firm.li,
        firm.anna,
    )
    assert row.answer_by > now() and row.settle_by > row.answer_by and actions(row) == ["raised"]
    assert mailed("li@firm.test") == 1 and mailed("anna@a.test") == 0


def test_without_an_amount_what_is_open_is_disputed(firm, invoice):
    Payment.receive(firm.fang, firm.a, "CNY", money("1000"), allocations=[(invoice, money("1000"))])
    assert complain(firm, invoice).amount == money("130")
    assert complain(firm, invoice, line=invoice.ordered_lines()[0]).amount == money("130")


def test_a_complaint_without_a_paper_holds_nothing(firm):
    row = Dispute.raise_(firm.li, customer=firm.a, reason="service", text="电话无人接听")
    assert (row.amount, row.currency, row.contact, row.owner) == (0, "", None, firm.li)
    with pytest.raises(Refused) as no:
        Dispute.raise_(firm.li, customer=firm.a, reason="service", text="x", amount=5)
    assert no.value.code == "dispute_amount"


@pytest.mark.parametrize("amount", [0, -1, 113001, 10**18])
def test_no_more_than_the_paper_says_can_be_disputed(firm, invoice, amount):
    with pytest.raises(Refused) as no:
        complain(firm, invoice, amount=amount)
    assert no.value.code == "dispute_amount" and not Dispute.select().exists()


def test_nobody_disputes_what_is_not_in_their_sight(firm, invoice):
    draft = firm.draft()
    for by, customer, paper in (
        (firm.bob, firm.a, invoice),
        (firm.bob, firm.b, invoice),
        (firm.chen, firm.a, invoice),
        (firm.amin, firm.a, invoice),
        (firm.anna, firm.a, draft),
        (firm.li, firm.a, draft),
    ):
        with pytest.raises(Refused) as no:
            Dispute.raise_(by, customer=customer, document=paper, reason="price", text="x")
        assert no.value.code in ("not_yours", "state_changed")
    with pytest.raises(Forbidden):
        Dispute.raise_(firm.zhao, customer=firm.a, document=invoice, reason="price", text="x")
    for more, code in (
        ({"reason": "bribe"}, "choice_unknown"),
        ({"text": " "}, "text_needed"),
        ({"line": firm.issued(price="1").ordered_lines()[0]}, "not_yours"),
    ):
        with pytest.raises(Refused) as no:
            complain(firm, invoice, **more)
        assert no.value.code == code
    assert not Dispute.select().exists()


def test_who_sees_a_dispute(firm, invoice):
    row = complain(firm, invoice)
    seen = {
        name: getattr(firm, name).sees.disputes().where(Dispute.id == row.id).exists()
        for name in ("li", "wang", "chen", "fang", "ada", "anna", "amin", "bob")
    }
    assert seen == {
        "li": True,
        "wang": True,
        "chen": False,
        "fang": True,
        "ada": True,
        "anna": True,
        "amin": False,
        "bob": False,
    }


def test_an_internal_note_is_neither_shown_nor_mailed_to_the_customer(firm, invoice):
    row = complain(firm, invoice)
    row.say(firm.li, "仓库确认少发", internal=True)
    assert (
        mailed("anna@a.test") == 0
        and row.thread(firm.anna) == []
        and len(row.thread(firm.fang)) == 1
    )
    assert fresh(row).first_answer_at is None, "the customer has had no answer"
    row.say(firm.li, "我们在查")
    assert mailed("anna@a.test") == 1 and [e.text for e in row.thread(firm.anna)] == ["我们在查"]
    assert (
        fresh(row).first_answer_at
        and firm.anna.sees.dispute_entries().count() == 1
        and firm.li.sees.dispute_entries().count() == 2
    )
    assert fresh(row).content() and "仓库" not in "".join(
        str(m.context) for m in Mail.select().where(Mail.recipient == "anna@a.test")
    )


def test_a_contact_cannot_write_an_internal_note_nor_into_anothers_dispute(firm, invoice):
    row = complain(firm, invoice)
    assert not row.say(firm.anna, "hm", internal=True).internal
    for stranger in (firm.bob, firm.amin, firm.chen):
        with pytest.raises(Forbidden):
            row.say(stranger, "x")
    assert DisputeEntry.select().count() == 1


def test_an_attachment_is_kept_by_its_content(firm, invoice):
    row = complain(firm, invoice)
    assert row.say(firm.anna, "", data=PNG, filename="../a.png").filename == "a.png"
    with pytest.raises(Refused) as no:
        row.say(firm.anna, "", data=b"MZ\x90\0" * 10, filename="a.pdf")
    assert no.value.code == "attachment_kind"


def test_a_document_that_is_right_is_explained_confirmed_and_rated(firm, invoice):
    row = complain(firm, invoice)
    row.explain(firm.li, "送货单上有签字")
    assert (fresh(row).state, fresh(row).outcome, fresh(row).holds) == (
        "answered",
        "explained",
        0,
    ) and mailed("anna@a.test") == 1
    fresh(row).agree(firm.anna, 4, "谢谢")
    assert (fresh(row).state, fresh(row).rating, actions(row)) == (
        "settled",
        4,
        ["raised", "answered", "agreed"],
    )
    with pytest.raises(Refused):
        fresh(row).agree(firm.anna, 5)


def test_a_customer_who_disagrees_opens_it_again_and_holds_again(firm, invoice):
    row = complain(firm, invoice, amount=100)
    row.explain(firm.li, "没错")
    fresh(row).disagree(firm.anna, "不同意")
    assert (fresh(row).state, fresh(row).outcome, fresh(row).holds) == ("open", "", 100) and mailed(
        "li@firm.test"
    ) == 2


def test_staff_cannot_confirm_for_the_customer_but_close_with_a_reason(firm, invoice):
    row = complain(firm, invoice)
    row.explain(firm.li, "没错")
    with pytest.raises(Forbidden):
        fresh(row).agree(firm.li, 5)
    with pytest.raises(Refused):
        fresh(row).settle(firm.li, " ")
    fresh(row).settle(firm.li, "两周无回复")
    assert fresh(row).state == "settled" and fresh(row).rating is None


def test_a_credit_note_and_a_corrected_invoice_are_made_in_one_step_as_drafts(firm, invoice):
    row = complain(firm, invoice, amount=money("226"))
    row.correct(firm.li, "我们更正")
    row = fresh(row)
    assert (
        row.credit_note.kind,
        row.credit_note.state,
        row.credit_note.source,
        row.credit_note.total,
    ) == ("credit_note", "draft", invoice, invoice.total)
    assert (row.replacement.kind, row.replacement.state, row.replacement.total) == (
        "invoice",
        "draft",
        invoice.total,
    )
    assert row.holds == money("226"), "held until the credit note is given out"
    firm_issue(firm, row.credit_note)
    assert fresh(row).holds == 0 and open_balance(Document.get_by_id(invoice.id)) == 0


def test_a_correction_that_fails_changes_nothing(firm, invoice):
    firm_issue(firm, invoice.convert(firm.li, "credit_note"))
    row, papers = complain(firm, invoice, amount=100), Document.select().count()
    with pytest.raises(Refused) as no:
        row.correct(firm.li, "更正")
    assert no.value.code == "nothing_remains" and fresh(row).state == "open"
    assert Document.select().count() == papers and not DisputeEntry.select().exists()


def test_a_price_adjustment_credits_exactly_its_amount(firm, invoice):
    row = complain(firm, invoice, reason="price")
    row.adjust(firm.li, 12345, "按合同价")
    note = fresh(row).credit_note
    assert (note.total, note.state, note.source) == (
        12345,
        "draft",
        invoice,
    ) and note.ordered_lines()[0].rate == 1300
    held = fresh(row).amount
    fresh(row).agree(firm.anna)
    assert fresh(row).holds == amount_on_hold(invoice) == held > 0  # until it is credited
    firm_issue(firm, note)
    assert fresh(row).holds == amount_on_hold(Document.get_by_id(invoice.id)) == 0
    assert open_balance(Document.get_by_id(invoice.id)) == invoice.total - 12345


@pytest.mark.parametrize("amount", [1, 100, 12345, 21900])
def test_with_several_taxes_an_adjustment_is_shared_among_them(firm, amount):
    paper = Document.draft(
        firm.li, "invoice", firm.a, [firm.line("100"), firm.line("100", rate=600, tax_label="6%")]
    )
    firm_issue(firm, paper)
    paper = Document.get_by_id(paper.id)
    row = complain(firm, paper)
    row.adjust(firm.li, amount, "让利")
    note = fresh(row).credit_note
    grosses = {line.rate: line.gross for line in note.ordered_lines()}
    assert note.total == sum(grosses.values()) == amount
    assert abs(grosses[1300] * 21900 - amount * 11300) < 21900
    row = complain(firm, paper, line=paper.ordered_lines()[1])
    row.adjust(firm.li, 106, "让利")
    assert fresh(row).credit_note.ordered_lines()[0].rate == 600


def test_mediation_and_law_hold_on_and_law_is_not_for_sales(firm, invoice):
    row = complain(firm, invoice, amount=100)
    row.mediate(firm.li, "请商会调解")
    assert (fresh(row).state, fresh(row).holds) == ("mediation", 100)
    with pytest.raises(Forbidden):
        fresh(row).go_to_law(firm.li, "起诉")
    fresh(row).go_to_law(firm.fang, "起诉")
    assert (fresh(row).state, fresh(row).holds) == ("legal", 100)
    fresh(row).explain(firm.fang, "判决")
    assert fresh(row).state == "answered"


def test_who_raised_it_takes_it_back(firm, invoice):
    row = complain(firm, invoice)
    with pytest.raises(Refused):
        row.withdraw(firm.li)
    row.withdraw(firm.anna, "找到了")
    assert fresh(row).state == "withdrawn" and fresh(row).holds == 0
    with pytest.raises(Refused):
        fresh(row).explain(firm.li, "x")


def test_a_late_answer_is_told_once_and_later_to_the_superior(firm, invoice):
    firm.li.revise(firm.ada, superior=firm.wang)
    row = complain(firm, invoice)
    assert run_late() == []
    with at(now() + dt.timedelta(days=5)):
        run_late(), run_late()
    assert mailed("li@firm.test") == 2 and mailed("wang@firm.test") == 0
    with at(now() + dt.timedelta(days=40)):
        run_late(), run_late()
        assert fresh(row).is_late
    assert mailed("li@firm.test") == 2 and mailed("wang@firm.test") == 1


def test_statistics_add_no_two_currencies_and_say_what_was_changed(firm, invoice):
    other = firm.issued(price="50", currency="USD")
    complain(firm, invoice, amount=100, line=invoice.ordered_lines()[0])
    row = complain(firm, other, amount=70)
    row.explain(firm.li, "没错")
    fresh(row).agree(firm.anna, 4)
    fresh(row).learn(firm.li, "出库前复核数量")
    found = statistics(firm.fang.sees.disputes())
    assert found["reasons"][0] | {"hours": 0} == {
        "name": "quantity",
        "count": 2,
        "amounts": {"CNY": 100, "USD": 70},
        "hours": 0,
        "rating": "4.0",
        "right": 1,
    }
    assert (
        found["products"][0]["count"] == 1
        and found["people"][0]["name"] == "李销售"
        and found["open"] == 1
    )
    assert [r.prevention for r in found["changes"]] == ["出库前复核数量"]
    assert statistics(firm.fang.sees.disputes(), since=now() + dt.timedelta(days=1))["count"] == 0
