"""The due items and their sums say what the rows say, after every verb that changes it."""

import datetime as dt

import pytest

from models import dunning
from models.core import journal
from models.core.clock import at, now, today
from models.core.errors import Refused
from models.customers import Customer
from models.documents import Document
from models.imports import Import
from models.insights import digest, monthly
from models.operations import checks, upkeep
from models.payments import Payment
from models.payments.credit_note import set_off
from models.payments.write_off import WriteOff
from models.receivables import due_item
from models.receivables.balance import by_money, left_of, open_items
from models.receivables.credit_limit import exceeds_credit, exposure
from models.receivables.due_item import DueItem, DueSum
from tests.models.test_imports import PAPERS, put, run


def open_of(document):
    """(state, open) as kept; None when nothing is due of the document."""
    row = DueItem.get_or_none(DueItem.document == document.id)
    return row and (row.state, row.open)


def imported(firm, kind="invoice", amount=1000, number="OLD-1"):
    line = {"name": "x", "quantity": 10000, "price": amount * 100, "net": amount, "tax": 0}
    return Document.enter_imported(
        firm.fang,
        kind,
        number,
        firm.a,
        [{**line, "gross": amount}],
        currency="EUR",
        date=today(),
        due_on=today(),
    )


def test_a_draft_owes_nothing_and_an_issued_invoice_its_total(firm):
    firm.draft(price="10")
    firm.issued("order", price="10")
    assert not DueItem.select().exists()
    invoice = firm.issued(price="10")
    row = DueItem.get()
    assert (row.document, row.due_on, row.currency) == (invoice.id, invoice.due_on, "CNY")
    assert (row.customer, row.owner) == (firm.a.id, firm.li.id)
    assert (row.state, row.amount, row.open) == ("open", invoice.total, invoice.total)
    invoice.void(firm.fang, "typed wrongly")
    assert not DueItem.select().exists() and not DueSum.select().exists()


def test_a_payment_settles_and_its_reversal_opens_again(firm):
    invoice = firm.issued(price="10")
    payment = Payment.receive(firm.fang, firm.a, "CNY", 1130, allocations=[(invoice, 130)])
    assert open_of(invoice) == ("partly_paid", 1000)
    payment.allocate(firm.fang, invoice, 1000)
    assert open_of(invoice) == ("paid", 0)
    payment.reverse(firm.fang, "bounced")
    assert open_of(invoice) == ("open", 1130) and due_item.differences() == []


def test_a_write_off_settles_and_its_reversal_opens_again(firm):
    invoice = firm.issued(price="10")
    row = WriteOff.ask(firm.fang, invoice, 30, "rounding")
    assert open_of(invoice) == ("open", 1130)
    row.approve(firm.wang)
    assert open_of(invoice) == ("partly_paid", 1100)
    WriteOff.get_by_id(row.id).reverse(firm.fang, "paid after all")
    assert open_of(invoice) == ("open", 1130) and due_item.differences() == []


def test_a_credit_note_settles_and_its_voiding_opens_again(firm):
    invoice, note = imported(firm), imported(firm, "credit_note", 400, "OLD-2")
    set_off(firm.fang, note, invoice, 400)
    assert open_of(invoice) == ("partly_paid", 600)
    note.carry_out_void(firm.fang, "typed wrongly")
    assert open_of(invoice) == ("open", 1000) and due_item.differences() == []


def test_an_import_that_is_undone_leaves_nothing(firm):
    row = run(firm, put(firm, "documents", PAPERS, create_customers=True))
    assert {item.state for item in DueItem.select()} == {"paid"}
    row.undo(firm.fang)
    Import.run_waiting()
    assert not DueItem.select().exists() and not DueSum.select().exists()


def test_the_sums_are_of_each_customer_owner_state_and_currency(firm):
    first, _second = firm.issued(price="10"), firm.issued(price="20")
    firm.issued(price="40", customer=firm.b, by=firm.chen)
    imported(firm)
    Payment.receive(firm.fang, firm.a, "CNY", 1130, allocations=[(first, 1130)])
    sums = DueSum.select(*[getattr(DueSum, name) for name in due_item.SUM_KEYS], DueSum.open)
    assert sorted(sums.tuples()) == sorted(
        [
            (firm.a.id, firm.li.id, "paid", "CNY", 0, 0),
            (firm.a.id, firm.li.id, "open", "CNY", 0, 2260),
            (firm.b.id, firm.chen.id, "open", "CNY", 0, 4520),
            (firm.a.id, firm.a.owner_id, "open", "EUR", 0, 1000),
        ]
    )


def spoil_open():
    DueItem.update(open=1).execute()


def spoil_state():
    DueItem.update(state="paid").execute()


def spoil_day():
    DueItem.update(due_on=today() + dt.timedelta(days=900)).execute()


def lose_items():
    DueItem.delete().execute()


def spoil_sum():
    DueSum.update(open=DueSum.open + 1).execute()


def lose_sums():
    DueSum.delete().execute()


@pytest.mark.parametrize(
    "spoil", [spoil_open, spoil_state, spoil_day, lose_items, spoil_sum, lose_sums]
)
def test_a_row_spoiled_by_hand_is_named_and_mended_by_a_rebuild(firm, tmp_path, spoil):
    firm.issued(price="10")
    assert checks.verified() == []
    spoil()
    named = checks.verified()
    assert named and all(text.startswith(("DueItem", "DueSum", "Debtor")) for text in named)
    assert set(named) <= set(checks.all_faults(tmp_path, "k" * 40))
    upkeep.rebuild()
    assert checks.verified() == []


@pytest.fixture
def paid_but_kept_as_open(firm):
    """An invoice that is paid by its rows, while its due item, spoiled by hand, says otherwise."""
    invoice = firm.issued(price="10")
    Payment.receive(firm.fang, firm.a, "CNY", 2000, allocations=[(invoice, 1130)])
    DueItem.update(open=1130, state="open").execute()
    DueSum.update(open=1130, state="open").execute()
    return Document.get_by_id(invoice.id)


def test_lists_and_the_reminder_preview_read_what_is_kept(firm, paid_but_kept_as_open):
    invoice = paid_but_kept_as_open
    assert [d.id for d in open_items()] == [invoice.id] and left_of([invoice.id]) == {
        invoice.id: 1130
    }
    assert by_money(Document.select(), "open").count() == 1
    with at(now() + dt.timedelta(days=40)):
        assert [i.invoice.id for plan in dunning.preview() for i in plan.items] == [invoice.id]


def test_a_verb_that_decides_about_money_reads_the_rows_again(firm, paid_but_kept_as_open):
    invoice, payment = paid_but_kept_as_open, Payment.get()
    with pytest.raises(Refused, match="more_than_open"):
        payment.allocate(firm.fang, invoice, 1)
    with pytest.raises(Refused, match="more_than_open"):
        WriteOff.ask(firm.fang, invoice, 1, "x")
    with at(now() + dt.timedelta(days=40)):
        assert dunning.issue.remind(firm.a.id, "CNY") is None
        with pytest.raises(Refused, match="no_credit_to_use"):
            dunning.set_off_credit(firm.fang, firm.a.id, "CNY")


def test_the_credit_limit_is_judged_by_the_rows(firm):
    firm.issued(price="10")
    firm.a.revise(firm.fang, credit_limit=5000)
    draft = firm.draft(price="10")
    DueSum.update(open=9999).execute()
    assert exposure(Customer.get_by_id(firm.a.id), draft).exceeded
    assert not exceeds_credit(Document.get_by_id(draft.id))


def test_the_weekly_mail_and_the_months_page_sum_what_is_open(firm):
    late, _soon, paid = (firm.issued(price="10", terms_days=n) for n in (1, 9, 1))
    firm.issued(price="10", terms_days=90)
    Payment.receive(firm.fang, firm.a, "CNY", 1260, allocations=[(paid, 1130), (late, 130)])
    with at(now() + dt.timedelta(days=5)):
        sums = digest.content_for(firm.li)
        assert (sums["overdue"], sums["soon"]) == ([["CNY", 1, 1000]], [["CNY", 1, 1130]])
        assert digest.content_for(firm.chen)["overdue"] == []
        assert monthly._open_amounts("CNY") == (1000 + 1130 + 1130, 1000)
        assert monthly._open_amounts("EUR") == (0, 0)


def test_what_an_earlier_version_did_not_have_is_filled_at_the_start(firm):
    invoice = firm.issued(price="10")
    lose_items()
    lose_sums()
    upkeep.fill_new()
    assert open_of(invoice) == ("open", 1130) and due_item.differences() == []


def test_the_tables_are_not_in_the_journal():
    assert not {"DueItem", "DueSum"} & journal.Journaled.registry.keys()


def test_an_invoice_is_overdue_by_the_passing_of_days_alone(firm, sign_in):
    invoice, browser = firm.issued(price="10"), sign_in(firm.li)
    kept = DueItem.select().dicts().get()

    def listed(state):
        return f'href="/documents/{invoice.id}"' in browser.get(f"/documents/?state={state}").text

    assert listed("open") and not listed("overdue")
    with at(now() + dt.timedelta(days=(invoice.due_on - today()).days + 1)):
        browser = sign_in(firm.li)
        assert listed("overdue") and not listed("open")
    assert DueItem.select().dicts().get() == kept
