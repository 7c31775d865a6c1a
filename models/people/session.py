"""Signed-in browsers."""

import contextlib
import datetime as dt
import secrets

import peewee as pw

from models.core import disk
from models.core.clock import now
from models.core.database import db
from models.core.model import Model
from models.core.prepared import prepared
from models.people.secrets import digest

IDLE, ABSOLUTE = dt.timedelta(hours=8), dt.timedelta(days=14)
SEEN_EVERY = dt.timedelta(minutes=5)  # how exactly the time of the last request is kept
PROVED = dt.timedelta(minutes=10)  # how long a proof of who sits there counts
_unstored = {}  # {hash of the secret: session begun on a full disk}


class Session(Model):
    """One signed-in browser. Ends by sign-out, after IDLE or ABSOLUTE, by a new password, or when
    the person is disabled."""

    token = pw.CharField(max_length=64, unique=True)
    user = pw.DeferredForeignKey("User", null=True, backref="all_sessions")
    contact = pw.DeferredForeignKey("Contact", null=True)
    started_at = pw.DateTimeField()
    seen_at = pw.DateTimeField()
    ended_at = pw.DateTimeField(null=True)
    address = pw.CharField(default="")
    agent = pw.CharField(default="", max_length=200)
    factor_due = pw.DateTimeField(null=True)  # from then on a second factor must be set up first
    device = pw.CharField(default="", max_length=64)  # hash of the browser's own cookie
    proved_at = pw.DateTimeField(null=True)  # when a password or a factor was shown in it last
    fresh_secret = None  # after a proof, for the browser

    @classmethod
    def of(cls, person):
        return (cls.user == person.id) if person.is_staff else (cls.contact == person.id)

    @classmethod
    def open_of(cls, person):
        """The sessions of the person that have not ended, oldest first."""
        return cls.select().where(cls.of(person), cls.ended_at.is_null()).order_by(cls.id)

    @classmethod
    def were_there(cls, before):
        """Ids of the members of staff who ever signed in before that moment, as a query."""
        return cls.select(cls.user).where(cls.user.is_null(False), cls.started_at <= before)

    @classmethod
    def start(cls, person, address="", agent="", device="", factor_due=None, proved=True):
        """A new session; returns the secret for the cookie, which is stored only as a hash.
        `proved`: whether a password or a factor was shown, and not only a link from a mail."""
        secret = secrets.token_urlsafe(32)
        cls._begun(person, secret, address, agent, device, factor_due, proved)._store()
        return secret

    @classmethod
    def is_new_device(cls, person, device):
        """Whether the person signed in from other browsers so far, and never from this one."""
        this = pw.Case(None, ((cls.device == digest(device), 1),), 0)
        known = cls.select(pw.fn.MAX(this)).where(cls.of(person), cls.device != "")
        return known.scalar() == 0  # None: from no browser yet

    @classmethod
    def start_unstored(cls, person, address="", agent=""):
        """A session in memory, with which people read while nothing can be written. It is stored
        as soon as that is possible, and ends with the process else."""
        secret = secrets.token_urlsafe(32)
        row = cls._begun(person, secret, address, agent)
        _unstored[row.token] = row
        return secret

    @classmethod
    def _begun(cls, person, secret, address, agent, device="", factor_due=None, proved=True):
        return cls(
            token=digest(secret),
            started_at=now(),
            seen_at=now(),
            address=address[:60],
            agent=agent[:200],
            factor_due=factor_due,
            device=digest(device) if device else "",
            proved_at=now() if proved else None,
            **{"user" if person.is_staff else "contact": person.id},
        )

    @db.atomic()
    def _store(self):
        person = self.user or self.contact
        self.save(force_insert=True)
        person.record("signed_in", person)

    @classmethod
    def _stored(cls, token):
        """The session with its member of staff or contact: each request asks for both."""
        return next(iter(_open_with_person(token)), None)

    @classmethod
    def _stored_late(cls, token, kept):
        """A session from memory, stored now if that is possible again; its person is read anew.
        None when it has ended meanwhile."""
        if not disk.current_failure():
            with contextlib.suppress(pw.IntegrityError), disk.if_free():
                with db.atomic():  # another request may just have stored or ended it
                    token in _unstored and cls(**kept.__data__)._store()
                _unstored.pop(token, None)
        unstored = token in _unstored  # asked before the table: it is taken out after the commit
        return cls._stored(token) or (cls(**kept.__data__) if unstored else None)

    @classmethod
    def resume(cls, secret, acts=True):
        """The session's person, or None when it has ended or expired. A request that a page makes
        by itself (`acts` False) does not prolong it."""
        token = digest(secret)
        kept = _unstored.get(token)  # asked first: another request may be storing it now
        row = cls._stored_late(token, kept) if kept else cls._stored(token)
        if row is None or row.seen_at < now() - IDLE or row.started_at < now() - ABSOLUTE:
            return None
        person = row.user or row.contact
        if not person.let_in:
            return None
        if acts and row.seen_at < now() - SEEN_EVERY:
            with disk.if_free():
                cls.update(seen_at=now()).where(cls.id == row.id).execute()
        person.session = row
        return person

    @classmethod
    def end_all(cls, person):
        """End every session of the person."""
        cls.update(ended_at=now()).where(cls.of(person), cls.ended_at.is_null()).execute()
        for row in [x for x in _unstored.values() if person in (x.user, x.contact)]:
            _unstored.pop(row.token, None)

    @property
    def factor_overdue(self):
        """Whether its person should have set up a second factor by now."""
        return self.factor_due is not None and self.factor_due < now()

    @property
    def needs_proof(self):
        """Whether whoever sits there is to prove anew who they are before what matters most."""
        return self.proved_at is None or not now() - PROVED < self.proved_at <= now()

    def proved(self):
        """Note that its person showed a password or a factor just now; the browser gets
        `fresh_secret` instead of the former one, which ends. Returns whether nobody else used the
        same proof meanwhile."""
        moment, secret = now(), secrets.token_urlsafe(32)
        same = (
            Session.proved_at.is_null()
            if self.proved_at is None
            else Session.proved_at == self.proved_at
        )
        fresh = {"proved_at": moment, "token": digest(secret)}
        if not Session.update(fresh).where(Session.id == self.id, same).execute():
            return False
        self.__data__.update(fresh)
        self.fresh_secret = secret
        return True

    @classmethod
    def last_addresses(cls, people):
        """From where each of these people was signed in last, the latest first."""
        latest = [cls.select().where(cls.of(p)).order_by(cls.id.desc()).first() for p in people]
        return [row.address for row in sorted(filter(None, latest), key=lambda row: -row.id)]

    @classmethod
    def end_everybody(cls):
        """End every session there is."""
        cls.update(ended_at=now()).where(cls.ended_at.is_null()).execute()
        _unstored.clear()

    @db.atomic()
    def end(self, by):
        _unstored.pop(self.token, None)
        changed = (
            Session.update(ended_at=now())
            .where(Session.id == self.id, Session.ended_at.is_null())
            .execute()
        )
        if changed:
            (self.user or self.contact).record("signed_out", by)


@prepared
def _open_with_person(token):
    User, Contact = Session.user.rel_model, Session.contact.rel_model
    rows = Session.select(Session, User, Contact).join(User, pw.JOIN.LEFT_OUTER)
    rows = rows.switch(Session).join(Contact, pw.JOIN.LEFT_OUTER)
    return rows.where(Session.token == token, Session.ended_at.is_null())
