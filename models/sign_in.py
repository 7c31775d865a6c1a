"""Signing in by a password or by a code from a mail."""

from models.core import disk
from models.core.database import SHORT, db, waiting
from models.core.errors import refuse
from models.customers import Contact
from models.people.account import log
from models.people.attempt import Attempt
from models.people.code import Code
from models.people.secrets import named
from models.people.session import Session
from models.people.user import User


def sign_in(email, password, address="", agent=""):
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
        if person.check_password(password) and person.let_in:
            return _begun(person, email, address, agent), person
    for _nobody in range(len(candidates), 2):  # takes as long as for staff who are contacts too
        User(name="").check_password(password)
    log.warning(
        "sign-in refused: %s from %s",
        ", ".join(map(named, candidates)) or "nobody we know",
        address,
    )
    refuse("wrong_password")


def _begun(person, email, address, agent):
    """The secret of a new session, also while the disk is full or read-only, or another writes for
    long: whoever knows the password may read on, without leaving a row behind."""
    try:
        with waiting(SHORT), db.atomic():
            Attempt.forget(email)
            return Session.start(person, address, agent)
    except Exception as error:
        if not disk.note_failure(error):
            raise
    log.warning("signed in while nothing can be written: %s from %s", named(person), address)
    return Session.start_unstored(person, address, agent)


def enter_by_code(purpose, secret, password, address="", agent="", name=""):
    """Redeem the code, set the name of a new colleague, and the password unless the code is only
    for signing in, and start a session, in one transaction."""
    with db.atomic():
        person = Code.redeem(purpose, secret)
        if purpose == "joining":
            person.call_oneself(name)
        if purpose != "sign_in":
            person.set_password(password, by=person)
        return Session.start(person, address, agent)
