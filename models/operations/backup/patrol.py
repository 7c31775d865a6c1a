"""The daily look at what lies in the places: every byte of a folder, a thirtieth of what is far
away, so that a month sees all of it."""

import contextlib
import datetime as dt
import json
import tempfile
from pathlib import Path

from models.adapters import blobs, stores
from models.core.clock import now
from models.operations.backup import aftermath, keys, proof, run, snapshot
from models.operations.backup.backup import Backup, taken_then
from models.operations.backup.facts import facts_of, facts_text
from models.operations.backup.place import Place

OBJECTS = ("dump.age", "start.age", "manifest.age")


def faults():
    """Sentences; a place that cannot be reached is told by its own backup and is left out here."""
    found = []
    # the list of backups is as old as the restored one, and what lies there is another machine's
    if aftermath.paused_after_restore():
        return found
    for place in Place.in_use():
        with (
            contextlib.suppress(stores.Unreachable, keys.WrongKey),
            contextlib.closing(place.open()) as store,
        ):
            found += [
                describe_fault(place, *harm)
                for harm in damaged(place, store, all_=place.kind == "folder")
            ]
    return found


def describe_fault(place, backup, name):
    return f"backup place {place.name}: " + (
        f"backup {backup}: {name} is missing or was changed"
        if backup
        else f"the copy of file {name} is missing or was changed"
    )


def damaged(place, store, all_=True):
    """[(backup or "", what)] that is not as it was written there."""
    found, wanted = [], set()
    identity = keys.kept(snapshot.folder())
    key = identity and keys.fingerprint(identity.to_public())
    turn = now().toordinal() % proof.SLICES
    with tempfile.TemporaryDirectory(dir=proof.scratch_home()) as folder:
        for backup in Backup.standing().where(Backup.place == place.id).order_by(Backup.taken_at):
            if not all_ and backup.id % proof.SLICES != turn:
                continue
            harmed, manifest = _looked(store, backup, identity, Path(folder))
            found += [(backup.name, name) for name in harmed]
            if manifest:
                wanted |= set(manifest["files"])
        for sha in sorted(wanted):
            if all_ or int(sha[:8], 16) % proof.SLICES == turn:
                try:
                    proof.file_of(store, key, sha, identity, f"{folder}/file")
                except proof.Unproven:
                    found.append(("", sha))
    return found


def _looked(store, backup, identity, folder):
    """(names of the parts that are harmed, the manifest if it can be read). manifest.json is told
    by all that it tells of."""
    harmed, objects, manifest = [], {}, None
    for name in OBJECTS:
        raw = folder / name
        try:
            store.get(f"backups/{backup.name}/{name}", raw)
            objects[name] = {"sha256": keys.sha_of(raw), "size": raw.stat().st_size}
            keys.unlock(raw, folder / "plain", identity)
            if name == "manifest.age":
                manifest = proof.unpacked(folder / "plain")
        except (stores.Missing, keys.WrongKey):
            harmed.append(name)
    try:
        store.get(f"backups/{backup.name}/manifest.json", folder / "manifest.json")
        told = (folder / "manifest.json").read_bytes()
    except stores.Missing:
        told = b""
    if harmed:
        # The objects' hashes cannot be reckoned again, so only what is clearly torn is said of it.
        try:
            json.loads(told)
        except ValueError:
            harmed.append("manifest.json")
    elif (
        told
        != facts_text(
            facts_of(backup.name, backup.taken_at, identity.to_public(), manifest, objects)
        ).encode()
    ):
        harmed.append("manifest.json")
    return harmed, manifest


def repair_place(place, store):
    """Carry anew what is harmed there: from the files here, from another place, or by a fresh
    backup. Returns (mended, left)."""
    mended, left, identity = [], [], keys.kept(snapshot.folder())
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
                mended.append(describe_fault(place, backup, name))
            except blobs.Damaged:
                left.append(describe_fault(place, backup, name))
        elif _derived(place, store, backup, name, identity) or _from_elsewhere(
            place, store, backup, name
        ):
            mended.append(describe_fault(place, backup, name))
        else:
            _instead(place, store, backup, name)
            mended.append(
                f"{describe_fault(place, backup, name)}; no copy of it is left, a fresh backup "
                "takes its place"
            )
    Backup.compute(place)  # the day on which one ends may be what was torn
    return mended, left


def _derived(place, store, name, part, identity):
    """manifest.json is written anew from the rest, or the row set right by it."""
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

        if taken := _row_is_wrong(store, name, folder / "told", expected):
            Backup.update(taken_at=taken).where(Backup.id == backup.id).execute()
            return True
        (folder / "manifest.json").write_text(expected(backup.taken_at))
        store.put(f"backups/{name}/manifest.json", folder / "manifest.json")
    return True


def _row_is_wrong(store, name, path, expected):
    """The moment that manifest.json tells, when all else in it is right and the name of the backup
    says so too: then a bit fell in our own row. None otherwise."""
    with contextlib.suppress(stores.Missing, ValueError, KeyError, TypeError):
        store.get(f"backups/{name}/manifest.json", path)
        taken = dt.datetime.fromisoformat(json.loads(path.read_bytes())["taken_at"])
        return taken if taken_then(name, taken) and path.read_text() == expected(taken) else None


def _from_elsewhere(place, store, name, part):
    """The same backup in another place has the same bytes."""
    for twin in Backup.standing().where(Backup.name == name, Backup.place != place.id):
        with (
            contextlib.suppress(stores.Unreachable, stores.Missing, keys.WrongKey),
            contextlib.closing(twin.place.open()) as other,
            run.scratch() as folder,
        ):
            identity = keys.kept(snapshot.folder())
            other.get(f"backups/{name}/{part}", folder / part)
            keys.unlock(folder / part, folder / "plain", identity)
            store.put(f"backups/{name}/{part}", folder / part)
            return True
    return False


def _instead(place, store, name, part):
    """It cannot be relied on any more: without its manifest it is none, and a fresh one is made at
    once. The next good backup takes away what is left of it."""
    row = Backup.get(Backup.place == place.id, Backup.name == name)
    if row.state == "kept":
        store.delete(f"backups/{name}/manifest.json")
        row.lose(f"{part} was damaged in the place")
    place.ask_now()
