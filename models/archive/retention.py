"""How long each class is kept, counted from the first day after its fiscal year, and what blocks
its destruction.

Minimum periods by the annex of 会计档案管理办法 (财政部 国家档案局令第79号): 原始凭证 30 years,
银行对账单 10, 会计档案销毁清册 for ever."""

import peewee as pw

from models.archive.filing import Filing
from models.archive.folder import CLASSES, Folder, day_after_year
from models.archive.legal_hold import LegalHold
from models.company import Company
from models.core.clock import today
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import Journaled
from models.core.model import Model
from models.payments import open_balance

LEGAL_MINIMUM = {
    "invoice": 30,
    "credit_note": 30,
    "delivery_note": 30,
    "receipt": 30,
    "statement": 30,
    "einvoice": 30,
    "bank_statement": 10,
}
FOR_EVER = {"destruction_register"}
DEFAULT_YEARS = {
    "contract": 30,
    "order": 30,
    "reminder": 10,
    "quote": 5,
    "correspondence": 5,
    "other": 10,
}
MOST_YEARS = 100
assert set(CLASSES) == set(LEGAL_MINIMUM) | FOR_EVER | set(DEFAULT_YEARS)


class RetentionRule(Journaled, Model):
    """Years for which a class is kept; None is for ever."""

    kind = pw.CharField(max_length=24, unique=True)
    years = pw.IntegerField(null=True)

    @classmethod
    def of(cls, kind):
        """The rule in force; where the company has defined none, the law's minimum or our
        default."""
        return cls.every()[kind]

    @classmethod
    def every(cls):
        """{class: the rule in force}"""
        defined = {row.kind: row for row in cls.select()}
        years = {**dict.fromkeys(FOR_EVER), **LEGAL_MINIMUM, **DEFAULT_YEARS}
        return {kind: defined.get(kind) or cls(kind=kind, years=years[kind]) for kind in CLASSES}

    @property
    def least(self):
        """The minimum by China's law, or None where the company decides."""
        return self.least_in(Company.current())

    def least_in(self, company):
        return LEGAL_MINIMUM.get(self.kind) if company.in_china else None

    @classmethod
    @db.atomic()
    def define(cls, by, kind, years):
        """Keep the class for so many years from now on. Refused below the minimum by law;
        destruction registers are kept for ever."""
        by.must("appraise")
        kind in CLASSES or refuse("choice_unknown")
        if kind in FOR_EVER and years is not None:
            refuse("retention_for_ever")
        row = cls.of(kind)
        least = row.least or 1
        years is None or least <= years <= MOST_YEARS or refuse(
            "retention_least", least=least, most=MOST_YEARS
        )
        if row.years == years:
            return row
        row.years = years
        row.save_changes(by, "defined", years=years)
        return row


def due_on(folder):
    """The first day on which this folder may be destroyed; None if it is kept for ever."""
    return days_due([folder])[folder.id]


def days_due(folders, rules=None):
    """{folder id: the same day} of these folders. `rules`: RetentionRule.every(), where it is known
    already."""
    rules, month = rules or RetentionRule.every(), Company.current().setting("fiscal_month")
    years = {folder.id: rules[folder.kind].years for folder in folders}
    return {
        f.id: None if years[f.id] is None else day_after_year(f.year + years[f.id], month)
        for f in folders
    }


def kept_years(folder):
    """Completed years for which it has been kept."""
    start, day = day_after_year(folder.year), today()
    return max(0, day.year - start.year - ((day.month, day.day) < (start.month, start.day)))


def due(days=None):
    """The kept filings whose retention period is over. `days`: days_due() of all folders, where it
    is known already."""
    days = days_due(list(Folder.select())) if days is None else days
    due_folders = [ident for ident, day in days.items() if day and day <= today()]
    return Filing.kept().where(Filing.folder.in_(due_folders or [0]))


def documents_of(filing):
    """The document that was filed, or those to which the filed file belongs."""
    if filing.document or not filing.file:
        return [filing.document] if filing.document else []
    further = [row.document for e in filing.file.einvoices for row in e.further]
    return [d for d in (filing.file.document, *further) if d]


def blockers(filing, holds=None):
    """[(code, facts)] of the reasons why it may not be destroyed though it is due. `holds`: those
    that cover it, where the caller has read them for many."""
    holds = LegalHold.covering(filing) if holds is None else holds
    found = [("hold", {"name": hold.name}) for hold in holds]
    for document in documents_of(filing):
        if open_balance(document) > 0:
            found.append(("open_balance", {"number": document.number}))
        if open_dispute(document):
            found.append(("open_dispute", {"number": document.number}))
        unfinished = [
            d
            for d in document.chain()
            if d.state not in ("archived", "voided", "destroyed", "discarded")
        ]
        if unfinished:
            found.append(
                (
                    "unfinished_chain",
                    {"number": ", ".join(d.number or d.kind for d in unfinished[:3])},
                )
            )
    return found


def open_dispute(document):
    """Whether a dispute about the document is still open."""
    disputes = Journaled.registry.get("Dispute")
    return bool(disputes and disputes.live().where(disputes.document == document.id).exists())
