"""Signing in by a password, by a code from a mail or by the provider, and the second factor after
it."""

from collections import namedtuple

from models.adapters import provider
from models.adapters.outbox import Mail
from models.company import Company
from models.core import disk
from models.core.clock import local, now
from models.core.database import SHORT, db, waiting
from models.core.errors import refuse
from models.customers import Contact
from models.people.account import log
from models.people.attempt import Attempt
from models.people.code import Code
from models.people.device import Device
from models.people.secrets import digest, named
from models.people.session import Session
from models.people.staff_networks import inside
from models.people.user import User
from models.provider_sign_in import member

Entry = namedtuple("Entry", "secret person half")  # half: the second factor is still to be shown


def sign_in(email, password, address="", agent="", remembered="", device=""):
    """The Entry of who knows the password; `remembered`: the secret of a browser that is asked no
    second factor, `device`: the one by which it is known again. The refusal is the same for an
    unknown address, a wrong password and a disabled account, so that nobody can find out which
    addresses exist."""
    email = email.strip().lower()
    if not Attempt.begin(email, address):
        log.warning("sign-in held back, too many tries, from %s", address)
        refuse("too_many_tries", minutes=15)
    candidates = list(User.select().where(User.email == email)) + list(
        Contact.select().where(Contact.email == email)
    )
    for person in candidates:
        if person.check_password(password) and person.let_in:
            _must_be_let_in_by_password(person, address)
            return _half(person, remembered) or _begun(person, email, address, agent, device)
    for _nobody in range(len(candidates), 2):  # takes as long as for staff who are contacts too
        User(name="").check_password(password)
    log.warning(
        "sign-in refused: %s from %s",
        ", ".join(map(named, candidates)) or "nobody we know",
        address,
    )
    refuse("wrong_password")


def must_be_inside(person, address):
    """Refused for staff from outside the networks that the settings name. Asked after the password,
    so that nobody finds out which addresses are of staff."""
    if person.is_staff and not inside(address):
        log.warning("refused outside the networks: %s from %s", named(person), address)
        refuse("outside_networks")


def _must_be_let_in_by_password(person, address):
    """Refused too where the firm lets its staff in by the provider alone. Administrators keep
    their password, as the last way in while the provider is away."""
    must_be_inside(person, address)
    alone = provider.is_set() and Company.current().setting("provider_alone")
    if person.is_staff and alone and "admin" not in person.roles:
        log.warning("password held back: %s from %s", named(person), address)
        refuse("provider_alone")


def _half(person, remembered):
    """The Entry of someone who must show the second factor in this browser, else None. The tries
    are not forgotten yet: those of the second factor are added to them."""
    if not person.is_staff or not person.asks_second_factor(remembered):
        return None
    return Entry(Code.make("second_factor", person), person, True)


def enter_by_provider(identify, address="", agent="", remembered="", device=""):
    """The Entry of the member of staff for whom the provider vouches by `identify()`. That it asked
    for a second factor counts where the firm says so."""
    person, identity = member(identify, address)
    must_be_inside(person, address)
    enough = identity.strong and Company.current().setting("provider_factor")
    half = None if enough else _half(person, remembered)
    return half or _begun(person, person.email, address, agent, device, enough, identity.recent)


def _begun(person, email, address, agent, device, enough=False, proved=True):
    """The Entry of a new session, also while the disk is full or read-only, or another writes for
    long: whoever knows the password may read on, without leaving a row behind."""
    try:
        with waiting(SHORT), db.atomic():
            Attempt.forget(email)
            _tell_of_new_device(person, address, agent, device)
            return _started(person, address, agent, device, enough, proved)
    except Exception as error:
        if not disk.note_failure(error):
            raise
    log.warning("signed in while nothing can be written: %s from %s", named(person), address)
    return Entry(Session.start_unstored(person, address, agent), person, False)


def _started(person, address, agent, device, enough=False, proved=True):
    due = person.second_factor_due() if person.is_staff and not enough else None
    return Entry(Session.start(person, address, agent, device, due, proved), person, False)


def _tell_of_new_device(person, address, agent, device):
    """Mail the person that somebody signed in by the password from a browser not seen before. Who
    comes by a code from the mailbox needs no mail; in a demo firm everybody is someone else."""
    if not device or not Session.is_new_device(person, device):
        return
    log.info("new device: %s from %s", named(person), address)
    if Company.current().demo:
        return
    Mail.enqueue_to(
        person,
        f"new-device-{digest(device)[:20]}-{person.get_id()}",
        "new_device",
        {"at": f"{local(now()):%Y-%m-%d %H:%M}", "address": address, "agent": agent[:200]},
    )


def enter_by_code(
    purpose, secret, password, address="", agent="", name="", remembered="", device=""
):
    """Redeem the code, set the name of a new colleague, and the password unless the code is only
    for signing in, and start a session, in one transaction. The code is the first factor alone, and
    proves no more than that somebody reads the mailbox."""
    with db.atomic():
        person = Code.redeem(purpose, secret)
        _must_be_let_in_by_password(person, address)
        if purpose == "joining":
            person.call_oneself(name)
        if purpose != "sign_in":
            person.set_password(password, by=person)
        return _half(person, remembered) or _started(person, address, agent, device, proved=False)


def enter_second(half, is_shown, address="", agent="", remember=False, device=""):
    """(the Entry, the secret of a browser to be remembered). `is_shown(person)`: whether the
    second factor was shown. Wrong ones are counted like wrong passwords."""
    person = Code.holder("second_factor", half) or refuse("code_invalid")
    must_be_inside(person, address)
    if not Attempt.begin(person.email, address):
        log.warning("second factor held back, too many tries, from %s", address)
        refuse("too_many_tries", minutes=15)
    with db.atomic():
        if is_shown(person):
            Code.redeem("second_factor", half)
            Attempt.forget(person.email)
            secret = Device.remember(person, address, agent) if remember else ""
            _tell_of_new_device(person, address, agent, device)
            return _started(person, address, agent, device), secret
    log.warning("second factor refused: %s from %s", named(person), address)
    refuse("second_factor_wrong")
