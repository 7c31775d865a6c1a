"""Creating and changing drafts. A change of a submitted or approved draft drops its approval."""

import peewee as pw

from models.company import Company
from models.core.clock import now, today
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField
from models.core.idempotency import IdempotencyKey
from models.core.model import Model
from models.core.portions import insert_instances
from models.documents import approval_gate, parts, totals
from models.documents.line import Line, translated
from models.people import User

HEAD_FIELDS = (
    "contact currency language chosen_date terms_days valid_until delivery_on reference note "
    "internal_note "
    "prices_include_tax discount"
).split()
MOST = 10**15


class Drafting:
    @classmethod
    @db.atomic()
    def draft(cls, by, kind, customer, lines=(), **head):
        """Create a draft with the customer's terms as defaults. It has no number."""
        by.must("write", customer)
        customer.must_stand()
        company = Company.current()
        head = {
            "currency": customer.currency,
            "language": customer.language,
            "terms_days": customer.terms_days,
            "date": today(),
            "prices_include_tax": company.setting("prices_include_tax"),
            **head,
        }
        document = cls.create(
            kind=kind, customer=customer, owner=head.pop("owner", None) or by, **head
        )
        document._write_lines(lines)
        document.record("created", by, kind=kind)
        return document

    @db.atomic()
    def revise(self, by, version, lines=None, customer=None, **head):
        """Change the draft that was read as `version`; with `customer`, make it over to that one.
        Refused when someone else has saved since; drops an approval when the content changes.
        Nothing is written when nothing differs."""
        by.must("write", self)
        head = {k: v for k, v in head.items() if k in HEAD_FIELDS}
        fresh = type(self).get_by_id(self.id)
        lines_before = _copied(fresh.ordered_lines())
        if customer and customer.id != fresh.customer_id:
            lines = [_as_line(x) for x in (fresh.ordered_lines() if lines is None else lines)]
            head, lines = fresh.made_over(by, customer, head, lines)
        same = lines is None or _copied(lines) == lines_before
        if fresh.editable and same and not fresh.differing(head):
            Autosave.forget(self, by)
            return
        updated = (
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
        updated or refuse(
            "version_conflict" if fresh.editable else "state_changed", now=fresh.state
        )
        # Submitting does not change the version, so the row in memory may hold an old state.
        self.__data__.update(fresh.__data__)
        before, columns = self.content_hash(), {**fresh.__data__}
        for key, value in self.differing(head).items():
            setattr(self, key, value)
        lines = [_as_line(x) for x in (self.ordered_lines() if lines is None else lines)]
        self._write_lines(translated(lines, columns["language"], self.language))
        if self.content_hash() != before and self.state in ("submitted", "approved"):
            approval_gate.requests().drop(self, by)
            self.move("submitted", "approved", to="draft")
        Autosave.forget(self, by)
        changes = self.changes_since(columns)
        if _copied(self.ordered_lines()) != lines_before:
            changes = {"was": {}, "now": {}, **changes}
            changes["changed"] = [*changes.get("changed", ()), "lines"]
        self.record("revised", by, version=self.version, total=self.total, **changes)

    @db.atomic()
    def copy(self, by):
        """Create a draft with the same lines; it starts unapproved and outside any chain. Only a
        credit note stays with its invoice, of which it can give back no more than remains."""
        if self.state == "destroyed":
            refuse("is_destroyed")
        head = {
            k: getattr(self, k)
            for k in HEAD_FIELDS
            if k not in ("chosen_date", "valid_until", "delivery_on")
        }
        return type(self).draft(
            by,
            self.kind,
            self.customer.leading,
            [_values_without_source(x) for x in self.ordered_lines()],
            source=self.source if self.kind == "credit_note" else None,
            **head,
        )

    @db.atomic()
    def discard(self, by):
        """Discard a draft; it never had a number."""
        by.must("write", self)
        self.move("draft", "returned", to="discarded")
        self.record("discarded", by)

    def _write_lines(self, lines):
        new = []
        for i, line in enumerate(lines, 1):
            line = _as_line(line)
            new.append(
                Line(
                    document=self,
                    position=i,
                    **{
                        n: line.__data__.get(n)
                        for n in _COPIED_LINE_FIELDS
                        if line.__data__.get(n) is not None
                    },
                ).compute(self)
            )
        parts.fit(new, self)
        sources = {line.source_id for line in new}
        old = self.ordered_lines()
        if old and Line.select().where(Line.source.in_(old)).exists():
            refuse("lines_followed")
        assert not sources & {x.id for x in old}
        self.net, self.tax, self.total = totals.total(new)
        max(abs(x) for line in [self, *new] for x in (line.net, line.tax)) <= MOST or refuse(
            "amount_too_large"
        )
        if _copied(new, "net", "tax", "gross") != _copied(old, "net", "tax", "gross"):
            Line.delete().where(Line.document == self.id).execute()
            insert_instances(Line, new)
        self.due_on = self.due_day(self.chosen_date) if self.chosen_date else None
        self.save()


_COPIED_LINE_FIELDS = (
    "heading subtotal product code name note unit quantity price discount tax_rate tax_label "
    "tax_kind rate source"
).split()


def _as_line(line):
    return line if isinstance(line, Line) else Line(**line)


def _copied(lines, *more):
    """What is kept of the lines, to compare them."""
    names = (*_COPIED_LINE_FIELDS, *more)
    return [[data.get(name) for name in names] for data in (_as_line(x).__data__ for x in lines)]


def _values_without_source(line):
    data = {name: line.__data__.get(name) for name in _COPIED_LINE_FIELDS if name != "source"}
    return {k: v for k, v in data.items() if v is not None}


class Autosave(Model):
    """The unsaved form input of one person for a draft."""

    document = pw.IntegerField()
    user = pw.ForeignKeyField(User)
    at = pw.DateTimeField()
    version = pw.IntegerField()
    form = JSONField()

    class Meta:
        indexes = ((("document", "user"), True),)

    @classmethod
    @db.atomic()
    def store(cls, document, user, version, form, key=""):
        """Store the form input beside the draft; the draft itself is not changed. What arrives
        after the form with this key was saved is dropped: it is older than what was saved."""
        if IdempotencyKey.first(user, key):
            return
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
