"""How long each class is kept, counted from the first day after its fiscal year, and what stands in
the way of destroying it.

Least terms by the annex of 会计档案管理办法 (财政部 国家档案局令第79号): 原始凭证 30 years,
银行对账单 10, 会计档案销毁清册 for ever."""

import peewee as pw

from models.archive.filing import Filing
from models.archive.folder import CLASSES, Folder, year_over
from models.archive.legal_hold import LegalHold
from models.core.clock import today
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled
from models.core.model import Model
from models.payments import open_balance

LEAST = {
    "invoice": 30,
    "credit_note": 30,
    "delivery_note": 30,
    "receipt": 30,
    "statement": 30,
    "einvoice": 30,
    "bank_statement": 10,
}
FOR_EVER = {"destruction_register"}
OWN = {"contract": 30, "order": 30, "reminder": 10, "quote": 5, "correspondence": 5, "other": 10}
MOST_YEARS = 100
assert set(CLASSES) == set(LEAST) | FOR_EVER | set(OWN)


class RetentionRule(Journaled, Model):
    """Years for which a class is kept; None is for ever."""

    kind = pw.CharField(max_length=24, unique=True)
    years = pw.IntegerField(null=True)

    @classmethod
    def of(cls, kind):
        """The rule in force; what the firm has not decided is the law's term, or what we
        suggest."""
        return cls.get_or_none(cls.kind == kind) or cls(
            kind=kind, years=None if kind in FOR_EVER else LEAST.get(kind) or OWN[kind]
        )

    @property
    def least(self):
        """The law's least term, or None where the firm decides."""
        return LEAST.get(self.kind)

    @classmethod
    @db.atomic()
    def define(cls, by, kind, years):
        """Keep the class so long from now on. Refused below the law's term; registers of
        destruction stay for ever."""
        by.must("appraise")
        kind in CLASSES or refuse("choice_unknown")
        if kind in FOR_EVER and years is not None:
            refuse("retention_for_ever")
        years is None or LEAST.get(kind, 1) <= years <= MOST_YEARS or refuse(
            "retention_least", least=LEAST.get(kind, 1), most=MOST_YEARS
        )
        row = cls.get_or_none(cls.kind == kind) or cls(kind=kind)
        row.years = years
        row.save()
        row.record("defined", by, years=years)
        return row


def due_on(folder):
    """The first day on which this folder may be destroyed, or None: for ever."""
    years = RetentionRule.of(folder.kind).years
    over = year_over(folder.year)
    return None if years is None else over.replace(year=over.year + years)


def kept_years(folder):
    """Whole years for which it has been kept."""
    over, day = year_over(folder.year), today()
    return max(0, day.year - over.year - ((day.month, day.day) < (over.month, over.day)))


def due():
    """Everything kept whose term is over."""
    ripe = [f.id for f in Folder.select() if (day := due_on(f)) and day <= today()]
    return Filing.kept().where(Filing.folder.in_(ripe or [0]))


def paper_of(filing):
    """The paper it is, or belongs to."""
    return filing.document or (filing.file.document if filing.file else None)


def blocks(filing):
    """[(code, facts)]: why it may not be destroyed though its term is over."""
    found = [("hold", {"name": hold.name}) for hold in LegalHold.covering(filing)]
    paper = paper_of(filing)
    if paper:
        if open_balance(paper) > 0:
            found.append(("open_balance", {"number": paper.number}))
        if open_dispute(paper):
            found.append(("open_dispute", {"number": paper.number}))
        loose = [
            d
            for d in paper.chain()
            if d.state not in ("archived", "voided", "destroyed", "discarded")
        ]
        if loose:
            found.append(
                ("unfinished_chain", {"number": ", ".join(d.number or d.kind for d in loose[:3])})
            )
    return found


def open_dispute(paper):
    """Whether a complaint about the paper is still open."""
    disputes = Journaled.registry.get("Dispute")
    return bool(disputes and disputes.live().where(disputes.document == paper.id).exists())
