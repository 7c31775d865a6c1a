"""The four tests find what was done to a file, name it, and are quiet when all is well."""

import datetime as dt

import pytest

from models.adapters import blobs
from models.archive import ExternalFile, Filing, Inspection, InspectionFinding, inspection
from models.core.clock import at, now
from models.core.errors import Refused
from models.documents import Document
from models.operations import checks
from models.operations.backup import Backup, Place
from tests.models.archive.test_external_file import picture


@pytest.fixture
def kept(firm):
    paper = firm.issued(price="100")
    Filing.file_document(firm.zhao, paper)
    firm.slip = ExternalFile.receive(
        firm.li, picture(), "a.png", "contract", title="合同", customer=firm.a
    )
    return paper


def run(firm):
    Inspection.ask(firm.zhao)
    Inspection.run_waiting()
    row = Inspection.select().order_by(Inspection.id.desc()).first()
    assert row.state == "done", row.error
    return {(f.test, f.code, f.filing_id) for f in row.findings}


def test_a_sound_archive_has_one_finding_that_no_second_copy_is_known(firm, kept):
    assert run(firm) == {("safety", "no_copies_known", None)}
    row = Inspection.get()
    assert (
        row.checked == 2
        and row.counts == {"authenticity": 0, "integrity": 0, "usability": 0, "safety": 1}
        and checks.faults() == []
    )


def test_only_a_proven_backup_counts_as_a_second_copy(firm, kept, tmp_path):
    place = Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    backup = Backup.begin(place, "20260101T000000Z-abcdef", now())
    backup.finish()
    assert ("safety", "no_copies_known", None) in run(firm)
    backup.prove(1, [])
    assert run(firm) == set()


def test_a_file_has_two_turns_of_the_backups_until_its_missing_copy_is_a_finding(firm, tmp_path):
    """Files are filed by rule at two, tested at three and backed up at three: each night's would be
    told of."""
    place = Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    backup = Backup.begin(place, "20260101T000000Z-abcdef", now())
    backup.finish(), backup.prove(1, [])
    paper = firm.issued(price="100")
    Filing.file_document(firm.zhao, paper)
    begun = now()
    with at(begun + dt.timedelta(hours=30)):
        assert run(firm) == set()
    with at(begun + dt.timedelta(hours=50)):
        assert run(firm) == {("safety", "no_copy", Filing.get().id)}


@pytest.mark.parametrize(
    "harm, finding",
    [
        (lambda f: blobs.path_of(f.sha).unlink(), ("integrity", "bytes_missing")),
        (lambda f: blobs.path_of(f.sha).write_bytes(b"x"), ("integrity", "bytes_changed")),
        (
            lambda f: (
                Filing.update(sha=blobs.keep(b"%PDF-1.4 other")).where(Filing.id == f.id).execute()
            ),
            ("authenticity", "hash_not_in_journal"),
        ),
        (
            lambda f: Filing.update(number="INV-1").where(Filing.id == f.id).execute(),
            ("authenticity", "row_changed"),
        ),
        (
            lambda f: (
                Document.update(pdf_sha256="0" * 64).where(Document.id == f.document_id).execute()
            ),
            ("authenticity", "paper_differs"),
        ),
        (
            lambda f: Filing.delete().where(Filing.id == f.id + 1).execute(),
            ("integrity", "places_missing"),
        ),
    ],
)
def test_each_harm_is_found_by_its_test(firm, kept, harm, finding):
    from tests.support.kinds import without_foreign_keys

    without_foreign_keys()
    filed = Filing.of(kept)
    harm(filed)
    assert finding in {(test, code) for test, code, _id in run(firm)}


def test_a_lost_version_and_a_pdf_that_does_not_open_are_found(firm, kept):
    firm.slip.add_version(firm.li, b"%PDF-1.4 no pages here /JavaScript", "b.pdf")
    blobs.path_of(firm.slip.versions.first().sha).unlink()
    found = {(test, code) for test, code, _id in run(firm)}
    assert found >= {
        ("integrity", "version_missing"),
        ("usability", "does_not_open"),
        ("safety", "active_content"),
    }


def test_only_one_run_at_a_time_and_the_clock_starts_none_meanwhile(firm, kept):
    Inspection.ask(firm.zhao)
    with pytest.raises(Refused):
        Inspection.ask(firm.zhao)
    inspection.start_by_clock()
    assert Inspection.select().count() == 1 and not InspectionFinding.select().exists()
