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
    """Fill every place that is due. One that fails delays none of the others."""
    if post_restore.paused_after_restore():
        return []
    due = [place for place in Place.due() if place.claim()]
    if not due:
        return []
    with scratch() as folder:
        try:
            taken = now()
            pack = PreparedBackup(
                folder, taken, lambda part: [progress.note(p.watch, part * 0.2) for p in due]
            )
        except Exception as error:
            log.exception("no snapshot could be taken")
            for place in due:
                place.mark_failed(f"{NO_SNAPSHOT}: {type(error).__name__}: {error}")
            return []
        done = [upload_to(Place.get_by_id(place.id), pack) for place in due]
    return [backup for backup in done if backup]


def heartbeat():
    """Show the page and other workers that the places under way are being worked on."""
    for place in Place.select().where(Place.claimed_at.is_null(False)):
        progress.touch(place.watch)


@contextlib.contextmanager
def scratch():
    """A private folder on the disk of the data, deleted afterwards, with those that killed runs
    left."""
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
    """An encrypted snapshot: dump.age, start.age, manifest.age, and manifest.json that can be read
    without the key."""

    def __init__(self, folder, taken, tick):
        self.folder, self.taken = folder, taken
        self.name = name_at(taken)
        self.identity = keys.make(snapshot.folder())
        recipient = self.identity.to_public()
        self.under = keys.fingerprint(recipient)
        self.manifest = snapshot.take(folder, tick)
        (folder / "manifest.gz").write_bytes(gzip.compress(json.dumps(self.manifest).encode(), 6))
        self.objects = {}
        for plain, name in (
            ("dump.gz", "dump.age"),
            ("start.json", "start.age"),
            ("manifest.gz", "manifest.age"),
        ):
            keys.lock(folder / plain, folder / name, recipient)
            (folder / plain).unlink()
            self.objects[name] = {
                "sha256": keys.sha_of(folder / name),
                "size": (folder / name).stat().st_size,
            }
        self.proven = {}
        self.facts = facts_of(self.name, taken, recipient, self.manifest, self.objects)
        (folder / "manifest.json").write_text(facts_text(self.facts))
        (folder / "README.txt").write_text(HOWTO)


def upload_to(place, pack):
    """Upload the pack to one place, prove it there, delete old ones. A failure is not raised, but
    noted."""
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
                lambda part: progress.note(place.watch, 0.6 + 0.4 * part),
            )
            backup.prove(round(time.monotonic() - began), report["faults"])
            # while the firm's own data has faults, the older backups may be the only sound ones
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
    """Upload the pack to a place, noting its progress."""
    return upload_pack(store, pack, lambda part: progress.note(place.watch, 0.2 + 0.4 * part))


def upload_pack(store, pack, tick=lambda part: None, step=lambda name: None):
    """Copy the files that are not there yet, then the snapshot, its manifest last: before that
    there is no backup. Returns the new files."""
    step("begin")
    store.put("README.txt", pack.folder / "README.txt")
    there = {sha_in(key) for key in store.list(f"files/{pack.under}/")}
    new = sorted(set(pack.manifest["files"]) - there)
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
    """Check one file against its name, encrypt and upload it."""
    plain, locked = folder / sha, folder / f"{sha}.age"
    try:
        plain.write_bytes(blobs.fetch(sha))
        keys.lock(plain, locked, recipient)
        store.put(file_key(under, sha), locked)
    finally:
        plain.unlink(missing_ok=True)
        locked.unlink(missing_ok=True)


def file_key(under, sha):
    return f"files/{under}/{sha[:2]}/{sha}.age"


def sha_in(key):
    return key.rsplit("/", 1)[1].removesuffix(".age")


def register_found(place, store, under):
    """Enter what is there under our key and not in our list: after a restore the list is as old as
    the backup. What is under another key is another firm's, and must not be deleted."""
    known = {
        b.name
        for b in Backup.select(Backup.name).where(
            Backup.place == place, Backup.error != INTERRUPTED
        )
    }
    for facts in proof.found(store, without=known):
        if facts.get("under") == under:
            Backup.register_found(place, facts)


def _delete_backup(store, backup):
    for name in ("manifest.json", "manifest.age", "start.age", "dump.age"):
        store.delete(f"backups/{backup}/{name}")


def prune(place, store, pack):
    """Delete the backups that have ended, then the files that no backup there needs."""
    for backup in list(Backup.ended(place)):
        _delete_backup(store, backup.name)
        backup.expire()
    failed = {
        b.name
        for b in Backup.select(Backup.name).where(Backup.place == place, Backup.state == "failed")
    }
    there = store.list("backups/")
    for name in failed & {key.split("/")[1] for key in there}:
        # half uploaded, or damaged since: without its manifest it is no backup
        if f"backups/{name}/manifest.json" not in there:
            _delete_backup(store, name)
    spare = {sha_in(key) for key in store.list(f"files/{pack.under}/")} - set(
        pack.manifest["files"]
    )
    if not spare:
        return
    for facts in proof.found(store):
        if facts.get("under") == pack.under:
            spare -= set(proof.manifest_of(store, facts, pack.identity)["files"])
    for sha in spare:
        store.delete(file_key(pack.under, sha))
