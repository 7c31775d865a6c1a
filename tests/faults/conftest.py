"""Faults that are really made: `make test` runs a handful of each, `make faults` (FAULTS=long) runs them by the thousand."""
import os
import subprocess
import sys
from pathlib import Path

import pytest

LONG = os.environ.get("FAULTS") == "long"
ROOT = Path(__file__).resolve().parent.parent.parent
FLASK = str(Path(sys.executable).with_name("flask"))


def times(short, long):
    return long if LONG else short


def flask(*words, data, **env):
    """One command on a data folder of its own, which may be killed."""
    clean = {k: v for k, v in os.environ.items() if k not in ("DATABASE_URL", "FILES_URL", "SECRET_KEY", "DANJU_DIE_AT")}
    return subprocess.run([FLASK, *map(str, words)], cwd=ROOT, capture_output=True, text=True,
                          env={**clean, "FLASK_APP": "app:create_app", "DATA_DIR": str(data), **env})


@pytest.fixture(autouse=True)
def only_sqlite():
    """These tests bring their own SQLite; on PostgreSQL the model tests run."""
    if os.environ.get("TEST_DATABASE_URL"):
        pytest.skip("brings its own SQLite")
