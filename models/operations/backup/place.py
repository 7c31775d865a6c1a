"""A place for backups: where it is, how often it is filled, how long backups are kept, and the
result of the last run."""

import datetime as dt

import peewee as pw

import transport
from models.adapters import stores
from models.adapters.outbox import Mail
from models.core import progress, sealing
from models.core.clock import local, now, today, zone
from models.core.database import db
from models.core.errors import Refused, refuse
from models.core.fields import JSONField
from models.core.journal import Journaled
from models.core.model import Model
from models.operations.backup import keys, post_restore, snapshot
from models.people import User

RHYTHMS = ("hourly", "daily", "weekly", "monthly")
KEEP = {"hourly": 24, "daily": 14, "weekly": 8, "monthly": 12, "yearly": 10}
RETRY_MINUTES = (5, 15, 60, 240)


class Place(Journaled, Model):
    """One place for backups, independent of the others."""

    name = pw.CharField(max_length=60)
    kind = pw.CharField(max_length=10)
    settings = JSONField(default=dict)
    secret = pw.CharField(max_length=8000, default="")
    rhythm = pw.CharField(max_length=10, default="daily")
    hour = pw.IntegerField(default=3)
    keep = JSONField(default=dict)
    active = pw.BooleanField(default=True)
    begun = pw.BooleanField(default=False)
    asked = pw.BooleanField(default=False)
    claimed_at = pw.DateTimeField(null=True)
    last_at = pw.DateTimeField(null=True)
    proven_at = pw.DateTimeField(null=True)
    next_at = pw.DateTimeField(null=True)
    tries = pw.IntegerField(default=0)
    trouble = pw.CharField(max_length=500, default="")
    unhashed = (
        "asked",
        "claimed_at",
        "last_at",
        "proven_at",
        "next_at",
        "tries",
        "trouble",
        "begun",
    )

    @classmethod
    def in_use(cls):
        return cls.select().where(cls.active).order_by(cls.id)

    @classmethod
    def due(cls):
        """The places that are to be filled now."""
        return [place for place in cls.in_use() if place.is_due]

    @classmethod
    def problems(cls):
        """[(place or None, "none", "trouble" or "late")] for the home page: no place, a failure, or
        no proof for too long."""
        return [] if post_restore.paused_after_restore() else cls.problems_of(list(cls.in_use()))

    @staticmethod
    def problems_of(places):
        """The same of the places in use, while backups do not pause."""
        if not places:
            return [(None, "none")]
        return [
            (place, "trouble" if place.trouble else "late")
            for place in places
            if place.trouble or place.late
        ]

    @staticmethod
    def last_proof(places):
        """When a backup was last proven in any of them."""
        return max((p.proven_at for p in places if p.proven_at), default=None)

    @property
    def is_due(self):
        if self.asked:
            return True
        # a later moment was written by a wrong clock
        latest = now() + dt.timedelta(minutes=RETRY_MINUTES[-1])
        if self.trouble:
            return self.next_at is None or self.next_at <= now() or self.next_at > latest
        return self.last_at is None or self.last_at < self.slot() or self.last_at > latest

    @property
    def running(self):
        return self.claimed_at is not None and progress.alive(self.progress_name, self.claimed_at)

    @property
    def progress_name(self):
        """The name of its progress."""
        return f"backup-{self.id}"

    @property
    def proving(self):
        """Whether its backup is kept already and being proven."""
        return self.running and self.last_at is not None and self.last_at >= self.claimed_at

    @property
    def proof_due(self):
        """Whether its next backup is to be proven: the first of a day, one that a person asked for,
        and one after a failure."""
        proven_today = self.proven_at and local(self.proven_at).date() == today()
        return self.asked or bool(self.trouble) or not proven_today

    @property
    def late(self):
        """Whether there is no recent backup, or none recently proven; shown on the home page."""
        kept = self.last_at is None or now() - self.last_at <= self.deadline
        return bool(self.proven_at) and not (kept and now() - self.proven_at <= self.proof_deadline)

    @property
    def deadline(self):
        """How old the last backup may be: two periods and an hour, as one may be running."""
        return dt.timedelta(
            hours=2 * {"hourly": 1, "daily": 24, "weekly": 24 * 7, "monthly": 24 * 31}[self.rhythm]
            + 1
        )

    @property
    def proof_deadline(self):
        """How old the last proof may be: as a backup, but two days at least, as of the hourly ones
        one a day is proven."""
        return max(self.deadline, dt.timedelta(hours=49))

    def slot(self):
        """The latest moment (UTC) at which a backup should have begun."""
        # at the end of summer time an hour comes twice; the first counts
        local_now = local(now()).replace(fold=0)
        if self.rhythm == "hourly":
            slot = local_now.replace(minute=0, second=0, microsecond=0)
        else:
            slot = local_now.replace(hour=self.hour, minute=0, second=0, microsecond=0)
            if self.rhythm == "weekly":
                slot -= dt.timedelta(days=slot.weekday())
            if self.rhythm == "monthly":
                slot = slot.replace(day=1)
            if slot > local_now:
                slot = {
                    "daily": slot - dt.timedelta(days=1),
                    "weekly": slot - dt.timedelta(days=7),
                    "monthly": (slot - dt.timedelta(days=1)).replace(day=1),
                }[self.rhythm]
        return slot.replace(tzinfo=zone()).astimezone(dt.timezone.utc).replace(tzinfo=None)

    def open(self):
        """Its store, opened. Raises stores.Unreachable, sealing.WrongKey."""
        settings = dict(self.settings)
        secret = sealing.unseal(self.secret, snapshot.config()["SECRET_KEY"])
        try:
            store = stores.open_store(self.kind, settings, secret, begin=not self.begun)
        except Refused as error:  # the driver was there when the place was added
            raise stores.Unreachable(f"{error.facts['name']} is not installed") from error
        if not self.begun:
            self._begin(settings)
        return store

    @classmethod
    @db.atomic()
    def add(cls, by, name, kind, settings, secret, rhythm="daily", hour=3, keep=None):
        """Add a place; the worker tries it at once. With the first place the key is made that
        encrypts all backups."""
        by.must("back_up")
        kind in stores.KINDS and rhythm in RHYTHMS or refuse("choice_unknown")
        settings = cls.validated(kind, settings)
        cls.check_not_taken(kind, settings)
        keys.make(snapshot.folder())
        place = cls.create(
            name=name or kind,
            kind=kind,
            settings=settings,
            rhythm=rhythm,
            hour=hour,
            asked=True,
            secret=sealing.seal(secret, snapshot.config()["SECRET_KEY"]),
            keep={**KEEP, **(keep or {})},
        )
        place.record("added", by, kind=kind)
        return place

    @staticmethod
    def validated(kind, settings):
        """The settings that this kind has. Refused when one is missing, or the kind's driver is."""
        values = {name: str(settings.get(name) or "").strip() for name in stores.FIELDS[kind]}
        all(values[name] for name in stores.NEEDED[kind]) or refuse("place_incomplete")
        if kind == "folder" and not values["path"].startswith("/") and values["path"][1:3] != ":\\":
            refuse("place_path")
        if kind == "webdav" and not values["url"].startswith(("http://", "https://")):
            refuse("place_url")
        if values.get("endpoint") and not values["endpoint"].startswith(("http://", "https://")):
            refuse("place_url")
        if values.get("port") and not values["port"].isdecimal():
            refuse("amount_unreadable")
        host = Place._in_clear(values)
        if host and host.lower() not in snapshot.config()["WITHOUT_TLS"]:
            refuse("place_plain", host=host)
        stores.store_class(kind)
        return values

    @staticmethod
    def _in_clear(settings):
        return transport.in_clear(settings.get("url") or settings.get("endpoint") or "")

    @property
    def in_clear(self):
        """Whether its secret travels to another machine without encryption."""
        return bool(self._in_clear(self.settings))

    @classmethod
    def check_not_taken(cls, kind, settings, except_id=None):
        """Refused where another place, in use or not, has its backups, as each would delete the
        other's."""
        for other in cls.select().where(cls.kind == kind, cls.id != (except_id or 0)):
            if stores.location_key(kind, other.settings) == stores.location_key(kind, settings):
                refuse("place_taken", name=other.name)

    @db.atomic()
    def revise(self, by, name, settings, secret, rhythm, hour, keep):
        """Change it. An empty secret keeps the old one; a place with other settings is tried
        again."""
        by.must("back_up")
        rhythm in RHYTHMS or refuse("choice_unknown")
        values = self.validated(self.kind, settings)
        keep, stored = {**KEEP, **keep}, {k: self.settings.get(k, "") for k in values}
        kept = (self.name, stored, self.rhythm, self.hour, {**KEEP, **self.keep})
        if not secret and (name or self.kind, values, rhythm, hour, keep) == kept:
            return
        Place.check_not_taken(self.kind, values, self.id)
        if any(values[k] != self.settings.get(k, "") for k in values):
            self.settings, self.begun = values, False
        if secret:
            self.secret = sealing.seal(secret, snapshot.config()["SECRET_KEY"])
        self.name, self.rhythm, self.hour, self.keep = (
            name or self.kind,
            rhythm,
            hour,
            keep,
        )
        self.trouble, self.next_at, self.tries = "", None, 0
        self.save_changes(by)
        self.backups.model.recompute_expiry(self)

    @db.atomic()
    def ask(self, by):
        """Ask for a backup now."""
        by.must("back_up")
        self.active or refuse("place_off")
        if post_restore.paused_after_restore():
            refuse("place_rests")
        self.asked = True
        self.save()
        self.record("asked", by)

    @db.atomic()
    def switch(self, by, on):
        """Use it or stop using it; the backups there stay."""
        by.must("back_up")
        self.active = on
        self.save()
        self.record("switched_on" if on else "switched_off", by)

    def ask_now(self):
        """Let the worker fill it, for the command line."""
        Place.update(asked=True).where(Place.id == self.id).execute()

    def claim(self):
        """True for the one worker that may fill this place."""
        unclaimed = (
            Place.claimed_at.is_null()
            if not self.claimed_at or self.running
            else Place.claimed_at == self.claimed_at
        )
        claim = Place.update(claimed_at=now(), asked=False).where(Place.id == self.id, unclaimed)
        return claim.execute() == 1

    @db.atomic()
    def mark_kept(self, taken_at, proof_follows):
        """Note that a backup is there."""
        Place.update(last_at=taken_at).where(Place.id == self.id).execute()
        if not proof_follows:
            self._end()

    @db.atomic()
    def mark_proven(self):
        """Note that the last backup was restored and equals its source."""
        Place.update(proven_at=now()).where(Place.id == self.id).execute()
        self._end()

    def _end(self):
        Place.update(trouble="", tries=0, next_at=None, claimed_at=None).where(
            Place.id == self.id
        ).execute()

    @db.atomic()
    def mark_failed(self, error):
        """Note a failure for the home page, mail the administrators once a day, and try again
        soon."""
        wait = RETRY_MINUTES[min(self.tries, len(RETRY_MINUTES) - 1)]
        Place.update(
            trouble=str(error)[:500] or type(error).__name__,
            tries=Place.tries + 1,
            claimed_at=None,
            next_at=now() + dt.timedelta(minutes=wait),
        ).where(Place.id == self.id).execute()
        for admin in User.with_role("admin"):
            Mail.enqueue_to(
                admin,
                f"backup-{self.id}-{today()}-{admin.id}",
                "backup_trouble",
                {"place": self.name, "trouble": str(error)[:500]},
            )

    @db.atomic()
    def _begin(self, settings):
        self.settings, self.begun = settings, True
        self.save()
        self.record("begun", None)
