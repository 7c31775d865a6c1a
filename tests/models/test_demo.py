"""The demo firm shows every state a newcomer will meet, and is as sound as a real one."""

import shutil

import pytest

from models.company import Company
from models.documents import KINDS, Document
from models.dunning import Reminder
from models.operations import checks, first_firm
from models.operations.demo import demo
from models.receivables.balance import money_state
from tests.support.demo import parts_told
from tests.support.portal import portal_on

pytestmark = pytest.mark.on_sqlite


def test_a_year_of_trade_in_all_states(demo_home, tmp_path):
    shutil.copytree(demo_home / "data", tmp_path / "data")
    with portal_on(tmp_path / "data"):
        papers = list(Document.select())
        assert (
            Company.current().demo
            and {p.kind for p in papers} == set(KINDS)
            and {p.language for p in papers} == {"zh", "en"}
        )
        assert {p.state for p in papers} >= {
            "draft",
            "submitted",
            "returned",
            "approved",
            "issued",
            "voided",
        }
        assert {money_state(p) for p in papers} >= {"open", "partly_paid", "paid", "overdue"}
        assert (
            any(p.confirmed_at for p in papers)
            and any(p.expired for p in papers)
            and Reminder.select().exists()
        )
        assert (
            "partly" in {far for p in papers for far in p.fulfilment().values()}
            and checks.faults() == []
        )


def test_it_tells_how_far_it_has_come(demo_home):
    parts = parts_told(demo_home)
    assert parts == sorted(parts) and parts[0] == 0 and parts[-1] == 100 and len(parts) > 20


def test_the_first_page_gets_it_in_yuan_whatever_it_asked_for(app, monkeypatch):
    filled, told = [], []
    monkeypatch.setattr(demo, "fill", lambda *given: filled.append(given))
    ada = first_firm.begin(
        "Moon Tea",
        "en",
        "EUR",
        "Ada",
        "ada@tea.test",
        "correct horse battery",
        fill=lambda person: demo.fill(person, told.append),
    )
    assert (Company.current().currency, Company.current().demo) == ("CNY", True) and filled == [
        (ada, told.append)
    ]
