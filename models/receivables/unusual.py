"""What an approver should know of a document before deciding, for a whole list in a few queries."""

from collections import defaultdict
from dataclasses import dataclass, field

from peewee import fn

from models.approvals import ApprovalFlow, ApprovalRequest, Comment, Task
from models.approvals.conditions import margin_of, price_share, with_products
from models.core.clock import today
from models.customers import Customer
from models.documents import Line
from models.documents.difference import difference
from models.receivables.balance import NOTHING, balances
from models.receivables.credit_limit import LIMITED_KINDS, Exposure, exposure, to_invoice
from models.receivables.due_item import DueItem


@dataclass
class Unusual:
    """Amounts in minor units of the document's currency, unit prices in 1/10000, the margin in
    basis points."""

    margin: int | None = None  # the lowest of its lines, where the cost is known
    least_margin: int | None = None  # below this the flow asks
    prices: list = field(default_factory=list)  # [(name, price of the product, price asked)]
    owes: int = 0
    overdue: int = 0
    over_limit: int = 0  # by how much the credit limit would be exceeded
    returned: int = 0  # how often it was sent back before
    changed: int = 0  # lines and fields that differ from what was approved last
    said: str = ""  # the newest remark of the submitter

    @property
    def margin_low(self):
        least = 0 if self.least_margin is None else self.least_margin
        return self.margin is not None and self.margin < least


def unusual(requests, margins=True):
    """{request id: Unusual} of these requests; without the margins for who may not see them."""
    found = {request.id: Unusual() for request in requests}
    about = [request for request in requests if request.document_id]
    if about:
        for add in (_lines, _money, _earlier, _remarks):
            add(about, found)
    for one in found.values() if not margins else ():
        one.margin = None
    return found


def _lines(requests, found):
    flows = ApprovalFlow.select().where(ApprovalFlow.id.in_([r.flow_id for r in requests]))
    conditions = {flow.id: flow.conditions or {} for flow in flows}
    by_document = defaultdict(list)
    rows = Line.select().where(Line.document.in_([r.document_id for r in requests]))
    for line, product in with_products(rows.order_by(Line.position)):
        by_document[line.document_id].append((line, product))
    for request in requests:
        document, mine = request.document, found[request.id]
        mine.least_margin = conditions[request.flow_id].get("margin")
        for line, product in by_document[document.id]:
            if not product or product.currency != document.currency:
                continue
            margin = margin_of(line, product)
            if margin is not None and (mine.margin is None or margin < mine.margin):
                mine.margin = margin
            price = line.price * price_share(line, document) // 100_000_000
            if price < product.price:
                mine.prices.append((line.name, product.price, price))


def _money(requests, found):
    ids = list({r.document.customer.leading.id for r in requests})
    group = [ident for (ident,) in Customer.groups_of(ids).tuples()]
    mains = Customer.mains()
    owed, orders, late = balances(customers=group), to_invoice(group), defaultdict(int)
    rows = DueItem.select(DueItem.customer, DueItem.currency, fn.SUM(DueItem.open))
    rows = rows.where(DueItem.customer.in_(group), DueItem.is_overdue(today()))
    for customer, currency, amount in rows.group_by(DueItem.customer, DueItem.currency).tuples():
        late[mains.get(customer, customer), currency] += int(amount)
    for request in requests:
        document, mine = request.document, found[request.id]
        customer = document.customer.leading
        key = customer.id, document.currency
        mine.owes, mine.overdue = owed.get(key, NOTHING)["open"], late[key]
        if document.kind in LIMITED_KINDS and document.currency == customer.currency:
            mine.over_limit = _over_limit(document, customer, owed, orders)


def _over_limit(document, customer, owed, orders):
    key = customer.id, customer.currency
    kept, added = owed.get(key, NOTHING), 0 if document.number else document.total
    most = Exposure(customer.credit_limit, kept["open"], kept["credit"], added, orders.get(key, 0))
    if most.exceeded and document.source_id:  # what its order holds already counts only once
        most = exposure(customer, document, owed)
    return -most.left if most.exceeded else 0


def _earlier(requests, found):
    documents = [r.document_id for r in requests]
    columns = [getattr(ApprovalRequest, name) for name in ("id", "document", "state", "said")]
    approved = Task.select(Task.request).where(Task.state == "approved")
    rows = ApprovalRequest.select(*columns, ApprovalRequest.id.in_(approved).alias("agreed")).where(
        ApprovalRequest.document.in_(documents)
    )
    earlier = defaultdict(list)
    for row in rows.order_by(ApprovalRequest.id):
        earlier[row.document_id].append(row)
    for request in requests:
        before = [row for row in earlier[request.document_id] if row.id < request.id]
        mine = found[request.id]
        mine.returned = sum(row.state in ("returned", "rejected") for row in before)
        last = [row for row in before if row.said and (row.state == "approved" or row.agreed)]
        if last and request.said:
            mine.changed = sum(map(len, difference(last[-1].said, request.said)))


def _remarks(requests, found):
    names = {request.id: request.submitter.name for request in requests}
    rows = Comment.select().where(Comment.request.in_(list(names))).order_by(Comment.id)
    for comment in rows:
        if comment.author == names[comment.request_id]:
            found[comment.request_id].said = comment.text
