"""The evidence of a figure: exactly its documents, and the figure computed again from these
documents."""

import peewee as pw
from peewee import fn

from models.approvals import ApprovalRequest
from models.core.dates import as_day
from models.customers import Customer
from models.documents import Document, Line, sales
from models.documents.sales import COUNTS, SalesDay, SalesItem, line_cost
from models.insights import (
    cohorts,
    customers,
    overview,
    pareto,
    paying,
    products,
    quotes,
    rfm,
    rhythm,
    salespeople,
    weak,
)
from models.insights.lens import id_list_sql, months_on
from models.insights.overview import share
from models.receivables.paid_part import PaidPart

ONLY = (
    "new",
    "first",
    "credits",
    "voided",
    "returned",
    "timed",
    "approved",
    "settled",
    "late",
    "quotes",
    "won",
    "stopped",
    "lost",
    "gained",
    "both",
    "segment",
    "letter",
    "cohort",
)
# With more documents the summary is used instead of their lines; the daily check compares both.
MOST_LINES = 20_000
SIGN = {kind: sign for kind, (_basis, sign) in COUNTS.items()}


class Evidence:
    """The documents of a lens that one figure counts. `which` names the segment, class or
    cohort."""

    def __init__(self, lens, only="", which="", by="customers"):
        self.only, self.which = only, which
        self.lens = lens
        if only in ("new", "lost", "gained", "both", "segment", "letter", "cohort"):
            self.lens = self._grouped(lens, only, which, by)
        self.documents = getattr(self, f"_{only}")() if only in OTHER else self.lens.documents()

    @property
    def by_sales(self):
        """Whether the documents are sales, so that sales figures can be computed from them."""
        return self.only not in (
            "voided",
            "returned",
            "timed",
            "approved",
            "settled",
            "late",
            "quotes",
            "won",
        )

    def _grouped(self, lens, only, which, by):
        if only == "new":
            return lens.replace(group=frozenset(overview.new_customers(lens)))
        if only == "segment":
            return lens.replace(group=frozenset(r.id for r in rfm.rows(lens) if r.segment == which))
        if only == "cohort":
            return lens.replace(group=frozenset(cohorts.members(lens, which)))
        if only == "letter":
            sold = products.sold(lens) if by == "products" else customers.bought(lens)
            rows = pareto.rows([(r.id, r.net) for r in sold])
            ids = frozenset(r.id for r in rows if r.letter == which)
            return lens.replace(goods=ids) if by == "products" else lens.replace(group=ids)
        return self._side(lens, only)

    def _side(self, lens, only):
        before, present = lens.before(), lens
        if only == "gained":
            return lens.replace(group=frozenset(weak.buyers(present) - weak.buyers(before)))
        if only == "lost":
            return before.replace(group=frozenset(weak.buyers(before) - weak.buyers(present)))
        return lens.replace(
            first=before.first, group=frozenset(weak.buyers(before) & weak.buyers(present))
        )

    def _first(self):
        """The sales on the day of each customer's first purchase."""
        kinds = [
            kind for kind, (basis, sign) in COUNTS.items() if basis == self.lens.basis and sign > 0
        ]
        day = SalesDay.alias()
        first = day.select(fn.MIN(day.day)).where(
            day.customer == Customer.main_of(Document.customer),
            day.basis == self.lens.basis,
            day.currency == self.lens.currency,
            day.papers > 0,
        )
        return self.lens.documents().where(Document.kind.in_(kinds), Document.issued_on == first)

    def _credits(self):
        return self.lens.documents().where(Document.kind == "credit_note")

    def _voided(self):
        return self._of_owner(salespeople.documents_of(self.lens, Document.state == "voided"))

    def _returned(self):
        rounds = salespeople.returned(self.lens)
        if self.lens.owner is not None:
            rounds = rounds.where(ApprovalRequest.submitter == self.lens.owner)
        return Document.select().where(Document.id.in_(rounds.select(ApprovalRequest.document)))

    def _timed(self):
        return self._of_owner(
            Document.select().where(
                Document.id.in_(
                    id_list_sql(i for i, *_ in salespeople.order_to_invoice_times(self.lens))
                )
            )
        )

    def _approved(self):
        return self._of_owner(
            Document.select().where(
                Document.id.in_(id_list_sql(i for i, *_ in salespeople.approval_times(self.lens)))
            )
        )

    def _of_owner(self, documents):
        owner = self.lens.owner
        return (
            documents
            if owner is None
            else documents.where(Document.owner == owner if owner else Document.owner.is_null())
        )

    def _settled(self):
        return Document.select().where(Document.id.in_(self._paid(PaidPart.invoice)))

    _late = _settled

    def _paid(self, *columns):
        """The parts of payments that the figure counts."""
        return paying.parts(self.lens, *columns).where(*self._only_late())

    def _only_late(self):
        return [PaidPart.late > 0] if self.only == "late" else []

    def _quotes(self):
        return Document.select().where(Document.id.in_(id_list_sql(r.id for r in self.quoted())))

    _won = _quotes

    def quoted(self):
        rows = quotes.rows(self.lens)
        return [r for r in rows if r.ordered] if self.only == "won" else rows

    def _stopped(self):
        """The purchases of customers who stopped, in the year before their last purchase."""
        stopped = [s for s in rhythm.stopped(self.lens) if self.lens.customer in (None, s.id)]
        kinds = [kind for kind, (basis, _way) in COUNTS.items() if basis == self.lens.basis]
        ids = set()
        span = self.lens.replace(
            first=months_on(self.lens.last, -rhythm.LOOKED_BACK),
            group=frozenset(s.id for s in stopped),
        )
        last = {s.id: s.last for s in stopped}
        for ident, customer, day in (
            span.documents()
            .where(Document.kind.in_(kinds))
            .select(Document.id, Customer.main_of(Document.customer), Document.issued_on)
            .tuples()
        ):
            if months_on(last[customer], -12) < as_day(day):
                ids.add(ident)
        return Document.select().where(Document.id.in_(id_list_sql(ids)))

    def figures(self, wanted=""):
        """{name: (kind of value, value)} of all figures about these documents. Those for which
        every line must be read are included only when wanted."""
        if self.only in ("settled", "late"):
            return self._of_money()
        if self.only in ("quotes", "won"):
            return self._of_quotes()
        if not self.by_sales:
            return self._of_work()
        return self._of_sales(wanted)

    def _of_sales(self, wanted):
        d, lens = Document, self.lens
        counts = dict(self.documents.select(d.kind, fn.COUNT(d.id)).group_by(d.kind).tuples())
        net, sold = (
            int(lens.net_of(self.documents)),
            sum(n for kind, n in counts.items() if SIGN[kind] > 0),
        )
        figures = {
            "net": ("money", net),
            "papers": ("count", sold),
            "credits": ("count", sum(counts.values()) - sold),
            "customers": ("count", _customers(self.documents)),
        }
        if not lens.by_lines:
            figures["average"] = ("money", overview.half_up(net, sold))
        if lens.customer is not None:
            figures["days"] = (
                "count",
                self._sold().select(fn.COUNT(fn.DISTINCT(d.issued_on))).scalar(),
            )
            figures |= self._of_rhythm() if wanted in ("silent", "gap", "bought") else {}
        if wanted == "buyers":
            figures["buyers"] = ("count", _customers(self._sold()))
        if wanted == "classed":
            figures["classed"] = ("count", len(lens.goods or ()))
        if wanted in ("discount", "discount_share", "margin", "quantity"):
            figures |= self._of_lines(net, wanted)
        return figures

    def _sold(self):
        return self.documents.where(Document.kind != "credit_note")

    def _of_rhythm(self):
        bought = self._sold().select(Document.issued_on).distinct().order_by(Document.issued_on)
        days = [as_day(row[0]) for row in bought.tuples()]
        purchase_rhythm = rhythm.rhythm(days, self.lens.last)
        return {
            "gap": ("count", purchase_rhythm.gap),
            "bought": ("count", purchase_rhythm.days),
            "silent": (
                "count",
                (self.lens.last - purchase_rhythm.last).days if purchase_rhythm.last else None,
            ),
        }

    def _of_lines(self, net, wanted):
        if self.documents.count() > MOST_LINES:
            quantity, cost, costed, discount = self._line_sums_from_summary()
        else:
            quantity, cost, costed, discount = self._line_sums()
        figures = {"margin": ("percent", share(costed - cost, costed))}
        figures |= {"quantity": ("quantity", quantity)} if wanted == "quantity" else {}
        return (
            figures
            if self.lens.by_lines
            else figures
            | {
                "discount": ("money", discount),
                "discount_share": ("percent", share(discount, net + discount)),
            }
        )

    def _line_sums(self):
        wanted = Document.id.in_(self.documents.select(Document.id))
        heads, items = {}, {}
        sales._count(sales._read(wanted), heads, items)
        discount = sum(s[3] for s in heads.values())
        if not self.lens.by_lines:
            return (
                sum(i[2] for i in items.values()),
                sum(s[4] for s in heads.values()),
                sum(s[5] for s in heads.values()),
                discount,
            )
        quantity = cost = costed = 0
        rows = (
            self.lens.lines()
            .select(Document.kind, Document.currency, Line.quantity, Line.net, Line.cost)
            .join(Document)
            .where(wanted)
        )
        for kind, currency, quantity_of_line, net, unit in rows.tuples():
            quantity += SIGN[kind] * quantity_of_line
            if unit is not None:
                cost += SIGN[kind] * line_cost(quantity_of_line, unit, currency)
                costed += SIGN[kind] * net
        return quantity, cost, costed, discount

    def _line_sums_from_summary(self):
        s, zero = SalesItem, pw.SQL("0")
        sums = self.lens.items(
            *[fn.COALESCE(fn.SUM(c), zero) for c in (s.quantity, s.cost, s.costed)]
        ).scalar(as_tuple=True)
        return (
            *map(int, sums),
            0 if self.lens.by_lines else overview.totals(self.lens, {}).discount,
        )

    def _of_money(self):
        p, zero = PaidPart, pw.SQL("0")
        rows = paying.rows(self.lens, *self._only_late())
        sums = self._paid(fn.COALESCE(fn.SUM(p.amount), zero), fn.COALESCE(fn.SUM(p.late), zero))
        paid, late = map(int, sums.scalar(as_tuple=True))
        one = rows[0] if len(rows) == 1 else None
        return {
            "paid": ("money", paid),
            "pay_days": ("count", paying.mean_days(rows)),
            "late_share": ("percent", share(late, paid)),
            "papers": ("count", self._paid(fn.COUNT(fn.DISTINCT(p.invoice))).scalar()),
        } | ({"terms": ("count", one.terms), "late_days": ("count", one.late_days)} if one else {})

    def _of_quotes(self):
        count, won, net, won_net, days = quotes.rate(self.quoted())
        return {
            "quotes": ("count", count),
            "quoted": ("money", net),
            "won": ("count", won),
            "won_net": ("money", won_net),
            "rate": ("percent", share(won, count)),
            "rate_net": ("percent", (share(won_net, net) or 0) if net else None),
            "order_days": ("count", days),
        }

    def _of_work(self):
        figures = {"papers": ("count", self.documents.count())}
        if self.only == "returned":
            rounds = salespeople.returned(self.lens)
            figures["rounds"] = (
                "count",
                (
                    rounds
                    if self.lens.owner is None
                    else rounds.where(ApprovalRequest.submitter == self.lens.owner)
                ).count(),
            )
        if self.only in ("timed", "approved"):
            rows = {
                "timed": salespeople.order_to_invoice_times,
                "approved": salespeople.approval_times,
            }[self.only](self.lens)
            figures["hours"] = (
                "tenths",
                salespeople.median_hours(
                    [s for _i, owner, s in rows if self.lens.owner in (None, owner)]
                ),
            )
        return figures


def _customers(documents):
    """Of how many customers these are; the merged ones count as one."""
    theirs = Customer.id.in_(documents.select(Document.customer))
    mains = Customer.select(fn.COUNT(fn.DISTINCT(fn.COALESCE(Customer.main, Customer.id))))
    return mains.where(theirs).scalar()


OTHER = (
    "first",
    "credits",
    "voided",
    "returned",
    "timed",
    "approved",
    "settled",
    "late",
    "quotes",
    "won",
    "stopped",
)
