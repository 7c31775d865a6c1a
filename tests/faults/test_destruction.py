"""kill -9 at every statement and every file of a destruction: all of it stands, or all of it is
decided and the next process ends it."""

import json
import subprocess
import sys

import pytest

from tests.faults.conftest import ROOT, environment, figure, seeded, times

pytestmark = pytest.mark.on_sqlite


def dying(tmp_path, numbers, seed="none"):
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "tests.faults.dying",
            str(tmp_path / "data"),
            seed,
            *map(str, numbers),
        ],
        cwd=ROOT,
        env=environment(tmp_path / "data"),
        capture_output=True,
        text=True,
    )
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert told, done.stderr[-2000:]
    return told


def test_a_destruction_killed_anywhere_is_wholly_there_or_wholly_decided(tmp_path):
    told = dying(tmp_path, times([40, 330], range(1, 2000, 3)))
    assert [row for row in told if row["found"]] == []
    died = [row for row in told if row["died"]]
    assert died
    figure(
        f"kill -9 of a destruction: {len(died)} places, "
        f"{sum(row['stood'] == 'approved' for row in died)} times nothing had happened, "
        f"{sum(row['stood'] != 'approved' for row in died)} times it was decided and the "
        "next start ended it"
    )


@pytest.mark.full
def test_a_seeded_fault_is_caught(tmp_path):
    told = dying(tmp_path, [60], "erase_first")
    seeded(
        "files are erased before the destruction is committed",
        "kill -9 of a destruction",
        [text for text in told[0]["found"] if text.startswith("undecided")],
    )
