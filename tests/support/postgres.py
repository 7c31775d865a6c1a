"""A PostgreSQL server of our own on this machine, for one run of the tests."""

import contextlib
import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from tests.support import required
from tests.web import free_port


@contextlib.contextmanager
def server(durable=False):
    """Gives the address of an empty database, or None where there is no PostgreSQL. Unless it is
    `durable` it may lose everything at a power cut; it is gone afterwards."""
    if os.environ.get("TEST_DATABASE_URL"):
        yield os.environ["TEST_DATABASE_URL"]
        return
    programs = required.postgres_programs()
    if not programs:
        yield None
        return
    home = Path(tempfile.mkdtemp(prefix="danju-postgres-"))
    home.chmod(0o777)
    port = free_port()
    try:
        _run(home, f"{programs}/initdb", "-D", home / "data", "-A", "trust", "-U", "danju")
        _run(
            home,
            f"{programs}/pg_ctl",
            "-D",
            home / "data",
            "-l",
            home / "log",
            "-w",
            "-o",
            f"-p {port} -k {home} -c listen_addresses=127.0.0.1"
            f" -c fsync={'on' if durable else 'off'} -c max_connections=200",
            "start",
        )
        yield f"postgresql://danju@127.0.0.1:{port}/danju"
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            _run(home, f"{programs}/pg_ctl", "-D", home / "data", "-m", "immediate", "stop")
        shutil.rmtree(home, ignore_errors=True)


def _run(home, *words):
    """As the user postgres when we are root, whom its server refuses."""
    as_postgres = (
        ["runuser", "-u", "postgres", "--"] if hasattr(os, "getuid") and os.getuid() == 0 else []
    )
    done = subprocess.run(
        [*as_postgres, *map(str, words)],
        cwd=home,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise subprocess.CalledProcessError(done.returncode, words[0], done.stdout)
