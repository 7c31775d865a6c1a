"""Statements for many customers at once: a list worked off by a worker, one transaction each, so
that a crash loses nothing."""

import logging

import peewee as pw

from models.adapters.pdf import PdfFailed
from models.core import progress
from models.core.clock import now, today
from models.core.database import db
from models.core.errors import Refused, refuse
from models.core.fields import JSONField
from models.core.journal import Journaled
from models.core.model import Model
from models.customers import Customer
from models.people import User
from models.receivables.ledger import moved
from models.receivables.statement import Statement

log = logging.getLogger("danju.statements")


class StatementRun(Journaled, Model):
    """One batch: waiting → done. What is made already is skipped when it is taken up again."""

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

    @classmethod
    @db.atomic()
    def begin(cls, by, since, until, send=True):
        """Set down whose statements are to be made: all with a balance or a movement. Refused when
        there are none."""
        by.must("statement")
        since <= until or refuse("days_backward")
        until <= today() or refuse("day_in_future")
        seen = {c.id for c in by.sees.customers().select(Customer.id)}
        todo = sorted([c, currency] for c, currency in moved(since, until) if c in seen)
        todo or refuse("no_statements")
        row = cls.create(since=since, until=until, todo=todo, send=send, by=by, at=now())
        row.record("started", by, count=len(todo))
        return row

    @property
    def name(self):
        return f"{self.since} – {self.until}"

    @property
    def busy(self):
        return self.state == "waiting"

    @property
    def made(self):
        return self.statements.count()

    @classmethod
    def waiting(cls):
        return cls.select().where(cls.state == "waiting", cls.claimed_at.is_null()).order_by(cls.id)

    @classmethod
    def take_up_interrupted(cls):
        """Let a run whose worker died be claimed anew."""
        for run in list(cls.select().where(cls.state == "waiting", cls.claimed_at.is_null(False))):
            if not progress.alive(f"statements-{run.id}", run.claimed_at):
                cls.update(claimed_at=None).where(
                    cls.id == run.id, cls.claimed_at == run.claimed_at
                ).execute()

    def claim(self):
        """True for the one worker that gets to do it."""
        return (
            StatementRun.update(claimed_at=now())
            .where(StatementRun.id == self.id, StatementRun.claimed_at.is_null())
            .execute()
            == 1
        )

    def work(self):
        """Make, and if so chosen send, each statement; a fall of one is told and stops no other."""
        failures = []
        for customer, currency in self.todo:
            progress.note(f"statements-{self.id}", self.made / len(self.todo))
            try:
                failures += self._one(customer, currency)
            except Refused as error:
                failures.append([customer, currency, error.code])
            except PdfFailed:
                failures.append([customer, currency, "pdf_failed"])
            except Exception:
                log.exception("statement of customer %s in %s", customer, currency)
                failures.append([customer, currency, "unexpected"])
        self._end(failures)
        progress.clear(f"statements-{self.id}")

    @db.atomic()
    def _one(self, customer, currency):
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

    @db.atomic()
    def _end(self, failures):
        self.move("waiting", to="done", finished_at=now(), failures=failures)
        self.record("done", self.by, made=self.made, failed=len(failures))


def run_waiting():
    """Work off what waits."""
    StatementRun.take_up_interrupted()
    for run in list(StatementRun.waiting()):
        if run.claim():
            run.work()
