"""Adding and withdrawing a firm's own section or course."""

import secrets

from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.core.roles import STAFF_ROLES
from models.governance import course
from models.governance.handbook import HouseText
from models.governance.own_section import FOLDERS, LANGUAGES, OwnSection
from models.governance.training import Requirement, Training


@db.atomic()
def begin(by, folder, roles, texts):
    """A new section for these roles. `texts`: {language: (title, text)}, at least one language,
    which is then shown to readers of the other."""
    by.must("govern")
    folder in FOLDERS and set(roles) <= set(STAFF_ROLES) or refuse("choice_unknown")
    roles or refuse("nothing_chosen")
    given = {
        language: (title.strip(), text.strip())
        for language, (title, text) in texts.items()
        if title.strip() or text.strip()
    }
    given and set(given) <= set(LANGUAGES) or refuse("text_needed")
    row = OwnSection.create(
        key=f"~{secrets.token_hex(8)}",
        folder=folder,
        roles=[r for r in STAFF_ROLES if r in roles],
    )
    row.key = f"{FOLDERS[folder]}-{row.id}"
    row.save()
    for language, (title, text) in given.items():
        if folder == "training":
            course.check_text(text)
        HouseText.write(by, row.key, language, title, text, 0, first=True)
    row.record("begun", by, at=now().isoformat(timespec="minutes"))
    return row


@db.atomic()
def withdraw(by, section):
    """Withdraw it; acknowledgements and passed courses stay on record. Refused while a role
    requires the course or someone is taking it."""
    by.must("govern")
    if Requirement.select().where(Requirement.course == section.key).exists():
        refuse("still_required")
    if Training.open().where(Training.course == section.key).exists():
        refuse("still_taken")
    section.move("standing", to="withdrawn")
    section.record("withdrawn", by)
