"""Appraisal (鉴定) of what is due: what may go, and what stands in the way."""

from models.archive.destruction import DestructionItem, DestructionList
from models.archive.filing import Filing
from models.archive.retention import blocks


def appraise(query, most):
    """[(filing, what blocks it)] of what is due, oldest first; what an open list already holds is
    not offered again."""
    rows = query.order_by(Filing.day, Filing.id).limit(most)
    listed = {
        item.filing_id: [("listed", {"number": item.list.number})]
        for item in DestructionList.open_items().select(DestructionItem, DestructionList)
    }
    return [(filing, listed.get(filing.id, []) + blocks(filing)) for filing in rows]
