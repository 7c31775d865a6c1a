"""Appraisal (鉴定) of filings that are due: which may be destroyed, and what blocks the others."""

from models.archive.destruction import DestructionItem, DestructionList
from models.archive.filing import Filing
from models.archive.legal_hold import LegalHold
from models.archive.retention import blockers


def appraise(query, most):
    """[(filing, its blockers)] of the filings in the query, the oldest first. Being on an open list
    is a blocker too, so that nothing is proposed twice."""
    rows = list(query.order_by(Filing.day, Filing.id).limit(most))
    holds = LegalHold.covering_each(rows)
    listed = {
        item.filing_id: [("listed", {"number": item.list.number})]
        for item in DestructionList.open_items().select(DestructionItem, DestructionList)
    }
    return [(f, listed.get(f.id, []) + blockers(f, holds[f.id])) for f in rows]
