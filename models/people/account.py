"""What staff and contacts share: a password, sessions, and that they can be disabled."""

import logging
import secrets

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error
from flask_login import UserMixin

from models.company import Company
from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.people import passwords
from models.people.attempt import Attempt
from models.people.code import Code
from models.people.device import Device
from models.people.secrets import named
from models.people.session import Session

log = logging.getLogger("danju.security")
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)
_dummy_hash = _hasher.hash(secrets.token_hex())


class SignsIn(UserMixin):
    """A person with a password and sessions, who can be disabled."""

    presence_followers = ()
    sessions_followers = ()  # called with the person whose sessions end
    scopes = None  # models/scopes.py sets it for both
    link = None  # the DocumentLink of someone who came by one, and sees its document alone
    how_came = {}  # what every event of theirs tells beside its own facts

    def __eq__(self, other):
        """Flask-Login compares ids alone, so that a contact would equal the user with its id."""
        return isinstance(other, type(self)) and self.id == other.id

    def __ne__(self, other):
        return not self == other

    def __hash__(self):
        return hash((type(self), self.id))

    @property
    def sees(self):
        """The rows this person may see, as queries."""
        return self.scopes(self)

    def check_password(self, password):
        """Whether the password is right. Takes as long for a person who has none."""
        try:
            return _hasher.verify(self.password or _dummy_hash, password) and bool(self.password)
        except Argon2Error:
            return False

    @db.atomic()
    def set_password(self, password, by):
        """Set a new password (12 to 128 characters, not easily guessed) and end every session."""
        len(password) >= 12 or refuse("password_short", least=12)
        len(password) <= 128 or refuse("password_long", most=128)
        if self._easy(password):
            refuse("password_weak")
        self.password = _hasher.hash(password)
        self.save()
        self.end_sessions()
        self.record("password_set", by)

    def change_password(self, old, new, address=""):
        """Replace the old password. Wrong old passwords are counted like failed sign-ins."""
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
        others += [] if self.is_staff else [self.customer.name, self.customer.code]
        return passwords.easy(password, self.name, self.email, *others)

    def end_sessions(self):
        """Sign out everywhere; codes already sent by mail end too, as somebody else may have access
        to the mailbox, and every other address that opens something without a sign-in; no browser
        is remembered."""
        Session.end_all(self)
        if self.is_staff:
            Device.forget_all(self)
        Code.update(used_at=now()).where(Code.of(self), Code.used_at.is_null()).execute()
        for end in self.sessions_followers:
            end(self)

    @db.atomic()
    def sign_out_everywhere(self, by):
        """End every session, for someone whose device or password got into other hands: one's
        own, or by who looks after the person."""
        self == by or by.must("manage_people" if self.is_staff else "invite")
        self.end_sessions()
        self.record("sessions_ended", by)

    @db.atomic()
    def disable(self, by):
        """Disable this person's account and end every session."""
        by.must("manage_people" if self.is_staff else "invite")
        if self == by:
            refuse("not_yourself")
        if self.is_staff:
            self._must_leave_an_admin()
        self.active = False
        self.save()
        self.end_sessions()
        self.record("disabled", by)
        self.presence_changed(by)

    @db.atomic()
    def enable(self, by):
        by.must("manage_people" if self.is_staff else "invite")
        self.active = True
        self.save()
        self.record("enabled", by)
        self.presence_changed(by)

    def presence_changed(self, by):
        """Pass open work on, as this person came, left, or has other roles or another superior."""
        for follower in self.presence_followers:
            follower(self, by)

    @db.atomic()
    def set_language(self, language):
        """Use this language on the pages and in mails to this person."""
        assert language in ("zh", "en")
        self.language = language
        self.save_changes(self)

    @classmethod
    def by_email(cls, email):
        """Active people with this address."""
        return list(cls.select().where(cls.email == email, cls.active)) if email else []

    @property
    def let_in(self):
        """Whether this person may be signed in at all; asked anew by every request."""
        return self.active

    @property
    def is_active(self):
        return self.active
