"""kill -9 at named points of an import and of its undo: nothing or everything, and the next process
goes on."""

import json
import subprocess
import sys

import pytest

from tests.faults.conftest import ROOT, environment, figure
from tests.faults.import_deaths import POINTS
from tests.support.sets import some

pytestmark = pytest.mark.on_sqlite


def killed(tmp_path, *points):
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.import_deaths", str(tmp_path / "data"), *points],
        cwd=ROOT,
        env=environment(tmp_path / "data"),
        capture_output=True,
        text=True,
    )
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert len(told) == len(points), done.stderr[-2000:]
    return told


def test_an_import_killed_at_a_named_point_is_wholly_there_or_wholly_absent(tmp_path):
    points = some(1, list(POINTS))
    told = killed(tmp_path, *points)
    assert [row for row in told if row["found"] or not row["died"]] == []
    figure(f"kill -9 of an import at {len(points)} named points: nothing or everything")
