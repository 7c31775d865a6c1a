"""Papers that get into the archive by the rule of their class: after some days, once nothing more
is awaited of them, or a whole year at once."""

import datetime as dt
import logging

from models.adapters.blobs import Damaged
from models.adapters.printing.pool import PdfFailed
from models.archive.filing import Filing
from models.archive.folder import year_over
from models.archive.naming import FilingRule
from models.core.clock import at, now, today
from models.core.errors import Refused
from models.documents import Document
from models.dunning import Reminder
from models.payments import open_balance
from models.printed import keep_pdfs

log = logging.getLogger("danju.archive")
MOST_AT_ONCE = 200
PAPERS = ("quote", "order", "delivery_note", "invoice", "credit_note")


def overdue(days):
    """Papers that file_due() should have filed so many days ago."""
    moment = now() - dt.timedelta(days=days)
    with at(moment):
        return [
            paper
            for kind in PAPERS
            for rule in [FilingRule.of(kind)]
            for paper in _unfiled(Document.kind == kind).where(Document.issued_on <= today())
            if _ripe(paper, rule)
        ]


def file_due(since=None):
    """File by rule every paper whose time has come, or only those issued since a day; one that
    cannot be is told of and keeps back no other."""
    done, troubles = 0, []
    for kind in PAPERS:
        rule = FilingRule.of(kind)
        ripe = [
            p
            for p in list(_unfiled(Document.kind == kind))
            if _ripe(p, rule) and (since is None or p.issued_on >= since)
        ]
        filed, lost = _file(ripe, None)
        done, troubles = done + filed, troubles + lost
    done += _file_reminders(FilingRule.of("reminder"))
    if troubles:
        raise RuntimeError(f"not filed: {', '.join(troubles[:20])}")
    return done


def file_year(by, year):
    """(how many, numbers of those that cannot be): what of the year no rule has filed yet, at most
    so many at once, so that the page answers in time."""
    by.must("archive")
    return _file(list(unfiled(year).limit(MOST_AT_ONCE)), by)


def unfiled(year):
    """Papers of the fiscal year that no rule has filed yet, oldest first."""
    return _unfiled(
        (Document.issued_on >= year_over(year - 1))
        & (Document.issued_on < year_over(year))
        & Document.number.is_null(False)
    )


def _file(papers, by):
    done, troubles = 0, []
    keep_pdfs(
        [(paper, "pdf_sha256") for paper in papers]
    )  # side by side; who fails is met again below
    for paper in papers:
        try:
            Filing.file_document(by, paper)
            done += 1
        except (Refused, Damaged, PdfFailed) as error:
            log.warning("%s cannot be filed: %s", paper.number, error)
            troubles.append(paper.number)
    return done, troubles


def _unfiled(which):
    return (
        Document.select()
        .where(
            which,
            Document.state.in_(("issued", "voided")),
            Document.id.not_in(
                Filing.select(Filing.document).where(Filing.document.is_null(False))
            ),
        )
        .order_by(Document.issued_on, Document.id)
    )


def settled(document):
    """Whether nothing more is awaited of this document: paid, set off, delivered and invoiced,
    confirmed."""
    if document.kind == "invoice":
        return open_balance(document) <= 0
    if document.kind == "order":
        return document.fulfilment().get("invoice") == "whole"
    return document.kind == "credit_note" or bool(
        document.kind == "delivery_note" and document.confirmed_at
    )


def _ripe(paper, rule):
    """Old enough, or nothing can happen to it any more."""
    if rule.days >= 0 and (today() - paper.issued_on).days >= rule.days:
        return True
    return rule.settled and (paper.state == "voided" or settled(paper))


def _file_reminders(rule):
    done = 0
    for letter in (
        list(
            Reminder.select().where(
                Reminder.pdf_sha256 != "",
                Reminder.id.not_in(
                    Filing.select(Filing.reminder).where(Filing.reminder.is_null(False))
                ),
            )
        )
        if rule.days >= 0
        else ()
    ):
        if (today() - letter.day).days >= rule.days:
            Filing.put(
                None,
                "reminder",
                letter.day,
                letter.pdf_sha256,
                number=letter.number,
                customer=letter.customer,
                currency=letter.currency,
                total=letter.total,
                reminder=letter,
            )
            done += 1
    return done
