"""docs/security.md says what the program does: its limits, lifetimes, keys and hosts are those of
the code."""

import ast
import re
from pathlib import Path

import pytest

import config
from models import account_change
from models.adapters import blobs, gathering
from models.adapters.sandbox import limits
from models.adapters.tables import table, workbooks
from models.approvals import comment
from models.archive import external_file
from models.bank import reading as bank
from models.company import SETTINGS
from models.core import filenames, roles
from models.customers import limits as sent
from models.customers import tax_ids
from models.documents import confirmation, link
from models.payments import payment
from models.people import attempt, code, passwords, saved_filter, session
from models.people import secrets as hashes
from tests.asvs import PAGE, rows
from tests.views.test_image import left_out
from views import lists
from views.portal import documents as portal_documents
from views.staff import document_form, documents, flows, settings_form
from views.web import idempotency, uploads
from views.web.days import read_day

TEXT = PAGE.read_text()
CHAPTERS = dict(re.findall(r"^## (.+?)\n(.*?)(?=^## |\Z)", TEXT, re.M | re.S))
WORDS = {8: "eight", 40: "forty"}


def row(chapter, first):
    """The cells of the row that begins so."""
    found = re.findall(rf"^\| (?:\w+ \| )?{re.escape(first)} \|(.*)\|$", CHAPTERS[chapter], re.M)
    assert len(found) == 1, first
    return found[0]


def says(text, *parts):
    words = " ".join(text.split()).lower()
    missing = [part for part in parts if str(part).lower() not in words]
    assert not missing, missing


def mb(number):
    return f"{number // 2**20} MB"


LIMITS = {
    "A request": lambda: (f"{uploads.TOGETHER_MB} MB", f"each file {mb(blobs.MOST_BYTES)}"),
    "Import": lambda: (
        f"{SETTINGS['import_mb']} MB",
        f"{mb(workbooks.MOST_UNPACKED)} unpacked",
        f"{SETTINGS['import_rows']:,} rows",
        f"{SETTINGS['import_cells']} million cells",
        f"{table.MOST_COLUMNS} columns",
    ),
    "Bank file": lambda: (mb(blobs.MOST_BYTES), f"{bank.MOST:,} lines"),
    "File for the archive": lambda: (
        *filenames.KINDS.keys() - {"png", "jpg", "gif", "webp", "tif", "heic"},
        mb(blobs.MOST_BYTES),
        f"{external_file.MOST_VERSIONS} versions",
    ),
    "Logo, seal": lambda: (mb(settings_form.MOST_PICTURE), f"{limits.PRINTED} megapixels"),
    "Drawn signature": lambda: (f"{confirmation.MOST_SIGNATURE_BYTES // 1000} kB",),
    "A file beside a remark": lambda: (
        *comment.KINDS - {"png", "jpg", "gif", "webp", "tif"},
        mb(comment.MOST_BYTES),
    ),
    "A file beside a dispute": lambda: (mb(comment.MOST_BYTES),),
    "Slip of a payment": lambda: (
        *(kind.partition("/")[2] for kind in payment.SLIP_TYPES),
        mb(payment.MOST_SLIP),
    ),
    "A file of flows": lambda: (f"{flows.MOST_MB} MB",),
    "Whatever comes from outside": lambda: (
        f"at most {limits.JOBS} at once",
        f"{limits.FILE.cpu} seconds of processor (a table {limits.TABLE.cpu})",
        f"{limits.FILE.memory} MB of memory ({limits.TABLE.memory})",
        f"a zip of {limits.PARTS} parts and {limits.UNPACKED} MB unpacked",
        f"XML of {limits.ELEMENTS:,} elements {limits.DEPTH} deep",
        f"{limits.SCANNED} megapixels",
    ),
    "A document": lambda: (f"{document_form.MOST_LINES} lines",),
    "One PDF": lambda: ("45 seconds",),
    "Bulk, zip, export": lambda: (
        f"{documents.MOST_BULK} documents",
        f"{portal_documents.MOST} in the portal",
        f"{lists.MOST_EXPORTED:,} rows",
    ),
    "A file's name": lambda: ("the content decides the ending",),
    "Files at once": lambda: (f"{idempotency.READERS} of the 8 threads",),
    "What a contact sends": lambda: (
        "{} disputes, payment reports, feedback each an hour and {} a day".format(
            *(most for most, _hours in sent.LIMITS["dispute"])
        ),
        "{} messages an hour, {} a day".format(*(n for n, _hours in sent.LIMITS["message"])),
        "{} files an hour, {} and".format(*(n for n, _hours in sent.LIMITS["file"])),
        f"and {sent.MOST_MB} MB a day",
        f"{sent.LIMITS['file'][2][0]} files and {sent.MOST_MB_OF_YEAR} MB a year",
    ),
    "The disk": lambda: (f"less than {blobs.ROOM // 2**20} MB are free",),
    "Mails to a colleague about what customers do": lambda: (
        "the first at once",
        f"within {gathering.MINUTES} minutes",
    ),
    "Kept filters": lambda: (f"{saved_filter.MOST} per list",),
}


@pytest.mark.asvs("2.1.3", "5.1.1", "15.1.3")
@pytest.mark.parametrize("what", LIMITS)
def test_the_table_of_limits_is_that_of_the_code(what):
    says(row("Limits", what), *LIMITS[what]())


@pytest.mark.asvs("2.1.3", "5.1.1")
def test_no_limit_is_told_that_is_not_compared():
    told = set(re.findall(r"^\| (?!What \|)([^|-][^|]*) \|", CHAPTERS["Limits"], re.M))
    assert told == LIMITS.keys()


@pytest.mark.asvs("6.1.1", "6.1.3", "7.1.1")
def test_signing_in_is_told_with_the_numbers_of_the_code():
    minutes = attempt.WINDOW.seconds // 60
    says(
        CHAPTERS["Signing in"],
        f"{WORDS[attempt.TRIES]} tries in {minutes} minutes per account",
        f"{WORDS[attempt.TRIES * 5]} per address",
        f"a code or a link by mail ({code.CODE_LIFE['sign_in'].seconds // 60} minutes, once)",
        f"({code.CODE_LIFE['invitation'].days} days, "
        f"{code.CODE_LIFE['password'].seconds // 3600} hours, once)",
        f"ends after {session.IDLE.seconds // 3600} hours unused and "
        f"after {session.ABSOLUTE.days} days",
        f"within {session.PROVED.seconds // 60} minutes of that",
        f"prints after {account_change.WAIT.days * 24} hours",
        f"a visit of {link.VISIT.seconds // 3600} hours",
        f"until its day ({SETTINGS['link_days']} by the settings",
    )
    assert set(code.CODE_LIFE) == {
        "invitation",
        "joining",
        "password",
        "second_factor",
        "sign_in",
    }


@pytest.mark.asvs("6.1.2")
def test_the_words_that_a_password_may_not_be_made_of_are_named():
    says(CHAPTERS["Signing in"], "names and the firm", "`models/people/passwords.py`")
    assert {"danju", "password", "admin"} <= set(passwords.obvious())


@pytest.mark.asvs("8.1.1")
def test_each_role_is_told_and_where_its_rights_stand():
    says(
        CHAPTERS["Who sees what"],
        "`models/scopes.py`",
        "`models/core/roles.py`",
        "404",
        *("salesperson", "manager", "finance", "archivist", "administrator", "only imports"),
    )
    named = set().union(*roles.MAY.values())
    assert named == {"sales", "manager", "finance", "archivist", "admin", "importer"}


@pytest.mark.asvs("11.1.1", "11.1.2")
def test_each_key_and_algorithm_is_in_the_table_of_keys():
    """A file of the data folder that holds a secret of ours, and what the code hashes with."""
    source = Path("models/people/account.py").read_text()
    source_of_settings = Path("config.py").read_text()
    cost = re.search(r"PasswordHasher\(time_cost=(\d+), memory_cost=(\d+)", source)
    says(
        CHAPTERS["Keys"],
        "`secret_key` (256 bits)",
        "`backup_key` (X25519, age)",
        f"argon2id, {int(cost[2]) // 1024} MiB, {cost[1]} rounds",
        "SHA-256",
    )
    assert 'stored_secret(folder, "secret_key", secrets.token_hex(32))' in source_of_settings
    assert len(hashes.digest("")) * 4 == 256


@pytest.mark.asvs("11.2.3", "11.4.2")
def test_a_password_costs_what_owasp_asks():
    source = Path("models/people/account.py").read_text()
    made = re.search(r"PasswordHasher\(time_cost=(\d+), memory_cost=(\d+), parallelism=1\)", source)
    assert int(made[1]) >= 2 and int(made[2]) >= 19456


@pytest.mark.asvs("13.1.1")
def test_each_server_that_a_setting_names_is_told():
    tree = ast.parse(Path("config.py").read_text())
    named = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    servers = {
        name
        for name in named
        if isinstance(name, str) and re.fullmatch(r"[A-Z_]+_(URL|ISSUER)|CLAMD", name)
    }
    assert servers >= {*config.SPOKEN_TO, "BASE_URL"}
    says(CHAPTERS["What Danju speaks to"], "places of backups", *servers - {"BASE_URL"})


@pytest.mark.asvs("13.2.3")
def test_no_server_is_named_and_no_password_built_in(monkeypatch, tmp_path):
    monkeypatch.setattr(config, "read_env_file", lambda: None)
    for name in ("SMTP_URL", "IMAP_URL", "FILES_URL", "DATABASE_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    first, second = (
        config.settings(DATA_DIR=tmp_path / "a"),
        config.settings(DATA_DIR=tmp_path / "b"),
    )
    assert [first[n] for n in ("SMTP_URL", "IMAP_URL", "FILES_URL")] == ["", "", ""]
    assert first["SECRET_KEY"] == first["BACKUP_KEY"] == ""  # drawn at the first start
    drawn = [config.secret_key(each["DATA_DIR"]) for each in (first, second)]
    assert drawn[0] != drawn[1] and len(drawn[0]) == 64
    assert first["DATABASE_URL"] == f"sqlite:///{tmp_path / 'a' / 'danju.db'}"


@pytest.mark.asvs("13.3.2")
def test_a_key_is_readable_by_its_owner_alone(tmp_path):
    folder = config.data_folder(tmp_path / "new")
    config.secret_key(folder)
    assert [p.stat().st_mode & 0o777 for p in (folder, folder / "secret_key")] == [0o700, 0o600]


@pytest.mark.asvs("13.2.2")
def test_whoever_runs_it_gives_it_a_user_of_its_own_with_nothing_more():
    unit, image = Path("deploy/danju.service").read_text(), Path("deploy/Dockerfile").read_text()
    says(unit, "User=danju", "NoNewPrivileges=true", "ProtectSystem=strict", "PrivateTmp=true")
    assert re.search(r"^USER danju$", image, re.M)


@pytest.mark.asvs("13.4.1", "15.2.3")
def test_the_image_holds_neither_the_repository_nor_tests_nor_settings():
    rules = Path(".dockerignore").read_text().split()
    for name in (".git/config", ".env", "tests/firm.py", "bench/papers.py", "data/danju.db"):
        assert left_out(Path(name), rules), name
    assert not left_out(Path("models/scopes.py"), rules)


@pytest.mark.asvs("15.2.3")
def test_what_runs_needs_no_tool_of_the_tests():
    runs = Path("requirements.txt").read_text() + Path("requirements-stores.txt").read_text()
    assert not re.search(r"^(pytest|playwright|hypothesis|moto|wsgidav|rclone|ruff)", runs, re.M)
    assert "requirements-dev" not in runs + Path("deploy/Dockerfile").read_text()


@pytest.mark.asvs("15.1.1")
def test_holes_in_libraries_have_their_days():
    assert re.search(r"within 3 days; a serious one, 14 days", CHAPTERS["Up to date"])


@pytest.mark.asvs("14.1.1", "14.1.2")
def test_what_is_worth_protecting_has_a_level_and_its_protection():
    table = re.findall(
        r"^\| (High|Middle|Low) \| ([^|]+) \| ([^|]+) \|$",
        CHAPTERS["What is worth protecting"],
        re.M,
    )
    assert {level for level, _what, _how in table} == {"High", "Middle", "Low"}
    says(
        " ".join(what for _level, what, _how in table),
        *("issued documents", "journal", "passwords", "keys", "customers", "payments", "contacts"),
    )


@pytest.mark.asvs("2.1.1")
def test_how_a_day_and_a_tax_id_must_look_is_told_as_they_are_read(app):
    says(rows()["2.1.1"][1], "mail addresses", "GB 32100", "EU VAT", "days 1900–2999")
    assert read_day("1900-01-01") and read_day("2999-12-31")
    assert not read_day("1899-12-31") and not read_day("3000-01-01")
    assert tax_ids.checked("91110000600037341L") and not tax_ids.checked("91110000600037341N")
    assert tax_ids.checked("DE136695976") and not tax_ids.checked("DE136695978")


@pytest.mark.asvs("2.1.2")
def test_what_is_checked_together_is_told():
    says(
        CHAPTERS["Limits"],
        "a due day not before its date",
        "parts not above their payment",
        "a line not above what remains of its source",
        "a contact, product and tax that the form may name",
    )


@pytest.mark.asvs("8.1.2")
def test_the_fields_that_not_everyone_may_see_or_write_are_told():
    says(CHAPTERS["Who sees what"], "internal notes", "credit limit", "gives customers away")


@pytest.mark.asvs("7.1.2")
def test_how_many_may_be_signed_in_is_told():
    says(rows()["7.1.2"][1], "as many as one likes", "sign-in and devices")
