"""A year package is made on one host and downloaded from any: it goes to the bucket in parts."""

import io
import zipfile

import pytest

from models.adapters import blobs, large_files
from models.archive import Filing, YearPackage, erase, year_package
from models.core.clock import now
from tests import servers


@pytest.fixture
def package(firm, tmp_path):
    """A package that is asked for, and a bucket."""
    Filing.file_document(firm.zhao, firm.printed(price="1000"))
    with servers.s3() as (address, bucket):
        blobs.use(tmp_path, f"s3://k:s@{bucket}/danju?endpoint={address}")
        yield YearPackage.create(year=now().year, by=firm.ada, at=now())
        blobs.use(tmp_path)


def other_host(tmp_path):
    """From here on the data folder is that of a second host."""
    (tmp_path / "other").mkdir(exist_ok=True)
    large_files.use(tmp_path / "other")


def test_a_package_of_one_host_is_downloaded_from_the_other(package, firm, tmp_path, sign_in):
    YearPackage.run_waiting()
    assert not list((tmp_path / "packages").iterdir())
    other_host(tmp_path)
    browser = sign_in(firm.zhao)
    answer = browser.get(f"/archive/packages/{package.id}/zip")
    row = YearPackage.get_by_id(package.id)
    assert answer.status_code == 200 and answer.content_length == row.size == len(answer.data)
    (tmp_path / "got.zip").write_bytes(answer.data)
    assert year_package.verify(tmp_path / "got.zip") == []
    assert zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert "File missing" not in browser.get("/archive/packages/").text
    assert row.file_name not in blobs.listing(), "no backup carries it"


def test_a_package_that_is_gone_is_said_to_be_and_can_be_made_again(package, firm, sign_in):
    YearPackage.run_waiting()
    large_files.remove(package.file_name)
    browser = sign_in(firm.zhao)
    assert browser.get(f"/archive/packages/{package.id}/zip").status_code == 303
    assert "File missing" in browser.get("/archive/packages/").text
    assert "is not here" in browser.get(f"/archive/packages/{package.id}").text


def test_what_lay_on_one_host_before_is_shared_but_not_what_was_erased(package, firm, tmp_path):
    YearPackage.run_waiting()
    erased = YearPackage.create(year=2001, by=firm.ada, at=now(), state="erased")
    large_files.remove(package.file_name)
    for row in (package, erased):
        large_files.path_of(row.file_name).write_bytes(b"made before")
    YearPackage.share_files()
    assert large_files.names() == {package.file_name}
    assert not list((tmp_path / "packages").iterdir())


def test_a_failed_upload_leaves_no_package(package, monkeypatch, tmp_path):
    monkeypatch.setattr(blobs.shared_store().client, "upload_file", lambda *_: 1 / 0)
    YearPackage.run_waiting()
    row = YearPackage.get_by_id(package.id)
    assert row.state == "failed" and not list((tmp_path / "packages").iterdir())


def test_packages_with_what_was_destroyed_are_deleted_in_the_bucket(package, firm):
    YearPackage.run_waiting()
    erase.expire_copies([package.year], firm.ada)
    large_files.remove(package.file_name)
    large_files.remove(package.file_name)
    assert large_files.names() == set()
