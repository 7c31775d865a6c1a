"""What tests need beyond Python. What a machine does not have is skipped with a line that says how
to get it; TESTS_REQUIRE=all, as in .ci/run, makes a failure of every skip."""

import glob
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

NONE = "none"  # CHROMIUM=none: it was looked for already
ALL = os.environ.get("TESTS_REQUIRE") == "all"
BROWSER = (
    "Chromium: apt-get install chromium-headless-shell (or chromium), or "
    ".venv/bin/playwright install chromium"
)
POSTGRES = (
    "PostgreSQL: apt-get install postgresql, or TEST_DATABASE_URL=postgresql://… of a server "
    "that may be filled"
)
PGBOUNCER = "PgBouncer: apt-get install pgbouncer"
NGINX = "nginx: apt-get install nginx-light"
LIBFIU = "libfiu: apt-get install fiu-utils libfiu-dev"
CLAMD = "clamd, for ClamAV: apt-get install clamav-daemon"
MOUNT = "a machine on which this user may mount a file system: run as root"
READ_ONLY = (
    "a kernel that turns an ext4 read-only on purpose: run as root on Linux outside a container"
)
DATA = "the real data sets, in a folder shared/data beside the repository"


def missing(what):
    """End this test: the machine lacks `what`, a line of this file."""
    pytest.skip(f"needs {what}")


def chromium():
    """The browser's path: the system's, else Playwright's own, which is fetched once where it can
    be; "" when there is none."""
    named = os.environ.get("CHROMIUM")
    if named:
        return "" if named == NONE else named
    for name in (
        "chromium-headless-shell",
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ):
        if path := shutil.which(name):
            return path
    return _of_playwright() or (_of_playwright() if _fetched() else "")


def _of_playwright():
    from playwright.sync_api import sync_playwright

    with sync_playwright() as started:
        path = started.chromium.executable_path
    return path if Path(path).exists() else ""


def _fetched():
    """Let Playwright fetch its Chromium; False where it cannot."""
    try:
        return (
            subprocess.run(
                [sys.executable, "-m", "playwright", "install", "chromium"],
                capture_output=True,
                timeout=600,
                check=False,
            ).returncode
            == 0
        )
    except (OSError, subprocess.TimeoutExpired):
        return False


def postgres_programs():
    """The folder of initdb and pg_ctl; None where there is no PostgreSQL server."""
    beside = [str(Path(found).resolve().parent)] if (found := shutil.which("pg_ctl")) else []
    folders = [
        *sorted(
            glob.glob("/usr/lib/postgresql/*/bin"),
            key=lambda path: float(path.split("/")[-2]),
            reverse=True,
        ),
        *sorted(glob.glob("/opt/homebrew/opt/postgresql*/bin"), reverse=True),
        *beside,
    ]
    return next((folder for folder in folders if os.path.exists(f"{folder}/initdb")), None)


def fail_if_skipped(report):
    """Where all is required, a skipped test has failed."""
    if ALL and report.skipped and not hasattr(report, "wasxfail"):
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome, report.longrepr = (
            "failed",
            f"TESTS_REQUIRE=all, and this test was skipped: {reason}",
        )
