"""A run: every letter that is due, each in a transaction of its own, so that a crash between two
loses nothing."""

import logging

from models.company import Company
from models.core.clock import local, now
from models.dunning.letter import remind
from models.dunning.plan import preview

log = logging.getLogger("danju.dunning")


def run_due(base_url="", only=None, failed=None):
    """Write and queue every letter that is due, or those of `only` {(customer id, currency)}.
    Running twice sends nothing twice; missed days catch up with the highest level. One that fails
    leaves the others; it is put into `failed`, or raised when all others are done."""
    made, troubles = [], []
    for plan in preview():
        if plan.skipped or only is not None and (plan.customer.id, plan.currency) not in only:
            continue
        try:
            letter = remind(plan.customer.id, plan.currency, base_url)
        except Exception as error:
            log.exception("no reminder to customer %s", plan.customer.id)
            troubles.append((plan.customer, error))
        else:
            made += [letter] if letter else []
    if failed is not None:
        failed += troubles
    elif troubles:
        raise troubles[0][1]
    return made


def run_by_clock(base_url=""):
    """The run that nobody starts: from the firm's hour on, unless the firm sends by hand."""
    firm = Company.current()
    if (
        firm
        and firm.setting("reminders_automatic")
        and local(now()).hour >= firm.setting("reminder_hour")
    ):
        run_due(base_url)
