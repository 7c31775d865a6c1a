"""The first, second, third … read, write or sync fails, through issue, upload, backup and restore:
done or refused, nothing half, and the next try goes."""

import json
import shutil
import subprocess
import sys

import pytest

from tests.faults.conftest import LONG, ROOT, count_of, environment, figure, times
from tests.support import required

pytestmark = pytest.mark.on_sqlite
STEP = count_of("FAULTS_STEP", 1, 1)
MOST = {"issue": 2000, "upload": 2000, "backup": 20_000, "restore": 40_000}
SHORT = {"issue": [30], "upload": [2, 25], "backup": [], "restore": []}


def failing(deed, tmp_path, numbers):
    shutil.which("fiu-run") or required.missing(required.LIBFIU)
    done = subprocess.run(
        [
            "fiu-run",
            "-x",
            sys.executable,
            "-m",
            "tests.faults.nth",
            deed,
            str(tmp_path / "firm"),
            *map(str, numbers),
        ],
        cwd=ROOT,
        env=environment(tmp_path / "firm" / "data"),
        capture_output=True,
        text=True,
    )
    told = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert told, done.stderr[-2000:]
    return told


@pytest.mark.parametrize("deed", times(["upload"], ["issue", "upload", "backup", "restore"]))
def test_whichever_call_fails_nothing_is_half_done(deed, tmp_path):
    told = failing(deed, tmp_path, times(SHORT[deed], range(1, MOST[deed], STEP)))
    assert [row for row in told if row["found"]] == []
    assert not LONG or not told[-1]["hit"], "there are more calls than were counted"
    hit = [row for row in told if row["hit"]]
    assert hit and any(row["error"] for row in hit)
    figure(
        f"the n-th read, write or sync fails ({deed}): {len(hit)} places, "
        f"{sum(bool(row['error']) for row in hit)} refused, "
        f"{sum(not row['error'] for row in hit)} done all the same"
    )
