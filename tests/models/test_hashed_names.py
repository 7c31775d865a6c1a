"""What an earlier version hashed is hashed the same today: under the same names in the journal,
with the same defaults left out."""

import json
from pathlib import Path

import peewee as pw
import pytest

from models.core.journal import Event, Journaled, names
from models.core.journal.journaled import columns_of, default_of, hashed_fields, label
from tests.support.kinds import KINDS

VERSIONS = sorted(Path(__file__).parent.parent.joinpath("data").glob("*.hashed.json"))
HOW = {
    "gone": "renamed or removed: keep the column, and the old name in models/core/journal/names.py",
    "default": "its default changed, and rows that had the old one are hashed differently: put the "
    "new default into the verb that makes the row",
    "new": "new, and all rows of earlier versions would be hashed with it: give it a default that "
    "says what those rows mean (or null=True), or list it in `unhashed` if it is derived",
    "event": "a column of Event is hashed whatever it holds: raise VERSION, and let seal() leave "
    "it out of the events of earlier versions",
}


@pytest.fixture(params=VERSIONS, ids=lambda path: path.name.removesuffix(".hashed.json"))
def earlier(request):
    return json.loads(request.param.read_text())


def test_every_class_hashes_what_it_hashed(earlier):
    classes = {names.class_name(cls): cls for cls in KINDS.values()}
    assert [
        f"{name}.{column}: {HOW[fault]}"
        for name, columns in earlier.items()
        for column, fault in differences(classes[name], columns)
    ] == []


def differences(cls, earlier):
    """[(name in the journal, what is wrong with it)] of a class; `earlier` is {name: default}."""
    fields = hashed_fields(cls)
    for name in earlier.keys() | fields.keys():
        if name not in fields:
            yield name, "gone"
        elif name not in earlier:
            if cls is Event:
                yield name, "event"
            elif default_of(fields[name]) is None and not fields[name].null:
                yield name, "new"
        elif default_of(fields[name]) != earlier[name]:
            yield name, "default"


@pytest.fixture
def sample(monkeypatch):
    """A class as a later version may have it."""
    monkeypatch.setitem(names.CLASSES, "Sample", "Example")
    monkeypatch.setitem(names.ATTRIBUTES, "Sample", {"label": "name"})

    class Sample(Journaled, pw.Model):
        label = pw.CharField(default="", column_name="name")
        level = pw.IntegerField(default=2)
        needed = pw.IntegerField()
        optional = pw.IntegerField(null=True)
        derived = pw.IntegerField()
        unhashed = ("derived",)

    yield Sample
    del Journaled.registry["Example"]


def test_each_difference_is_seen(sample):
    earlier = {"id": None, "name": "", "level": 1, "tag": ""}
    assert set(differences(sample, earlier)) == {
        ("tag", "gone"),
        ("level", "default"),
        ("needed", "new"),
    }


def test_a_renamed_class_and_attribute_keep_their_names_in_the_journal(sample):
    assert Journaled.registry["Example"] is sample
    row = sample(id=1, label="A", needed=3, derived=4)
    row.__data__ |= {"optional": None}
    assert columns_of(row) == {"id": 1, "name": "A", "needed": 3}
    assert label(row) == "Example  #1"


def test_every_line_of_the_maps_speaks_of_something_in_the_code():
    assert set(names.CLASSES) <= {cls.__name__ for cls in KINDS.values()}
    fields = {cls.__name__: cls._meta.fields for cls in KINDS.values()}
    for name, attributes in names.ATTRIBUTES.items():
        assert set(attributes) <= set(fields[name])
