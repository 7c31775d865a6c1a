"""The demo firm, filled once a run: half a minute of work that the tests of a run share, whichever
process they are in."""

import os
import re
import shutil
import time
from pathlib import Path

import pytest

from tests.faults import conftest, drill
from tests.support.sets import FULL

PATIENCE = 600  # seconds for whoever waits while another process fills it


def flask(*words, data, **env):
    """One `flask` command on that data folder that must succeed; its output."""
    done = conftest.flask(*words, data=data, **env)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="session")
def demo_home(tmp_path_factory):
    """A folder with `data` (a year of trade, as `make demo` leaves it), `told` (what the command
    printed) and, in full, `disk` (a backup of it) and `key` (that opens the backup). Shared by the
    whole run: nobody works on it; see own_demo()."""
    shared = tmp_path_factory.getbasetemp()
    home = (shared.parent if os.environ.get("PYTEST_XDIST_WORKER") else shared) / "demo_of_the_run"
    try:
        home.mkdir()
    except FileExistsError:
        _wait_for(home)
        return home
    try:
        told = flask("demo", data=home / "data")
        if FULL:
            back_up(home)
        (home / "told").write_text(told)
    except BaseException:
        (home / "failed").touch()
        raise
    return home


def small_firm(folder):
    """The same kind of folder with a firm of thirty documents: seconds instead of half a minute."""
    drill.build(folder / "data", 30)
    back_up(folder)
    return folder


def back_up(home):
    """Its `disk` and `key`."""
    assert "proven; faults of the source: 0" in flask("backup", home / "disk", data=home / "data")
    (home / "key").write_text(flask("backup-key", data=home / "data"))


def own_demo(demo_home, folder):
    """A copy of all that, to work on."""
    return Path(shutil.copytree(demo_home, folder / "demo"))


def _wait_for(home):
    end = time.monotonic() + PATIENCE
    while not (home / "told").exists():
        assert not (home / "failed").exists() and time.monotonic() < end, (
            "another process could not fill the demo"
        )
        time.sleep(0.2)


def parts_told(home):
    """How far the command said it had come, in percent."""
    return [int(part) for part in re.findall(r"(\d+)%", (home / "told").read_text())]
