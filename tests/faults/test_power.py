"""A power cut: the file system is stopped under a writing firm, without flushing, and mounted again."""
import fcntl
import os
import struct
import subprocess
import sys
import time

import pytest

from models.base import connect, db
from tests.faults.conftest import ROOT, times

SHUTDOWN, NOLOGFLUSH = 0x8004587D, 2
WRITER = """
import os, sys
from app import create_app
from models import blobs
from models.base import db
from models.customers import Customer
from models.people import User
folder, told, sync = sys.argv[1:]
app = create_app(DATA_DIR=folder, DATABASE_URL=f"sqlite:///{folder}/danju.db", SECRET_KEY="k" * 40)
with app.app_context():
    db.connect(reuse_if_open=True)
    db.execute_sql(f"PRAGMA synchronous = {sync}")
    from tests.firm import Firm
    from models.company import Company
    if Company.current() is None:
        Firm()
    customer, li = Customer.get(), User.get(User.email == "li@firm.test")
    out = os.open(told, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    n = 0
    while True:
        n += 1
        sha = blobs.keep(os.urandom(2000))
        customer.write_note(li, f"{sys.argv[3]}-{os.getpid()}-{sha}")
        os.pwrite(out, f"{n:08} {os.getpid()} {sha}".encode(), 0)
"""


@pytest.fixture
def disk(tmp_path):
    """An ext4 of our own in a file, mounted."""
    image, mount = tmp_path / "disk.img", tmp_path / "mnt"
    mount.mkdir()
    with open(image, "wb") as file:
        file.truncate(200 << 20)
    try:
        subprocess.run(["mkfs.ext4", "-q", "-F", str(image)], check=True, capture_output=True)
        subprocess.run(["mount", "-o", "loop", str(image), str(mount)], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("this machine may not mount a file system, so no power can be cut")
    yield image, mount
    subprocess.run(["umount", str(mount)], check=False, capture_output=True)


def cut(disk, told, sync):
    """Let a firm write, cut the power, mount again. What the writer had been told last, or None when it is all there."""
    image, mount = disk
    told.unlink(missing_ok=True)
    writer = subprocess.Popen([sys.executable, "-c", WRITER, str(mount), str(told), sync], cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)},
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until = time.monotonic() + 60
    while not (told.exists() and told.stat().st_size) and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.3 + os.urandom(1)[0] / 400)
    handle = os.open(mount, os.O_RDONLY)
    fcntl.ioctl(handle, SHUTDOWN, struct.pack("I", NOLOGFLUSH))
    os.close(handle)
    last = told.read_text()
    writer.kill()
    writer.wait()
    subprocess.run(["umount", str(mount)], check=True)
    subprocess.run(["mount", "-o", "loop", str(image), str(mount)], check=True)
    from models import blobs, checks
    from models.customers import Note
    connect(f"sqlite:///{mount}/danju.db")
    blobs.use(mount)
    with db.connection_context():
        faults = checks.faults(mount, "k" * 40)
        _n, pid, sha = last.split()
        there = Note.select().where(Note.text == f"{sync}-{pid}-{sha}").exists()
        try:
            blobs.fetch(sha)
        except blobs.Damaged:
            there = False
    return faults, there, int(last.split()[0])


def test_no_acknowledged_deed_is_lost_by_a_power_cut(disk, tmp_path):
    count = 0
    for _ in range(times(2, 100)):
        faults, there, written = cut(disk, tmp_path / "told", "FULL")
        assert faults == [] and there
        count += written
    print(f"\npower cut, synchronous=FULL: {times(2, 100)} cuts, {count} deeds acknowledged, none lost")


def test_with_less_care_deeds_are_lost_so_the_test_can_fail(disk, tmp_path):
    """The seeded fault: synchronous=NORMAL does not wait for the disk."""
    for n in range(1, times(8, 30) + 1):
        _faults, there, _written = cut(disk, tmp_path / "told", "NORMAL")
        if not there:
            print(f"\npower cut, synchronous=NORMAL: an acknowledged deed was lost at cut {n}")
            return
    raise AssertionError("synchronous=NORMAL lost nothing: the cut is no real one")
