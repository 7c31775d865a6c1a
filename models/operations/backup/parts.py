"""The parts of a dump in a place: a part whose rows are as in an earlier backup is there already,
as a file is, and is not written again."""

import gzip
import hmac
import shutil
from pathlib import Path

from models.adapters import stores
from models.operations.backup import dump, keys


class Unproven(Exception):
    """The backup is not what was written; the text names the part."""


def name_of(part, identity):
    """Its content's hash under the key: the plain hash would tell who guesses a small part that the
    guess is right."""
    return hmac.digest(str(identity).encode(), part, "sha256").hex()


def key_of(under, name):
    return f"parts/{under}/{name[:2]}/{name}.age"


def write(source, folder, identity, wanted, tick=lambda part: None):
    """Write the parts whose names are `wanted` into `folder`, encrypted. Returns what the manifest
    says of the rows."""
    tables, names = {}, []
    for part in dump.parts(source, tables, tick):
        name = name_of(part, identity)
        names.append([name, len(part)])
        if wanted(name) and not path_in(folder, name).exists():
            path_in(folder, name).write_bytes(
                keys.locked(dump.compressed(part), identity.to_public())
            )
    return {"tables": tables, "parts": names}


def path_in(folder, name):
    return Path(folder, f"{name}.part")


def names_of(manifest):
    """The names of its parts, in their order; none in a backup of 1.0.0 or before, whose rows are
    in dump.age."""
    return [name for name, _size in manifest.get("parts", ())]


def fetch(store, under, name, identity, out):
    """Write one part to `out`, as gzip. Raises Unproven when it is missing or not what its name
    says."""
    encrypted = Path(f"{out}.age")
    try:
        store.get(key_of(under, name), encrypted)
        compressed = keys.unlocked(encrypted.read_bytes(), identity)
        if name_of(gzip.decompress(compressed), identity) != name:
            raise Unproven(f"part {name} of the rows there is damaged")
    except (stores.Missing, keys.WrongKey, *dump.UNREADABLE) as error:
        raise Unproven(f"part {name} of the rows there is missing or damaged") from error
    finally:
        encrypted.unlink(missing_ok=True)
    Path(out).write_bytes(compressed)


def fetch_all(store, under, names, identity, out, tick=lambda part: None):
    """Write the dump that consists of these parts to `out`."""
    folder = Path(f"{out}.parts")
    folder.mkdir(exist_ok=True)
    stores.parallel_map(
        store,
        sorted(set(names)),
        lambda name: fetch(store, under, name, identity, folder / name),
        tick,
    )
    with open(out, "wb") as whole:
        for name in names:
            whole.write((folder / name).read_bytes())
    shutil.rmtree(folder)
