"""Proof: a backup is fetched from its place, decrypted, restored into a scratch folder and compared
with its manifest."""

import gzip
import json
import os
import re
import subprocess
import sys
import tempfile
import zlib
from pathlib import Path

from models.adapters import stores
from models.core.clock import now
from models.core.errors import refuse
from models.operations.backup import keys, parts, schema, snapshot
from models.operations.backup.parts import Unproven

__all__ = ["Unproven"]

SLICES = 30
HASH = re.compile("[0-9a-f]{64}")
PART = "part"
ROOT = Path(__file__).resolve().parents[3]


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
    encrypted = f"{out}.age"
    store.get(f"backups/{facts['name']}/{name}", encrypted)
    if keys.sha_of(encrypted) != facts["objects"][name]["sha256"]:
        raise Unproven(f"{facts['name']}: {name} is not what was written there")
    keys.unlock(encrypted, out, identity)
    os.unlink(encrypted)
    return out


def fetched(store, facts, identity, folder, tick=lambda part: None):
    """Fetch a backup's rows and keys as `dump` and `start` into `folder`; returns its manifest."""
    fetch(store, facts, "start.age", identity, f"{folder}/start")
    manifest = manifest_of(store, facts, identity)
    if "parts" in manifest:
        names = parts.names_of(manifest)
        parts.fetch_all(store, facts["under"], names, identity, f"{folder}/dump", tick)
    else:
        fetch(store, facts, "dump.age", identity, f"{folder}/dump")
    return manifest


def manifest_of(store, facts, identity):
    with tempfile.TemporaryDirectory() as scratch:
        return unpacked(fetch(store, facts, "manifest.age", identity, f"{scratch}/manifest"))


def unpacked(path):
    """The manifest in a decrypted file. Its files are fetched under their names, so that each must
    be a hash: another could lead out of the folder. Raises Unproven when it is none."""
    try:
        manifest = json.loads(gzip.decompress(Path(path).read_bytes()))
        names = [*manifest["files"], *parts.names_of(manifest)]
        hashes = all(HASH.fullmatch(name) for name in names)
    except (OSError, EOFError, ValueError, RecursionError, zlib.error) as error:
        raise Unproven(f"the manifest cannot be read: {error}") from error
    except (KeyError, TypeError, AttributeError) as error:  # JSON of something else
        raise Unproven("the manifest is none of Danju's") from error
    if not hashes:
        raise Unproven("the manifest names what is no file of Danju")
    return manifest


def read_back(store, facts, identity, manifest, new):
    """Raises Unproven unless everything that was written for this backup can be read: its own
    objects, and the `new` files and parts of rows."""
    with tempfile.TemporaryDirectory(dir=scratch_folder()) as folder:
        fetch(store, facts, "start.age", identity, f"{folder}/start")
        if manifest_of(store, facts, identity) != manifest:
            raise Unproven(f"{facts['name']}: the manifest is another")

        def read(name):
            read_part = parts.fetch if name in rows else file_of
            read_part(store, facts["under"], name, identity, Path(folder, name))
            Path(folder, name).unlink()

        rows = {*parts.names_of(manifest)}
        stores.parallel_map(store, sorted(new), read)


def prove(store, name, identity, new, proven, tick=lambda part: None):
    """Raises Unproven unless the backup restores and equals its source. All `new` files are read
    back, and each day a thirtieth of the others, so that every byte is read once in thirty days.
    `proven` has the reports of this run: the same bytes in another place are fetched, but not
    restored again."""
    facts = next((f for f in found(store) if f["name"] == name), None) or refuse("backup_gone")
    with tempfile.TemporaryDirectory(dir=scratch_folder()) as folder:
        manifest = fetched(store, facts, identity, folder, lambda part: tick(0.2 * part))
        hashes = tuple(facts["objects"][name]["sha256"] for name in sorted(facts["objects"]))
        if hashes not in proven:
            proven[hashes] = restored(folder, manifest, lambda part: tick(0.2 + 0.4 * part))
        tick(0.6)
        stored = {
            key.rsplit("/", 1)[1].removesuffix(".age")
            for key in store.list(f"files/{facts['under']}/")
        }
        missing = set(manifest["files"]) - stored
        if missing:
            raise Unproven(f"{len(missing)} files are missing there, the first is {min(missing)}")
        slice_of_day = now().toordinal() % SLICES
        to_read = set(new) & set(manifest["files"])
        to_read |= {f for f in manifest["files"] if int(f[:8], 16) % SLICES == slice_of_day}

        def read_back(sha):
            file_of(store, facts["under"], sha, identity, f"{folder}/{sha}").unlink()

        stores.parallel_map(store, sorted(to_read), read_back, lambda part: tick(0.6 + 0.4 * part))
    return proven[hashes]


def file_of(store, under, sha, identity, out):
    """Write one file from the store to `out`. Raises Unproven when its bytes do not match the hash
    that is its name."""
    encrypted, out = Path(f"{out}.age"), Path(out)
    try:
        store.get(f"files/{under}/{sha[:2]}/{sha}.age", encrypted)
        keys.unlock(encrypted, out, identity)
    except (keys.WrongKey, stores.Missing) as error:
        raise Unproven(f"file {sha} there is missing or damaged") from error
    finally:
        encrypted.unlink(missing_ok=True)
    if keys.sha_of(out) != sha:
        raise Unproven(f"file {sha} there is damaged")
    return out


def restored(folder, manifest, tick=lambda part: None):
    """Build scratch.db from `dump` and `start` in `folder`, in a separate process, and compare it.
    Returns the report. Refused when the backup is of a version before 0.9.0."""
    schema.renamed(manifest["schema"])
    Path(folder, "manifest").write_text(json.dumps(manifest))
    with subprocess.Popen(
        [sys.executable, "-m", "models.operations.backup.scratch", str(folder)],
        cwd=ROOT,
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        try:
            output, errors = _wait_for(process, Path(folder, PART), tick)
        except BaseException:
            process.kill()
            raise
    if process.returncode != 0:
        lines = errors.strip().splitlines() or ["it was killed"]
        raise Unproven(lines[-1][:400])
    return json.loads(output)


def _wait_for(process, path, tick):
    """(stdout, stderr) of the process; its progress is reported meanwhile."""
    while True:
        try:
            return process.communicate(timeout=0.3)
        except subprocess.TimeoutExpired:
            if path.exists():
                tick(float(path.read_text()))


def scratch_folder():
    home = snapshot.folder() / "scratch"
    home.mkdir(exist_ok=True, mode=0o700)
    return home
