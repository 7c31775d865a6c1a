"""Codes of an authenticator app (TOTP, RFC 6238)."""

import datetime as dt
import hmac

import peewee as pw
import pyotp

from models.core.clock import now
from models.core.errors import refuse
from models.core.model import Model
from models.core.sealing import FACTOR, WrongKey, seal, unseal

GRACE = dt.timedelta(days=14)
STEP = 30  # seconds that a code is shown


class Factor(Model):
    """What a colleague's app and Danju both know. One row for each person, also for one who was
    asked for a second factor and has none yet."""

    user = pw.DeferredForeignKey("User", unique=True)
    asked_at = pw.DateTimeField(null=True)
    secret = pw.CharField(default="")  # encrypted, as is what waits for its first code
    pending = pw.CharField(default="")
    set_at = pw.DateTimeField(null=True)
    last_step = pw.IntegerField(default=0)  # a code that was used, and those before it, are over

    @classmethod
    def of(cls, person):
        """The person's row, made if there is none."""
        cls.insert(user=person.id).on_conflict_ignore().execute()
        return cls.get(cls.user == person.id)

    @classmethod
    def due(cls, person):
        """Until when the person is to set up a second factor, counted from when this was asked
        first."""
        row, moment = cls.of(person), now()
        cls.update(asked_at=moment).where(cls.id == row.id, cls.asked_at.is_null()).execute()
        return (row.asked_at or moment) + GRACE

    @classmethod
    def working(cls, person):
        """The row whose app was set up, or None."""
        return cls.get_or_none(cls.user == person.id, cls.secret != "")

    @classmethod
    def begin(cls, person, key):
        """A new secret, which counts once its first code is typed."""
        sealed = seal(pyotp.random_base32(), key, FACTOR)
        cls.update(pending=sealed).where(cls.id == cls.of(person).id).execute()

    @classmethod
    def pending_secret(cls, person, key):
        row = cls.get_or_none(cls.user == person.id)
        return _opened(row.pending, key) if row else ""

    @classmethod
    def confirm(cls, person, code, key):
        """The app shows the right code: its secret replaces the one before it."""
        row = cls.of(person)
        step = _step_of(_opened(row.pending, key), code) or refuse("second_factor_wrong")
        cls.update(secret=row.pending, pending="", set_at=now(), last_step=step).where(
            cls.id == row.id, cls.pending == row.pending
        ).execute() or refuse("second_factor_wrong")

    @classmethod
    def redeem(cls, person, code, key):
        """Whether the code is right and was not used; it is now."""
        row = cls.working(person)
        step = row and _step_of(_opened(row.secret, key), code)
        if not step:
            return False
        fresh = (cls.id == row.id) & (cls.last_step < step)
        return cls.update(last_step=step).where(fresh).execute() == 1

    @classmethod
    def drop(cls, person):
        """Whether there was an app; it is not asked any more."""
        return (
            cls.update(secret="", pending="", set_at=None)
            .where(cls.user == person.id, cls.secret != "")
            .execute()
            == 1
        )


def address(secret, person, firm):
    """What the QR code says to the app."""
    return pyotp.TOTP(secret).provisioning_uri(name=person.email, issuer_name=firm)


def _opened(sealed, key):
    """The secret, or nothing when the portal has another SECRET_KEY now."""
    try:
        return unseal(sealed, key, FACTOR)
    except WrongKey:
        return ""


def _step_of(secret, code):
    """This half minute, if the code is that of it: no code counts for longer (ASVS 6.5.5)."""
    if not secret:
        return None
    step = int(now().replace(tzinfo=dt.timezone.utc).timestamp()) // STEP
    right, typed = pyotp.TOTP(secret).at(step * STEP), "".join(code.split())
    return step if hmac.compare_digest(right.encode(), typed.encode()) else None
