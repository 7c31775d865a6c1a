"""Places of backups: who sets them up, and what they need."""

import json

import pytest

from models.core import sealing
from models.core.database import db
from models.core.errors import Refused
from models.operations.backup import (
    Place,
    keys,
    restore,
    snapshot,
    sweep,
)


@pytest.mark.asvs("13.3.2")
def test_the_secret_of_a_place_is_not_in_the_database(firm):
    place = Place.add(firm.ada, "s3", "s3", {"bucket": "b", "key_id": "k"}, "top secret")
    assert "top secret" not in json.dumps(
        db.execute_sql("SELECT * FROM place").fetchall(), default=str
    )
    assert sealing.unseal(place.secret, snapshot.config()["SECRET_KEY"]) == "top secret"
    with pytest.raises(keys.WrongKey):
        sealing.unseal(place.secret, "another")


@pytest.mark.parametrize(
    "kind, settings, code",
    [
        ("folder", {}, "place_incomplete"),
        ("folder", {"path": "x"}, "place_path"),
        ("webdav", {"url": "ftp://x"}, "place_url"),
        ("moon", {}, "choice_unknown"),
    ],
)
def test_a_place_without_its_fields_is_refused(firm, kind, settings, code):
    with pytest.raises(Refused, match=code):
        Place.add(firm.ada, "x", kind, settings, "")
    assert not Place.select().exists()


def test_repair_knows_every_row_that_is_hashed_into_another():
    from models.core.journal import Journaled
    from models.operations.backup.repair import PARTS

    assert {name for name, cls in Journaled.registry.items() if "content_rows" in vars(cls)} == set(
        PARTS
    )


def test_what_was_half_set_aside_is_taken_away(firm, monkeypatch):
    """At once when it failed, by the daily sweep when it was killed."""
    half = lambda: list(snapshot.folder().glob(".before*"))  # noqa: E731
    monkeypatch.setattr(
        snapshot,
        "take_dump",
        lambda folder: (_ for _ in ()).throw(OSError(28, "No space left on device")),
    )
    with pytest.raises(OSError):
        restore.move_aside()
    assert half() == []
    (snapshot.folder() / ".before-20260101T000000-aaaa").mkdir()
    sweep.sweep()
    assert half() != []
    sweep.sweep(age=0)
    assert half() == []
