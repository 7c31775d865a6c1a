"""The daily check of what is in the places: every byte of a folder; of a remote place a thirtieth,
so that all of it is read within a month."""

import contextlib
import datetime as dt
import json
import tempfile
from pathlib import Path

from models.adapters import blobs, stores
from models.core.clock import now
from models.operations.backup import keys, post_restore, proof, run, snapshot
from models.operations.backup.backup import Backup, taken_then
from models.operations.backup.facts import facts_of, facts_text
from models.operations.backup.place import Place

OBJECTS = ("dump.age", "start.age", "manifest.age")


def faults():
    """Sentences. A place that cannot be reached is left out: its own backup reports that."""
    found = []
    # our list of backups is as old as the restored one, and the other machine may write there
    if post_restore.paused_after_restore():
        return found
    for place in Place.in_use():
        with (
            contextlib.suppress(stores.Unreachable, keys.WrongKey),
            contextlib.closing(place.open()) as store,
        ):
            found += [
                describe_fault(place, *damage)
                for damage in damaged(place, store, all_=place.kind == "folder")
            ]
    return found


def describe_fault(place, backup, name):
    return f"backup place {place.name}: " + (
        f"backup {backup}: {name} is missing or was changed"
        if backup
        else f"the copy of file {name} is missing or was changed"
    )


def damaged(place, store, all_=True):
    """[(backup or "", object)] of what is missing or differs from what was written there."""
    found, wanted = [], set()
    identity = keys.load(snapshot.folder())
    key = identity and keys.fingerprint(identity.to_public())
    turn = now().toordinal() % proof.SLICES
    with tempfile.TemporaryDirectory(dir=proof.scratch_home()) as folder:
        for backup in Backup.standing().where(Backup.place == place.id).order_by(Backup.taken_at):
            if not all_ and backup.id % proof.SLICES != turn:
                continue
            broken, manifest = _read_backup(store, backup, identity, Path(folder))
            found += [(backup.name, name) for name in broken]
            if manifest:
                wanted |= set(manifest["files"])
        for sha in sorted(wanted):
            if all_ or int(sha[:8], 16) % proof.SLICES == turn:
                try:
                    proof.file_of(store, key, sha, identity, f"{folder}/file")
                except proof.Unproven:
                    found.append(("", sha))
    return found


def _read_backup(store, backup, identity, folder):
    """(names of the damaged objects, the manifest if it can be read). What manifest.json must be is
    computed from the other objects."""
    broken, objects, manifest = [], {}, None
    for name in OBJECTS:
        raw = folder / name
        try:
            store.get(f"backups/{backup.name}/{name}", raw)
            objects[name] = {"sha256": keys.sha_of(raw), "size": raw.stat().st_size}
            keys.unlock(raw, folder / "plain", identity)
            if name == "manifest.age":
                manifest = proof.unpacked(folder / "plain")
        except (stores.Missing, keys.WrongKey):
            broken.append(name)
    try:
        store.get(f"backups/{backup.name}/manifest.json", folder / "manifest.json")
        content = (folder / "manifest.json").read_bytes()
    except stores.Missing:
        content = b""
    if broken:
        # What it must be cannot be computed, so it counts as damaged only if it is no JSON.
        try:
            json.loads(content)
        except ValueError:
            broken.append("manifest.json")
    elif (
        content
        != facts_text(
            facts_of(backup.name, backup.taken_at, identity.to_public(), manifest, objects)
        ).encode()
    ):
        broken.append("manifest.json")
    return broken, manifest


def repair_place(place, store):
    """Write what is damaged there again: from the files here, from another place, or by a new
    backup. Returns (repaired, not repaired), as sentences."""
    repaired, left, identity = [], [], keys.load(snapshot.folder())
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
                left.append(describe_fault(place, backup, name))
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
    Backup.compute(place)  # the damage may be in the day on which one expires
    return repaired, left


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
        except (stores.Missing, keys.WrongKey):
            return False

        def expected(taken):
            return facts_text(facts_of(name, taken, identity.to_public(), manifest, objects))

        if taken := _true_moment(store, name, folder / "read", expected):
            Backup.update(taken_at=taken).where(Backup.id == backup.id).execute()
            return True
        (folder / "manifest.json").write_text(expected(backup.taken_at))
        store.put(f"backups/{name}/manifest.json", folder / "manifest.json")
    return True


def _true_moment(store, name, path, expected):
    """The moment in manifest.json, when all else in it is right and the name of the backup agrees:
    then the moment in our own row is damaged. None otherwise."""
    with contextlib.suppress(stores.Missing, ValueError, KeyError, TypeError):
        store.get(f"backups/{name}/manifest.json", path)
        taken = dt.datetime.fromisoformat(json.loads(path.read_bytes())["taken_at"])
        return taken if taken_then(name, taken) and path.read_text() == expected(taken) else None


def _copy_from_other_place(place, store, name, part):
    """The same backup in another place has the same bytes."""
    for twin in Backup.standing().where(Backup.name == name, Backup.place != place.id):
        with (
            contextlib.suppress(stores.Unreachable, stores.Missing, keys.WrongKey),
            contextlib.closing(twin.place.open()) as other,
            run.scratch() as folder,
        ):
            identity = keys.load(snapshot.folder())
            other.get(f"backups/{name}/{part}", folder / part)
            keys.unlock(folder / part, folder / "plain", identity)
            store.put(f"backups/{name}/{part}", folder / part)
            return True
    return False


def _replace_by_new_backup(place, store, name, part):
    """Delete its manifest, so that nobody restores from it, and have a new backup made at once. The
    next good backup deletes the rest of it."""
    row = Backup.get(Backup.place == place.id, Backup.name == name)
    if row.state == "kept":
        store.delete(f"backups/{name}/manifest.json")
        row.lose(f"{part} was damaged in the place")
    place.ask_now()
