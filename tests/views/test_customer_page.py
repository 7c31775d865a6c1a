"""What the page of a customer says; how often it asks the database: test_queries.py."""

import datetime as dt

from models.archive import filing_by_rule
from models.care import FollowUp, Survey
from models.core.clock import at, now, today
from models.disputes import Dispute
from models.payments import Payment
from models.receivables.statement import Statement


def test_the_timeline_names_what_was_changed_in_words(firm, sign_in):
    firm.a.revise(firm.fang, bank_account="6222", terms_days=45)
    page = (
        sign_in(firm.fang)
        .get(f"/customers/{firm.a.id}?tab=history")
        .get_data(as_text=True)
        .split('id="happened"')[1]
    )
    assert (
        "方财务 changed the customer" in page
        and "Payment terms (days)" in page
        and "bank_account" not in page
    )


def test_the_timeline_tells_changes_of_contacts_and_addresses_with_their_names(firm, sign_in):
    firm.anna.revise(firm.li, phone="138")
    firm.a.add_address(firm.li, "delivery", "Harbour 1").revise(firm.li, "Harbour 2")
    page = (
        sign_in(firm.fang).get(f"/customers/{firm.a.id}?tab=history").text.split('id="happened"')[1]
    )
    assert page.count("changed the contact") == 1 and "added the address" in page
    for name in ("Anna", "阿敏", "Harbour 2", "Phone"):
        assert name in page
    assert "Bob" not in page


def test_a_complaint_and_a_statement_say_what_and_how_much_they_are_about(firm, sign_in):
    invoice = firm.issued(price="100")
    Dispute.raise_(
        firm.li, customer=firm.a, document=invoice, amount=4200, reason="price", text="x"
    )
    row = Statement.make(firm.fang, firm.a, "CNY", today() - dt.timedelta(days=30), today())
    page = sign_in(firm.fang).get(f"/customers/{firm.a.id}?tab=money").get_data(as_text=True)
    complaints, statements = (
        page.split(f'id="{name}"')[1].split("</section>")[0] for name in ("disputes", "statements")
    )
    assert "42.00" in complaints and str(today()) in complaints and "Price" in complaints
    assert (
        row.number in statements
        and f"{row.since} – {row.until}" in statements
        and "113.00" in statements
    )


def test_the_timeline_says_which_mail_went(firm, sign_in):
    Survey.ask(firm.anna, "delivery", "a")
    page = (
        sign_in(firm.fang)
        .get(f"/customers/{firm.a.id}?tab=history")
        .get_data(as_text=True)
        .split('id="happened"')[1]
    )
    assert "<b>Survey sent</b>" in page and "<b>Mail</b>" not in page


def test_each_tab_shows_its_own_and_the_band_stands_on_all(firm, sign_in):
    paper, draft = firm.issued(price="100"), firm.draft(price="7")
    browser, own = (
        sign_in(firm.fang),
        {
            "": 'id="customer-progress"',
            "documents": 'id="papers"',
            "money": 'id="owed"',
            "purchases": 'id="bought"',
            "contacts": 'id="contacts"',
            "follow-ups": 'id="follow-ups"',
            "history": 'id="happened"',
            "details": 'id="customer-facts"',
        },
    )
    for tab, mark in own.items():
        page = browser.get(f"/customers/{firm.a.id}?tab={tab}").text
        assert [m for m in own.values() if m in page] == [mark], tab
        assert "113.00" in page.split('id="customer-figures"')[1].split("</div>")[0]
    page = browser.get(f"/customers/{firm.a.id}").text
    assert paper.number in page and f"/documents/{draft.id}" in page and "Invoice" in page


def test_the_overview_shows_only_what_is_in_progress(firm, sign_in):
    paid, order = firm.issued(price="100"), firm.issued(kind="order", price="5")
    Payment.receive(firm.fang, firm.a, "CNY", 11300, allocations=[(paid, 11300)])
    page = sign_in(firm.li).get(f"/customers/{firm.a.id}").text.split('id="customer-progress"')[1]
    page = page.split("</section>")[0]
    assert order.number in page and paid.number not in page


def test_the_band_tells_the_last_contact(firm, sign_in):
    band = lambda: sign_in(firm.li).get(f"/customers/{firm.a.id}").text.split("Last contact")[1]  # noqa: E731
    assert "none yet" in band()[:200]
    firm.a.write_note(firm.li, "Called them.")
    assert str(today()) in band()[:200] and "note" in band()[:200]
    with at(now() + dt.timedelta(days=3)):
        plan = FollowUp.plan(firm.li, firm.a, "Call", today())
        plan.done(firm.li, "fine")
        assert str(today()) in band()[:200] and "follow-up done" in band()[:200]


def test_the_files_of_a_customer_are_a_tab(firm, sign_in):
    paper = firm.printed()
    with at(now() + dt.timedelta(days=400)):
        filing_by_rule.file_due()
    browser = sign_in(firm.li)
    page = browser.get(f"/customers/{firm.a.id}?tab=files").text
    shown = page.split('id="customer-files"')[1].split("</section>")[0]
    assert paper.number in shown and f"/archive/files/new?customer={firm.a.id}" in shown
    other = sign_in(firm.fang).get(f"/customers/{firm.b.id}?tab=files").text
    assert paper.number not in other and "No files yet." in other
    assert f"/archive/?customer={firm.a.id}" not in browser.get(f"/customers/{firm.a.id}").text
