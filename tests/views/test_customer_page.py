"""The page of a customer with much behind it asks the database as often as that of one with
little."""

import datetime as dt

import peewee as pw

from models.care import FollowUp, Survey
from models.core.clock import at, now, today
from models.disputes import Dispute
from models.receivables.statement import Statement


def asked(browser, path, monkeypatch):
    """How many queries the page takes."""
    seen, real = [], pw.Database.execute_sql
    monkeypatch.setattr(
        pw.Database,
        "execute_sql",
        lambda self, sql, *more: seen.append(sql) or real(self, sql, *more),
    )
    answer = browser.get(path)
    monkeypatch.setattr(pw.Database, "execute_sql", real)
    assert answer.status_code == 200
    return len(seen)


def test_more_papers_and_follow_ups_take_no_more_queries(firm, sign_in, monkeypatch):
    fang = sign_in(firm.fang)

    def trade(days):
        with at(now() - dt.timedelta(days=days)):
            firm.issued(price="10")
            FollowUp.plan(firm.li, firm.a, "电话", now().date())

    trade(90)
    trade(60)
    few = asked(fang, f"/customers/{firm.a.id}", monkeypatch)
    for n in range(6):
        trade(50 - n)
    assert asked(fang, f"/customers/{firm.a.id}", monkeypatch) <= few + 1


def test_the_timeline_names_what_was_changed_in_words(firm, sign_in):
    firm.a.revise(firm.fang, bank_account="6222", terms_days=45)
    page = (
        sign_in(firm.fang)
        .get(f"/customers/{firm.a.id}")
        .get_data(as_text=True)
        .split('id="happened"')[1]
    )
    assert "Data changed" in page and "Terms in days" in page and "bank_account" not in page


def test_a_complaint_and_a_statement_say_what_and_how_much_they_are_about(firm, sign_in):
    invoice = firm.issued(price="100")
    Dispute.raise_(
        firm.li, customer=firm.a, document=invoice, amount=4200, reason="price", text="x"
    )
    row = Statement.make(firm.fang, firm.a, "CNY", today() - dt.timedelta(days=30), today())
    page = sign_in(firm.fang).get(f"/customers/{firm.a.id}").get_data(as_text=True)
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
        .get(f"/customers/{firm.a.id}")
        .get_data(as_text=True)
        .split('id="happened"')[1]
    )
    assert "<b>Asked how it was</b>" in page and "<b>Mail</b>" not in page
