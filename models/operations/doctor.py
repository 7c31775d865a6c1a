"""The doctor: numbered checks of this installation, each with what was found. The sentences and the
cures are in views/staff/status.py."""

import importlib.metadata
import io
import json
import logging
import os
import platform
import re
import shutil
import sqlite3
import stat
import tempfile
import zipfile
from logging.handlers import RotatingFileHandler
from pathlib import Path

import peewee as pw

from config import VERSION, OneLineFormatter
from models.adapters.outbox import Mail
from models.approvals.deadline import year_without_holidays
from models.core.clock import now
from models.core.database import db
from models.core.errors import Refused
from models.core.journal import Event
from models.core.lease import Lease
from models.core.model import tables
from models.operations import checks
from models.operations.backup import Place, keys, restore, schema, snapshot

LEAST_FREE = 1024
LOG = "logs/danju.log"


def examine(thorough=True):
    """[(number, code, good, facts)]. A check that raises counts as bad and stops no other."""
    found = []
    for number, (code, look) in enumerate(CHECKS, 1):
        if look is _data_intact and not thorough:
            look = _last_daily
        try:
            facts = look()
        except Exception as error:
            facts = {"found": f"{type(error).__name__}: {error}"}
        found.append((number, code, not facts, facts or {}))
    return found


def _database():
    if isinstance(db.obj, pw.SqliteDatabase):
        return {} if restore.readable(db.obj) else {"found": "integrity_check"}
    db.execute_sql("SELECT 1").fetchone()


def _schema():
    try:
        pending = schema.pending()
    except Refused:
        return {"found": "< 0.9.0"}
    return {"found": ", ".join(pending)} if pending else {}


def _data_intact():
    found = checks.all_faults(snapshot.folder(), snapshot.config()["SECRET_KEY"])
    return {"found": f"{len(found)}: " + "; ".join(found[:5])} if found else {}


def _last_daily():
    row = Lease.get_or_none(Lease.name == "job daily check")
    return {"found": row.trouble} if row and row.trouble else {}


def _disk():
    free = shutil.disk_usage(snapshot.folder()).free // 2**20
    try:
        tempfile.TemporaryFile(dir=snapshot.folder()).close()
    except OSError as error:
        return {"found": str(error)}
    return {"found": f"{free} MB", "free": free} if free < LEAST_FREE else {}


def _private():
    names = [
        n
        for n in ("secret_key", "backup_key")
        if (p := snapshot.folder() / n).exists()
        and p.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]
    return {"found": ", ".join(names)} if names else {}


def _address():
    base = snapshot.config()["BASE_URL"]
    return (
        {"found": base}
        if base.startswith("http://") and not re.match(r"http://(localhost|127\.|\[::1\])", base)
        else {}
    )


def _mail():
    failed = Mail.failed().count()
    return (
        {"found": "SMTP_URL"}
        if not snapshot.config()["SMTP_URL"]
        else {"found": str(failed)}
        if failed
        else {}
    )


def _clock():
    last = max(
        (at for (at,) in Event.select(Event.at).order_by(Event.id.desc()).limit(1000).tuples()),
        default=None,
    )
    return {"found": f"{last:%Y-%m-%d %H:%M} UTC", "at": last} if last and last > now() else {}


def _scheduler():
    return {} if Lease.running("scheduler", now()) else {"found": "scheduler"}


def _jobs():
    troubles = [f"{row.name}: {row.trouble}" for row in Lease.troubles()]
    return {"found": "; ".join(troubles)[:500]} if troubles else {}


def _backups():
    worries = Place.worries()
    return (
        {
            "found": "; ".join(
                f"{p.name}: {p.trouble or p.proven_at}" if p else what for p, what in worries
            ),
            "worries": [
                (p.name, what, p.trouble, p.proven_at) if p else ("", what, "", None)
                for p, what in worries
            ],
        }
        if worries
        else {}
    )


def _second():
    return (
        {}
        if any(place.proven_at and _elsewhere(place) for place in Place.in_use())
        else {"found": "0"}
    )


def _elsewhere(place):
    """Whether it is on another disk than the data. A network disk that is not mounted is a folder
    on this one."""
    try:
        return (
            place.kind != "folder"
            or os.stat(place.settings["path"]).st_dev != os.stat(snapshot.folder()).st_dev
        )
    except OSError:
        return False


def _sheet():
    return {} if keys.printed(snapshot.folder()) else {"found": keys.NAME}


def _holidays():
    year = year_without_holidays()
    return {"found": str(year), "year": year} if year else {}


CHECKS = (
    ("database", _database),
    ("schema", _schema),
    ("sound", _data_intact),
    ("disk", _disk),
    ("private", _private),
    ("address", _address),
    ("mail", _mail),
    ("clock", _clock),
    ("scheduler", _scheduler),
    ("jobs", _jobs),
    ("backups", _backups),
    ("second", _second),
    ("sheet", _sheet),
    ("holidays", _holidays),
)


def figures():
    """Versions and sizes, without anybody's data."""
    counts = {cls._meta.table_name: _rows(cls) for cls in tables() if cls.__name__ != "Model"}
    kind = (
        f"SQLite {sqlite3.sqlite_version}"
        if isinstance(db.obj, pw.SqliteDatabase)
        else str(db.execute_sql("SHOW server_version").fetchone()[0])
    )
    return {
        "version": VERSION,
        "python": platform.python_version(),
        "system": platform.platform(),
        "database": kind,
        "schema": schema.known()[-1],
        "free_mb": shutil.disk_usage(snapshot.folder()).free // 2**20,
        "tables": dict(sorted(counts.items())),
    }


def _rows(cls):
    """How many, or "unreadable" for a damaged table, so that the other figures are still shown."""
    try:
        return cls.select().count()
    except pw.DatabaseError:
        return "unreadable"


def bundle():
    """A zip for whoever helps: versions, counts, checks, which settings are set, and the log
    without personal data."""
    out = io.BytesIO()
    settings = {
        name: bool(value)
        for name, value in snapshot.config().items()
        if name in snapshot.KEPT_SETTINGS
    }
    packages = sorted(
        f"{d.metadata['Name']}=={d.version}" for d in importlib.metadata.distributions()
    )
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
        box.writestr("figures.json", json.dumps(figures(), indent=1))
        box.writestr("settings.json", json.dumps(settings, indent=1))
        box.writestr("packages.txt", "\n".join(packages))
        box.writestr(
            "checks.txt",
            "\n".join(
                f"{n} {code}: {'good' if good else 'bad ' + redacted(str(facts.get('found', '')))}"
                for n, code, good, facts in examine(thorough=False)
            ),
        )
        path = snapshot.folder() / LOG
        if path.exists():
            box.writestr(
                "log.txt",
                "\n".join(map(redacted, path.read_text(errors="replace").splitlines()[-2000:])),
            )
    return out.getvalue()


KNOWN = re.compile(
    r"\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(?:Z|,\d+)? "
    r"(?:DEBUG|INFO|WARNING|ERROR|CRITICAL) [\w.]+|"
    r"^\s*File \"(?:[^\"]*/)?([\w.]+\.py)\", line \d+, in \w+|^Traceback \(most recent "
    r"call last\):|^[\w.]+(?:Error|Exception|Refused|Damaged|Warning)\b"
)


def redacted(line):
    """Only what our own program wrote: when, where, which kind of error. Anything that may hold a
    name or a number is removed."""
    known = KNOWN.match(line)
    return f"{known.group(0)} …" if known else "…"


def install_log(folder):
    """A log beside the data that never fills the disk: ten old files of five megabytes."""
    path = Path(folder) / LOG
    try:
        path.parent.mkdir(exist_ok=True, mode=0o700)
        open(path, "a").close()
    except OSError as error:  # a full or read-only disk: the portal can be read all the same
        logging.getLogger("danju").error("no log file: %s", error)
        return None
    handler = RotatingFileHandler(path, maxBytes=5 * 2**20, backupCount=10, encoding="utf-8")
    # else text from outside could begin a line that looks like ours, and get into the bundle
    handler.setFormatter(OneLineFormatter())
    logging.getLogger().addHandler(handler)
    return handler
