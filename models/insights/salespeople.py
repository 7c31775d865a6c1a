"""What each salesperson sold, won, collected, gave away, corrected, and how long papers took."""

from collections import namedtuple

from peewee import fn

from models.approvals import ApprovalRequest
from models.core.journal import Event
from models.documents import Document
from models.documents.sales import SalesDay
from models.insights import paying
from models.insights.overview import as_day, first_days, share
from models.insights.targets import Target
from models.people import User

Row = namedtuple(
    "Row",
    (
        "id name net papers customers new collected discount discount_share credits voided "
        "returned invoice_hours approval_hours target reached"
    ),
)


def rows(lens):
    """[Row] of everybody who sold, collected or has a target in the days, the largest first. Hours
    are medians, rounded."""
    d = SalesDay
    sold = {
        row[0]: tuple(map(int, row[1:]))
        for row in lens.days(
            d.owner,
            fn.SUM(d.net),
            fn.SUM(d.papers),
            fn.COUNT(fn.DISTINCT(d.customer)),
            fn.SUM(d.discount),
            fn.SUM(d.credits),
        )
        .group_by(d.owner)
        .tuples()
    }
    collected = {}
    for _, owner, _, _, _, amount in paying.settled(lens):
        collected[owner or 0] = collected.get(owner or 0, 0) + amount
    new, targets = _new(lens), Target.sums(lens.currency, lens.first, lens.last)
    mine = (
        None
        if lens.person is None or lens.person.sees_all
        else {row.id for row in lens.person.sees.colleagues()}
    )
    targets = {o: t for o, t in targets.items() if mine is None or o in mine}
    voided, returned = _voided(lens), _returned(lens)
    from_order, approval = _order_to_invoice(lens), _approval(lens)
    names, found = dict(User.select(User.id, User.name).tuples()), []
    for owner in sold.keys() | collected.keys() | targets.keys():
        net, papers, customers, discount, credits = sold.get(owner, (0, 0, 0, 0, 0))
        target = targets.get(owner)
        found.append(
            Row(
                owner,
                names.get(owner, ""),
                net,
                papers,
                customers,
                new.get(owner, 0),
                collected.get(owner, 0),
                discount,
                share(discount, net + discount),
                credits,
                voided.get(owner, 0),
                returned.get(owner, 0),
                _median(from_order.get(owner)),
                _median(approval.get(owner)),
                target,
                share(net, target) if target else None,
            )
        )
    return sorted(found, key=lambda r: (-r.net, r.id))


def _new(lens):
    """{owner: customers whose first purchase ever was theirs and within the days}"""
    fresh = {c: as_day(day) for c, day in first_days(lens).items() if as_day(day) >= lens.first}
    found = {}
    for customer, owner, day in (
        lens.days(SalesDay.customer, SalesDay.owner, SalesDay.day)
        .where(SalesDay.papers > 0)
        .tuples()
    ):
        if fresh.get(customer) == as_day(day):
            found.setdefault(owner, set()).add(customer)
    return {owner: len(customers) for owner, customers in found.items()}


def papers_of(lens, *more):
    found = Document.select().where(
        Document.currency == lens.currency, Document.issued_on.between(lens.first, lens.last), *more
    )
    seen = lens.customers()
    return found if seen is None else found.where(Document.customer.in_(seen))


def _voided(lens):
    """{owner: issued papers of any kind that were declared void}"""
    query = (
        papers_of(lens, Document.state == "voided")
        .select(Document.owner, fn.COUNT(Document.id))
        .group_by(Document.owner)
    )
    return {owner or 0: n for owner, n in query.tuples()}


def _returned(lens):
    """{submitter: how many rounds}"""
    r = ApprovalRequest
    return dict(returned(lens).select(r.submitter, fn.COUNT(r.id)).group_by(r.submitter).tuples())


def returned(lens):
    """Rounds of approval of the days that ended in a return or a no."""
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
    for _invoice, owner, seconds in timed(lens):
        found.setdefault(owner, []).append(seconds)
    return found


def timed(lens):
    """[(invoice, owner, seconds from the issue of the order to that of the invoice made from it,
    directly or by way of a delivery note)]"""
    note = Document.alias()
    made = papers_of(
        lens,
        Document.kind == "invoice",
        ~Document.imported,
        Document.state.in_(("issued", "archived")),
    )
    query = made.select(Document.id, Document.owner, Document.source, note.kind, note.source).join(
        note, on=(Document.source == note.id)
    )
    pairs = [
        (i, owner, source if kind == "order" else above)
        for i, owner, source, kind, above in query.tuples()
        if kind in ("order", "delivery_note")
    ]
    wanted = {x for i, _, o in pairs for x in (i, o) if x}
    moment = _issued_at(wanted)
    return [
        (invoice, owner or 0, (moment[invoice] - moment[source]).total_seconds())
        for invoice, owner, source in pairs
        if source in moment and invoice in moment
    ]


def _issued_at(idents):
    """{document: when it was issued}, out of the journal."""
    idents, found = sorted(idents), {}
    for at in range(0, len(idents), 500):
        found |= dict(
            Event.select(Event.subject_id, Event.at)
            .where(
                Event.subject_type == "Document",
                Event.action == "issued",
                Event.subject_id.in_(idents[at : at + 500]),
            )
            .tuples()
        )
    return found


def _approval(lens):
    """{owner: [seconds]}"""
    found = {}
    for _paper, owner, seconds in asked_for(lens):
        found.setdefault(owner, []).append(seconds)
    return found


def asked_for(lens):
    """[(paper, owner, seconds from submitting to the last yes)] of the papers issued in the days
    whose flow asked somebody."""
    r = ApprovalRequest
    query = (
        r.select(Document.id, Document.owner, r.opened_at, r.closed_at)
        .join(Document)
        .where(
            r.state == "approved",
            r.purpose == "issue",
            r.step > 0,
            r.closed_at.is_null(False),
            Document.id.in_(papers_of(lens).select(Document.id)),
        )
    )
    return [
        (paper, owner or 0, (closed - opened).total_seconds())
        for paper, owner, opened, closed in query.tuples()
    ]


def _median(seconds):
    """Hours with one decimal, in tenths; None of nothing."""
    if not seconds:
        return None
    line = sorted(seconds)
    middle = (line[(len(line) - 1) // 2] + line[len(line) // 2]) / 2
    return int(middle / 360 + 0.5)
