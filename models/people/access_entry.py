"""Who was here: sign-ins, refusals, exports, changes of rights and devices, kept for a while so
that an administrator reads them on one page and a second place can be told."""

import collections
import contextlib
import datetime as dt
import logging
import re

import peewee as pw

from models.core import disk
from models.core.clock import now
from models.core.database import SHORT, db
from models.core.journal import origin, watchers
from models.core.model import Model
from models.people.account import log

KEPT, MOST = dt.timedelta(days=365), 50_000  # the journal itself keeps its events for good
TOGETHER = dt.timedelta(hours=1)  # refusals of one kind within it are one entry
SWEPT_EVERY = 200  # entries
PERSON = re.compile(r"\b(?:User|Contact) \d+\b")  # as the log names them
# What the lines of danju.security begin with; any other line is a refusal.
KIND_OF_LINE = {"exported": "export", "link asked for": "sign_in", "new device": "device"}
# What of the journal belongs here.
KIND_OF_ACTION = {
    "signed_in": "sign_in",
    "signed_out": "sign_in",
    "sessions_ended": "device",
    "everybody_signed_out": "device",
    "password_set": "rights",
    "disabled": "rights",
    "enabled": "rights",
    "entered": "rights",
    "invited": "rights",
    "revised": "rights",
    "provider_bound": "rights",
    "provider_released": "rights",
}
KINDS = ("sign_in", "refusal", "export", "rights", "device")
RIGHTS = {"roles", "email", "team", "superior", "sees_company"}  # whose change concerns rights
_unstored = collections.deque(maxlen=1000)  # lines of this process that wait to be kept


class AccessEntry(Model):
    """An event of the journal, or a line of the security log, that tells who was here."""

    at = pw.DateTimeField()
    last_at = pw.DateTimeField(index=True)
    times = pw.IntegerField(default=1)
    kind = pw.CharField(max_length=20)
    what = pw.CharField(max_length=60)
    person = pw.CharField(max_length=30, default="", index=True)
    address = pw.CharField(max_length=60, default="")
    told = pw.CharField(max_length=500, default="")
    journal_id = pw.IntegerField(null=True)  # of the event; the rest are lines of the log
    sent = pw.BooleanField(default=False)

    @classmethod
    def keep(cls, **facts):
        """Keep a line; equal refusals of one hour become one entry that counts them, so that
        whoever tries a thousand doors does not push the others out."""
        same = [getattr(cls, name) == facts[name] for name in ("what", "person", "address")]
        changed = (
            facts["kind"] == "refusal"
            and cls.update(times=cls.times + 1, last_at=facts["at"], told=facts["told"], sent=False)
            .where(cls.at > facts["at"] - TOGETHER, cls.journal_id.is_null(), *same)
            .execute()
        )
        changed or cls.enter(**facts)

    @classmethod
    def enter(cls, at, **facts):
        row = cls.create(at=at, last_at=at, **facts)
        if row.id % SWEPT_EVERY == 0:
            cls.delete().where((cls.id <= row.id - MOST) | (cls.last_at < now() - KEPT)).execute()

    @classmethod
    def unsent(cls, most=100):
        """What the second place has not been told, of the last day: what is older stands here."""
        recent = cls.last_at > now() - dt.timedelta(days=1)
        return list(cls.select().where(~cls.sent, recent).order_by(cls.id).limit(most))

    @classmethod
    def mark_sent(cls, rows):
        """Those that counted on meanwhile are told again."""
        for row in rows:
            cls.update(sent=True).where(cls.id == row.id, cls.times == row.times).execute()

    def facts(self):
        """What a second place is told."""
        return {
            "id": self.id,
            "at": f"{self.at.isoformat(timespec='seconds')}Z",
            "last_at": f"{self.last_at.isoformat(timespec='seconds')}Z",
            "times": self.times,
            "kind": self.kind,
            "what": self.what,
            "person": self.person,
            "address": self.address,
            "told": self.told,
        }


class _Collector(logging.Handler):
    """Lets the lines of the security log wait until the request is over: a line is often written
    inside a transaction that is rolled back."""

    def emit(self, record):
        told = record.getMessage().replace("\0", "").encode("utf-8", "replace").decode()[:500]
        what = re.split("[:,]", record.msg, maxsplit=1)[0][:60]
        _unstored.append(
            {
                "at": now(),
                "kind": KIND_OF_LINE.get(what, "refusal"),
                "what": what,
                "person": (PERSON.findall(told) or [""])[-1],
                "address": (origin() or "")[:60],
                "told": told,
            }
        )


def collect():
    """Let the lines of the security log be kept from now on."""
    _unstored.clear()
    log.setLevel(logging.INFO)
    if not any(isinstance(handler, _Collector) for handler in log.handlers):
        log.addHandler(_Collector())


def keep_waiting():
    """Keep the lines that wait, as long as nobody else writes; else they wait for the next time."""
    while _unstored:
        line, kept = _unstored.popleft(), False
        with contextlib.suppress(pw.DatabaseError), disk.if_free(SHORT), db.atomic():
            AccessEntry.keep(**line)
            kept = True
        if not kept:
            _unstored.appendleft(line)
            return


def _follow(event):
    """Keep an event of the journal that belongs here, in its transaction."""
    kind = KIND_OF_ACTION.get(event.action)
    if not kind or event.subject_type not in ("User", "Contact"):
        return
    if event.action == "revised" and not RIGHTS & set(event.facts.get("changed", ())):
        return
    if event.subject_type == "Contact" and event.action == "entered":
        return
    actor = f"{event.actor_type} {event.actor_id}" if event.actor_id else ""
    AccessEntry.enter(
        at=event.at,
        kind=kind,
        what=event.action,
        person=actor,
        address=(event.origin or "")[:60],
        told=f"{event.subject_type} {event.subject_id} {event.action}",
        journal_id=event.id,
    )


watchers.append(_follow)
