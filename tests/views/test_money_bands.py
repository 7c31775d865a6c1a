"""Each page of money begins with the line that answers its question."""

import datetime as dt

from models.core.clock import at, now, today
from models.disputes import Dispute
from models.payments import Payment


def band(page):
    return page.split('class="figures"')[1].split("</nav>" if "subtabs" in page else "<form")[0]


def test_payments_say_what_is_open_overdue_and_to_verify(firm, sign_in):
    with at(now() - dt.timedelta(days=90)):
        firm.issued(price="100")
    firm.issued(price="200", customer=firm.b, by=firm.chen)
    Payment.report(firm.anna, "CNY", 5000, today(), reference="wire")
    for who, open_, overdue in ((firm.fang, "339.00", "113.00"), (firm.chen, "226.00", "0.00")):
        shown = band(sign_in(who).get("/payments/").text)
        assert open_ in shown and f"overdue: {overdue}" in shown
        assert ("reported by customers" in shown) == (who == firm.fang)


def test_reminders_say_what_is_overdue(firm, sign_in):
    assert "nothing" in band(sign_in(firm.fang).get("/reminders/").text)
    with at(now() - dt.timedelta(days=90)):
        firm.issued(price="100")
    shown = band(sign_in(firm.fang).get("/reminders/").text)
    assert "113.00" in shown and "figure danger" in shown


def test_disputes_say_how_many_wait_and_how_much(firm, sign_in):
    invoice = firm.issued(price="100")
    with at(now() - dt.timedelta(days=60)):
        Dispute.raise_(
            firm.li, customer=firm.a, document=invoice, amount=4200, reason="price", text="x"
        )
    shown = band(sign_in(firm.fang).get("/disputes/").text)
    assert "42.00" in shown and "state=live" in shown and "figure danger" in shown
    assert "42.00" not in band(sign_in(firm.chen).get("/disputes/").text)


def test_receivables_tell_the_days_with_the_sum(firm, sign_in):
    firm.issued(price="100")
    shown = band(sign_in(firm.fang).get("/receivables/").text)
    assert "113.00" in shown and "DSO 90 days" in shown
