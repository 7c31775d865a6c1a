"""Proof: what a place really holds is fetched, decrypted, restored into a scratch folder and
compared with its manifest."""

import gzip
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

from models.adapters import stores
from models.core.clock import now
from models.core.errors import refuse
from models.operations.backup import keys, schema, snapshot

SLICES = 30
PART = "part"
ROOT = Path(__file__).resolve().parents[3]


class Unproven(Exception):
    """The backup differs from what was written; the text names the part."""


def found(store, without=()):
    """The manifest.json of each backup in the store, oldest first; incomplete ones are left out."""
    rows = []
    for key in sorted(store.list("backups/")):
        name = key.split("/")[1]
        if key.endswith("/manifest.json") and name not in without:
            with tempfile.NamedTemporaryFile() as scratch:
                store.get(key, scratch.name)
                try:
                    rows.append(json.loads(Path(scratch.name).read_text()))
                except ValueError:
                    continue
    return sorted(
        (row for row in rows if isinstance(row, dict) and row.get("danju") and "taken_at" in row),
        key=lambda row: row["taken_at"],
    )


def fetch(store, facts, name, identity, out):
    """One object of a backup, checked against the manifest and decrypted to `out`."""
    raw = f"{out}.age"
    store.get(f"backups/{facts['name']}/{name}", raw)
    if keys.sha_of(raw) != facts["objects"][name]["sha256"]:
        raise Unproven(f"{facts['name']}: {name} is not what was written there")
    keys.unlock(raw, out, identity)
    os.unlink(raw)
    return out


def manifest_of(store, facts, identity):
    with tempfile.TemporaryDirectory() as scratch:
        return unpacked(fetch(store, facts, "manifest.age", identity, f"{scratch}/manifest"))


def unpacked(path):
    """The manifest in a decrypted file."""
    return json.loads(gzip.decompress(Path(path).read_bytes()))


def prove(store, name, identity, new, proven, tick=lambda part: None):
    """Raises Unproven unless the backup restores and equals its source. `new` files are all read
    back, and a thirtieth of the others each day, so that every byte is read once in thirty days.
    `proven` holds the reports of what was already restored in this run: the same bytes in another
    place are only fetched, not restored again."""
    facts = next((f for f in found(store) if f["name"] == name), None) or refuse("backup_gone")
    with tempfile.TemporaryDirectory(dir=scratch_home()) as folder:
        for part in ("dump.age", "start.age"):
            fetch(store, facts, part, identity, f"{folder}/{part[:-4]}")
        manifest = manifest_of(store, facts, identity)
        tick(0.2)
        seal = tuple(
            facts["objects"][n]["sha256"] for n in ("dump.age", "start.age", "manifest.age")
        )
        if seal not in proven:
            proven[seal] = restored(folder, manifest, lambda part: tick(0.2 + 0.4 * part))
        tick(0.6)
        there = {
            key.rsplit("/", 1)[1].removesuffix(".age")
            for key in store.list(f"files/{facts['under']}/")
        }
        lost = set(manifest["files"]) - there
        if lost:
            raise Unproven(f"{len(lost)} files are missing there, the first is {min(lost)}")
        turn = now().toordinal() % SLICES
        look = set(new) | {sha for sha in manifest["files"] if int(sha[:8], 16) % SLICES == turn}

        def read_back(sha):
            file_of(store, facts["under"], sha, identity, f"{folder}/{sha}").unlink()

        stores.parallel_map(store, sorted(look), read_back, lambda part: tick(0.6 + 0.4 * part))
    return proven[seal]


def file_of(store, under, sha, identity, out):
    """One file from the store, written to `out`. Raises Unproven when its bytes do not have the
    hash that is its name."""
    locked, out = Path(f"{out}.age"), Path(out)
    try:
        store.get(f"files/{under}/{sha[:2]}/{sha}.age", locked)
        keys.unlock(locked, out, identity)
    except (keys.WrongKey, stores.Missing) as error:
        raise Unproven(f"file {sha} there is missing or damaged") from error
    finally:
        locked.unlink(missing_ok=True)
    if keys.sha_of(out) != sha:
        raise Unproven(f"file {sha} there is damaged")
    return out


def restored(folder, manifest, tick=lambda part: None):
    """Build scratch.db from `dump` and `start` in `folder` by a process of its own, and compare.
    Returns its report. Refused when the backup is of a version before 0.9.0."""
    schema.renamed(manifest["schema"])
    Path(folder, "manifest").write_text(json.dumps(manifest))
    with subprocess.Popen(
        [sys.executable, "-m", "models.operations.backup.scratch", str(folder)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as work:
        try:
            output, errors = _wait_for(work, Path(folder, PART), tick)
        except BaseException:
            work.kill()
            raise
    if work.returncode != 0:
        lines = errors.strip().splitlines() or ["it was killed"]
        raise Unproven(lines[-1][:400])
    return json.loads(output)


def _wait_for(work, path, tick):
    """(stdout, stderr) of the process; its progress is reported meanwhile."""
    while True:
        try:
            return work.communicate(timeout=0.3)
        except subprocess.TimeoutExpired:
            if path.exists():
                tick(float(path.read_text()))


def scratch_home():
    home = snapshot.folder() / "scratch"
    home.mkdir(exist_ok=True, mode=0o700)
    return home
