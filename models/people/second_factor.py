"""The second factor of a member of staff: an app or passkeys, recovery codes, and browsers that
are remembered."""

from models.company import Company
from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.people.device import Device
from models.people.factor import Factor
from models.people.passkey import Passkey
from models.people.recovery_code import RecoveryCode
from models.people.session import Session


class OwnFactors:
    """The scopes of staff: each sees their own."""

    def devices(self):
        return Device.remembered(self.person)

    def passkeys(self):
        return Passkey.of(self.person)


class SecondFactor:
    """A member of staff has a second factor."""

    @property
    def has_second_factor(self):
        return Factor.working(self) is not None or Passkey.of(self).exists()

    @property
    def must_have_second_factor(self):
        """Whether the firm wants one of this person's roles to have it."""
        firm = Company.current()
        return not firm.demo and bool(set(firm.setting("factor_roles")) & set(self.roles))

    def second_factor_due(self):
        """Until when the person is to set one up, or None."""
        wanted = self.must_have_second_factor and not self.has_second_factor
        return Factor.due(self) if wanted else None

    def asks_second_factor(self, device):
        """Whether the password is not enough in the browser with this secret."""
        return self.has_second_factor and not Device.knows(self, device)

    def show_code(self, code, key):
        """Whether the code of the app is right, or else is a recovery code. It is used up."""
        if Factor.redeem(self, code, key):
            return True
        if not RecoveryCode.redeem(self, code):
            return False
        self.record("recovery_code_used", self, left=RecoveryCode.left(self))
        return True

    @db.atomic()
    def confirm_app(self, code, key):
        """Use the app from now on. Returns recovery codes if these are the first."""
        Factor.confirm(self, code, key)
        return self._added("app")

    @db.atomic()
    def add_passkey(self, answer, challenge, site, name):
        """Use the key from now on. Returns recovery codes if these are the first."""
        Passkey.add(self, answer, challenge, site, name)
        return self._added("passkey")

    def _added(self, way):
        self.record("second_factor_added", self, way=way)
        Session.update(factor_due=None).where(Session.of(self)).execute()
        return [] if RecoveryCode.left(self) else RecoveryCode.renew(self)

    @db.atomic()
    def renew_recovery_codes(self):
        self.has_second_factor or refuse("no_second_factor")
        self.record("recovery_codes_made", self)
        return RecoveryCode.renew(self)

    @db.atomic()
    def remove_app(self):
        Factor.drop(self) and self._removed("app")

    @db.atomic()
    def remove_passkey(self, passkey):
        Passkey.delete().where(Passkey.id == passkey.id).execute() and self._removed("passkey")

    def _removed(self, way):
        if not self.has_second_factor:
            self.must_have_second_factor and refuse("second_factor_needed")
            RecoveryCode.drop(self)
        Device.forget_all(self)
        self.record("second_factor_removed", self, way=way)

    @db.atomic()
    def reset_second_factor(self, by):
        """Take away app, keys, codes and remembered browsers of someone who lost them, and end
        every session. `by` None: whoever runs the machine."""
        if by is not None:
            by.must("manage_people")
            self != by or refuse("not_yourself")
        self.has_second_factor or refuse("no_second_factor")
        Factor.drop(self)
        Factor.update(asked_at=now()).where(Factor.user == self.id).execute()
        Passkey.delete().where(Passkey.user == self.id).execute()
        RecoveryCode.drop(self)
        self.end_sessions()
        self.record("second_factor_reset", by)
