"""Whether this host has the keys of its portal. Several hosts share one database; one that draws
keys of its own would send forms that the others refuse, and back up under a key that is on no
sheet. So the database keeps a fingerprint of each key, and a host without the key does not start.
"""

import hashlib

from config import secret, secret_key
from models.company import Company
from models.core import journal
from models.core.database import db
from models.core.errors import refuse
from models.core.installation import TABLE, Installation
from models.operations.backup import keys, snapshot

SECRET = "secret_key"
MARKS = (SECRET, keys.NAME, keys.PRINTED)  # what is noted of them


def check():
    """Refused where a key is missing or another than the portal's. Asked before anything is
    written, also before the migrations."""
    here = _here()
    if not here[SECRET] and (_known(SECRET) or _has_rows("company")):
        refuse("secret_key_missing")
    if _known(SECRET) not in ("", here[SECRET]):
        refuse("secret_key_wrong")
    if not here[keys.NAME] and (_known(keys.NAME) or _has_rows("place")):
        refuse("backup_key_missing")
    if _known(keys.NAME) not in ("", here[keys.NAME]):
        refuse("backup_key_wrong")


def settle():
    """Draw the secret key of a new portal, and note the fingerprint of each key that has none yet.
    Of two hosts that draw one at the same time the first has its way."""
    draw()
    for name, here in _here().items():
        here and Installation.claim(name, here)
    check()
    keys.adopt_printed(snapshot.folder())


def draw():
    """Let there be a secret key."""
    config = snapshot.config()
    config["SECRET_KEY"] = config["SECRET_KEY"] or secret_key(snapshot.folder())


def note():
    """The keys that are here are the portal's from now on; returns the names of those changed."""
    changed = {name: here for name, here in _here().items() if here != _known(name)}
    for name, here in changed.items():
        Installation.write(name, here) if here else Installation.forget(name)
    return sorted(changed)


def accept(open_portal):
    """Take the keys that lie here, after they were changed on purpose, and draw what is missing;
    `open_portal` brings the schema up. Returns the names of those changed."""
    draw()
    if _has_rows("place"):
        keys.draw(snapshot.folder())
    changed = note() if db.table_exists(TABLE) else []
    open_portal()
    if SECRET in changed:
        journal.begin_anew(snapshot.config()["SECRET_KEY"])
    if changed and Company.current():
        Company.current().record("keys_changed", None, keys=changed)
    return changed


def given_otherwise(key, identity):
    """The settings of this host that give another key than a restored firm has."""
    wanted = {"SECRET_KEY": key, "BACKUP_KEY": str(identity)}
    return [name for name, text in wanted.items() if secret(name) and text not in secret(name)]


def _here():
    return {SECRET: _secret_mark(), keys.NAME: keys.mark(snapshot.folder())}


def _known(name):
    return Installation.read(name) if db.table_exists(TABLE) else ""


def _secret_mark():
    key = snapshot.config()["SECRET_KEY"]
    return key and hashlib.sha256(f"danju mark of {SECRET}{key}".encode()).hexdigest()[:16]


def _has_rows(table):
    return db.table_exists(table) and bool(
        db.execute_sql(f'SELECT 1 FROM "{table}" LIMIT 1').fetchone()
    )
