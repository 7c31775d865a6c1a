"""Making a backup: one snapshot, of which each due place gets what it has not yet; all of that is
read back, and the backup counts. Then, once a day and whenever a person asked for the backup, it is
proven there, and the old ones are deleted."""

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
from models.operations.backup import keys, parts, post_restore, proof, snapshot
from models.operations.backup.backup import INTERRUPTED, Backup, name_at
from models.operations.backup.facts import facts_of, facts_text
from models.operations.backup.place import Place

log = logging.getLogger("danju.backup")
NO_SNAPSHOT = "no snapshot could be taken"
HOWTO = """This place holds backups of Danju, encrypted with age (https://age-encryption.org).
To restore on a new machine: install Danju of the same or a later version and open it in a browser,
or run: flask restore <this place>. The recovery key on the printed sheet opens it.
Without Danju: each .age file opens with `age -d -i key.txt`. manifest.age is gzip of JSON; its
"parts" name parts/<key>/<..>/<name>.age, which are, one after the other, gzip of JSON lines, one
per row (in backups of before, dump.age); files/<key>/<..>/<sha256>.age are the papers and pictures.
"""


def run_due():
    """Fill every place that is due. A failure stops none of the others. Refused, before anything is
    claimed, on a host without the key: another one has it."""
    due = [] if post_restore.paused_after_restore() else Place.due()
    if not due:
        return []
    keys.make(snapshot.folder())
    due = [place for place in due if place.claim()]
    kept = {place: names for place in due if (names := parts_in(place)) is not None}
    if not kept:
        return []
    thorough = any(place.proof_due for place in kept)

    def tick(part):
        for place in kept:
            progress.note(place.progress_name, part * 0.2)

    with progress.beating(*(place.progress_name for place in kept)), scratch() as folder:
        try:
            pack = PreparedBackup(folder, now(), tick, set.intersection(*kept.values()), thorough)
        except Exception as error:
            log.exception("no snapshot could be taken")
            for place in kept:
                place.mark_failed(f"{NO_SNAPSHOT}: {type(error).__name__}: {error}")
            return []
        made = [(upload_to(Place.get_by_id(place.id), pack, place.proof_due)) for place in kept]
        return [
            backup
            for backup, place in zip(made, kept, strict=True)
            if backup and (not place.proof_due or prove_in(backup, pack))
        ]


def parts_in(place):
    """The names of the parts of rows that are in the place, or None when it cannot be reached."""
    under = keys.fingerprint(keys.make(snapshot.folder()).to_public())
    try:
        with contextlib.closing(place.open()) as store:
            return {sha_in(key) for key in store.list(f"parts/{under}/")}
    except Exception as error:
        _note_failure(place, error)


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
    """An encrypted snapshot: the parts of the rows that are not yet `kept` in every place,
    start.age, manifest.age, and manifest.json, which can be read without the key."""

    def __init__(self, folder, taken, tick, kept=frozenset(), thorough=True):
        self.folder, self.taken, self.began = folder, taken, time.monotonic()
        self.name = name_at(taken)
        self.identity = keys.make(snapshot.folder())
        recipient = self.identity.to_public()
        self.under = keys.fingerprint(recipient)

        def write(source):
            return parts.write(source, folder, self.identity, lambda name: name not in kept, tick)

        self.manifest = snapshot.take(folder, write, thorough)
        (folder / "manifest.gz").write_bytes(gzip.compress(json.dumps(self.manifest).encode(), 6))
        self.objects = {}
        for content, name in (("start.json", "start.age"), ("manifest.gz", "manifest.age")):
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


def upload_to(place, pack, proof_follows):
    """Upload the backup to one place and read back what is new there. A failure is noted, not
    raised."""
    backup = None
    try:
        with contextlib.closing(place.open()) as store:
            register_found(place, store, pack.under)
            backup = Backup.begin(place, pack.name, pack.taken)
            new = upload(place, store, pack)
            proof.read_back(store, pack.facts, pack.identity, pack.manifest, new)
        backup.finish(
            rows=pack.facts["rows"],
            files=pack.facts["files"],
            new_files=len(new & set(pack.manifest["files"])),
            size=pack.facts["size"],
            seconds=round(time.monotonic() - pack.began),
            facts={"sums": pack.manifest["sums"], "under": pack.under},
        )
        place.mark_kept(pack.taken, proof_follows)
        return backup
    except Exception as error:
        _note_failure(place, error, backup)


def prove_in(backup, pack):
    """Prove a backup that is kept, and delete old ones. Returns whether it is proven; a failure is
    noted, not raised."""
    place = backup.place
    try:
        with contextlib.closing(place.open()) as store:
            report = proof.prove(
                store,
                pack.name,
                pack.identity,
                (),
                pack.proven,
                lambda part: progress.note(place.progress_name, 0.6 + 0.4 * part),
            )
            backup.prove(round(time.monotonic() - pack.began), report["faults"])
            # while the firm's own data has faults, older backups may be the only good ones
            if not report["faults"]:
                prune(place, store, pack)
        place.mark_proven()
        return True
    except Exception as error:
        _note_failure(place, error, backup)


def _note_failure(place, error, backup=None):
    unreachable = isinstance(error, stores.Unreachable)
    log.warning("backup to %s failed", place.name, exc_info=not unreachable and error)
    if backup:
        backup.mark_failed(error)
    place.mark_failed(error)


def upload(place, store, pack):
    """Upload the backup to a place, noting the progress."""
    name = place.progress_name
    return upload_pack(store, pack, lambda part: progress.note(name, 0.2 + 0.4 * part))


def upload_pack(store, pack, tick=lambda part: None, step=lambda name: None):
    """Upload the files and parts of rows that are not there yet, then the keys, and the manifest
    last, which makes it a backup. Returns the names of the new files and parts."""
    step("begin")
    store.put("README.txt", pack.folder / "README.txt")
    stored = {sha_in(key) for key in contents(store, pack.under)}
    new = sorted(set(pack.manifest["files"]) - stored)
    recipient = pack.identity.to_public()
    if new:
        put_file(store, pack.under, new[0], recipient, pack.folder)
        step("files")
    stores.parallel_map(
        store, new[1:], lambda sha: put_file(store, pack.under, sha, recipient, pack.folder), tick
    )
    step("parts")
    new_parts = sorted(set(parts.names_of(pack.manifest)) - stored)
    stores.parallel_map(
        store,
        new_parts,
        lambda name: store.put(parts.key_of(pack.under, name), parts.path_in(pack.folder, name)),
        tick,
    )
    for name in ("start.age", "manifest.age", "manifest.json"):
        step(name)
        store.put(f"backups/{pack.name}/{name}", pack.folder / name)
    return {*new, *new_parts}


def contents(store, under):
    """The keys of the files and parts of rows in the store."""
    return {*store.list(f"files/{under}/"), *store.list(f"parts/{under}/")}


def contents_of(manifest, under):
    """The keys of the files and parts of rows that a backup needs."""
    return {
        *(file_key(under, sha) for sha in manifest["files"]),
        *(parts.key_of(under, name) for name in parts.names_of(manifest)),
    }


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
    """Delete expired backups, then the files and parts of rows that no backup there needs."""
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
    unused = contents(store, pack.under) - contents_of(pack.manifest, pack.under)
    if not unused:
        return
    for facts in proof.found(store):
        if facts.get("under") == pack.under:
            manifest = proof.manifest_of(store, facts, pack.identity)
            unused -= contents_of(manifest, pack.under)
    for key in unused:
        store.delete(key)
