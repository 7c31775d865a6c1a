"""A power cut: the file system is stopped under a writing firm, without flushing, and mounted
again."""

import fcntl
import os
import struct
import subprocess
import time
from contextlib import closing

import pytest

from models.adapters import blobs
from models.core.database import connect, db
from models.operations.backup import snapshot
from tests.faults.conftest import count_of, figure, seeded, times
from tests.faults.invariants import broken
from tests.faults.nursery import Nursery
from tests.support import required

pytestmark = pytest.mark.on_sqlite

SHUTDOWN, NOLOGFLUSH = 0x8004587D, 2
KEY = "k" * 40
CUTS, PIECE = count_of("FAULTS_CUTS", 2, 500), 25


@pytest.fixture
def disk(tmp_path):
    """An ext4 of our own in a file, mounted."""
    image, mount = tmp_path / "disk.img", tmp_path / "mnt"
    mount.mkdir()
    with open(image, "wb") as file:
        file.truncate(300 << 20)
    fresh(image, mount)
    yield image, mount
    subprocess.run(["umount", str(mount)], check=False, capture_output=True)


def fresh(image, mount):
    try:
        subprocess.run(["umount", str(mount)], check=False, capture_output=True)
        subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True, capture_output=True)
        subprocess.run(
            ["mount", "-o", "loop", str(image), str(mount)], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError):
        required.missing(required.MOUNT)


@pytest.fixture(scope="module")
def nursery():
    with closing(Nursery()) as made:
        yield made


def cut(nursery, disk, told, sync="FULL", seed="", done=()):
    """Let a firm write, cut the power, mount again. (what is broken, what had been told as done in
    this round)"""
    image, mount = disk
    told.unlink(missing_ok=True)
    writer = nursery.start("writer", mount, told, sync, *([seed] if seed else []), data=mount)
    until = time.monotonic() + 60
    while not (told.exists() and told.stat().st_size) and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.15 + os.urandom(1)[0] / 500)
    handle = os.open(mount, os.O_RDONLY)
    # What was told before the cut counts. Where an fsync is under way, ext4 ends it without an
    # error after the shutdown threw its transaction away, and the writer lives on for some
    # milliseconds to tell of it: with real power nobody would.
    lines = told.read_text().splitlines(keepends=True)
    fcntl.ioctl(handle, SHUTDOWN, struct.pack("I", NOLOGFLUSH))
    os.close(handle)
    writer.kill()
    subprocess.run(["umount", str(mount)], check=True)
    subprocess.run(["mount", "-o", "loop", str(image), str(mount)], check=True)
    new = [fact(*line.split()) for line in lines if line.endswith("\n")]
    connect(f"sqlite:///{mount}/danju.db")
    blobs.use(mount)
    snapshot.use({"DATA_DIR": mount, "SECRET_KEY": KEY})
    try:
        with db.connection_context():
            return broken(mount, KEY, [*done, *new]), new
    except (
        Exception
    ) as error:  # a database that cannot be opened any more is the worst that a cut can do
        return [f"cannot be read: {error}"], new


def fact(what, *rest):
    if what == "given":
        return what, (int(rest[0]), rest[1])
    return what, int(rest[0]) if what == "issued" else rest[0]


def test_no_acknowledged_deed_is_lost_by_a_power_cut(nursery, disk, tmp_path):
    count, done, began = 0, [], time.monotonic()
    for n in range(CUTS):
        if n and n % PIECE == 0:
            done = fresh(*disk) or []
        found, new = cut(nursery, disk, tmp_path / "told", done=done)
        assert found == [], f"cut {n + 1}"
        done, count = done + new, count + len(new)
        if n % 25 == 24:
            print(
                f"\n{n + 1} cuts, {count} deeds acknowledged, {time.monotonic() - began:.0f} s",
                flush=True,
            )
    assert count
    figure(
        f"power cut: {CUTS} cuts, {count} deeds acknowledged, 0 lost, "
        f"{time.monotonic() - began:.0f} s"
    )


def test_with_less_care_deeds_are_lost_so_the_test_can_fail(nursery, disk, tmp_path):
    """The seeded fault: synchronous=NORMAL does not wait for the disk."""
    for n in range(1, times(10, 40) + 1):
        found, _ = cut(nursery, disk, tmp_path / "told", sync="NORMAL")
        if found:
            return seeded(f"synchronous=NORMAL (at cut {n})", "power cut", found)
    raise AssertionError("synchronous=NORMAL lost nothing: the cut is no real one")


@pytest.mark.long
def test_a_file_nobody_waited_for_is_lost(nursery, disk, tmp_path):
    for n in range(1, 41):
        found = [
            text for text in cut(nursery, disk, tmp_path / "told", seed="no_fsync_of_files")[0]
        ]
        if found:
            return seeded(f"fsync of kept files skipped (at cut {n})", "power cut", found)
    raise AssertionError("files without fsync were all there")
