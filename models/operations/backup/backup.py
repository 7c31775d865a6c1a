"""A backup in a place: until when it is kept, and when it was last proven."""

import datetime as dt
import secrets

import peewee as pw

from models.core.clock import local, now
from models.core.database import db
from models.core.fields import JSONField
from models.core.model import Model
from models.operations.backup.place import Place

SPANS = {
    "hourly": dt.timedelta(hours=1),
    "daily": dt.timedelta(days=1),
    "weekly": dt.timedelta(days=7),
    "monthly": dt.timedelta(days=31),
    "yearly": dt.timedelta(days=366),
}
MINIMUM = dt.timedelta(days=1)
INTERRUPTED = "interrupted"


def period(span, moment):
    """The hour, day, week, month or year of the firm's calendar in which the moment lies."""
    local_moment = local(moment)
    return {
        "hourly": f"{local_moment:%Y%m%d%H}",
        "daily": f"{local_moment:%Y%m%d}",
        "weekly": "%d-%d" % local_moment.isocalendar()[:2],
        "monthly": f"{local_moment:%Y%m}",
        "yearly": f"{local_moment:%Y}",
    }[span]


def name_at(moment):
    """The name of a backup taken at this moment (UTC). It contains the moment to the microsecond,
    so that a damaged moment in our row can be corrected by it."""
    return f"{moment:%Y%m%dT%H%M%SZ}-{moment.microsecond:05x}{secrets.token_hex(1)}"


def is_name_of(name, moment):
    """Whether a backup of this name was taken at the moment. Names of earlier versions contain only
    the second."""
    second, suffix = name.split("-")
    return second == f"{moment:%Y%m%dT%H%M%SZ}" and (
        len(suffix) == 6 or suffix[:5] == f"{moment.microsecond:05x}"
    )


class Backup(Model):
    """running → kept → expired, or failed. The place says how long the first backup of each hour,
    day, week, month and year is kept, so its end is known from the beginning."""

    place = pw.ForeignKeyField(Place, backref="backups")
    name = pw.CharField(max_length=40)
    state = pw.CharField(max_length=10, default="running", index=True)
    taken_at = pw.DateTimeField()
    expires_at = pw.DateTimeField()
    expires_on = pw.DateField()
    rows = pw.IntegerField(default=0)
    files = pw.IntegerField(default=0)
    new_files = pw.IntegerField(default=0)
    size = pw.BigIntegerField(default=0)
    seconds = pw.IntegerField(default=0)
    facts = JSONField(default=dict)
    proven_at = pw.DateTimeField(null=True)
    error = pw.CharField(max_length=500, default="")

    class Meta:
        indexes = ((("place", "name"), True),)

    @classmethod
    def standing(cls):
        """Backups that can be restored today."""
        return cls.select().where(cls.state == "kept")

    @classmethod
    @db.atomic()
    def begin(cls, place, name, taken_at):
        return cls.create(place=place, name=name, taken_at=taken_at, **cls._expiry(place, taken_at))

    @classmethod
    def _expiry(cls, place, taken_at, others=None):
        """The end of a backup of this moment, which depends on the backups before it."""
        if others is None:
            others = [
                b.taken_at
                for b in cls.select(cls.taken_at).where(
                    cls.place == place,
                    cls.state.in_(("kept", "expired")),
                    cls.taken_at < taken_at,
                    cls.taken_at > taken_at - SPANS["yearly"],
                )
            ]
        until = taken_at + MINIMUM
        for span, length in SPANS.items():
            if place.keep.get(span) and period(span, taken_at) not in {
                period(span, other) for other in others
            }:
                until = max(until, taken_at + length * place.keep[span])
        return {"expires_at": until, "expires_on": local(until).date()}

    @classmethod
    @db.atomic()
    def recompute_expiry(cls, place):
        """Compute all ends again, when the place's rule has changed."""
        rows = list(
            cls.select()
            .where(cls.place == place, cls.state.in_(("kept", "expired")))
            .order_by(cls.taken_at)
        )
        for i, row in enumerate(rows):
            if row.state == "kept":
                expiry = cls._expiry(place, row.taken_at, [b.taken_at for b in rows[:i]])
                cls.update(**expiry).where(cls.id == row.id).execute()

    @classmethod
    def deletable(cls, place):
        """Backups that may be deleted from the place; never the newest proven one."""
        newest = (
            cls.standing()
            .where(cls.place == place, cls.proven_at.is_null(False))
            .order_by(cls.taken_at.desc())
            .first()
        )
        rows = cls.standing().where(cls.place == place, cls.expires_at <= now())
        return rows.where(cls.id != newest.id) if newest else rows.where(cls.id < 0)

    @db.atomic()
    def finish(self, **facts):
        """Mark it as complete in the place."""
        self.move("running", to="kept", **facts)

    @db.atomic()
    def prove(self, seconds, faults):
        """Mark it as proven: it was restored and equals its source. `faults` are those of the
        source."""
        Backup.update(proven_at=now(), seconds=seconds, error="; ".join(faults)[:500]).where(
            Backup.id == self.id
        ).execute()

    @db.atomic()
    def mark_failed(self, error):
        Backup.update(state="failed", error=str(error)[:500]).where(
            Backup.id == self.id, Backup.state == "running"
        ).execute()
        Backup.update(error=str(error)[:500], proven_at=None).where(
            Backup.id == self.id, Backup.state == "kept"
        ).execute()

    @db.atomic()
    def mark_lost(self, error):
        """Mark it as damaged for good, so that nobody restores from it."""
        self.move("kept", to="failed", error=str(error)[:500], proven_at=None)

    @db.atomic()
    def expire(self):
        self.move("kept", to="expired")

    @classmethod
    @db.atomic()
    def register_found(cls, place, facts):
        """Enter a backup that is in the place but not in our list, as after a restore; the one that
        was restored is in our list as interrupted."""
        taken = dt.datetime.fromisoformat(facts["taken_at"])
        sizes = {name: facts[name] for name in ("rows", "files", "size")}
        if (
            cls.update(state="kept", error="", **sizes)
            .where(
                cls.place == place,
                cls.name == facts["name"],
                cls.state == "failed",
                cls.error == INTERRUPTED,
            )
            .execute()
        ):
            return
        cls.insert(
            place=place,
            name=facts["name"],
            taken_at=taken,
            state="kept",
            **sizes,
            **cls._expiry(place, taken),
        ).on_conflict_ignore().execute()
