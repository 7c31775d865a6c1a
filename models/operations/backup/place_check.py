"""The daily check of the places: every byte of a folder; of a remote place a thirtieth, so that all
of it is read within a month."""

import contextlib
import datetime as dt
import json
import tempfile
from pathlib import Path

from models.adapters import blobs, stores
from models.core.clock import now
from models.operations.backup import dump, keys, parts, post_restore, proof, run, snapshot
from models.operations.backup.backup import Backup, is_name_of
from models.operations.backup.facts import facts_of, facts_text
from models.operations.backup.place import Place

PART = "rows "  # before the name of a part of the rows


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
    what = name if name.startswith(PART) else f"file {name}"
    return f"backup location {where}: the copy of {what} is missing or was changed"


def damaged(place, store, every_file=True):
    """[(backup or "", object)] of objects that are missing or differ from what was written."""
    found, expected_files, expected_parts = [], set(), set()
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
                expected_parts |= set(parts.names_of(manifest))
        for sha in sorted(expected_files):
            if every_file or int(sha[:8], 16) % proof.SLICES == slice_of_day:
                try:
                    proof.file_of(store, key, sha, identity, f"{folder}/file")
                except proof.Unproven:
                    found.append(("", sha))
        for name in sorted(expected_parts):
            if every_file or int(name[:8], 16) % proof.SLICES == slice_of_day:
                try:
                    parts.fetch(store, key, name, identity, f"{folder}/part")
                except proof.Unproven:
                    found.append(("", PART + name))
    return found


def _read_backup(store, backup, identity, folder):
    """(names of the damaged objects, the manifest if it can be read). The correct content of
    manifest.json is computed from the other objects."""
    damaged_objects, objects, manifest = _read_objects(store, backup.name, identity, folder)
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


def _read_objects(store, name, identity, folder):
    """(names of the damaged objects, facts of the others, the manifest if it can be read)."""
    damaged_objects, objects = [], {}

    def read(part):
        encrypted = folder / part
        try:
            store.get(f"backups/{name}/{part}", encrypted)
            objects[part] = {"sha256": keys.sha_of(encrypted), "size": encrypted.stat().st_size}
            keys.unlock(encrypted, folder / "plain", identity)
            return proof.unpacked(folder / "plain") if part == "manifest.age" else None
        except (stores.Missing, keys.WrongKey, proof.Unproven):
            damaged_objects.append(part)

    manifest = read("manifest.age")
    read("start.age")
    if (
        "parts" not in manifest
        if manifest
        else f"backups/{name}/dump.age" in store.list(f"backups/{name}/")
    ):
        read("dump.age")
    return damaged_objects, objects, manifest


def repair_place(place, store):
    """Replace damaged objects there: from the files here, from another place, or by a new backup.
    Returns (repaired, not repaired) as sentences."""
    repaired, not_repaired, identity = [], [], keys.load(snapshot.folder())
    found = damaged(place, store)
    for backup, name in found:
        if name.startswith(PART):
            continue
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
            repaired.append(_replaced(place, backup, name))
    names = [name.removeprefix(PART) for _, name in found if name.startswith(PART)]
    repaired += _repair_parts(place, store, names, identity) if names else []
    Backup.recompute_expiry(place)  # as the damage may be in the day on which one expires
    return repaired, not_repaired


def _replaced(place, backup, name):
    fault = describe_fault(place, backup, name)
    return f"{fault}; no copy of it is left, a fresh backup takes its place"


def _repair_parts(place, store, names, identity):
    """Replace parts of rows that are damaged there: from the rows here, from another place, or by
    a new backup instead of each that needs the part. Returns what was done, as sentences."""
    done, under = [], keys.fingerprint(identity.to_public())
    with run.scratch() as folder:
        with dump.opened() as source, source.reading():
            parts.write(source, folder, identity, lambda name: name in names)
        for name in names:
            path = parts.path_in(folder, name)
            if path.exists() or _fetch_from_other_place(place, under, name, identity, path):
                store.put(parts.key_of(under, name), path)
                done.append(describe_fault(place, "", PART + name))
                continue
            store.delete(parts.key_of(under, name))
            for backup in list(Backup.standing().where(Backup.place == place.id)):
                _, _, manifest = _read_objects(store, backup.name, identity, folder)
                if manifest and name in parts.names_of(manifest):
                    _replace_by_new_backup(place, store, backup.name, PART + name)
                    done.append(_replaced(place, backup.name, PART + name))
    return done


def _fetch_from_other_place(place, under, name, identity, path):
    for other in Place.in_use().where(Place.id != place.id):
        with (
            contextlib.suppress(stores.Unreachable, proof.Unproven, keys.WrongKey),
            contextlib.closing(other.open()) as store,
        ):
            parts.fetch(store, under, name, identity, f"{path}.plain")
            keys.lock(f"{path}.plain", path, identity.to_public())
            return True
    return False


def _rewrite_manifest(place, store, name, part, identity):
    """Write manifest.json again from the other objects, or correct our row by it."""
    if part != "manifest.json":
        return False
    backup = Backup.get(Backup.place == place.id, Backup.name == name)
    with run.scratch() as folder:
        damaged_objects, objects, manifest = _read_objects(store, name, identity, folder)
        if damaged_objects:
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
