"""Bank accounts of the firm that were changed and are printed, as the second person approved."""

from models.account_change import AccountChange
from models.company import Company
from models.people import Session


def approve_waiting(firm):
    """Fang approves what Ada asked for."""
    change = AccountChange.waiting()
    Session.start(firm.fang)
    Session.update(started_at=change.asked_at).where(Session.user == firm.fang.id).execute()
    change.approve(by=firm.fang)


def change_accounts(firm, **data):
    if Company.current().revise(firm.ada, **data):
        approve_waiting(firm)
