"""The daily look through everything: what is damaged is named on the home page and mailed, before someone needs it."""
from models import checks
from models.backup import sweep
from models.base import today
from models.outbox import Mail
from models.people import User


class Faults(Exception):
    """What the check found; the home page shows it until a check finds nothing."""


def check(folder, key):
    """Raises Faults, after mailing the administrators. What a kill left half done is swept away first."""
    sweep.sweep()
    found = checks.faults(folder, key)
    if not found:
        return
    for admin in User.with_role("admin"):
        Mail.put(f"faults-{today()}-{admin.id}", to=admin.email, template="faults", language=admin.language,
                 context={"name": admin.name, "count": len(found), "faults": found[:20]})
    raise Faults("; ".join(found))
