"""Who signs in: staff with roles and teams, customers' contacts, their sessions and one-time
codes."""

import datetime as dt
import hashlib
import ipaddress
import logging
import re
import secrets

import peewee as pw
from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from flask_login import UserMixin

from models import passwords, storage
from models.access import MAY, STAFF_ROLES, StaffAccess
from models.base import Forbidden, JSONField, Model, db, now, refuse
from models.company import Company
from models.events import Journaled

log = logging.getLogger("danju.security")
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_nobody = _hasher.hash(secrets.token_hex())
IDLE, ABSOLUTE = dt.timedelta(hours=8), dt.timedelta(days=14)
MAIL = re.compile(r"[^@\s,;<>\"]{1,64}@[^@\s,;<>\"]+\.[^@\s,;<>\"]+")
TRIES, WINDOW = 8, dt.timedelta(minutes=15)
CODE_LIFE = {
    "invitation": dt.timedelta(days=14),
    "password": dt.timedelta(hours=2),
    "sign_in": dt.timedelta(minutes=20),
}


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def named(person):
    """As the log names a person: what was typed as a name may be a password."""
    return f"{person.__class__.__name__} {getattr(person, 'id', '')}".strip()


def network(address):
    """What a throttle counts as one place: an IPv4 address, or the /64 that one IPv6 household has
    to itself."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address[:255]
    return (
        str(ipaddress.ip_network((found, 64), strict=False)) if found.version == 6 else str(found)
    )


class SignsIn(UserMixin):
    """What staff and contacts share: a password, sessions, being switched off."""

    def check_password(self, password):
        """True when right. Takes as long for a person without a password."""
        try:
            return _hasher.verify(self.password or _nobody, password) and bool(self.password)
        except Argon2Error:
            return False

    @db.atomic()
    def set_password(self, password, by):
        """Take a new password (12 to 128 characters, none that is easily guessed) and end every
        session."""
        len(password) >= 12 or refuse("password_short", least=12)
        len(password) <= 128 or refuse("password_long", most=128)
        if self._easy(password):
            refuse("password_weak")
        self.password = _hasher.hash(password)
        self.save()
        self.end_sessions()
        self.record("password_set", by)

    def change_password(self, old, new, address=""):
        """A new password for the old one. Guessing the old is counted like signing in."""
        Attempt.begin(self.email, address) or refuse("too_many_tries", minutes=15)
        if not self.check_password(old):
            log.warning("old password refused: %s from %s", named(self), address)
            refuse("old_password_wrong")
        Attempt.forget(self.email)
        self.set_password(new, by=self)

    def _easy(self, password):
        firm = Company.current()
        if firm and firm.demo and password == passwords.DEMO:
            return False
        others = [firm.name, firm.legal_name] if firm else []
        others += [] if isinstance(self, User) else [self.customer.name, self.customer.code]
        return passwords.easy(password, self.name, self.email, *others)

    def end_sessions(self):
        """Sign out everywhere; links already mailed open nothing either, as they may lie in an old
        mailbox."""
        Session.update(ended_at=now()).where(Session.of(self), Session.ended_at.is_null()).execute()
        Code.update(used_at=now()).where(Code.of(self), Code.used_at.is_null()).execute()

    @db.atomic()
    def disable(self, by):
        """Shut this person out and end every session."""
        by.must("manage_people" if isinstance(self, User) else "invite")
        if self == by:
            refuse("not_yourself")
        if isinstance(self, User):
            self._leave_an_admin()
        self.active = False
        self.save()
        self.end_sessions()
        self.record("disabled", by)

    @db.atomic()
    def enable(self, by):
        by.must("manage_people" if isinstance(self, User) else "invite")
        self.active = True
        self.save()
        self.record("enabled", by)

    @db.atomic()
    def speak(self, language):
        """Use this language from now on, on the pages and in mails to this person."""
        assert language in ("zh", "en")
        self.language = language
        self.save()
        self.record("revised", self, changed=["language"])

    @classmethod
    def by_email(cls, email):
        """Active people with this address."""
        return list(cls.select().where(cls.email == email, cls.active)) if email else []

    @property
    def is_active(self):
        return self.active


class Team(Journaled, Model):
    """Salespeople who share a manager."""

    name = pw.CharField(unique=True)

    @classmethod
    def called(cls, by, name):
        """The team of that name, made when new."""
        team = cls.get_or_none(cls.name == name)
        if team is None:
            team = cls.create(name=name)
            team.record("entered", by)
        return team


class User(StaffAccess, SignsIn, Journaled, Model):
    """A member of staff."""

    name = pw.CharField()
    email = pw.CharField(unique=True)
    password = pw.CharField(default="")
    roles = JSONField(default=list)
    team = pw.ForeignKeyField(Team, backref="members", null=True)
    superior = pw.ForeignKeyField("self", null=True)
    language = pw.CharField(max_length=2, default="zh")
    active = pw.BooleanField(default=True)
    resting = JSONField(default=list)
    sees_company = True

    class Meta:
        table_name = "users"

    def get_id(self):
        return self.id

    @property
    def first_role(self):
        return next(role for role in STAFF_ROLES if role in self.roles)

    @property
    def acting_roles(self):
        """The roles whose rights work; those of a role rest until the course it requires is passed.
        Written down, not asked for."""
        return [role for role in self.roles if role not in (self.resting or ())]

    def may(self, ability, thing=None):
        """Whether a role of this person allows the ability, and the thing is of a customer of
        theirs."""
        return (
            self.active
            and bool(MAY[ability] & set(self.acting_roles))
            and (thing is None or self.works_for(thing))
        )

    def must(self, ability, thing=None):
        """Raise Forbidden unless may()."""
        if not self.may(ability, thing):
            raise Forbidden(ability)

    @classmethod
    @db.atomic()
    def enter(cls, by, *, password=None, **data):
        """Add a colleague. `by` None only for the first administrator."""
        from models.governance.training import assign

        if by is not None:
            by.must("manage_people")
        set(data["roles"]) <= set(STAFF_ROLES) and data["roles"] or refuse("role_needed")
        data["email"] = data["email"].strip().lower()
        try:
            with db.atomic():
                user = cls.create(**data)
        except pw.IntegrityError:
            refuse("email_taken", email=data["email"])
        user.record("entered", by)
        assign(user, by)
        if password:
            user.set_password(password, by)
        return user

    @db.atomic()
    def revise(self, by, **data):
        """Change name, mail, roles, team, superior, language."""
        by.must("manage_people")
        if "roles" in data:
            set(data["roles"]) <= set(STAFF_ROLES) and data["roles"] or refuse("role_needed")
            if "admin" not in data["roles"]:
                self._leave_an_admin()
        if "email" in data:
            data["email"] = data["email"].strip().lower()
        moved = (set(data.get("roles", self.roles)), data.get("email", self.email)) != (
            set(self.roles),
            self.email,
        )
        for key, value in data.items():
            setattr(self, key, value)
        try:
            with db.atomic():
                self.save()
        except pw.IntegrityError:
            refuse("email_taken", email=data.get("email"))
        if moved:
            self.end_sessions()
        self.record("revised", by, changed=sorted(data))
        if "roles" in data:
            from models.governance.training import assign

            assign(self, by)

    def _leave_an_admin(self):
        """Refused for the last active administrator, asked inside the transaction: two may work on
        each other at once."""
        others = [
            u for u in User.select().where(User.active, User.id != self.id) if "admin" in u.roles
        ]
        "admin" not in self.roles or others or refuse("last_admin")

    @classmethod
    @db.atomic()
    def put_in_place(cls, by, person, password, team="", superior=0, **data):
        """Add or change a colleague, the team by its name."""
        by.must("manage_people")
        data["team"] = Team.called(by, team) if team else None
        data["superior"] = superior or None
        if person is None:
            return cls.enter(by, password=password, **data)
        person.revise(by, **data)
        if password:
            person.set_password(password, by)
        return person

    @classmethod
    def colleague(cls, ident, left=False):
        """The active member of staff with this id, or None; `left` also finds one who is switched
        off."""
        found = cls.get_or_none(cls.id == ident)
        return found if found and (found.active or left) else None

    @classmethod
    def with_role(cls, role):
        """Active people holding the role, as a list (roles are kept as JSON)."""
        return [u for u in cls.select().where(cls.active).order_by(cls.id) if role in u.roles]


class Session(Model):
    """One signed-in browser. Ends by sign-out, idleness, age, a new password, or being disabled."""

    token = pw.CharField(max_length=64, unique=True)
    user = pw.ForeignKeyField(User, null=True, backref="all_sessions")
    contact = pw.DeferredForeignKey("Contact", null=True)
    started_at = pw.DateTimeField()
    seen_at = pw.DateTimeField()
    ended_at = pw.DateTimeField(null=True)
    address = pw.CharField(default="")
    agent = pw.CharField(default="", max_length=200)

    @classmethod
    def of(cls, person):
        return (cls.user == person.id) if isinstance(person, User) else (cls.contact == person.id)

    @classmethod
    @db.atomic()
    def start(cls, person, address="", agent=""):
        """A new session; returns the secret for the cookie, which is kept only as a hash."""
        secret = secrets.token_urlsafe(32)
        side = {"user": person} if isinstance(person, User) else {"contact": person}
        cls.create(
            token=digest(secret),
            started_at=now(),
            seen_at=now(),
            address=address[:60],
            agent=agent[:200],
            **side,
        )
        person.record("signed_in", person)
        return secret

    @classmethod
    def resume(cls, secret):
        """The session's person, or None when it ended, idled or aged out."""
        row = cls.get_or_none(cls.token == digest(secret), cls.ended_at.is_null())
        if row is None or row.seen_at < now() - IDLE or row.started_at < now() - ABSOLUTE:
            return None
        person = row.user or row.contact
        if not person.active:
            return None
        if row.seen_at < now() - dt.timedelta(minutes=1):
            with storage.if_writable():
                cls.update(seen_at=now()).where(cls.id == row.id).execute()
        person.session = row
        return person

    @db.atomic()
    def end(self, by):
        hit = (
            Session.update(ended_at=now())
            .where(Session.id == self.id, Session.ended_at.is_null())
            .execute()
        )
        if hit:
            (self.user or self.contact).record("signed_out", by)


class Attempt(Model):
    """A sign-in that was tried, counted by account name and by address; a good one forgets those of
    its name."""

    at = pw.DateTimeField(index=True)
    name = pw.CharField(index=True)
    address = pw.CharField(default="", index=True)

    @classmethod
    def throttled(cls, name, address):
        """True when the account was tried too often, from anywhere, or the address tried too many
        accounts."""
        since = cls.select().where(cls.at > now() - WINDOW)
        return (
            since.where(cls.name == name.lower()[:255]).count() >= TRIES
            or since.where(cls.address == network(address)).count() >= TRIES * 5
        )

    @classmethod
    @db.atomic()
    def begin(cls, name, address):
        """Count a try before it is made, so that many at once count as many. False when there were
        too many."""
        return not cls.throttled(name, address) and bool(cls.note(name, address))

    @classmethod
    def forget(cls, name):
        cls.delete().where(cls.name == name.lower()[:255]).execute()

    @classmethod
    def note(cls, name, address):
        made = cls.create(at=now(), name=name.lower()[:255], address=network(address))
        cls.delete().where(cls.at < now() - WINDOW * 4).execute()
        return made


def sign_in(email, password, address="", agent=""):
    """The cookie's secret and the person; refused alike for unknown, wrong and disabled."""
    from models.customers import Contact

    email = email.strip().lower()
    if not Attempt.begin(email, address):
        log.warning("sign-in held back, too many tries, from %s", address)
        refuse("too_many_tries", minutes=15)
    candidates = list(User.select().where(User.email == email)) + list(
        Contact.select().where(Contact.email == email)
    )
    for person in candidates:
        if person.check_password(password) and person.active:
            Attempt.forget(email)
            return Session.start(person, address, agent), person
    if not candidates:
        User(name="").check_password(password)
    log.warning(
        "sign-in refused: %s from %s",
        ", ".join(map(named, candidates)) or "nobody we know",
        address,
    )
    refuse("wrong_password")


def enter_by_code(purpose, secret, password, address="", agent=""):
    """Use the code up, take the new password where the purpose is one, and start a session; all or
    nothing."""
    with db.atomic():
        person = Code.redeem(purpose, secret)
        if purpose != "sign_in":
            person.set_password(password, by=person)
        return Session.start(person, address, agent)


class Code(Model):
    """A one-time code sent by mail: invitation, new password, sign-in. Kept only as a hash."""

    purpose = pw.CharField(max_length=20)
    token = pw.CharField(max_length=64, unique=True)
    user = pw.ForeignKeyField(User, null=True)
    contact = pw.DeferredForeignKey("Contact", null=True)
    made_at = pw.DateTimeField()
    expires_at = pw.DateTimeField()
    used_at = pw.DateTimeField(null=True)

    @classmethod
    def of(cls, person):
        return (cls.user == person.id) if isinstance(person, User) else (cls.contact == person.id)

    @classmethod
    @db.atomic()
    def make(cls, purpose, person):
        """A fresh code for the person; earlier ones of that purpose end. Returns the secret."""
        secret = secrets.token_urlsafe(32)
        side = {"user": person} if isinstance(person, User) else {"contact": person}
        cls.update(used_at=now()).where(
            cls.of(person), cls.purpose == purpose, cls.used_at.is_null()
        ).execute()
        cls.create(
            purpose=purpose,
            token=digest(secret),
            made_at=now(),
            expires_at=now() + CODE_LIFE[purpose],
            **side,
        )
        return secret

    @classmethod
    def holder(cls, purpose, secret):
        """The person a live code belongs to, or None. Uses nothing up."""
        row = cls.get_or_none(
            cls.token == digest(secret),
            cls.purpose == purpose,
            cls.used_at.is_null(),
            cls.expires_at > now(),
        )
        person = row and (row.user or row.contact)
        return person if person and person.active else None

    @classmethod
    @db.atomic()
    def redeem(cls, purpose, secret):
        """Use the code up and return its person. Refused when used, expired or unknown."""
        person = cls.holder(purpose, secret) or refuse("code_invalid")
        hit = (
            cls.update(used_at=now())
            .where(cls.token == digest(secret), cls.used_at.is_null())
            .execute()
        )
        hit or refuse("code_invalid")
        return person
