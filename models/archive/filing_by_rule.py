"""Filing of documents by the rule of their class: after some days, once they are settled, or a
whole year at once. What a customer signed or handed in as a proof is filed at once."""

import datetime as dt
import functools
import logging
import operator

from models.adapters.blobs import Damaged, fetch
from models.adapters.printing.pool import PdfFailed
from models.archive.external_file import examined
from models.archive.filing import Filing
from models.archive.folder import day_after_year
from models.archive.naming import FilingRule
from models.core.clock import at, now, today
from models.core.errors import Refused
from models.documents import Document
from models.dunning import Reminder
from models.payments import Payment, open_balance
from models.receivables.due_item import DueItem
from models.receivables.statement import Statement

log = logging.getLogger("danju.archive")
MOST_AT_ONCE = 200
DOCUMENT_KINDS = ("quote", "order", "delivery_note", "invoice", "credit_note")


class NotFiled(Exception):
    """The numbers of what could not be filed; the log says why."""


def overdue(days):
    """Documents that file_due() should have filed so many days ago."""
    with at(now() - dt.timedelta(days=days)):
        return [
            document
            for kind in DOCUMENT_KINDS
            for document in _due(kind, Document.issued_on <= today())
        ]


def file_due(since=None):
    """File every document that is due by its rule, or only those issued since a day. Returns how
    many; raises at the end, naming those that could not be filed."""
    done, failures = 0, []
    for kind in DOCUMENT_KINDS:
        which = [] if since is None else [Document.issued_on >= since]
        filed, failed = _file(_due(kind, *which), None)
        done, failures = done + filed, failures + failed
    done += _file_reminders(FilingRule.of("reminder"))
    for proofs in (_signed_statements(), _slips()):
        filed, failed = _file_proofs(proofs)
        done, failures = done + filed, failures + failed
    if failures:
        raise NotFiled(", ".join(failures[:20]))
    return done


def file_year(by, year):
    """File the documents of the year that no rule has filed yet, MOST_AT_ONCE at a time so that the
    page answers in time. Returns (how many, numbers of those that could not be filed)."""
    by.must("archive")
    return _file(list(unfiled(year).limit(MOST_AT_ONCE)), by)


def unfiled(year):
    """Documents of the fiscal year that no rule has filed yet, oldest first."""
    return _unfiled(
        (Document.issued_on >= day_after_year(year - 1))
        & (Document.issued_on < day_after_year(year))
        & Document.number.is_null(False)
    )


def _file(documents, by):
    done, failures = 0, []
    # Made in parallel; a PDF that cannot be made fails again below, where it is reported.
    for document in documents:
        try:
            Filing.file_document(by, document)
            done += 1
        except (Refused, Damaged, PdfFailed) as error:
            log.warning("%s cannot be filed: %s", document.number, error)
            failures.append(document.number)
    return done, failures


def _unfiled(which):
    """Those that no rule has filed yet; not those of an import that may still be undone."""
    return (
        Document.select()
        .where(
            which,
            Document.state.in_(("issued", "voided")),
            ~Document.is_of_unkept_import(),
            Document.id.not_in(
                Filing.select(Filing.document).where(Filing.document.is_null(False))
            ),
        )
        .order_by(Document.issued_on, Document.id)
    )


def _due(kind, *which):
    """The documents of the kind that are due by its rule, oldest first. They are read some at a
    time, since an import may bring hundreds of thousands."""
    rule = FilingRule.of(kind)
    rows = _unfiled(Document.kind == kind).where(_may_be_due(kind, rule), *which)
    ids = [ident for (ident,) in rows.select(Document.id).tuples()]
    for first in range(0, len(ids), MOST_AT_ONCE):
        some = list(_unfiled(Document.id.in_(ids[first : first + MOST_AT_ONCE])))
        yield from (document for document in some if _is_due(document, rule))


def _may_be_due(kind, rule):
    """A condition that leaves out most of what is not due, by what is kept in tables."""
    ways = [Document.state == "voided", _may_be_settled(kind)] if rule.settled else []
    if rule.days >= 0:
        ways.append(Document.issued_on <= today() - dt.timedelta(days=rule.days))
    return functools.reduce(operator.or_, ways, Document.id == 0)


def _may_be_settled(kind):
    if kind == "invoice":
        return Document.id.not_in(DueItem.select(DueItem.document).where(DueItem.is_open()))
    if kind == "delivery_note":
        return Document.confirmed_at.is_null(False)
    return Document.id == 0 if kind == "quote" else Document.id > 0


def settled(document):
    """Whether nothing more is expected to happen to this document: it is paid, set off, completely
    invoiced or confirmed."""
    if document.kind == "invoice":
        return open_balance(document) <= 0
    if document.kind == "order":
        return document.fulfilment().get("invoice") == "whole"
    return document.kind == "credit_note" or bool(
        document.kind == "delivery_note" and document.confirmed_at
    )


def _is_due(document, rule):
    """Whether it is old enough by the rule, or settled where the rule says so."""
    if rule.days >= 0 and (today() - document.issued_on).days >= rule.days:
        return True
    return rule.settled and (document.state == "voided" or settled(document))


def _file_reminders(rule):
    done = 0
    for reminder in (
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
        if (today() - reminder.day).days >= rule.days:
            Filing.enter(
                None,
                "reminder",
                reminder.day,
                reminder.pdf_sha256,
                number=reminder.number,
                customer=reminder.customer,
                currency=reminder.currency,
                total=reminder.total,
                reminder=reminder,
            )
            done += 1
    return done


def _signed_statements():
    """(class, day, SHA-256 of the copy signed by both sides, statement) of those not filed yet."""
    filed = Filing.select(Filing.statement).where(Filing.statement.is_null(False))
    rows = Statement.select().where(
        Statement.confirmed_pdf_sha256.is_null(False),
        Statement.state != "destroyed",
        Statement.id.not_in(filed),
    )
    for row in list(rows.order_by(Statement.until, Statement.id)):
        yield "statement", row.until, row.confirmed_pdf_sha256, row


def _slips():
    """(class, day, SHA-256, payment) of the proofs of payment that finance has confirmed and that
    are not filed yet."""
    filed = Filing.select(Filing.payment).where(Filing.payment.is_null(False))
    rows = Payment.select().where(
        Payment.slip.is_null(False),
        Payment.state.in_(("confirmed", "reversed")),
        Payment.id.not_in(filed),
    )
    for row in list(rows.order_by(Payment.received_on, Payment.id)):
        yield "receipt", row.received_on, row.slip, row


def _file_proofs(proofs):
    done, failures = 0, []
    for kind, day, sha, row in proofs:
        try:
            statement = kind == "statement"
            Filing.enter(
                None,
                kind,
                day,
                sha,
                extension=examined(fetch(sha)).extension,
                number=row.number,
                customer=row.customer,
                currency=row.currency,
                total=row.closing if statement else row.amount,
                statement=row if statement else None,
                payment=None if statement else row,
            )
            done += 1
        except (Refused, Damaged) as error:
            log.warning("%s cannot be filed: %s", row.number, error)
            failures.append(row.number)
    return done, failures
