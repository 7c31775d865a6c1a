"""Whom of the staff the sign-in provider vouches for."""

from models.adapters import provider
from models.adapters.outbox import Mail
from models.core.clock import today
from models.core.database import db
from models.core.errors import Refused, refuse
from models.core.mail_address import MAIL
from models.people.account import log
from models.people.provider_account import ProviderAccount
from models.people.secrets import digest, named
from models.people.user import User

LEAST_ROLE = "sales"  # who sees their own customers alone, and has none yet


def member(identify, address):
    """The member of staff with the verified mail address, whose account this is; `identify()`
    returns the provider's Identity. Refused for everybody else, each with the reason. Returns
    both."""
    person = None
    try:
        identity = identify()
        mail = _mail(identity)
        person = User.get_or_none(User.email == mail) or _newcomer(mail, identity)
        person or refuse("provider_unknown", mail=mail)
        person.active or refuse("provider_disabled")
        if not ProviderAccount.bind(person, identity.issuer, identity.subject):
            _tell_of_another_account(person, identity, address)
            refuse("provider_other_account", mail=mail)
    except Refused as error:
        log_refusal(error.code, person, address)
        raise
    return person, identity


def prove(person, identify, address):
    """Note in the session that the person has just proved at the provider who they are. Refused
    for somebody else's account, and where the provider did not ask anew."""
    try:
        identity = identify()
        theirs = ProviderAccount.of(person).where(
            ProviderAccount.issuer == identity.issuer, ProviderAccount.subject == identity.subject
        )
        theirs.exists() or refuse("provider_other_person")
        identity.recent or refuse("provider_not_recent")
    except Refused as error:
        log_refusal(error.code, person, address)
        raise
    person.session.proved()


def log_refusal(code, person, address):
    log.warning(
        "provider sign-in refused: %s, %s from %s",
        code.removeprefix("provider_").replace("_", " "),
        named(person) if person else "nobody we know",
        address,
    )


def _mail(identity):
    """The mail address, as ours are written. Only A to Z are made small: other letters may become
    one of ours that way, as the sign for kelvin becomes a k."""
    identity.verified and identity.mail or refuse("provider_mail_unverified")
    mail = identity.mail.strip()
    mail.isascii() and MAIL.fullmatch(mail) or refuse("provider_mail_unverified")
    return mail.lower()


@db.atomic()
def _newcomer(mail, identity):
    """A new colleague, where the settings name the domain of the address; all administrators are
    told."""
    if not provider.names_domain(mail):
        return None
    name = " ".join("".join(c for c in identity.name if c.isprintable()).split())[:200]
    person = User.enter(None, name=name or mail.partition("@")[0], email=mail, roles=[LEAST_ROLE])
    facts = {"person": person.name, "mail": mail, "id": person.id}
    _tell(f"provider-newcomer-{person.id}", "provider_newcomer", facts)
    return person


def _tell_of_another_account(person, identity, address):
    """Once a day for each such account."""
    which = digest(f"{identity.issuer} {identity.subject}")[:16]
    facts = {"person": person.name, "mail": person.email, "address": address, "id": person.id}
    _tell(f"provider-other-{person.id}-{which}-{today()}", "provider_other_account", facts)


def _tell(key, template, facts):
    for admin in User.with_role("admin"):
        Mail.enqueue_to(admin, f"{key}-{admin.id}", template, facts)
