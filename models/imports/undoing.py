"""Undoing an import that was published: refused where anything rests on its rows; else they exist
for nobody from one moment on, and are removed in portions."""

from models.adapters import search
from models.adapters.outbox import Mail
from models.core.database import db
from models.core.errors import refuse
from models.core.imported_range import ImportedRange
from models.core.journal import plain_name
from models.core.published import with_unpublished
from models.customers import Customer
from models.documents import Document, Line
from models.documents.confirmation import Opening
from models.imports.publishing import TABLES, is_hidden, newest_event
from models.receivables import debtor

LEFT = ("Opening", "Filing")  # tables that the import leaves before it is hidden


def hide(import_):
    """Hide the rows of the import, and erase the PDFs that were made of them; False where it has to
    wait for another one. Refused while somebody uses one of them."""
    if not is_hidden(import_.id) and not _hidden_now(import_):
        return False
    type(import_).erase(_pdfs(ImportedRange.of(import_.id).get("document")))  # also after a kill
    return True


def _hidden_now(import_):
    """Hide them, unless another import is hidden. Whether they are used takes long to see in a
    large import: it is looked for before anybody has to wait, and again where somebody did
    something meanwhile."""
    ranges, since = ImportedRange.of(import_.id), newest_event()
    _refuse_if_any_used(ranges, lambda model: model.__name__ not in LEFT)
    with db.atomic():
        if ImportedRange.hidden_now().exists():
            return False
        quiet = newest_event() == since
        _leave_archive(import_, ranges.get("document"))
        _refuse_if_any_used(ranges, lambda model: not quiet or model.__name__ in LEFT)
        if ids := ranges.get("document"):
            _refuse_if_lived(*ids)
        if ids := ranges.get("customer"):
            _leave_groups(*ids)
        ImportedRange.hide(import_.id)
        debtor.rebuild()
    return True


def _pdfs(ids):
    """The hashes of the PDFs of the documents."""
    if not ids:
        return []
    made = Document.id.between(*ids), Document.pdf_sha256.is_null(False)
    with with_unpublished():
        rows = list(Document.select(Document.pdf_sha256).where(*made).tuples())
    return [sha for (sha,) in rows]


def _leave_archive(import_, ids):
    """Forget who opened the documents and take them out of the archive."""
    if not ids:
        return
    Opening.delete().where(Opening.document.between(*ids)).execute()
    documents = Document.select(Document.id).where(Document.id.between(*ids))
    type(import_).withdraw(import_.by, documents, import_.name)


def _leave_groups(first, last):
    """Take the customers out of those into which they were merged, and which are found by their
    names."""
    ours = Customer.id.between(first, last)
    merged = Customer.select(Customer.main).where(ours, Customer.main.is_null(False))
    mains = list(Customer.select().where(Customer.id.in_(merged), ~ours))
    Customer.update(merged_into=None, main=None).where(ours, Customer.main.in_(mains)).execute()
    for main in mains:
        search.index(main)


def _refuse_if_any_used(ranges, looked_at):
    """Refuse where one of the tables that are looked at refers to a row of the import."""
    for cls in TABLES:
        if ids := ranges.get(cls._meta.table_name):
            _refuse_if_used(cls, ids, ranges, looked_at)


def _refuse_if_used(cls, ids, ranges, looked_at):
    """Refuse where a row of others refers to a row of the import."""
    for key, model in cls._meta.backrefs.items():
        if not looked_at(model):
            continue
        others = model.select(key).where(key.between(*ids), *_of_others(model, ranges))
        if found := others.tuples().first():
            refuse("still_used", name=plain_name(cls.get_by_id(found[0])))


def _of_others(model, ranges):
    """Conditions that a row is not the import's own. All lines of its documents are, though a later
    import may have replaced them."""
    own, documents = ranges.get(model._meta.table_name), ranges.get("document")
    conditions = [~model._meta.primary_key.between(*own)] if own else []
    if model is Line and documents:
        conditions.append(~Line.document.between(*documents))
    return conditions


def _refuse_if_lived(first, last):
    """Refuse where one of the documents was voided, confirmed or mailed."""
    ours = Document.id.between(first, last)
    for used in (
        Document.select().where(
            ours, (Document.state != "issued") | Document.confirmed_at.is_null(False)
        ),
        Document.select().where(Document.id.in_(_mailed(first, last))),
    ):
        if row := used.first():
            refuse("still_used", name=row.name)


def _mailed(first, last):
    return Mail.select(Mail.document).where(Mail.document.between(first, last))
