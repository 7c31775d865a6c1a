"""Who sits there proves it anew before what matters most: mail addresses, roles, factors, bank
accounts. The sign-in may be hours old, and the computer another's by now."""

from models.adapters import provider
from models.core.errors import refuse
from models.people.account import log
from models.people.attempt import Attempt
from models.people.factor import Factor
from models.people.passkey import Passkey
from models.people.provider_account import ProviderAccount
from models.people.recovery_code import RecoveryCode
from models.people.secrets import named


def ways_to_prove(person):
    """By what the person can: password, code, passkey, provider. None: a new password comes
    first."""
    has_code = person.is_staff and (Factor.working(person) or RecoveryCode.left(person))
    has_key = person.is_staff and Passkey.of(person).exists()
    has_account = person.is_staff and provider.is_set() and ProviderAccount.of(person).exists()
    ways = (
        ("password", person.password),
        ("code", has_code),
        ("passkey", has_key),
        ("provider", has_account),
    )
    return [way for way, has in ways if has]


def way_of(person, typed, key):
    """By what the person was proved who typed this: the password, or a code, which is used up."""
    if person.check_password(typed):
        return "password"
    return "code" if person.is_staff and person.show_code(typed, key) else ""


def prove(person, shown, address=""):
    """Note in the person's session that they showed who they are. `shown()` returns by what; wrong
    ones are counted like wrong passwords, and a password alone forgets none where it is not all
    that a sign-in needs."""
    if not Attempt.begin(person.email, address):
        log.warning("proof held back, too many tries: %s from %s", named(person), address)
        refuse("too_many_tries", minutes=15)
    way = shown()
    noted = way and person.session.proved()
    if not way or way == "passkey" and not noted:  # its challenge was used meanwhile
        log.warning("proof refused: %s from %s", named(person), address)
        refuse("proof_wrong")
    if way != "password" or not (person.is_staff and person.has_second_factor):
        Attempt.forget(person.email)
