"""Objects of the bucket that no row names are removed after a day, never what is just being kept,
and nothing that is another's."""

import datetime as dt
import logging

import pytest

from models.adapters import blobs
from models.company import Company
from models.operations.backup import sweep
from models.operations.backup.post_restore import take_over
from tests import servers


@pytest.fixture
def bucket(app, tmp_path):
    with servers.s3() as (address, name):
        blobs.use(tmp_path, f"s3://k:s@{name}/danju?endpoint={address}")
        yield blobs.shared_store()
        blobs.use(tmp_path)


@pytest.fixture
def age(monkeypatch):
    """age(hours): how old S3 says that every object is."""
    real = {}

    def let(hours):
        store = blobs.shared_store()
        real.setdefault("call", store._call)

        def call(name, read=None, **more):
            answer = real["call"](name, read=read, **more)
            rows = answer.get("Contents", [answer]) if isinstance(answer, dict) else ()
            for row in rows:
                if "LastModified" in row:
                    row["LastModified"] -= dt.timedelta(hours=hours)
            return answer

        monkeypatch.setattr(store, "_call", call)

    return let


def test_what_no_row_names_goes_after_a_day_and_is_counted(bucket, firm, age, caplog):
    caplog.set_level(logging.INFO, "danju.backup")
    named = firm.printed(price="1000").pdf_sha256
    orphan = blobs.keep(b"of an issue that was refused")
    assert sweep.sweep() == [] and orphan in blobs.listing()
    age(25)
    assert sweep.sweep() == [orphan]
    assert orphan not in blobs.listing() and named in blobs.listing()
    assert "1 files that no row names were removed" in caplog.text


def test_what_is_kept_again_while_the_sweeper_looks_stays(bucket, firm, age, monkeypatch):
    orphan = blobs.keep(b"kept by a transaction that has not committed")
    age(25)
    real = sweep.referenced

    def meanwhile():
        found = real()
        age(0)
        blobs.keep(b"kept by a transaction that has not committed")
        return found

    monkeypatch.setattr(sweep, "referenced", meanwhile)
    assert sweep.sweep() == [] and orphan in blobs.listing()


def test_an_old_object_that_is_kept_again_gets_a_new_time(bucket, age, monkeypatch):
    sha = blobs.keep(b"the same bytes")
    written = []
    monkeypatch.setattr(bucket, "write", lambda name, data: written.append(name))
    blobs.keep(b"the same bytes")
    assert written == []
    age(13)
    blobs.keep(b"the same bytes")
    assert written == [f"{sha[:2]}/{sha}"]


def test_objects_beside_the_files_and_below_other_prefixes_are_not_ours(bucket, firm, age):
    other = "ab" + "c" * 62
    for name in (f"another/{other[:2]}/{other}", f"zz/{other}", "packages/1.zip", "anchors/x"):
        bucket.write(name, b"x")
    age(25)
    assert sweep.sweep() == [] and len(bucket.names("")) == 4 and blobs.listing() == {}


def test_a_copy_of_the_firm_removes_nothing_of_the_bucket_until_it_is_alone(bucket, firm, age):
    orphan = blobs.keep(b"a file that the firm on the other machine has")
    age(25)
    Company.current().record("restored", None, resting=True)
    assert sweep.sweep() == [] and orphan in blobs.listing()
    take_over(firm.ada)
    assert sweep.sweep() == [orphan]
