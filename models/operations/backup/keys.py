"""The keys: age encrypts every object.

Every backup is proven by decrypting it from its place, so the secret key stays on the server, in
BACKUP_KEY or in `backup_key` of the data folder, readable by the portal alone. Whoever can read it
can read the database in the same folder anyway; the printed sheet is for the day when this machine
is lost. All hosts of a portal have the same (host_keys.py)."""

import hashlib
import os
from pathlib import Path

import pyrage
from pyrage import x25519

from config import kept_secret, stored_secret
from models.company import Company
from models.core.errors import refuse
from models.core.installation import Installation
from models.core.sealing import WrongKey
from models.operations.backup import snapshot

NAME, PRINTED = "backup_key", "backup_key.printed"


def load(folder):
    """The identity with which this portal encrypts backups, or None before it is made. Refused when
    what lies there is no key."""
    try:
        text = snapshot.config().get("BACKUP_KEY") or kept_secret(Path(folder), NAME)
        return x25519.Identity.from_str(text) if text else None
    except (pyrage.IdentityError, ValueError):
        refuse("backup_key_wrong")


def mark(folder):
    """The fingerprint of the key that is here, or ""."""
    key = load(folder)
    return fingerprint(key.to_public()) if key else ""


def draw(folder):
    """The identity that is here, made now if there is none."""
    if not load(folder):
        stored_secret(Path(folder), NAME, str(x25519.Identity.generate()))
    return load(folder)


def make(folder):
    """The identity of this portal, made now if there is none. Refused where another host has it:
    a second key would be on nobody's sheet."""
    is_new = not load(folder)
    is_new and Installation.read(NAME) and refuse("backup_key_missing")
    identity = draw(folder)
    if Installation.claim(NAME, mark(folder)) != mark(folder):
        is_new and (Path(folder) / NAME).unlink()
        refuse("backup_key_missing" if is_new else "backup_key_wrong")
    return identity


def printed(folder):
    """Whether someone confirmed that the sheet with this key is printed."""
    return bool(mark(folder)) and Installation.read(PRINTED) == mark(folder)


def adopt_printed(folder):
    """Earlier versions noted it in a file of this host."""
    path = Path(folder) / PRINTED
    if path.exists():
        Installation.write(PRINTED, path.read_text())
        path.unlink()


def note_shown(by):
    """Write down who had it shown."""
    by.must("back_up")
    Company.current().record("recovery_key_shown", by)


def note_printed(folder, by=None):
    if mark(folder):
        Installation.write(PRINTED, mark(folder))
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
