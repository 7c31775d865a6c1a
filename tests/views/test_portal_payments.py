"""A customer reports a payment: what we know is filled in."""

import re

from models.core.clock import today
from models.customers import Contact
from models.payments import Payment
from tests.support.forms import Forms


def test_from_the_invoice_its_open_amount_is_filled_in(firm, sign_in):
    older, invoice = firm.issued(price="50", terms_days=1), firm.issued(price="1000")
    anna = sign_in(firm.anna)
    path = f"/portal/payments/new?invoice={invoice.id}"
    assert path in anna.get(f"/portal/documents/{invoice.id}").text
    found = dict(Forms(path, anna.get(path).text).found)["/portal/payments/"]
    filled = {control.name: control.sent() for control in found if control.name}
    assert filled["amount"] == filled[f"part-{invoice.id}"] == ["1,130.00"]
    assert filled[f"part-{older.id}"] == [""]


def test_an_invoice_of_a_stranger_fills_nothing_in(firm, sign_in):
    firm.issued(price="100")
    path = "/portal/payments/new?invoice=9999"
    assert 'value="113.00"' not in sign_in(firm.anna).get(path).text


def test_a_contact_sees_what_was_paid_and_what_their_contacts_reported(firm):
    def pay(customer):
        return Payment.receive(firm.fang, customer, "CNY", 500)

    day = today()
    of_both = [pay(firm.a), Payment.report(firm.anna, "CNY", 600, day), pay(firm.b), pay(firm.a)]
    Payment.report(firm.bob, "CNY", 700, day)
    Payment.update(customer=firm.b).where(Payment.id == of_both[1].id).execute()
    own = Payment.customer.in_(firm.anna.sees.group) & Payment.reported_by.is_null()
    contacts = Contact.select(Contact.id).where(Contact.customer.in_(firm.anna.sees.group))
    plain = Payment.select().where(own | Payment.reported_by.in_(contacts))
    assert {p.id for p in firm.anna.sees.payments()} == {p.id for p in plain}
    assert len(plain) == 3


def test_payments_are_listed_page_by_page(firm, sign_in, monkeypatch):
    monkeypatch.setattr("views.lists.SIZE", 1)
    older, newer = (Payment.receive(firm.fang, firm.a, "CNY", 500) for _ in range(2))
    anna = sign_in(firm.anna)
    page = anna.get("/portal/payments/").text
    assert newer.number in page and older.number not in page
    following = re.search(r'href="(\?[^"]*after=[^"]*)"', page)[1]
    assert older.number in anna.get("/portal/payments/" + following).text
