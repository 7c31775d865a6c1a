"""The rows that an import changes: they existed before it.

What a person was shown is what happens. The last step of an import looks, while nobody else writes,
whether each of these rows still is as it was shown, and may be changed so; if not, the import is
checked again and the row is named. A few changes are made in that step. More follow it in portions,
and go on after a kill: until then others are refused who would change the same columns, merge the
row or take its code (409), so that none of these changes can be refused any more."""

import contextvars
import functools
import logging

import peewee as pw

from models.core.database import db
from models.core.errors import Forbidden, Refused, refuse
from models.core.fields import JSONField, canonical
from models.core.journal import Event, Journaled, class_name, followers, plain_name
from models.core.model import model_named
from models.core.prepared import prepared
from models.customers import Address, Contact, Customer, keys
from models.documents import Document
from models.imports import document_content
from models.people import User
from models.products import Product

CHANGED = (Customer, Address, Contact, Product, Document)
AT_ONCE = 15  # changes, each of up to 6 ms
OF_DOCUMENT = 5  # times as long takes the change of a document
PORTION = 500
_making = contextvars.ContextVar("making", default=False)  # whether an import makes its changes
log = logging.getLogger("danju.imports")


class Change:
    """For ImportedRow: a change of one row, {column: value} before and after."""

    @classmethod
    def waiting(cls):
        """The ids of imports that still have to change rows."""
        return cls.select(cls.import_).where(cls.action == "waiting")

    @classmethod
    def waiting_of(cls, import_id):
        return cls.select().where(cls.import_ == import_id, cls.action == "waiting")

    @classmethod
    def waiting_for(cls, model):
        """Those of published imports that are still to be made in this table."""
        return cls.waiting_for_named(class_name(model))

    @classmethod
    def waiting_for_named(cls, name):
        """The same by the journal's name of the class."""
        done = cls.import_.rel_model.select(cls.import_.rel_model.id)
        done = done.where(cls.import_.rel_model.state == "done")
        waits = (cls.action == "waiting") & (cls.model == name)
        return cls.select().where(waits, cls.import_.in_(done))

    @property
    def row_changed(self):
        """The row, or None where it is gone."""
        cls = Journaled.registry[self.model]
        return cls.get_or_none(cls._meta.primary_key == self.row)

    @property
    def name(self):
        row = self.row_changed
        return plain_name(row.customer if isinstance(row, Address) else row) if row else ""

    def may_be_made(self):
        """Whether the row still has what the change begins with, and was not merged."""
        row = self.row_changed
        if isinstance(row, Document):
            same = canonical(document_content.content_of(row)) == canonical(self.before)
            return same and document_content.is_possible(row, self.after)
        same = row and all(_as_json(row.__data__[n]) == old for n, old in self.before.items())
        return bool(same) and not getattr(row, "merged_into_id", None)

    def apply(self, by):
        """Make the change, once."""
        cls = type(self)
        mine = (cls.id == self.id) & (cls.action == "waiting")
        if not cls.update(action="updated").where(mine).execute():
            return
        token = _making.set(True)
        made = self._set_or_leave(self.before, self.after, by, "rewrite")
        _making.reset(token)
        if not made:
            log.error("import %s: the change of %s was refused", self.import_id, self.name)
            cls.update(action="refused").where(cls.id == self.id).execute()

    def _set_or_leave(self, old, new, by, verb):
        """Change the row; False where that is refused. Raised, it would hold up this import, and
        with it all others, for ever: what is published or hidden cannot fail any more."""
        try:
            with db.atomic():
                self._set(old, new, by, verb)
        except (Refused, Forbidden, pw.IntegrityError):
            return False
        return True

    def _set(self, old, new, by, verb):
        """Give those columns that still have the old value the new one."""
        if not new:  # only rows of its own came to the customer, or left it
            return keys.refresh([self.row])
        row = self.row_changed
        if isinstance(row, Document):
            return document_content.replace(by, row, old, new)
        fields = row._meta.fields if row else {}
        values = {
            name: new[name]
            if isinstance(fields[name], JSONField)
            else fields[name].python_value(new[name])
            for name in (old if row else ())
            if _as_json(row.__data__[name]) == old[name]
        }
        if values:
            getattr(row, verb)(by, **values)


def _as_json(value):
    return value.isoformat() if hasattr(value, "isoformat") else value


def refuse_if_overtaken(import_, since):
    """Refuse where a change cannot be made as it was shown; `since` is the id of the last event
    that the import knew of when it read the rows. Only rows that an event told of since then are
    looked at."""
    changes = model_named("ImportedRow").waiting_of(import_.id)
    _refuse_if_not_allowed(changes, User.get_by_id(import_.by_id))
    events = Event.select(Event.subject_type, Event.subject_id).distinct()
    told = {}
    for name, ident in events.where(Event.id > since).tuples():
        told.setdefault(Journaled.registry.get(name), set()).add(ident)
    for cls, idents in list(told.items()):
        for key in _keys_of_documents(cls):
            rows = cls.select(key).where(cls._meta.primary_key.in_(list(idents))).tuples()
            told.setdefault(Document, set()).update(ident for (ident,) in rows if ident)
    for cls in CHANGED:
        for some in pw.chunked(told.get(cls, ()), PORTION):
            _refuse_if_changed(changes, cls, list(some))


def _keys_of_documents(cls):
    """The columns by which a row of the class is about a document."""
    return [key for key, model in cls._meta.refs.items() if model is Document] if cls else []


def few_of(changes):
    """These changes where they are so few that they are made in one step; else none."""
    found = list(changes.limit(AT_ONCE + 1))
    cost = sum(OF_DOCUMENT if change.model == "Document" else 1 for change in found)
    return found if cost <= AT_ONCE else []


def _refuse_if_changed(changes, cls, idents):
    """Refuse where one of these rows is to be changed and was, or has a code that is to be given
    to another."""
    model = changes.model
    of_class = changes.where(model.model == class_name(cls))
    for change in of_class.where(model.row.in_(idents)):
        change.may_be_made() or refuse("import_row_overtaken", name=change.name)
    if "code" in cls._meta.fields:
        codes = dict(cls.select(cls.code, cls.id).where(cls.id.in_(idents)).tuples())
        for change in of_class.where(model.code.in_([code for code in codes if code])):
            if change.row != codes[change.code]:
                refuse("import_row_overtaken", name=change.code)


def _refuse_if_not_allowed(changes, by):
    model = changes.model
    for (name,) in changes.select(model.model).distinct().tuples():
        by.must({"Product": "write_product", "Document": "import"}.get(name, "write_customer"))
    if by.sees_all:
        return
    mine = {customer.id for customer in by.sees.customers()}
    for ident in sorted(set(_customers_of(changes)) - mine)[:1]:
        refuse("import_row_overtaken", name=plain_name(Customer.get_by_id(ident)))


def _customers_of(changes):
    """The ids of the customers that are changed, or of whom something is."""
    model = changes.model
    for cls in (Customer, Contact, Address, Document):
        column = Customer.id if cls is Customer else cls.customer
        rows = changes.select(model.row).where(model.model == class_name(cls)).tuples()
        for some in pw.chunked([ident for (ident,) in rows], PORTION):
            for (customer,) in cls.select(column).where(cls.id.in_(list(some))).tuples():
                yield customer


@functools.cache
def _waits(model):
    """Whether a published import has changes of this class before it: of all verbs hardly one meets
    any."""
    return prepared(lambda name: model.waiting_for_named(name).select(model.id).limit(1))


def _refuse_if_awaited(row, _gone):
    """Nobody else does what would keep a published import from its changes."""
    if _making.get():
        return
    model = model_named("ImportedRow")
    about = {Document: {row.__data__.get(key.name) for key in _keys_of_documents(type(row))}}
    if type(row) in CHANGED:
        about.setdefault(type(row), set()).add(row.get_id())
    for cls, idents in about.items():
        if not idents or not _waits(model)(class_name(cls)):
            continue
        waiting = model.waiting_for(cls)
        for change in waiting.where(model.row.in_(list(idents - {None}))):
            change.may_be_made() or refuse("row_being_imported", name=change.name)
        if cls is type(row) and (code := row.__data__.get("code")):
            taken = waiting.where(model.row != row.get_id(), model.code == code)
            taken.exists() and refuse("code_taken", value=code)


followers.append(_refuse_if_awaited)
