"""Faults that are really made: `make test` runs a handful of each, `make faults` (FAULTS=long) runs
them by the thousand."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

LONG = os.environ.get("FAULTS") == "long"
ROOT = Path(__file__).resolve().parent.parent.parent
FLASK = str(Path(sys.executable).with_name("flask"))
OWN = ("DATABASE_URL", "FILES_URL", "SECRET_KEY", "DANJU_DIE_AT", "TEST_DATABASE_URL")
FIGURES, SEEDED = [], []


def times(short, long):
    return long if LONG else short


def count_of(name, short, long):
    """How often; the long set may be run in pieces by a variable of that name."""
    return int(os.environ.get(name, times(short, long)))


def figure(text):
    """A measured figure for the end of the run."""
    FIGURES.append(text)
    print(f"\n{text}", flush=True)


def seeded(fault, caught_by, found):
    """A seeded fault and how it was caught; one that was not is a test that cannot fail."""
    assert found, f"the seeded fault was not caught: {fault}"
    SEEDED.append(
        (fault, caught_by, str(found[0] if isinstance(found, (list, tuple)) else found)[:110])
    )


def pytest_terminal_summary(terminalreporter):
    """The figures, and the table of seeded faults: with -s, or in the long set."""
    if not (FIGURES or SEEDED) or not (
        LONG or terminalreporter.config.getoption("capture") == "no"
    ):
        return
    terminalreporter.section("faults: figures")
    for line in FIGURES:
        terminalreporter.write_line(line)
    terminalreporter.section("seeded faults, each of which had to be caught")
    for fault, caught_by, found in SEEDED:
        terminalreporter.write_line(f"{fault:<62} {caught_by:<26} {found}")


def environment(data, **env):
    """The environment of a process of ours on a data folder of its own."""
    clean = {k: v for k, v in os.environ.items() if k not in OWN}
    return {
        **clean,
        "FLASK_APP": "app:create_app",
        "DATA_DIR": str(data),
        "PYTHONPATH": str(ROOT),
        **env,
    }


def command(*words, seed=""):
    """The words of a command; with a seed, the same command with that fault planted in it."""
    return (
        [FLASK, *map(str, words)]
        if not seed
        else [sys.executable, "-m", "tests.faults.seeds", seed, *map(str, words)]
    )


def flask(*words, data, seed="", **env):
    """One command on a data folder of its own, which may be killed."""
    return subprocess.run(
        command(*words, seed=seed),
        cwd=ROOT,
        capture_output=True,
        text=True,
        env=environment(data, **env),
    )


@pytest.fixture
def trade(firm, tmp_path):
    """An invoice that a backup holds."""
    from models.operations.backup import Place, run  # processes of their own import this file too

    firm.a.revise(firm.li, phone="13800138000-the-phone")
    invoice = firm.printed(price="20000", note="a note to be found in the file")
    place = Place.add(firm.ada, "disk", "folder", {"path": str(tmp_path / "disk")}, "")
    run.run_due()
    assert Place.get_by_id(place.id).trouble == ""
    return invoice
