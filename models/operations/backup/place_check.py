"""The daily check of the places: every byte of a folder; of a remote place a thirtieth, so that all
of it is read within a month."""

import contextlib
import datetime as dt
import json
import tempfile
from pathlib import Path

from models.adapters import blobs, stores
from models.core.clock import now
from models.operations.backup import keys, post_restore, proof, run, snapshot
from models.operations.backup.backup import Backup, is_name_of
from models.operations.backup.facts import facts_of, facts_text
from models.operations.backup.place import Place

OBJECTS = ("dump.age", "start.age", "manifest.age")


def faults():
    """Sentences about damage in the places. A place that cannot be reached is skipped, as its own
    backup reports that."""
    found = []
    # our list of backups is as old as the restored one, and the other machine may write there
    if post_restore.paused_after_restore():
        return found
    for place in Place.in_use().where(Place.begun):  # opening another one would begin it
        with (
            contextlib.suppress(stores.Unreachable, keys.WrongKey),
            contextlib.closing(place.open()) as store,
        ):
            found += [
                describe_fault(place, *damage)
                for damage in damaged(place, store, every_file=place.kind == "folder")
            ]
    return found


def describe_fault(place, backup, name):
    where = place.name
    if backup:
        return f"backup location {where}: backup {backup}: {name} is missing or was changed"
    return f"backup location {where}: the copy of file {name} is missing or was changed"


def damaged(place, store, every_file=True):
    """[(backup or "", object)] of objects that are missing or differ from what was written."""
    found, expected_files = [], set()
    identity = keys.load(snapshot.folder())
    key = identity and keys.fingerprint(identity.to_public())
    slice_of_day = now().toordinal() % proof.SLICES
    with tempfile.TemporaryDirectory(dir=proof.scratch_folder()) as folder:
        for backup in Backup.standing().where(Backup.place == place.id).order_by(Backup.taken_at):
            if not every_file and backup.id % proof.SLICES != slice_of_day:
                continue
            damaged_objects, manifest = _read_backup(store, backup, identity, Path(folder))
            found += [(backup.name, name) for name in damaged_objects]
            if manifest:
                expected_files |= set(manifest["files"])
        for sha in sorted(expected_files):
            if every_file or int(sha[:8], 16) % proof.SLICES == slice_of_day:
                try:
                    proof.file_of(store, key, sha, identity, f"{folder}/file")
                except proof.Unproven:
                    found.append(("", sha))
    return found


def _read_backup(store, backup, identity, folder):
    """(names of the damaged objects, the manifest if it can be read). The correct content of
    manifest.json is computed from the other objects."""
    damaged_objects, objects, manifest = [], {}, None
    for name in OBJECTS:
        encrypted = folder / name
        try:
            store.get(f"backups/{backup.name}/{name}", encrypted)
            objects[name] = {"sha256": keys.sha_of(encrypted), "size": encrypted.stat().st_size}
            keys.unlock(encrypted, folder / "plain", identity)
            if name == "manifest.age":
                manifest = proof.unpacked(folder / "plain")
        except (stores.Missing, keys.WrongKey, proof.Unproven):
            damaged_objects.append(name)
    try:
        store.get(f"backups/{backup.name}/manifest.json", folder / "manifest.json")
        content = (folder / "manifest.json").read_bytes()
    except stores.Missing:
        content = b""
    if damaged_objects:
        # its content cannot be computed, so it counts as damaged only if it is no JSON
        try:
            json.loads(content)
        except ValueError:
            damaged_objects.append("manifest.json")
    elif (
        content
        != facts_text(
            facts_of(backup.name, backup.taken_at, identity.to_public(), manifest, objects)
        ).encode()
    ):
        damaged_objects.append("manifest.json")
    return damaged_objects, manifest


def repair_place(place, store):
    """Replace damaged objects there: from the files here, from another place, or by a new backup.
    Returns (repaired, not repaired) as sentences."""
    repaired, not_repaired, identity = [], [], keys.load(snapshot.folder())
    for backup, name in damaged(place, store):
        if not backup:
            try:
                with run.scratch() as folder:
                    run.put_file(
                        store,
                        keys.fingerprint(identity.to_public()),
                        name,
                        identity.to_public(),
                        folder,
                    )
                repaired.append(describe_fault(place, backup, name))
            except blobs.Damaged:
                not_repaired.append(describe_fault(place, backup, name))
        elif _rewrite_manifest(place, store, backup, name, identity) or _copy_from_other_place(
            place, store, backup, name
        ):
            repaired.append(describe_fault(place, backup, name))
        else:
            _replace_by_new_backup(place, store, backup, name)
            repaired.append(
                f"{describe_fault(place, backup, name)}; no copy of it is left, a fresh backup "
                "takes its place"
            )
    Backup.recompute_expiry(place)  # as the damage may be in the day on which one expires
    return repaired, not_repaired


def _rewrite_manifest(place, store, name, part, identity):
    """Write manifest.json again from the other objects, or correct our row by it."""
    if part != "manifest.json":
        return False
    backup = Backup.get(Backup.place == place.id, Backup.name == name)
    with run.scratch() as folder:
        try:
            objects = {}
            for other in OBJECTS:
                store.get(f"backups/{name}/{other}", folder / other)
                keys.unlock(folder / other, folder / "plain", identity)
                objects[other] = {
                    "sha256": keys.sha_of(folder / other),
                    "size": (folder / other).stat().st_size,
                }
            manifest = proof.unpacked(folder / "plain")
        except (stores.Missing, keys.WrongKey, proof.Unproven):
            return False

        def expected(taken):
            return facts_text(facts_of(name, taken, identity.to_public(), manifest, objects))

        if taken := _correct_moment(store, name, folder / "read", expected):
            Backup.update(taken_at=taken).where(Backup.id == backup.id).execute()
            return True
        (folder / "manifest.json").write_text(expected(backup.taken_at))
        store.put(f"backups/{name}/manifest.json", folder / "manifest.json")
    return True


def _correct_moment(store, name, path, expected):
    """The moment in manifest.json if everything else in it is correct and it matches the name of
    the backup: then the moment in our own row is damaged. Else None."""
    with contextlib.suppress(stores.Missing, ValueError, KeyError, TypeError):
        store.get(f"backups/{name}/manifest.json", path)
        taken = dt.datetime.fromisoformat(json.loads(path.read_bytes())["taken_at"])
        return taken if is_name_of(name, taken) and path.read_text() == expected(taken) else None


def _copy_from_other_place(place, store, name, part):
    """Copy the object from another place, where the same backup has the same bytes."""
    for same_backup in Backup.standing().where(Backup.name == name, Backup.place != place.id):
        with (
            contextlib.suppress(stores.Unreachable, stores.Missing, keys.WrongKey),
            contextlib.closing(same_backup.place.open()) as other,
            run.scratch() as folder,
        ):
            identity = keys.load(snapshot.folder())
            other.get(f"backups/{name}/{part}", folder / part)
            keys.unlock(folder / part, folder / "plain", identity)
            store.put(f"backups/{name}/{part}", folder / part)
            return True
    return False


def _replace_by_new_backup(place, store, name, part):
    """Delete its manifest, so that nobody restores from it, and ask for a new backup. The next good
    backup deletes the rest of it."""
    row = Backup.get(Backup.place == place.id, Backup.name == name)
    if row.state == "kept":
        store.delete(f"backups/{name}/manifest.json")
        row.mark_lost(f"{part} was damaged in the place")
    place.ask_now()
