"""Making a backup: one snapshot, encrypted once, uploaded to each due place and proven there; then
the old ones are deleted."""

import contextlib
import gzip
import json
import logging
import shutil
import tempfile
import time
from pathlib import Path

from models.adapters import blobs, stores
from models.core import progress
from models.core.clock import now
from models.operations.backup import keys, post_restore, proof, snapshot
from models.operations.backup.backup import INTERRUPTED, Backup, name_at
from models.operations.backup.facts import facts_of, facts_text
from models.operations.backup.place import Place

log = logging.getLogger("danju.backup")
NO_SNAPSHOT = "no snapshot could be taken"
HOWTO = """This place holds backups of Danju, encrypted with age (https://age-encryption.org).
To restore on a new machine: install Danju of the same or a later version and open it in a browser,
or run: flask restore <this place>. The recovery key on the printed sheet opens it.
Without Danju: each .age file opens with `age -d -i key.txt`; dump.age is gzip of JSON lines,
one per row; files/<key>/<..>/<sha256>.age are the papers and pictures.
"""


def run_due():
    """Fill every place that is due. A failure stops none of the others. Refused, before anything is
    claimed, on a host without the key: another one has it."""
    if post_restore.paused_after_restore() or not Place.due():
        return []
    keys.make(snapshot.folder())
    due = [place for place in Place.due() if place.claim()]
    if not due:
        return []
    with progress.beating(*(place.progress_name for place in due)), scratch() as folder:
        try:
            taken = now()

            def tick(part):
                for place in due:
                    progress.note(place.progress_name, part * 0.2)

            pack = PreparedBackup(folder, taken, tick)
        except Exception as error:
            log.exception("no snapshot could be taken")
            for place in due:
                place.mark_failed(f"{NO_SNAPSHOT}: {type(error).__name__}: {error}")
            return []
        done = [upload_to(Place.get_by_id(place.id), pack) for place in due]
    return [backup for backup in done if backup]


@contextlib.contextmanager
def scratch():
    """A private folder on the disk of the data. It is deleted afterwards, with those that killed
    processes left."""
    home = snapshot.folder() / "scratch"
    home.mkdir(exist_ok=True, mode=0o700)
    for old in home.iterdir():
        if time.time() - old.stat().st_mtime > 24 * 3600:
            shutil.rmtree(old, ignore_errors=True)
    folder = Path(tempfile.mkdtemp(dir=home))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class PreparedBackup:
    """An encrypted snapshot: dump.age, start.age, manifest.age, and manifest.json, which can be
    read without the key."""

    def __init__(self, folder, taken, tick):
        self.folder, self.taken = folder, taken
        self.name = name_at(taken)
        self.identity = keys.make(snapshot.folder())
        recipient = self.identity.to_public()
        self.under = keys.fingerprint(recipient)
        self.manifest = snapshot.take(folder, tick)
        (folder / "manifest.gz").write_bytes(gzip.compress(json.dumps(self.manifest).encode(), 6))
        self.objects = {}
        for content, name in (
            ("dump.gz", "dump.age"),
            ("start.json", "start.age"),
            ("manifest.gz", "manifest.age"),
        ):
            keys.lock(folder / content, folder / name, recipient)
            (folder / content).unlink()
            self.objects[name] = {
                "sha256": keys.sha_of(folder / name),
                "size": (folder / name).stat().st_size,
            }
        self.proven = {}
        self.facts = facts_of(self.name, taken, recipient, self.manifest, self.objects)
        (folder / "manifest.json").write_text(facts_text(self.facts))
        (folder / "README.txt").write_text(HOWTO)


def upload_to(place, pack):
    """Upload the backup to one place, prove it there and delete old ones. A failure is noted, not
    raised."""
    backup, began = None, time.monotonic()
    try:
        store = place.open()
        with contextlib.closing(store):
            register_found(place, store, pack.under)
            backup = Backup.begin(place, pack.name, pack.taken)
            new = upload(place, store, pack)
            backup.finish(
                rows=pack.facts["rows"],
                files=pack.facts["files"],
                new_files=len(new),
                size=pack.facts["size"],
                facts={"sums": pack.manifest["sums"], "under": pack.under},
            )
            report = proof.prove(
                store,
                pack.name,
                pack.identity,
                new,
                pack.proven,
                lambda part: progress.note(place.progress_name, 0.6 + 0.4 * part),
            )
            backup.prove(round(time.monotonic() - began), report["faults"])
            # while the firm's own data has faults, older backups may be the only good ones
            if not report["faults"]:
                prune(place, store, pack)
        place.mark_succeeded(pack.taken)
        return backup
    except Exception as error:
        log.warning(
            "backup to %s failed", place.name, exc_info=not isinstance(error, stores.Unreachable)
        )
        if backup:
            backup.mark_failed(error)
        place.mark_failed(error)


def upload(place, store, pack):
    """Upload the backup to a place, noting the progress."""
    name = place.progress_name
    return upload_pack(store, pack, lambda part: progress.note(name, 0.2 + 0.4 * part))


def upload_pack(store, pack, tick=lambda part: None, step=lambda name: None):
    """Upload the files that are not there yet, then the snapshot, and its manifest last, which
    makes it a backup. Returns the new files."""
    step("begin")
    store.put("README.txt", pack.folder / "README.txt")
    stored = {sha_in(key) for key in store.list(f"files/{pack.under}/")}
    new = sorted(set(pack.manifest["files"]) - stored)
    recipient = pack.identity.to_public()
    if new:
        put_file(store, pack.under, new[0], recipient, pack.folder)
        step("files")
    stores.parallel_map(
        store, new[1:], lambda sha: put_file(store, pack.under, sha, recipient, pack.folder), tick
    )
    for name in ("dump.age", "start.age", "manifest.age", "manifest.json"):
        step(name)
        store.put(f"backups/{pack.name}/{name}", pack.folder / name)
    return new


def put_file(store, under, sha, recipient, folder):
    """Check one file against the hash that is its name, encrypt and upload it."""
    content, encrypted = folder / sha, folder / f"{sha}.age"
    try:
        content.write_bytes(blobs.fetch(sha))
        keys.lock(content, encrypted, recipient)
        store.put(file_key(under, sha), encrypted)
    finally:
        content.unlink(missing_ok=True)
        encrypted.unlink(missing_ok=True)


def file_key(under, sha):
    return f"files/{under}/{sha[:2]}/{sha}.age"


def sha_in(key):
    return key.rsplit("/", 1)[1].removesuffix(".age")


def register_found(place, store, under):
    """Enter the backups with our key that are not in our list, which after a restore is as old as
    the backup. Those with another key are another firm's and must not be deleted."""
    listed = {
        b.name
        for b in Backup.select(Backup.name).where(
            Backup.place == place, Backup.error != INTERRUPTED
        )
    }
    for facts in proof.found(store, without=listed):
        if facts.get("under") == under:
            Backup.register_found(place, facts)


def _delete_backup(store, backup):
    for name in ("manifest.json", "manifest.age", "start.age", "dump.age"):
        store.delete(f"backups/{backup}/{name}")


def prune(place, store, pack):
    """Delete expired backups, then the files that no backup there needs."""
    for backup in list(Backup.deletable(place)):
        _delete_backup(store, backup.name)
        backup.expire()
    failed = {
        b.name
        for b in Backup.select(Backup.name).where(Backup.place == place, Backup.state == "failed")
    }
    stored = store.list("backups/")
    for name in failed & {key.split("/")[1] for key in stored}:
        # uploaded in part, or damaged later: without its manifest it is no backup
        if f"backups/{name}/manifest.json" not in stored:
            _delete_backup(store, name)
    unused = {sha_in(key) for key in store.list(f"files/{pack.under}/")} - set(
        pack.manifest["files"]
    )
    if not unused:
        return
    for facts in proof.found(store):
        if facts.get("under") == pack.under:
            unused -= set(proof.manifest_of(store, facts, pack.identity)["files"])
    for sha in unused:
        store.delete(file_key(pack.under, sha))
