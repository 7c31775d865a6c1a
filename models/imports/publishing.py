"""Publishes what an import has written: sums, words to be found by, a seal over all rows; then all
of it exists from one moment on. Or removes it, in portions too."""

from functools import partial

import peewee as pw

from models.adapters import search
from models.core.clock import now
from models.core.database import db
from models.core.errors import Forbidden, Refused, refuse
from models.core.imported_range import ImportedContent, ImportedRange
from models.core.journal import REMOVED, Event, Journaled, class_name, plain_name
from models.core.portions import Portions, insert
from models.core.published import with_unpublished
from models.customers import Address, Contact, Customer, keys
from models.customers.keys import CustomerKey
from models.documents import Document, Line, sales
from models.imports.changing import refuse_if_overtaken
from models.payments import Allocation, Payment, open_balance
from models.payments.refund import Refund
from models.products import Product
from models.receivables import credit_item, debtor, due_item, paid_part

# Into these imports write; a row refers only to rows of tables before its own.
TABLES = (Customer, Address, Contact, Product, Document, Line, Payment, Allocation, Refund)
SUMS = (
    paid_part.PaidPart,
    credit_item.CreditItem,
    due_item.DueItem,
    due_item.DueSum,
    *(cls for cls, *_ in sales.TABLES),
)
OVERTAKEN = ("import_overtaken", "import_row_overtaken")
SLOT = "hidden"  # the range by which an import has the right to be the hidden one
SUMMED_AT_ONCE = 500


def begin(import_id):
    """Whether this import may write now: one at a time is hidden."""
    try:
        with db.atomic():
            ImportedRange.create(import_id=import_id, name=SLOT, first=import_id, last=import_id)
    except pw.IntegrityError:
        return is_hidden(import_id)
    return True


def is_hidden(import_id):
    return ImportedRange.hidden_now().where(ImportedRange.import_id == import_id).exists()


def overtaking(error):
    """The refusal by which an import is checked again, where it fails because of what others did
    meanwhile; else None."""
    if isinstance(error, pw.IntegrityError):
        return Refused("import_overtaken")
    if isinstance(error, Forbidden):
        return Refused("import_forbidden")
    if isinstance(error, Refused) and error.code in OVERTAKEN:
        return error


def newest_event():
    """The id of what the journal knows last."""
    return Event.select(pw.fn.MAX(Event.id)).scalar()


def prepare(import_, portions, note):
    """Write what is derived from the hidden rows."""
    ranges = ImportedRange.of(import_.id)
    with with_unpublished():
        note("summing", 0)
        if "document" in ranges:
            _sum_up(import_.id, *ranges["document"], portions)
        note("finding", 0)
        if "customer" in ranges:
            portions.each(*ranges["customer"], keys.refresh_between)
        for cls in search.found_by_rows():
            if cls._meta.table_name in ranges:
                entries = search.rows.entries(cls, *ranges[cls._meta.table_name])
                portions.write(entries, search.rows.add)


def _sum_up(import_id, first, last, portions):
    portions.each(first, last, due_item.add_imported)
    portions.each(first, last, credit_item.add_imported)
    portions.each(first, last, paid_part.add_imported)
    columns = due_item.columns(due_item.DueSum)
    portions.write(
        due_item.sums_of_import(import_id), lambda rows: insert(due_item.DueSum, columns, rows)
    )
    for cls, adding, names, rows in sales.of_imported(first, last, SUMMED_AT_ONCE):
        fields = [getattr(cls, name) for name in names]
        portions.write(
            rows, lambda some, cls=cls, f=fields, k=adding: insert(cls, f, some, adding=k)
        )


def publish(import_, findings, settled, since):
    """From now on everything that the import wrote exists. Refused for what others did meanwhile:
    `since` is the id of the last event that the import knew of when it read the file."""
    seal, count = ImportedContent.seal_of(import_.id)
    with db.atomic():
        _refuse_if_given_up(import_.id)
        _refuse_if_ruled_otherwise(since)
        refuse_if_overtaken(import_, since)
        ImportedRange.show(import_.id)
        _handed_over(since) and sales.keep_imported(import_.id)
        for invoice in Document.select().where(Document.id.in_(list(settled) or [0])):
            if invoice.state == "voided" or open_balance(invoice) < 0:
                refuse("import_row_overtaken", name=invoice.number)
        due_item.refresh(list(settled))
        debtor.rebuild()
        import_.move("running", to="done", finished_at=now(), findings=findings)
        import_.record("done", import_.by, rows=count, seal=seal)
        import_.apply_a_few_changes()


def _refuse_if_given_up(import_id):
    """Refuse where a row lost its code or number to somebody who entered it meanwhile."""
    lost = ImportedRange.select(ImportedRange.lost).where(
        ImportedRange.import_id == import_id, ImportedRange.lost.is_null(False)
    )
    if row := lost.tuples().first():
        refuse("import_row_overtaken", name=row[0])


def _refuse_if_ruled_otherwise(since):
    """Refuse where customers were merged or separated meanwhile, as the sums are by their groups;
    or a pattern of numbers was defined, which might draw one of the file."""
    later = Event.select().where(Event.id > since)
    regrouped = (Event.subject_type == "Customer") & Event.action.in_(("merged", "separated"))
    if event := later.where(regrouped).first():
        name = plain_name(Customer.get_by_id(event.subject_id))
        refuse("import_row_overtaken", name=name)
    patterns = later.where(Event.subject_type == "NumberPattern")
    patterns.exists() and refuse("import_overtaken")


def _handed_over(since):
    """Whether a customer got another salesperson meanwhile."""
    revised = Event.select().where(Event.id > since, Event.subject_type == "Customer")
    return any("owner" in event.facts.get("changed", ()) for event in revised)


def remove(import_id, by=None, note=lambda part: None):
    """Remove the hidden rows of an import in portions. `by`: who undoes an import that had been
    published. The caller forgets it then."""
    portions, ranges = Portions(), ImportedRange.of(import_id) if is_hidden(import_id) else {}
    with with_unpublished():
        _remove_sums(import_id, portions)
        for key in (Customer.merged_into, Customer.main, Document.source, Line.source):
            if ids := ranges.get(key.model._meta.table_name):
                portions.each(*ids, partial(_clear, key))
        for done, cls in enumerate(reversed(TABLES), 1):
            if ids := ranges.get(cls._meta.table_name):
                portions.each(*ids, partial(_remove, import_id, cls, ids[1], by))
            note(done / len(TABLES))


def forget(import_id):
    """The import has no rows any more; another one may be hidden."""
    _delete(ImportedContent, ImportedContent.import_id == import_id)
    ImportedRange.forget(import_id)


def _remove_sums(import_id, portions):
    for cls in SUMS:
        mine = cls.import_id == import_id
        while ids := [i for (i,) in cls.select(cls.id).where(mine).limit(2000).tuples()]:
            portions.write(ids, lambda some, cls=cls: _delete(cls, cls.id.in_(some)))


def _clear(key, first, last):
    """Let these rows refer to none of their own table: they are removed in any order."""
    cls = key.model
    cls.update({key: None}).where(cls.id.between(first, last), key.is_null(False)).execute()


def _delete(cls, condition):
    cls.delete().where(condition).execute()


def _remove(import_id, cls, newest, by, first, last):
    """Remove the rows with these ids. Where events of their own tell of them, one tells that they
    are gone. With the newest row of the import its range is forgotten."""
    if by and issubclass(cls, Journaled):
        for ident in _told_of(cls, first, last):
            cls(id=ident).record_removal(by, "taken_back")
    if cls in search.found_by_rows():
        search.rows.remove_all(cls, first, last)
    if cls is Customer:
        _delete(CustomerKey, CustomerKey.customer.between(first, last))
    _delete(cls, cls.id.between(first, last))
    if last == newest:
        ImportedRange.forget_rows(import_id, cls)


def _told_of(cls, first, last):
    """The ids of those rows whose last own event is not that they are gone."""
    newest = (
        Event.select(pw.fn.MAX(Event.id))
        .where(
            Event.subject_type == class_name(cls),
            Event.subject_id.between(first, last),
        )
        .group_by(Event.subject_id)
    )
    rows = Event.select(Event.subject_id).where(Event.id.in_(newest), Event.content != REMOVED)
    return [ident for (ident,) in rows.tuples()]
