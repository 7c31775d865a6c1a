"""A mail on whatever opens a door: to all administrators, and to whom it concerns, at the address
that held until then. Whoever did not want it must hear of it."""

from models.adapters.outbox import Mail
from models.company import GUARDED
from models.core.clock import local
from models.core.journal import watchers
from models.core.model import model_named
from models.people.session import Session
from models.people.user import User

PERSON, FIRM, ACCOUNTS = "person", "firm", "accounts"  # whom it concerns besides administrators
# {event of the journal: whom it concerns}. The sentences are those of the journal.
EVENTS = {
    **dict.fromkeys(
        [
            ("User", "second_factor_added"),
            ("User", "second_factor_removed"),
            ("User", "second_factor_reset"),
            ("User", "recovery_codes_made"),
            ("User", "provider_released"),
            ("User", "disabled"),
            ("User", "enabled"),
            ("User", "password_set"),
            ("User", "revised"),
            ("User", "sessions_ended"),
            ("Contact", "revised"),
            ("Contact", "sessions_ended"),
        ],
        PERSON,
    ),
    **dict.fromkeys(
        [
            ("User", "everybody_signed_out"),
            ("User", "invited"),  # who was has a mail of it
            ("Company", "recovery_key_shown"),
            ("Company", "revised"),
            ("Company", "recovery_key_printed"),
            ("LegalHold", "placed"),
            ("LegalHold", "lifted"),
            ("Place", "added"),
            ("Place", "revised"),
            ("Place", "switched_on"),
            ("Place", "switched_off"),
        ],
        FIRM,
    ),
    **dict.fromkeys(
        [
            ("AccountChange", action)
            for action in ("asked", "announced", "approved", "rejected", "withdrawn", "printed")
        ],
        ACCOUNTS,
    ),
}
RIGHTS = {"email", "roles"}  # what of a changed person opens a door
TOLD = "subject_type subject_id action actor_type actor_name facts origin".split()


def follow(event):
    """Queue the mails of an event, in its transaction."""
    concerns = EVENTS.get((event.subject_type, event.action))
    if not concerns or _is_everyday(event):
        return
    row = model_named(event.subject_type).get_by_id(event.subject_id)
    facts = {
        "told": {name: getattr(event, name) for name in TOLD},
        "at": f"{local(event.at):%Y-%m-%d %H:%M}",
        "about": getattr(row, "name", ""),
    }
    people = [(admin, admin.email) for admin in User.with_role("admin")]
    if concerns == PERSON:
        people.insert(0, (row, (event.facts.get("was") or {}).get("email") or row.email))
    if concerns == ACCOUNTS:
        people += [(u, u.email) for u in _asked_about_accounts(event)]
    for person, address in {address: (p, address) for p, address in people if address}.values():
        Mail.enqueue(
            f"notice-{event.id}-{address}",
            to=address,
            template="notice",
            language=person.language,
            context={"name": person.name, **facts},
        )


def _is_everyday(event):
    """What is no news: one's own password, that of the founder, a name or team that changed, the
    address of a contact who cannot sign in; and whatever is done by who never signed in, which
    fills a demo."""
    of_person = event.subject_type in ("User", "Contact")
    if event.action == "password_set" and event.actor_id in (None, event.subject_id):
        return True
    ever = Session.were_there(event.at).where(Session.user == event.actor_id)
    if event.actor_type == "User" and not ever.exists():
        return True
    changed = {name.removeprefix("settings.") for name in event.facts.get("changed", ())}
    if event.subject_type == "Company" and event.action == "revised":
        return not GUARDED & changed
    if event.action != "revised" or not of_person:
        return False
    row = model_named(event.subject_type).get_by_id(event.subject_id)
    signs_in = event.subject_type == "User" or bool(row.password)
    return not signs_in or not RIGHTS & changed


def _asked_about_accounts(event):
    """Those who may decide, or, where nobody may and it prints after a day, everybody."""
    staff = User.select().where(User.active).order_by(User.id)
    return [u for u in staff if event.facts.get("until") or u.may("decide_account")]


watchers.append(follow)
