"""The restore drill from each kind of place alone: a small firm in `make test`, one with 100,000
papers in `make faults`."""

import pytest

from tests.faults import drill
from tests.faults.conftest import times
from tests.support.sets import fully

pytestmark = pytest.mark.on_sqlite

COUNT = times(30, 100_000)


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    """The firm, built once."""
    folder = tmp_path_factory.mktemp("drill") / "firm"
    drill.build(folder, COUNT)
    return folder


@pytest.mark.parametrize("kind", fully(["s3"], times(["folder", "s3"], drill.KINDS)))
def test_a_firm_comes_back_from_one_place_alone(source, tmp_path, kind):
    figures = drill.drill(source, kind, tmp_path)
    assert figures["files"] == COUNT + 1


@pytest.mark.full
def test_a_file_changed_in_the_place_is_not_taken_for_restored(source, tmp_path, monkeypatch):
    """The seeded fault: one bit in the only copy."""
    from models.adapters import stores
    from models.operations.backup import proof

    real = proof.prove

    def prove(store, *rest):
        report = real(store, *rest)
        path = next(p for p in (tmp_path / "folder-place" / "files").rglob("*.age"))
        data = bytearray(path.read_bytes())
        data[-3] ^= 1
        path.write_bytes(data)
        return report

    monkeypatch.setattr(drill.proof, "prove", prove)
    with pytest.raises(AssertionError, match="damaged"):
        drill.drill(source, "folder", tmp_path)
    assert stores.MARK in {p.name for p in (tmp_path / "folder-place").iterdir()}
