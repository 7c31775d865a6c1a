"""The demo firm shows every state a newcomer will meet, and is as sound as a real one."""

import contextlib
import re
import shutil
from pathlib import Path

import pytest

from models.adapters import blobs
from models.company import Company
from models.customers import Customer
from models.documents import KINDS, Document
from models.dunning import Reminder
from models.operations import checks, first_firm, serving_lock
from models.operations.demo import demo
from models.products import Product
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


def test_it_is_a_firm_as_it_might_be(demo_home, tmp_path):
    shutil.copytree(demo_home / "data", tmp_path / "data")
    with portal_on(tmp_path / "data"):
        own, customers, products = Company.current(), list(Customer.select()), Product.select()
        assert len(customers) == 12 and all(c.tax_id and c.contacts.count() for c in customers)
        assert not [c.name for c in customers if c.tax_id_doubtful]
        assert all(p.name_en and p.unit_en and p.name != p.name_en for p in products)
        assert all(blobs.fetch(sha).startswith(b"\x89PNG") for sha in (own.logo, own.seal))
        assert Document.select().count() >= 300


def test_nothing_comes_from_another_vendors_sample():
    theirs = re.compile(r"Futterkiste|Ernst Handel|Around the Horn|Bottom-Dollar|\bChai\b|Ikura")
    texts = [f for d in ("models", "views", "templates", "docs") for f in Path(d).rglob("*.*")]
    readable = [f for f in texts if f.suffix in (".py", ".html", ".txt", ".md")]
    assert not [str(f) for f in readable if theirs.search(f.read_text())]


def test_only_a_demo_is_begun_anew(app, firm, monkeypatch, tmp_path):
    again = []
    monkeypatch.setattr("os.execv", lambda *words: again.append(words[1][-1]))
    monkeypatch.setattr(serving_lock, "alone", contextlib.nullcontext)
    kept = Path(app.config["DATA_DIR"]) / "kept"
    kept.write_text("x")
    refused = app.test_cli_runner().invoke(args=["demo", "--fresh"])
    assert refused.exit_code == 1 and "not a demo" in refused.output
    assert kept.exists() and again == []
    Company.update(demo=True).execute()
    assert app.test_cli_runner().invoke(args=["demo"]).output.endswith("make demo FRESH=yes\n")
    app.test_cli_runner().invoke(args=["demo", "--fresh"])
    assert again == ["demo"] and not kept.exists()


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
