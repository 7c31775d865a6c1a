"""The keys: age encrypts every object.

Every backup is proven by decrypting it from its place, so the secret key stays on the server, in
`backup_key` of the data folder, readable by the portal alone. Whoever can read it can read the
database in the same folder anyway; the printed sheet is for the day when this machine is lost."""

import hashlib
import os
from pathlib import Path

import pyrage
from pyrage import x25519

from models.company import Company
from models.core.errors import refuse
from models.core.sealing import WrongKey

NAME = "backup_key"


def load(folder):
    """The identity with which this portal encrypts backups, or None before it is made."""
    path = Path(folder) / NAME
    return x25519.Identity.from_str(path.read_text().strip()) if path.exists() else None


def make(folder):
    """The identity of this portal, made now if there is none."""
    path = Path(folder) / NAME
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return load(folder)
    with os.fdopen(handle, "w") as out:
        out.write(str(x25519.Identity.generate()) + "\n")
        out.flush()
        os.fsync(out.fileno())
    return load(folder)


def printed(folder):
    """Whether someone confirmed that the sheet with this key is printed."""
    path, key = Path(folder) / f"{NAME}.printed", load(folder)
    return bool(key) and path.exists() and path.read_text() == fingerprint(key.to_public())


def note_shown(by):
    """Write down who had it shown."""
    by.must("back_up")
    Company.current().record("recovery_key_shown", by)


def note_printed(folder, by=None):
    key = load(folder)
    if key:
        (Path(folder) / f"{NAME}.printed").write_text(fingerprint(key.to_public()))
        by and Company.current().record("recovery_key_printed", by)


def use_identity(folder, text):
    """Use a restored identity from now on; another one is renamed, never overwritten."""
    path = Path(folder) / NAME
    if path.exists() and path.read_text().strip() != text:
        path.rename(path.with_name(f"{NAME}.before-{os.urandom(4).hex()}"))
    if not path.exists():
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        with os.fdopen(handle, "w") as out:
            out.write(text + "\n")


def read(text):
    """The identity that a person typed from the sheet; line breaks, spaces and case do not
    matter."""
    try:
        return x25519.Identity.from_str("".join(text.split()).upper())
    except (pyrage.IdentityError, ValueError):
        refuse("recovery_key_unreadable")


def fingerprint(recipient):
    """Eight characters that identify the key; a place has a folder of this name for its files."""
    return hashlib.sha256(str(recipient).encode()).hexdigest()[:8]


def lock(source, out, recipient):
    """Encrypt the file `source` to `out`."""
    with open(source, "rb") as data, open(out, "wb") as target:
        pyrage.encrypt_io(data, target, [recipient])


def unlock(source, out, identity):
    """Decrypt to `out`. Raises WrongKey when the key is another or a bit has changed."""
    try:
        with open(source, "rb") as data, open(out, "wb") as target:
            pyrage.decrypt_io(data, target, [identity])
    except (pyrage.DecryptError, OSError, ValueError) as error:
        raise WrongKey(str(error)) from error


def locked(data, recipient):
    """The bytes, encrypted."""
    return pyrage.encrypt(data, [recipient])


def unlocked(data, identity):
    """The bytes, decrypted. Raises WrongKey as unlock() does."""
    try:
        return pyrage.decrypt(data, [identity])
    except (pyrage.DecryptError, ValueError) as error:
        raise WrongKey(str(error)) from error


def sha_of(path):
    """SHA-256 of a file."""
    with open(path, "rb") as data:
        return hashlib.file_digest(data, "sha256").hexdigest()
