"""A customer reports a payment: what we know is filled in."""

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
