"""What an earlier version wrote is read for good: its data folder opens and verifies, its backup
restores, its filters show the same."""

import datetime as dt
import json
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from models.archive import YearPackage, year_package
from models.core.clock import at
from models.core.database import database_of
from models.core.journal import Event, migrate_rows
from models.documents import Document, invoice
from models.operations import checks, upkeep
from models.operations.backup import dump
from models.people import Session, User
from models.people.saved_filter import SavedFilter
from models.products import Product
from models.receivables.due_item import DueItem, DueSum
from tests.support import databases
from tests.support.demo import flask
from tests.support.portal import portal_on

VERSIONS = sorted(Path(__file__).with_name("data").glob("*.zip"))
GROWING = (
    "access_entry",
    "event",
    "session",
    "code",
    "mail",
    "place",
    "backup",
    "lease",
    "schema_migration",
    "due_item",
    "due_sum",
    "paid_part",
    "credit_item",
    "debtor",
    "sales_month",
    "sales_item_month",
    "customer_key",
)  # what a restore itself writes


@pytest.fixture(scope="module", params=VERSIONS, ids=lambda path: path.stem)
def kept(request, tmp_path_factory):
    """The firm as it was; copy before you open it."""
    home = tmp_path_factory.mktemp("earlier")
    with zipfile.ZipFile(request.param) as packed:
        packed.extractall(home)
    return home


@pytest.fixture
def expected(kept):
    return json.loads((kept / "expected.json").read_text())


@pytest.fixture
def opened(kept, tmp_path):
    """Today's portal on it."""
    folder = Path(shutil.copytree(kept / "data", tmp_path / "data"))
    with portal_on(folder, SECRET_KEY=(folder / "secret_key").read_text().strip()) as made:
        yield made


LATER = (  # tables of later
    "account_change",
    "device",
    "factor",
    "passkey",
    "progress",
    "provider_account",
    "unchecked_file",
    "recovery_code",
    "customer_act",
    "document_link",
    "einvoice_document",
    "import_correction",
    "import_mapping",
    "imported_content",
    "imported_range",
    "kept_apart",
    "link_visit",
    "bank_file",
    "bank_layout",
)


def rows(url):
    with dump.opened(database_of(url)) as here:
        return {
            table: facts["rows"]
            for table, facts in dump.digests(here).items()
            if table not in GROWING
        }


@pytest.mark.on_sqlite
def test_the_data_folder_opens_and_verifies(opened, expected):
    assert checks.faults(opened.config["DATA_DIR"], opened.config["SECRET_KEY"]) == []
    assert (Event.select().count(), Event.head().hash) == (expected["events"], expected["head"])


@pytest.mark.on_sqlite
def test_what_its_invoices_owe_is_summed_at_the_first_start(opened):
    invoices = Document.select().where(Document.kind == "invoice", invoice.counts(Document))
    assert DueItem.select().count() == invoices.count() > 0
    assert DueSum.select().exists() and upkeep.differences() == []


@pytest.mark.on_sqlite
def test_a_data_migration_leaves_nothing_for_verify_to_report(opened):
    def in_capitals(product):
        product.name = product.name.upper()

    def faults():
        return checks.faults(opened.config["DATA_DIR"], opened.config["SECRET_KEY"])

    Product.update(name="tampered").where(Product.id == 1).execute()
    changed = migrate_rows(Product.select(), in_capitals, "0002_capitals")
    events = list(Event.select().where(Event.action == "migrated"))
    assert len(events) == changed - 1 > 0 and {e.actor_name for e in events} == {"Danju"}
    assert events[0].facts == {"migration": "0002_capitals"}
    assert faults() == ["Product TAMPERED #1: a column differs from what the audit log last saw"]
    assert migrate_rows(Product.select(), in_capitals, "0002_capitals") == 0


@pytest.mark.on_sqlite
def test_each_saved_filter_shows_what_it_showed(opened, expected):
    differing = []
    with at(dt.datetime.fromisoformat(expected["moment"])):
        assert SavedFilter.select().count() == len(expected["filters"])
        for was in expected["filters"]:
            row = SavedFilter.get_by_id(was["id"])
            browser = opened.test_client()
            browser.set_cookie("danju_sid", Session.start(User.get(User.email == was["email"])))
            page = browser.get(f"/{row.page}/?{row.query}")
            ids = list(
                dict.fromkeys(
                    map(int, re.findall(rf'href="/{row.page}/(\d+)(?:/edit)?"', page.text))
                )
            )
            if (page.status_code, ids) != (was["status"], was["ids"]):
                differing.append((was["page"], was["query"], page.status_code, ids))
    assert not differing


@pytest.mark.on_sqlite
def test_its_year_packages_are_whole(opened):
    packages = list(YearPackage.select().where(YearPackage.state == "done"))
    assert packages and [fault for row in packages for fault in year_package.verify(row.path)] == []


@pytest.mark.on_sqlite
def test_its_backup_restores_onto_sqlite(kept, expected, tmp_path):
    restored_onto("", kept, expected, tmp_path)
    assert rows(f"sqlite:///{tmp_path / 'new' / 'danju.db'}") == same(expected)


@pytest.mark.on_postgres
def test_its_backup_restores_onto_postgresql(kept, expected, tmp_path):
    name = f"{databases.NAME}_earlier"
    databases.copy_on_postgres("template1", name)
    restored_onto(f"{databases.SERVER}/{name}", kept, expected, tmp_path)
    assert rows(f"{databases.SERVER}/{name}") == same(expected)
    databases.drop_on_postgres(name)


def restored_onto(url, kept, expected, tmp_path):
    assert "restored and proven equal" in flask(
        "restore", kept / "disk", "--key", kept / "key", data=tmp_path / "new", DATABASE_URL=url
    )
    assert "0 faults" in flask("verify", data=tmp_path / "new", DATABASE_URL=url)


def same(expected):
    """The rows that there were, and none in the tables that came later."""
    rows = {table: count for table, count in expected["rows"].items() if table not in GROWING}
    return {**dict.fromkeys(LATER, 0), **rows}
