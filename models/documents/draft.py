"""Making and changing drafts: nothing typed is lost, and a change drops the approval."""

import datetime as dt

import peewee as pw

from models.company import Company
from models.core.clock import now, today
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField
from models.core.model import Model
from models.documents import approval_gate, totals
from models.documents.line import Line
from models.people import User

HEAD = (
    "contact currency language date terms_days valid_until delivery_on reference note "
    "internal_note "
    "prices_include_tax discount"
).split()
MOST = 10**15


class Drafting:
    @classmethod
    @db.atomic()
    def draft(cls, by, kind, customer, lines=(), **head):
        """A new draft for the customer, by the customer's terms. It has no number."""
        by.must("write", customer)
        firm = Company.current()
        head = {
            "currency": customer.currency,
            "language": customer.language,
            "terms_days": customer.terms_days,
            "date": today(),
            "prices_include_tax": firm.setting("prices_include_tax"),
            **head,
        }
        document = cls.create(
            kind=kind, customer=customer, owner=head.pop("owner", None) or by, **head
        )
        document._write_lines(lines)
        document.record("created", by, kind=kind)
        return document

    @db.atomic()
    def revise(self, by, version, lines=None, **head):
        """Save the draft over `version`. Refused when someone saved meanwhile; drops an
        approval."""
        by.must("write", self)
        hit = (
            type(self)
            .update(version=type(self).version + 1)
            .where(
                type(self).id == self.id,
                type(self).version == version,
                type(self).state.in_(("draft", "returned", "submitted", "approved")),
            )
            .execute()
        )
        fresh = type(self).get_by_id(self.id)
        hit or refuse("version_conflict" if fresh.editable else "state_changed", now=fresh.state)
        self.__data__.update(
            fresh.__data__
        )  # submitting changes no version: what was loaded before it is no longer true
        before = self.content_hash()
        for key in set(head) & set(HEAD):
            setattr(self, key, head[key])
        self._write_lines(self.ordered_lines() if lines is None else lines)
        if self.content_hash() != before and self.state in ("submitted", "approved"):
            approval_gate.requests().drop(self, by)
            self.move("submitted", "approved", to="draft")
        Autosave.forget(self, by)
        self.record("revised", by, version=self.version, total=self.total)

    @db.atomic()
    def copy(self, by):
        """A new draft with the same lines; it starts unapproved and belongs to nobody's chain."""
        if self.state == "destroyed":
            refuse("is_destroyed")
        head = {
            k: getattr(self, k) for k in HEAD if k not in ("date", "valid_until", "delivery_on")
        }
        return type(self).draft(
            by, self.kind, self.customer, [_loose(x) for x in self.ordered_lines()], **head
        )

    @db.atomic()
    def discard(self, by):
        """Throw a draft away; it never had a number."""
        by.must("write", self)
        self.move("draft", "returned", to="discarded")
        self.record("discarded", by)

    def _write_lines(self, lines):
        made = []
        for i, line in enumerate(lines, 1):
            line = line if isinstance(line, Line) else Line(**line)
            made.append(
                Line(
                    document=self,
                    position=i,
                    **{
                        n: line.__data__.get(n)
                        for n in _CARRIED
                        if line.__data__.get(n) is not None
                    },
                ).compute(self)
            )
        keep = {line.source_id for line in made}
        old = list(self.lines)
        followed = {
            x.source_id for x in Line.select(Line.source).where(Line.source.in_(old or [0]))
        }
        if followed:
            refuse("lines_followed")
        assert not keep & {x.id for x in old}
        self.net, self.tax, self.total = totals.total(made)
        max(abs(x) for line in [self, *made] for x in (line.net, line.tax)) <= MOST or refuse(
            "amount_too_large"
        )
        Line.delete().where(Line.document == self.id).execute()
        for line in made:
            line.save(force_insert=True)
        self.due_on = (
            self.date + dt.timedelta(days=self.terms_days) if self.kind == "invoice" else None
        )
        self.save()


_CARRIED = (
    "product code name note unit quantity price discount tax_rate tax_label tax_kind rate source"
).split()


def _loose(line):
    data = {name: line.__data__.get(name) for name in _CARRIED if name != "source"}
    return {k: v for k, v in data.items() if v is not None}


class Autosave(Model):
    """What one person has typed into a draft and not yet saved."""

    document = pw.IntegerField()
    user = pw.ForeignKeyField(User)
    at = pw.DateTimeField()
    version = pw.IntegerField()
    form = JSONField()

    class Meta:
        indexes = ((("document", "user"), True),)

    @classmethod
    @db.atomic()
    def keep(cls, document, user, version, form):
        """Keep the typed form beside the draft; the draft itself is not touched."""
        cls.insert(
            document=document.id, user=user, at=now(), version=version, form=form
        ).on_conflict(
            conflict_target=[cls.document, cls.user],
            update={cls.at: now(), cls.version: version, cls.form: form},
        ).execute()

    @classmethod
    def of(cls, document, user):
        return cls.get_or_none(cls.document == document.id, cls.user == user.id)

    @classmethod
    def forget(cls, document, user):
        cls.delete().where(cls.document == document.id, cls.user == user.id).execute()
