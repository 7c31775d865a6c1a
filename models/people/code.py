"""One-time codes sent by mail: a contact's or colleague's invitation, new password, sign-in.
Also what a browser holds between password and second factor."""

import base64
import datetime as dt
import re
import secrets

import peewee as pw

from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.model import Model
from models.people.secrets import digest

CODE_LIFE = {
    "invitation": dt.timedelta(days=14),
    "joining": dt.timedelta(days=14),
    "password": dt.timedelta(hours=2),
    "sign_in": dt.timedelta(minutes=10),
    "second_factor": dt.timedelta(minutes=10),
}


class Code(Model):
    """A one-time code sent by mail. Stored only as a hash."""

    purpose = pw.CharField(max_length=20)
    token = pw.CharField(max_length=64, unique=True)
    user = pw.DeferredForeignKey("User", null=True)
    contact = pw.DeferredForeignKey("Contact", null=True)
    made_at = pw.DateTimeField()
    expires_at = pw.DateTimeField()
    used_at = pw.DateTimeField(null=True)

    @classmethod
    def of(cls, person):
        return (cls.user == person.id) if person.is_staff else (cls.contact == person.id)

    @classmethod
    def make_short(cls, purpose, person, bound_to):
        """A new code that is short enough to be typed. It counts only with `bound_to`, the secret
        of the browser that asked for it: see whole()."""
        code = base64.b32encode(secrets.token_bytes(5)).decode()
        cls.make(purpose, person, whole(code, bound_to))
        return f"{code[:4]}-{code[4:]}"

    @classmethod
    @db.atomic()
    def make(cls, purpose, person, secret=""):
        """A new code for the person; earlier ones of that purpose end. Returns the secret."""
        secret = secret or secrets.token_urlsafe(32)
        owner = {"user": person} if person.is_staff else {"contact": person}
        cls.update(used_at=now()).where(
            cls.of(person), cls.purpose == purpose, cls.used_at.is_null()
        ).execute()
        cls.create(
            purpose=purpose,
            token=digest(secret),
            made_at=now(),
            expires_at=now() + CODE_LIFE[purpose],
            **owner,
        )
        return secret

    @classmethod
    def open_until(cls, purpose):
        """{id of a member of staff: when their usable code expires}."""
        rows = cls.select(cls.user, cls.expires_at).where(
            cls.purpose == purpose,
            cls.user.is_null(False),
            cls.used_at.is_null(),
            cls.expires_at > now(),
        )
        return dict(rows.tuples())

    @classmethod
    def holder(cls, purpose, secret):
        """The person to whom a valid code belongs, or None. The code stays valid."""
        row = cls.get_or_none(
            cls.token == digest(secret),
            cls.purpose == purpose,
            cls.used_at.is_null(),
            cls.expires_at > now(),
        )
        person = row and (row.user or row.contact)
        return person if person and person.let_in else None

    @classmethod
    @db.atomic()
    def redeem(cls, purpose, secret):
        """Mark the code as used and return its person. Refused when used, expired or unknown."""
        person = cls.holder(purpose, secret) or refuse("code_invalid")
        changed = (
            cls.update(used_at=now())
            .where(cls.token == digest(secret), cls.used_at.is_null())
            .execute()
        )
        changed or refuse("code_invalid")
        return person


def whole(typed, bound_to):
    """The secret of a short code, as it is typed, and of the browser that asked for it."""
    return re.sub(r"[\s-]", "", typed).upper() + bound_to
