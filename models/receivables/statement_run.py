"""Statements for many customers at once, made by a worker in one transaction each, so that a crash
loses nothing."""

import logging

import peewee as pw

from models.core.clock import now, today
from models.core.database import db
from models.core.errors import Refused, refuse
from models.core.fields import JSONField
from models.core.journal import Journaled
from models.core.long_work import LongWork
from models.core.model import Model
from models.customers import Customer
from models.people import User
from models.receivables.ledger import active_accounts
from models.receivables.statement import Statement

log = logging.getLogger("danju.statements")


class StatementRun(LongWork, Journaled, Model):
    """One batch: waiting → done. After an interruption the statements made already are skipped."""

    state = pw.CharField(max_length=10, default="waiting", index=True)
    since = pw.DateField()
    until = pw.DateField()
    todo = JSONField(default=list)  # [[customer id, currency]]
    send = pw.BooleanField(default=True)
    by = pw.ForeignKeyField(User)
    at = pw.DateTimeField()
    claimed_at = pw.DateTimeField(null=True)
    finished_at = pw.DateTimeField(null=True)
    failures = JSONField(default=list)  # [[customer id, currency, code]]
    unhashed = ("claimed_at",)
    progress_name = "statements"

    @classmethod
    @db.atomic()
    def begin(cls, by, since, until, send=True):
        """Create the batch, for all accounts with a balance or a row in the period. Refused when
        there are none."""
        by.must("statement")
        since <= until or refuse("days_backward")
        until <= today() or refuse("day_in_future")
        seen = {c.id for c in by.sees.customers().select(Customer.id)}
        todo = sorted([c, currency] for c, currency in active_accounts(since, until) if c in seen)
        todo or refuse("no_statements")
        row = cls.create(since=since, until=until, todo=todo, send=send, by=by, at=now())
        row.record("started", by, count=len(todo))
        return row

    @property
    def name(self):
        return f"{self.since} – {self.until}"

    @property
    def made(self):
        return self.statements.count()

    def mark_failed(self, _error):
        """Release it, so that it is claimed again; statements made already are skipped."""
        cls = type(self)
        cls.update(claimed_at=None).where(
            cls.id == self.id, cls.claimed_at == self.claimed_at
        ).execute()

    def work(self):
        """Make each statement, and send it if requested; a failure of one does not stop the
        others."""
        failures = []
        for customer, currency in self.todo:
            self.note_progress(self.made / len(self.todo))
            try:
                failures += self._make_one(customer, currency)
            except Refused as error:
                failures.append([customer, currency, error.code])
            except Exception:
                log.exception("statement of customer %s in %s", customer, currency)
                failures.append([customer, currency, "unexpected"])
        self.finish("done", failures=failures)

    @db.atomic()
    def _make_one(self, customer, currency):
        if self.statements.where(
            Statement.customer == customer, Statement.currency == currency
        ).exists():
            return []
        made = Statement.make(
            self.by, Customer.get_by_id(customer), currency, self.since, self.until, run=self
        )
        if not self.send:
            return []
        contacts = made.recipients()
        if not contacts:
            return [[customer, currency, "no_recipient"]]
        made.send(self.by, contacts)
        return []

    def record_end(self, state, changes):
        self.record(state, self.by, made=self.made, failed=len(changes["failures"]))
