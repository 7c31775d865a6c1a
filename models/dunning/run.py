"""A reminder run: each reminder in a transaction of its own, so that a crash between two loses
nothing."""

import logging

from models.company import Company
from models.core.clock import local, now
from models.dunning.issue import remind
from models.dunning.plan import preview

log = logging.getLogger("danju.dunning")


def run_due(base_url="", only=None, failed=None):
    """Issue every reminder that is due, or those of `only` {(customer id, currency)}. Running twice
    sends nothing twice; after missed days the next level is sent. A failure stops no other
    reminder: it is appended to `failed` [(customer, error)], or raised at the end."""
    reminders, failures = [], []
    for plan in preview():
        if plan.skipped or only is not None and (plan.customer.id, plan.currency) not in only:
            continue
        try:
            reminder = remind(plan.customer.id, plan.currency, base_url)
        except Exception as error:
            log.exception("no reminder to customer %s", plan.customer.id)
            failures.append((plan.customer, error))
        else:
            reminders += [reminder] if reminder else []
    if failed is not None:
        failed += failures
    elif failures:
        raise failures[0][1]
    return reminders


def run_by_clock(base_url=""):
    """The automatic run: from the firm's hour on, unless the firm sends by hand."""
    company = Company.current()
    if (
        company
        and company.setting("reminders_automatic")
        and local(now()).hour >= company.setting("reminder_hour")
    ):
        run_due(base_url)
