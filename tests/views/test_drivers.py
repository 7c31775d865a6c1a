"""A machine with requirements.txt alone: who sets an address of PostgreSQL, S3, SFTP or WebDAV is
told what to install."""

import sys

import pytest

import app as danju
from config import BadSetting
from models.adapters import blobs
from models.core.database import db
from models.operations.backup import Place, run
from tests.firm import KEY
from tests.valid_forms.firm import PLACE

DRIVERS = ("psycopg", "boto3", "botocore", "paramiko", "webdav3", "requests")
ADDRESSES = {
    "s3": {"bucket": "firm"},
    "sftp": {"host": "nas", "user": "danju", "path": "/backups"},
    "webdav": {"url": "https://cloud.firm.test/dav"},
}


@pytest.fixture
def missing(monkeypatch):
    """As if none of the drivers were installed."""
    for name in list(sys.modules):
        if name.split(".")[0] in DRIVERS or name.startswith("models.adapters.stores.s3"):
            monkeypatch.delitem(sys.modules, name)
    for name in ("bucket", "sftp", "webdav"):
        monkeypatch.delitem(sys.modules, f"models.adapters.stores.{name}", raising=False)
    for name in DRIVERS:
        monkeypatch.setitem(sys.modules, name, None)


@pytest.mark.on_sqlite
@pytest.mark.parametrize("kind", ADDRESSES)
def test_a_place_without_its_driver_is_refused_on_the_page(firm, sign_in, missing, kind):
    answer = sign_in(firm.ada).post(
        f"/backups/places/new?kind={kind}",
        data={**PLACE, **ADDRESSES[kind], "idempotency_key": KEY},
    )
    assert answer.status_code == 422 and not Place.select().exists()
    assert "is not installed" in answer.text and "requirements-stores.txt" in answer.text


@pytest.mark.on_sqlite
def test_a_place_whose_driver_went_says_so_and_tries_again(firm, sign_in, request):
    Place.add(firm.ada, "nas", "sftp", ADDRESSES["sftp"], "")
    request.getfixturevalue("missing")
    run.run_due()
    assert Place.get().trouble == "paramiko is not installed" and Place.get().next_at
    page = sign_in(firm.ada).get("/backups/").text
    assert "requirements-stores.txt" in page and "driver_missing" not in page


@pytest.mark.on_sqlite
@pytest.mark.parametrize(
    "setting",
    [{"DATABASE_URL": "postgresql://db/danju"}, {"FILES_URL": "s3://firm/files"}],
    ids=str,
)
def test_an_address_without_its_driver_ends_the_start_in_one_line(
    firm, app, monkeypatch, request, setting
):
    settings = {**app.config, **setting}
    real, root = db.obj, dict(blobs._root)
    request.getfixturevalue("missing")
    try:
        with pytest.raises(BadSetting, match=r"Install requirements-stores\.txt") as told:
            danju.bind(danju.build_app(), settings)
    finally:
        db.initialize(real)
        blobs._root.update(root)
    assert "\n" not in told.value.format_message()
