"""A year package is whole, named, checked by three ways, and reads without the program."""

import csv
import io
import subprocess
import sys
import zipfile

import pytest

from models.adapters import blobs
from models.archive import (
    ExternalFile,
    Filing,
    YearPackage,
    contents,
    filing_by_rule,
    year_package,
)
from models.core import progress
from models.core.errors import Forbidden, Refused
from models.documents import Document
from models.operations import checks
from models.payments import Payment
from tests.models.archive.test_external_file import picture


@pytest.fixture
def year(firm):
    """Two invoices of one name, a scan in two versions, a payment, a formula in a name."""
    papers = [firm.issued(price="100"), firm.issued(price="50", customer=firm.b, by=firm.chen)]
    Payment.receive(
        firm.fang,
        firm.a,
        "CNY",
        papers[0].total,
        reference="=1+1",
        allocations=[(papers[0], papers[0].total)],
    )
    for paper in papers:
        Filing.file_document(firm.zhao, paper)
    slip = ExternalFile.receive(
        firm.li, picture(), "a.png", "contract", title="合同", customer=firm.a
    )
    slip.add_version(firm.li, picture("black"), "b.png")
    return papers[0].issued_on.year


def made(firm, year):
    row = YearPackage.ask(firm.zhao, year)
    YearPackage.run_waiting()
    return YearPackage.get_by_id(row.id)


def test_it_holds_every_file_by_its_name_and_every_row(firm, year):
    row = made(firm, year)
    assert (row.state, row.error, row.count) == ("done", "", 3) and row.sha == year_package.digest(
        row.path
    )
    with zipfile.ZipFile(row.path) as box:
        for filing in Filing.select():
            assert box.read(f"{filing.kind}/{filing.name}") == filing.bytes()
        assert box.read("versions/DA-CT-{}-00001-v1.png".format(year)) == picture()
        lines = list(csv.reader(io.StringIO(box.read("data/documents.csv").decode("utf-8-sig"))))
        assert [x[2] for x in lines[1:]] == [f"INV-{year}-0001", f"INV-{year}-0002"] and lines[1][
            11
        ] == "113.00"
        assert "'=1+1" in box.read("data/payments.csv").decode()
        page = box.read("index.html").decode()
        assert (
            f'href="invoice/INV-{year}-0001' in page
            and "http" not in page.replace("http-equiv", "")
            and "<script" not in page
        )
    assert checks.faults() == []


def test_flask_sha256sum_and_the_script_inside_agree_that_it_is_whole(firm, app, year, tmp_path):
    row = made(firm, year)
    assert year_package.verify(row.path) == []
    result = app.test_cli_runner().invoke(args=["verify-package", str(row.path)])
    assert result.exit_code == 0 and "0 faults" in result.output
    out = tmp_path / "out"
    zipfile.ZipFile(row.path).extractall(out)
    assert subprocess.run(["sha256sum", "--quiet", "-c", "SHA256SUMS"], cwd=out).returncode == 0
    assert (
        subprocess.run(
            [sys.executable, "verify.py"], cwd=out, capture_output=True, text=True
        ).stdout.strip()
        == "0 faults"
    )
    (out / "index.html").write_text("x")
    (out / "more.txt").write_text("x")
    told = subprocess.run([sys.executable, "verify.py"], cwd=out, capture_output=True, text=True)
    assert (
        told.returncode == 1
        and "index.html changed" in told.stdout
        and "more.txt not on the list" in told.stdout
    )


@pytest.mark.parametrize(
    "harm, word",
    [
        ("change", "changed"),
        ("drop", "missing"),
        ("add", "not on the list"),
        ("cut", "not a package"),
    ],
)
def test_what_was_done_to_it_is_named(firm, app, year, tmp_path, harm, word):
    row, other = made(firm, year), tmp_path / "other.zip"
    with zipfile.ZipFile(row.path) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            if not (harm == "drop" and name == "index.html"):
                new.writestr(
                    name, b"x" if harm == "change" and name == "index.html" else old.read(name)
                )
        harm == "add" and new.writestr("extra.txt", "x")
    if harm == "cut":
        other.write_bytes(other.read_bytes()[:200])
    result = app.test_cli_runner().invoke(args=["verify-package", str(other)])
    assert result.exit_code == 1 and word in result.output


def test_a_lost_file_is_named_and_the_rest_is_made(firm, year):
    blobs.path_of(Filing.get(Filing.number == f"INV-{year}-0001").sha).unlink()
    row = made(firm, year)
    assert (
        row.state == "done"
        and f"DA-INV-{year}-00001" in row.error
        and year_package.verify(row.path) == []
    )


def test_one_at_a_time_and_only_for_the_archive(firm, year):
    YearPackage.ask(firm.zhao, year)
    for who, which, no in (
        (firm.zhao, year, Refused),
        (firm.zhao, 1999, Refused),
        (firm.fang, year, Forbidden),
    ):
        with pytest.raises(no):
            YearPackage.ask(who, which)


@pytest.mark.parametrize("written", [False, True])
def test_what_is_destroyed_while_it_is_made_is_in_no_package(firm, year, monkeypatch, written):
    def note(name, part):
        if part >= 0.5 * written:  # the contract is the first, our invoice the second of three
            Filing.update(state="destroyed").where(Filing.number == f"INV-{year}-0001").execute()

    monkeypatch.setattr(progress, "note", note)
    row = made(firm, year)
    if written:
        assert row.state == "failed" and "destroyed_meanwhile" in row.error
        assert not row.path.exists()
    else:
        assert row.state == "done" and row.count == 2
        with zipfile.ZipFile(row.path) as box:
            assert not [name for name in box.namelist() if f"INV-{year}-0001" in name]


def test_a_year_is_read_page_by_page_and_ends_where_it_began(firm, year, monkeypatch):
    whole, later = made(firm, year), firm.issued(price="70")
    with zipfile.ZipFile(whole.path) as box:
        expected = {name: box.read(name) for name in box.namelist() if name.startswith("invoice/")}
    monkeypatch.setattr(contents, "PAGE", 1)
    monkeypatch.setattr(
        progress, "note", lambda name, part: Filing.of(later) or Filing.file_document(None, later)
    )
    row = made(firm, year)
    assert row.state == "done" and year_package.verify(row.path) == []
    with zipfile.ZipFile(row.path) as box:
        found = {name: box.read(name) for name in box.namelist() if name.startswith("invoice/")}
        lines = list(csv.reader(io.StringIO(box.read("data/filings.csv").decode("utf-8-sig"))))
        page = box.read("index.html").decode()
    assert found == expected and f"{later.number}</a>" not in page
    assert [x[0] for x in lines[1:4]] == [
        f"DA-{n}-{year}-0000{i}" for n, i in (("CT", 1), ("INV", 1), ("INV", 2))
    ]


def test_what_no_rule_has_filed_yet_is_filed_at_once_when_asked(firm, year):
    papers = [firm.issued(price="70"), firm.issued("order", price="80"), firm.draft(price="90")]
    assert (
        filing_by_rule.unfiled(year).count() == 2 and filing_by_rule.unfiled(year - 1).count() == 0
    )
    with pytest.raises(Forbidden):
        filing_by_rule.file_year(firm.fang, year)
    assert filing_by_rule.file_year(firm.zhao, year) == (2, [])
    assert [Document.get_by_id(p.id).state for p in papers] == [
        "archived",
        "archived",
        "draft",
    ] and filing_by_rule.unfiled(year).count() == 0
    assert [e.actor_name for e in papers[0].events if e.action == "archived"] == [
        firm.zhao.name
    ] and checks.faults() == []
    assert filing_by_rule.file_year(firm.zhao, year) == (0, [])


def test_one_that_cannot_be_filed_is_named_and_keeps_back_no_other(firm, year, monkeypatch):
    lost, other = firm.printed(price="70"), firm.issued(price="80")
    blobs.path_of(lost.pdf_sha256).unlink()
    assert (
        filing_by_rule.file_year(firm.zhao, year) == (1, [lost.number])
        and Document.get_by_id(other.id).state == "archived"
    )
    monkeypatch.setattr(filing_by_rule, "MOST_AT_ONCE", 1)
    papers = [firm.issued(price="90"), firm.issued(price="91")]
    assert (
        filing_by_rule.file_year(firm.zhao, year)[0] <= 1
        and Document.get_by_id(papers[1].id).state == "issued"
    )


def test_one_left_by_a_stopped_program_is_told_of(firm, year, monkeypatch):
    row = YearPackage.ask(firm.zhao, year)
    assert row.claim() and not row.claim()
    monkeypatch.setattr(progress, "alive", lambda name, since: False)
    YearPackage.run_waiting()
    assert (YearPackage.get().state, YearPackage.get().error) == (
        "failed",
        "interrupted",
    ) and checks.faults() == []
