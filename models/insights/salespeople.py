"""Each salesperson's sales, new customers, payments, discounts, corrections, and processing
times."""

from collections import namedtuple

from peewee import fn

from models.approvals import ApprovalRequest
from models.core.dates import as_day
from models.core.journal import Event
from models.documents import Document
from models.documents.sales import SalesDay
from models.insights import paying
from models.insights.overview import first_days, share
from models.insights.targets import Target
from models.people import User
from models.receivables.paid_part import PaidPart

Row = namedtuple(
    "Row",
    (
        "id name net papers customers new collected discount discount_share credits voided "
        "returned invoice_hours approval_hours target reached"
    ),
)


def rows(lens):
    """[Row] of everybody with sales, payments or a target in the lens's days, the largest first.
    Hours are rounded medians."""
    by_owner = lens.sums(
        SalesDay, ("net", "papers", "discount", "credits"), lambda table: (table.owner,)
    )
    sales = {owner: sums for (owner,), sums in by_owner.items()}
    buyers = lens.days(SalesDay.owner, fn.COUNT(fn.DISTINCT(SalesDay.customer)))
    customers = dict(buyers.group_by(SalesDay.owner).tuples())
    collected = paying.parts(lens, PaidPart.owner, fn.SUM(PaidPart.amount))
    collected = {o: int(n) for o, n in collected.group_by(PaidPart.owner).tuples()}
    new, targets = _new(lens), Target.sums(lens.currency, lens.first, lens.last)
    visible_people = (
        None
        if lens.person is None or lens.person.sees_all
        else {row.id for row in lens.person.sees.colleagues()}
    )
    targets = {o: t for o, t in targets.items() if visible_people is None or o in visible_people}
    voided, returned = _voided(lens), _returned(lens)
    from_order, approval = _order_to_invoice(lens), _approval(lens)
    names, found = dict(User.select(User.id, User.name).tuples()), []
    for owner in sales.keys() | collected.keys() | targets.keys():
        net, papers, discount, credits = sales.get(owner, (0, 0, 0, 0))
        target = targets.get(owner)
        found.append(
            Row(
                owner,
                names.get(owner, ""),
                net,
                papers,
                customers.get(owner, 0),
                new.get(owner, 0),
                collected.get(owner, 0),
                discount,
                share(discount, net + discount),
                credits,
                voided.get(owner, 0),
                returned.get(owner, 0),
                median_hours(from_order.get(owner)),
                median_hours(approval.get(owner)),
                target,
                share(net, target) if target else None,
            )
        )
    return sorted(found, key=lambda r: (-r.net, r.id))


def _new(lens):
    """{owner: number of customers whose first purchase was from them and in the lens's days}"""
    first_purchases, found = first_days(lens), {}
    bought = lens.replace(group=frozenset(first_purchases)).days(
        SalesDay.customer, SalesDay.owner, SalesDay.day
    )
    for customer, owner, day in bought.where(SalesDay.papers > 0).tuples():
        if first_purchases[customer] == as_day(day):
            found.setdefault(owner, set()).add(customer)
    return {owner: len(customers) for owner, customers in found.items()}


def documents_of(lens, *more):
    found = Document.select().where(
        Document.currency == lens.currency, Document.issued_on.between(lens.first, lens.last), *more
    )
    seen = lens.customers()
    return found if seen is None else found.where(Document.customer.in_(seen))


def _voided(lens):
    """{owner: number of voided documents of any kind}"""
    query = (
        documents_of(lens, Document.state == "voided")
        .select(Document.owner, fn.COUNT(Document.id))
        .group_by(Document.owner)
    )
    return {owner or 0: n for owner, n in query.tuples()}


def _returned(lens):
    """{submitter: number of rounds}"""
    r = ApprovalRequest
    return dict(returned(lens).select(r.submitter, fn.COUNT(r.id)).group_by(r.submitter).tuples())


def returned(lens):
    """Rounds of approval that ended in the lens's days with a return or a rejection."""
    r = ApprovalRequest
    query = (
        r.select()
        .join(Document)
        .where(
            r.state.in_(("returned", "rejected")),
            r.closed_at >= lens.first,
            Document.currency == lens.currency,
            fn.SUBSTR(r.closed_at.cast("TEXT"), 1, 10) <= lens.last.isoformat(),
        )
    )
    seen = lens.customers()
    return query if seen is None else query.where(Document.customer.in_(seen))


def _order_to_invoice(lens):
    """{owner: [seconds]}"""
    found = {}
    for _invoice, owner, seconds in order_to_invoice_times(lens):
        found.setdefault(owner, []).append(seconds)
    return found


def order_to_invoice_times(lens):
    """[(invoice, owner, seconds)] from the issue of an order to that of its invoice, made from it
    directly or from its delivery note."""
    note = Document.alias()
    invoices = documents_of(
        lens,
        Document.kind == "invoice",
        ~Document.imported,
        Document.state.in_(("issued", "archived")),
    )
    query = invoices.select(
        Document.id, Document.owner, Document.source, note.kind, note.source
    ).join(note, on=(Document.source == note.id))
    invoice_and_order = [
        (i, owner, source if kind == "order" else order_of_note)
        for i, owner, source, kind, order_of_note in query.tuples()
        if kind in ("order", "delivery_note")
    ]
    document_ids = {x for i, _, o in invoice_and_order for x in (i, o) if x}
    issued_at = _issued_at(document_ids)
    return [
        (invoice, owner or 0, (issued_at[invoice] - issued_at[source]).total_seconds())
        for invoice, owner, source in invoice_and_order
        if source in issued_at and invoice in issued_at
    ]


def _issued_at(idents):
    """{document: when it was issued}, from the journal."""
    idents, found = sorted(idents), {}
    for start in range(0, len(idents), 500):
        found |= dict(
            Event.select(Event.subject_id, Event.at)
            .where(
                Event.subject_type == "Document",
                Event.action == "issued",
                Event.subject_id.in_(idents[start : start + 500]),
            )
            .tuples()
        )
    return found


def _approval(lens):
    """{owner: [seconds]}"""
    found = {}
    for _paper, owner, seconds in approval_times(lens):
        found.setdefault(owner, []).append(seconds)
    return found


def approval_times(lens):
    """[(document, owner, seconds from submitting to the last approval)] of the documents issued in
    the lens's days that somebody had to approve."""
    r = ApprovalRequest
    query = (
        r.select(Document.id, Document.owner, r.opened_at, r.closed_at)
        .join(Document)
        .where(
            r.state == "approved",
            r.purpose == "issue",
            r.step > 0,
            r.closed_at.is_null(False),
            Document.id.in_(documents_of(lens).select(Document.id)),
        )
    )
    return [
        (paper, owner or 0, (closed - opened).total_seconds())
        for paper, owner, opened, closed in query.tuples()
    ]


def median_hours(seconds):
    """The median in tenths of an hour; None without values."""
    if not seconds:
        return None
    in_order = sorted(seconds)
    middle = (in_order[(len(in_order) - 1) // 2] + in_order[len(in_order) // 2]) / 2
    return int(middle / 360 + 0.5)
