"""The daily check of all data, so that damage is shown on the home page and mailed before someone
needs what is damaged."""

import logging

from models.adapters.outbox import Mail
from models.core.clock import today
from models.operations import checks
from models.operations.backup import sweep
from models.people import User

log = logging.getLogger("danju.jobs")


class Faults(Exception):
    """What the check found; shown on the home page until a check finds nothing."""


def check(folder, key):
    """Raises Faults, after mailing the administrators. Files that no row refers to are removed only
    when nothing is damaged: a changed bit in a row makes its own file look like one of them."""
    found = checks.all_faults(folder, key, whole=checks.is_quick(folder, key))
    if not found:
        sweep.sweep()
        return
    try:
        for admin in User.with_role("admin"):
            Mail.enqueue(
                f"faults-{today()}-{admin.id}",
                to=admin.email,
                template="faults",
                language=admin.language,
                context={"name": admin.name, "count": len(found), "faults": found[:20]},
            )
    except Exception:  # too damaged for a mail: the home page and the log still show it
        log.exception("no mail about the faults could be written")
    raise Faults("; ".join(found))
