"""A payment opened from its invoice is filled in; what would be left over is asked about."""

from models.core.clock import today
from models.payments import Payment, open_balance
from tests.firm import KEY
from tests.support.forms import Forms


def form_of(browser, path):
    found = dict(Forms(path, browser.get(path).text).found)["/payments/"]
    return {c.name: c.sent()[0] for c in found if c.name and c.sent()}


def test_from_the_invoice_all_is_filled_in_and_sent_as_it_is(firm, sign_in):
    older, invoice = firm.issued(price="50", terms_days=1), firm.issued(price="1000")
    fang = sign_in(firm.fang)
    page = fang.get(f"/documents/{invoice.id}").text
    path = f"/payments/new?invoice={invoice.id}"
    assert path in page
    filled = form_of(fang, path)
    assert (filled["amount"], filled[f"part-{invoice.id}"]) == ("1,130.00", "1,130.00")
    assert filled["received_on"] == today().isoformat() and not filled.get(f"part-{older.id}")
    assert "Record 1,130.00" in fang.get(path).text
    answer = fang.post("/payments/", data=filled)
    assert answer.status_code == 303 and answer.headers["Location"] == f"/documents/{invoice.id}"
    assert open_balance(invoice) == 0 and open_balance(older) == 5650


def test_what_would_be_left_over_is_asked_about(firm, sign_in):
    first, second = firm.issued(price="100", terms_days=1), firm.issued(price="100")
    fang = sign_in(firm.fang)
    data = {"customer": firm.a.id, "currency": "CNY", "amount": "150", "idempotency_key": KEY}
    asked = fang.post("/payments/", data=data | {f"part-{second.id}": "113"})
    assert asked.status_code == 409 and "37.00 would be left over" in asked.text
    assert not Payment.select().exists()
    fang.post("/payments/", data=data | {f"part-{second.id}": "113", "oldest": "1"})
    assert (open_balance(first), open_balance(second)) == (11300 - 3700, 0)


def test_it_may_be_kept_as_credit(firm, sign_in):
    invoice, fang = firm.issued(price="100"), sign_in(firm.fang)
    data = {"customer": firm.a.id, "currency": "CNY", "amount": "20", "idempotency_key": KEY}
    assert fang.post("/payments/", data=data | {"keep": "1"}).status_code == 303
    assert open_balance(invoice) == 11300 and Payment.get().unallocated() == 2000


def test_more_than_all_invoices_leaves_a_credit_without_a_question(firm, sign_in):
    invoice, fang = firm.issued(price="100"), sign_in(firm.fang)
    data = {"customer": firm.a.id, "currency": "CNY", "amount": "200", "idempotency_key": KEY}
    assert fang.post("/payments/", data=data | {f"part-{invoice.id}": "113"}).status_code == 303
    assert Payment.get().unallocated() == 8700


def test_only_invoices_of_the_currency_are_offered_and_the_others_named(firm, sign_in):
    euro = firm.issued(price="100", currency="EUR")
    firm.issued(price="100")
    fang = sign_in(firm.fang)
    page = fang.get(f"/payments/new?customer={firm.a.id}").text
    assert f"part-{euro.id}" not in page and "currency=EUR" in page
    assert f"part-{euro.id}" in fang.get(f"/payments/new?customer={firm.a.id}&currency=EUR").text


def test_an_invoice_of_a_stranger_or_one_that_is_paid_opens_nothing(firm, sign_in):
    draft, fang = firm.draft(), sign_in(firm.fang)
    assert fang.get(f"/payments/new?invoice={draft.id}").status_code == 404


def test_what_is_left_when_all_is_paid_is_named(firm, sign_in):
    invoice, fang = firm.issued(price="100"), sign_in(firm.fang)
    data = {"customer": firm.a.id, "currency": "CNY", "amount": "150", "idempotency_key": KEY}
    answer = fang.post("/payments/", data=data | {f"part-{invoice.id}": "113"})
    assert "37.00 of it stays as unapplied credit." in fang.get(answer.headers["Location"]).text


def test_a_reversed_payment_does_not_read_as_if_it_still_settled(firm, sign_in):
    invoice, fang = firm.issued(price="100"), sign_in(firm.fang)
    paid = Payment.receive(firm.fang, firm.a, "CNY", 11300, today(), allocations=[(invoice, 11300)])
    paid.reverse(by=firm.fang, reason="wrong account")
    page = fang.get(f"/payments/{paid.id}").text
    assert "Was allocated to" in page and "Received on" in page and "Paid on" not in page
