"""The page of a customer with much behind it asks the database as often as that of one with little."""
import datetime as dt

import peewee as pw

from models.base import at, now
from models.care import FollowUp


def asked(browser, path, monkeypatch):
    """How many queries the page takes."""
    seen, real = [], pw.Database.execute_sql
    monkeypatch.setattr(pw.Database, "execute_sql", lambda self, sql, *more: seen.append(sql) or real(self, sql, *more))
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
    page = sign_in(firm.fang).get(f"/customers/{firm.a.id}").get_data(as_text=True).split('id="happened"')[1]
    assert "Data changed" in page and "Terms in days" in page and "bank_account" not in page
