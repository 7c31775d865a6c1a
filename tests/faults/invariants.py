"""What must hold after any fault: one function, asked after each of them, that computes everything a second way."""
from collections import Counter, defaultdict
from decimal import ROUND_HALF_UP, Decimal

from models import blobs, checks
from models.backup import sweep
from models.base import db
from models.customers import Contact
from models.documents import Document, Line
from models.events import Event
from models.payments import Payment

BEGUN = {"draft", "returned", "submitted"}
STEPS = {"created": ({None}, "draft"), "submitted": (BEGUN | {"approved"}, "submitted"), "approved": (BEGUN, "approved"),
         "recalled": ({"submitted", "approved"}, "draft"), "returned": ({"submitted", "approved"}, "returned"), "discarded": (BEGUN | {"approved"}, "discarded"),
         "imported": ({None, "draft"}, "issued"), "issued": ({"approved"}, "issued"), "voided": ({"issued", "archived"}, "voided")}


def broken(folder, key, done=(), refused=()):
    """Plain sentences, empty when all holds. `done` [(what, fact)] the client saw as done, `refused` references of what
    it saw refused."""
    sweep.sweep(age=0)  # what a kill left half done is no fault, if it can be told apart and taken away
    found = checks.faults(folder, key)
    for look in (numbers, totals, balances, changes, papers, orphans, approvals, letters, sight):
        try:
            found += [f"{look.__name__}: {text}" for text in look()]
        except Exception as error:
            found.append(f"{look.__name__}: {type(error).__name__}: {error}")
    return found + list(promises(done, refused))


def rows(query):
    return db.execute_sql(query).fetchall()


def numbers():
    for series, last, least, most, count in rows("SELECT s.id, s.last, MIN(d.place), MAX(d.place), COUNT(DISTINCT d.place) FROM number_series s "
                                                 "JOIN document d ON d.series_id = s.id GROUP BY s.id, s.last"):
        if (least, most, count) != (1, last, last):
            yield f"series {series} ends at {last}, used {least}..{most}, {count} of them"


def totals():
    """Each line from its quantity, price and discount, each paper from its lines, by Decimal and by hand."""
    sums = defaultdict(int)
    for line in Line.select():
        paper = line.document
        assert paper.currency != "JPY"
        gross = Decimal(line.quantity) * line.price / Decimal(10 ** 6) * (10000 - line.discount) / 10000 * (10000 - paper.discount) / 10000
        if not paper.discount and not paper.prices_include_tax and int(gross.quantize(Decimal(1), ROUND_HALF_UP)) != line.net:
            yield f"line {line.id}: {line.net} is not {gross}"
        sums[line.document_id] += line.net + line.tax
    for ident, total in rows("SELECT id, total FROM document"):
        if sums[ident] != total:
            yield f"document {ident}: {total}, its lines {sums[ident]}"


def balances():
    paid = Counter()
    for invoice, amount, payment, state in rows(
            "SELECT a.invoice_id, a.amount, p.id, p.state FROM allocation a LEFT JOIN payment p ON a.payment_id = p.id"):
        if payment is None or state == "confirmed":
            paid[invoice] += amount
    for paper in Document.select().where(Document.kind == "invoice"):
        standing = paper.state in ("issued", "archived")
        if standing and paper.open_balance() != paper.total - paid[paper.id]:
            yield f"{paper.number}: open {paper.open_balance()}, by hand {paper.total - paid[paper.id]}"
        if paid[paper.id] > paper.total:
            yield f"{paper.number}: paid {paid[paper.id]} of {paper.total}"
    for payment in Payment.select():
        if payment.unallocated() < 0:
            yield f"{payment.number}: more allocated than received"


def changes():
    """Only allowed changes, each told once: the journal replayed gives the state that the row has."""
    state = {}
    for event in Event.select().where(Event.subject_type == "Document", Event.action.in_(list(STEPS))).order_by(Event.id):
        before, (allowed, after) = state.get(event.subject_id), STEPS[event.action]
        if before not in allowed:
            yield f"document {event.subject_id}: {event.action} after {before}"
        # submit may approve at once, below every limit: then "approved" stands before "submitted"
        state[event.subject_id] = before if (before, after) == ("approved", "submitted") else after
    for ident, now in rows("SELECT id, state FROM document WHERE state IN ('issued', 'voided', 'discarded')"):
        if state.get(ident) != now:
            yield f"document {ident}: is {now}, the journal says {state.get(ident)}"


def papers():
    """Every issued paper has the bytes that its event named."""
    for event in Event.select().where(Event.subject_type == "Document", Event.action == "issued"):
        paper = Document.get_or_none(Document.id == event.subject_id)
        if paper is None or paper.paper != event.facts["paper"] or not blobs.fetch(paper.paper).startswith(b"%PDF"):
            yield f"document {event.subject_id}: not the bytes it was given out with"


def orphans():
    yield from (f"{sha}: no row speaks of it" for sha in sweep.orphans(age=0))


def approvals():
    for request, submitter, user, count in rows(
            "SELECT r.id, r.submitter_id, t.user_id, COUNT(*) FROM task t JOIN approval_request r ON t.request_id = r.id "
            "WHERE t.state = 'approved' AND t.kind = 'decide' GROUP BY r.id, r.submitter_id, t.user_id, t.step, t.round"):
        if count > 1 or user == submitter:
            yield f"request {request}: {user} decided {count} times, submitted by {submitter}"
    for paper in Document.select().where(Document.state.in_(("issued", "archived")), Document.imported == False):  # noqa: E712
        kept = {r for r, in rows(f"SELECT content_approved FROM approval_request WHERE document_id = {paper.id} AND state = 'approved'")}
        if paper.content_hash() not in kept:
            yield f"{paper.number}: nobody approved this content"


def letters():
    for invoice, days, count in rows("SELECT invoice_id, days, COUNT(*) FROM reminded GROUP BY invoice_id, days HAVING COUNT(*) > 1"):
        yield f"invoice {invoice}: {count} letters of the level of {days} days"
    for customer, currency, day, count in rows("SELECT customer_id, currency, day, COUNT(*) FROM reminder GROUP BY 1, 2, 3 HAVING COUNT(*) > 1"):
        yield f"customer {customer}: {count} letters in {currency} on {day}"


def sight():
    """A customer's contact sees the issued papers of the own company, all of them and no other."""
    for contact in Contact.select():
        seen = {d.id for d in contact.documents()}
        own = f"customer_id = {contact.customer_id}" if contact.sees_company else f"contact_id = {contact.id}"
        right = {i for i, in rows(f"SELECT id FROM document WHERE state IN ('issued', 'archived', 'voided') AND {own}")}
        if seen != right:
            yield f"{contact.name} sees {len(seen ^ right)} papers too many or too few"


def promises(done, refused):
    """What the client saw as done is there; what it saw refused left nothing."""
    have = {"created": {i for i, in rows("SELECT id FROM document")}, "paid": Counter(r for r, in rows("SELECT reference FROM payment")),
            "issued": {i for i, in rows("SELECT id FROM document WHERE number IS NOT NULL")},
            "noted": Counter(t for t, in rows("SELECT text FROM note"))}
    for what, fact in done:
        if fact not in have[what] or isinstance(have[what], Counter) and have[what][fact] != 1:
            yield f"promised: {what} {fact} is not there, or not once"
    for reference in refused:
        if have["paid"][reference]:
            yield f"refused: {reference} is there"
