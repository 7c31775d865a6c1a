"""What was said of a filed thing by a slip of the hand may be put right, while nothing rests on it as it is."""
from models.base import refuse


def free(filing):
    """Refused for what is destroyed, what a legal hold covers and what stands on an open list: a hold by customer, paper or
    words would lose it, and a list was decided on for what it says now."""
    from models.archive.destruction import DestructionItem, DestructionList
    from models.archive.hold import LegalHold
    filing.state == "kept" or refuse("state_changed", now=filing.state)
    for hold in LegalHold.covering(filing):
        refuse("blocked_hold", file=filing.code, name=hold.name)
    for item in DestructionList.open_items().where(DestructionItem.filing == filing.id):
        refuse("blocked_listed", file=filing.code, number=item.list.number)
