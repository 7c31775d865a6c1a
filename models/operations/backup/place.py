"""Place: where backups go, how often, how long they are kept there, and how it last went."""

import datetime as dt

import peewee as pw

from models.adapters import stores
from models.adapters.outbox import Mail
from models.core import progress
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
WAITS = (5, 15, 60, 240)


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
        """The places whose time has come, or that someone asked for."""
        return [place for place in cls.in_use() if place.wanted]

    @classmethod
    def worries(cls):
        """[(place or None, what)] for the home page: nothing set up, trouble, no proof for long."""
        if post_restore.paused_after_restore():
            return []
        places = list(cls.in_use())
        if not places:
            return [(None, "none")]
        return [
            (place, "trouble" if place.trouble else "late")
            for place in places
            if place.trouble or place.late
        ]

    @classmethod
    def last_proof(cls):
        """When a backup was last proven anywhere."""
        return max((p.proven_at for p in cls.in_use() if p.proven_at), default=None)

    @property
    def wanted(self):
        if self.asked:
            return True
        latest = now() + dt.timedelta(
            minutes=WAITS[-1]
        )  # beyond it lies only what a wrong clock wrote
        if self.trouble:
            return self.next_at is None or self.next_at <= now() or self.next_at > latest
        return self.last_at is None or self.last_at < self.slot() or self.last_at > latest

    @property
    def running(self):
        return self.claimed_at is not None and progress.alive(self.watch, self.claimed_at)

    @property
    def watch(self):
        """The name under which one sees how far it has come."""
        return f"backup-{self.id}"

    @property
    def late(self):
        """No proven backup for longer than two turns; shown on the home page."""
        return bool(self.proven_at and now() - self.proven_at > self.patience)

    @property
    def patience(self):
        """Two turns and an hour: until then a copy may be on its way."""
        return dt.timedelta(
            hours=2 * {"hourly": 1, "daily": 24, "weekly": 24 * 7, "monthly": 24 * 31}[self.rhythm]
            + 1
        )

    def slot(self):
        """The latest moment (UTC) at which a backup should have begun."""
        here = local(now()).replace(
            fold=0
        )  # where summer time ends an hour comes twice: the first of them counts
        if self.rhythm == "hourly":
            begin = here.replace(minute=0, second=0, microsecond=0)
        else:
            begin = here.replace(hour=self.hour, minute=0, second=0, microsecond=0)
            if self.rhythm == "weekly":
                begin -= dt.timedelta(days=begin.weekday())
            if self.rhythm == "monthly":
                begin = begin.replace(day=1)
            if begin > here:
                begin = {
                    "daily": begin - dt.timedelta(days=1),
                    "weekly": begin - dt.timedelta(days=7),
                    "monthly": (begin - dt.timedelta(days=1)).replace(day=1),
                }[self.rhythm]
        return begin.replace(tzinfo=zone()).astimezone(dt.timezone.utc).replace(tzinfo=None)

    def open(self):
        """Its store, opened. Raises stores.Unreachable, keys.WrongKey."""
        settings = dict(self.settings)
        secret = keys.unseal(self.secret, snapshot.config()["SECRET_KEY"])
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
        """Add a place; the worker tries it at once. The first one makes the key that all backups
        are locked with."""
        by.must("back_up")
        kind in stores.KINDS and rhythm in RHYTHMS or refuse("choice_unknown")
        settings = cls.checked(kind, settings)
        cls.alone_at(kind, settings)
        keys.make(snapshot.folder())
        place = cls.create(
            name=name or kind,
            kind=kind,
            settings=settings,
            rhythm=rhythm,
            hour=hour,
            asked=True,
            secret=keys.seal(secret, snapshot.config()["SECRET_KEY"]),
            keep={**KEEP, **(keep or {})},
        )
        place.record("added", by, kind=kind)
        return place

    @staticmethod
    def checked(kind, settings):
        """Only the fields that the kind has. Refused when one is missing, or the kind's driver."""
        cleaned = {name: str(settings.get(name) or "").strip() for name in stores.FIELDS[kind]}
        all(cleaned[name] for name in stores.NEEDED[kind]) or refuse("place_incomplete")
        if (
            kind == "folder"
            and not cleaned["path"].startswith("/")
            and cleaned["path"][1:3] != ":\\"
        ):
            refuse("place_path")
        if kind == "webdav" and not cleaned["url"].startswith(("http://", "https://")):
            refuse("place_url")
        if cleaned.get("endpoint") and not cleaned["endpoint"].startswith(("http://", "https://")):
            refuse("place_url")
        if cleaned.get("port") and not cleaned["port"].isdecimal():
            refuse("amount_unreadable")
        stores.store_class(kind)
        return cleaned

    @classmethod
    def alone_at(cls, kind, settings, but=None):
        """Refused where another place, in use or not, already keeps its backups: each would
        delete the other's."""
        for other in cls.select().where(cls.kind == kind, cls.id != (but or 0)):
            if stores.location_key(kind, other.settings) == stores.location_key(kind, settings):
                refuse("place_taken", name=other.name)

    @db.atomic()
    def revise(self, by, name, settings, secret, rhythm, hour, keep):
        """Change it. An empty secret keeps the old one; other settings mean that it is tried
        anew."""
        by.must("back_up")
        rhythm in RHYTHMS or refuse("choice_unknown")
        cleaned = self.checked(self.kind, settings)
        Place.alone_at(self.kind, cleaned, self.id)
        if any(cleaned[k] != self.settings.get(k, "") for k in cleaned):
            self.settings, self.begun = cleaned, False
        if secret:
            self.secret = keys.seal(secret, snapshot.config()["SECRET_KEY"])
        self.name, self.rhythm, self.hour, self.keep = (
            name or self.kind,
            rhythm,
            hour,
            {**KEEP, **keep},
        )
        self.trouble, self.next_at, self.tries = "", None, 0
        self.save()
        self.backups.model.compute(self)
        self.record("revised", by)

    @db.atomic()
    def ask(self, by):
        """Have a backup made now."""
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
        """Have it filled at the next look, for the command line."""
        Place.update(asked=True).where(Place.id == self.id).execute()

    def claim(self):
        """True for the one worker that gets to fill this place."""
        free = (
            Place.claimed_at.is_null()
            if not self.claimed_at or self.running
            else Place.claimed_at == self.claimed_at
        )
        hit = (
            Place.update(claimed_at=now(), asked=False).where(Place.id == self.id, free).execute()
            == 1
        )
        if hit:
            progress.note(self.watch, 0)
        return hit

    @db.atomic()
    def mark_succeeded(self, taken_at):
        """A proven backup is there."""
        Place.update(
            last_at=taken_at, proven_at=now(), trouble="", tries=0, next_at=None, claimed_at=None
        ).where(Place.id == self.id).execute()
        progress.clear(self.watch)

    @db.atomic()
    def mark_failed(self, error):
        """Show it on the home page, mail the administrators once a day, and try again soon."""
        Place.update(
            trouble=str(error)[:500] or type(error).__name__,
            tries=Place.tries + 1,
            claimed_at=None,
            next_at=now() + dt.timedelta(minutes=WAITS[min(self.tries, len(WAITS) - 1)]),
        ).where(Place.id == self.id).execute()
        for admin in User.with_role("admin"):
            Mail.enqueue(
                f"backup-{self.id}-{today()}-{admin.id}",
                to=admin.email,
                template="backup_trouble",
                language=admin.language,
                context={"name": admin.name, "place": self.name, "trouble": str(error)[:500]},
            )
        progress.clear(self.watch)

    @db.atomic()
    def _begin(self, settings):
        self.settings, self.begun = settings, True
        self.save()
        self.record("begun", None)
