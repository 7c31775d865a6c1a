"""The disk fills up while an import is written or undone: nothing half stays, and it goes on, or is
done again, once there is room."""

import pytest

from models.core import portions
from models.imports import Import
from models.operations import checks
from tests.faults import import_deaths
from tests.faults.conftest import figure
from tests.faults.dying import KEY
from tests.faults.test_disk import Ballast, mounted, unmounted

pytestmark = [pytest.mark.on_sqlite, pytest.mark.full]


@pytest.fixture
def home(tmp_path):
    """A disk of sixteen megabytes."""
    where = tmp_path / "data"
    mounted("tmpfs", where, options="size=16m")
    yield where
    unmounted(where)


def filled_up(home, kind, original):
    """Let the disk be full from the third portion on. Returns what is wrong then."""
    real, count = portions.Portions.transaction, [0]

    @portions.contextmanager
    def filling(self):
        count[0] += 1
        if count[0] == 3:
            Ballast(home).put()
        with real(self):
            yield

    portions.Portions.transaction = filling
    before = import_deaths.seen()
    try:
        if kind == "undo":
            Import.run_waiting()
        else:
            import_deaths.written(kind)
    except Exception as error:
        assert "full" in str(error), error
    found = checks.faults(home, KEY)
    if import_deaths.seen() not in (before, original):
        found.append("half of it is there")
    return found


@pytest.mark.parametrize("kind", ["documents", "undo"])
def test_a_full_disk_leaves_nothing_half_of_an_import(home, kind):
    forked = import_deaths.forked
    _died, original = forked(home, import_deaths.checked)
    whole = original
    if kind == "undo":
        _died, whole = forked(home, import_deaths.written, "undo")
    assert forked(home, filled_up, home, kind, original)[1] == []
    Ballast(home).away()
    assert forked(home, import_deaths.judged, home, kind, original, whole)[1] == []
    figure(f"disk full in the middle ({kind}): nothing half, it goes on once there is room")
