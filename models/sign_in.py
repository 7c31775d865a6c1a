"""Signing in by a password or by a code from a mail."""

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
from models.people.secrets import digest, named
from models.people.session import Session
from models.people.user import User


def sign_in(email, password, address="", agent="", device=""):
    """(secret for the cookie, person). The refusal is the same for an unknown address, a wrong
    password and a disabled account, so that nobody can find out which addresses exist."""
    email = email.strip().lower()
    if not Attempt.begin(email, address):
        log.warning("sign-in held back, too many tries, from %s", address)
        refuse("too_many_tries", minutes=15)
    candidates = list(User.select().where(User.email == email)) + list(
        Contact.select().where(Contact.email == email)
    )
    for person in candidates:
        if person.check_password(password) and person.active:
            return _begun(person, email, address, agent, device), person
    for _nobody in range(len(candidates), 2):  # takes as long as for staff who are contacts too
        User(name="").check_password(password)
    log.warning(
        "sign-in refused: %s from %s",
        ", ".join(map(named, candidates)) or "nobody we know",
        address,
    )
    refuse("wrong_password")


def _begun(person, email, address, agent, device):
    """The secret of a new session, also while the disk is full or read-only, or another writes for
    long: whoever knows the password may read on, without leaving a row behind."""
    try:
        with waiting(SHORT), db.atomic():
            Attempt.forget(email)
            if device and Session.is_new_device(person, device):
                _tell_of_new_device(person, address, agent, device)
            return Session.start(person, address, agent, device)
    except Exception as error:
        if not disk.note_failure(error):
            raise
    log.warning("signed in while nothing can be written: %s from %s", named(person), address)
    return Session.start_unstored(person, address, agent)


def _tell_of_new_device(person, address, agent, device):
    """Mail the person that somebody signed in by the password from a browser not seen before. Who
    comes by a code from the mailbox needs no mail; in a demo firm everybody is someone else."""
    log.info("new device: %s from %s", named(person), address)
    if Company.current().demo:
        return
    Mail.enqueue_to(
        person,
        f"new-device-{digest(device)[:20]}-{person.get_id()}",
        "new_device",
        {"at": f"{local(now()):%Y-%m-%d %H:%M}", "address": address, "agent": agent[:200]},
    )


def enter_by_code(purpose, secret, password, address="", agent="", name="", device=""):
    """Redeem the code, set the name of a new colleague, and the password unless the code is only
    for signing in, and start a session, in one transaction."""
    with db.atomic():
        person = Code.redeem(purpose, secret)
        if purpose == "joining":
            person.call_oneself(name)
        if purpose != "sign_in":
            person.set_password(password, by=person)
        return Session.start(person, address, agent, device)
