"""What stands behind a figure: exactly its papers, and the figure once more, reckoned from the
papers themselves."""

import peewee as pw
from peewee import fn

from models.approvals import ApprovalRequest
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
from models.insights.overview import as_day, share

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
# papers whose lines are read one by one; beyond, the summary, which the daily check holds against
# the papers
MOST_LINES = 20_000
SIGN = {kind: way for kind, (_basis, way) in COUNTS.items()}


class Evidence:
    """The papers of a lens, narrowed to what one figure counts. `which` names the segment, class or
    cohort."""

    def __init__(self, look, only="", which="", by="customers"):
        self.only, self.which = only, which
        self.look = look
        if only in ("new", "lost", "gained", "both", "segment", "letter", "cohort"):
            self.look = self._grouped(look, only, which, by)
        self.papers = getattr(self, f"_{only}")() if only in OTHER else self.look.papers()

    @property
    def by_sales(self):
        """Whether the papers are sales, so that the figures of sales can be reckoned from them."""
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

    def _grouped(self, look, only, which, by):
        if only == "new":
            return look.moved(group=frozenset(overview.new_customers(look)))
        if only == "segment":
            return look.moved(group=frozenset(r.id for r in rfm.rows(look) if r.segment == which))
        if only == "cohort":
            return look.moved(group=frozenset(cohorts.members(look, which)))
        if only == "letter":
            found = products.rows(look) if by == "products" else customers.rows(look, liking=False)
            mine = frozenset(
                r.id for r in pareto.rows([(r.id, "", r.net) for r in found]) if r.letter == which
            )
            return look.moved(goods=mine) if by == "products" else look.moved(group=mine)
        return self._side(look, only)

    def _side(self, look, only):
        was, now = look.before(), look
        if only == "gained":
            return look.moved(group=frozenset(weak.buyers(now) - weak.buyers(was)))
        if only == "lost":
            return was.moved(group=frozenset(weak.buyers(was) - weak.buyers(now)))
        return look.moved(first=was.first, group=frozenset(weak.buyers(was) & weak.buyers(now)))

    def _first(self):
        """The sales on the day of each customer's first purchase ever."""
        kinds = [
            kind for kind, (basis, way) in COUNTS.items() if basis == self.look.basis and way > 0
        ]
        day = SalesDay.alias()
        first = day.select(fn.MIN(day.day)).where(
            day.customer == Document.customer,
            day.basis == self.look.basis,
            day.currency == self.look.currency,
            day.papers > 0,
        )
        return self.look.papers().where(Document.kind.in_(kinds), Document.issued_on == first)

    def _credits(self):
        return self.look.papers().where(Document.kind == "credit_note")

    def _voided(self):
        return self._of_owner(salespeople.papers_of(self.look, Document.state == "voided"))

    def _returned(self):
        rounds = salespeople.returned(self.look)
        if self.look.owner is not None:
            rounds = rounds.where(ApprovalRequest.submitter == self.look.owner)
        return Document.select().where(Document.id.in_(rounds.select(ApprovalRequest.document)))

    def _timed(self):
        return self._of_owner(
            Document.select().where(
                Document.id.in_(id_list_sql(i for i, *_ in salespeople.timed(self.look)))
            )
        )

    def _approved(self):
        return self._of_owner(
            Document.select().where(
                Document.id.in_(id_list_sql(i for i, *_ in salespeople.asked_for(self.look)))
            )
        )

    def _of_owner(self, papers):
        owner = self.look.owner
        return (
            papers
            if owner is None
            else papers.where(Document.owner == owner if owner else Document.owner.is_null())
        )

    def _settled(self):
        return Document.select().where(
            Document.id.in_(id_list_sql({row[0] for row in paying.parts(self.look)}))
        )

    def _late(self):
        return Document.select().where(
            Document.id.in_(
                id_list_sql(
                    {row[0] for row in paying.parts(self.look) if paying.beyond(row[4], row[5])}
                )
            )
        )

    def _quotes(self):
        return Document.select().where(Document.id.in_(id_list_sql(r.id for r in self.quoted())))

    _won = _quotes

    def quoted(self):
        found = quotes.rows(self.look)
        return [r for r in found if r.ordered] if self.only == "won" else found

    def _stopped(self):
        """What those who stopped had bought in the year before they fell silent."""
        gone = [s for s in rhythm.stopped(self.look) if self.look.customer in (None, s.id)]
        kinds = [kind for kind, (basis, _way) in COUNTS.items() if basis == self.look.basis]
        ids = set()
        span = self.look.moved(
            first=months_on(self.look.last, -rhythm.LOOKED_BACK),
            group=frozenset(s.id for s in gone),
        )
        last = {s.id: s.last for s in gone}
        for ident, customer, day in (
            span.papers()
            .where(Document.kind.in_(kinds))
            .select(Document.id, Document.customer, Document.issued_on)
            .tuples()
        ):
            if months_on(last[customer], -12) < as_day(day):
                ids.add(ident)
        return Document.select().where(Document.id.in_(id_list_sql(ids)))

    def figures(self, wanted=""):
        """{name: (kind of value, value)} of everything that is said of these papers; what must read
        every line only when wanted."""
        if self.only in ("settled", "late"):
            return self._of_money()
        if self.only in ("quotes", "won"):
            return self._of_quotes()
        if not self.by_sales:
            return self._of_work()
        return self._of_sales(wanted)

    def _of_sales(self, wanted):
        d, look = Document, self.look
        counts = dict(self.papers.select(d.kind, fn.COUNT(d.id)).group_by(d.kind).tuples())
        net, sold = (
            int(look.worth(self.papers)),
            sum(n for kind, n in counts.items() if SIGN[kind] > 0),
        )
        buyers = self.papers.select(fn.COUNT(fn.DISTINCT(d.customer))).scalar()
        found = {
            "net": ("money", net),
            "papers": ("count", sold),
            "credits": ("count", sum(counts.values()) - sold),
            "customers": ("count", buyers),
        }
        if not look.by_lines:
            found["average"] = ("money", overview.half_up(net, sold))
        if look.customer is not None:
            found["days"] = (
                "count",
                self._sold().select(fn.COUNT(fn.DISTINCT(d.issued_on))).scalar(),
            )
            found |= self._of_rhythm() if wanted in ("silent", "gap", "bought") else {}
        if wanted == "buyers":
            found["buyers"] = (
                "count",
                self._sold().select(fn.COUNT(fn.DISTINCT(d.customer))).scalar(),
            )
        if wanted == "classed":
            found["classed"] = ("count", len(look.goods or ()))
        if wanted in ("discount", "discount_share", "margin", "quantity"):
            found |= self._of_lines(net, wanted)
        return found

    def _sold(self):
        return self.papers.where(Document.kind != "credit_note")

    def _of_rhythm(self):
        bought = self._sold().select(Document.issued_on).distinct().order_by(Document.issued_on)
        days = [as_day(row[0]) for row in bought.tuples()]
        seen = rhythm.rhythm(days, self.look.last)
        return {
            "gap": ("count", seen.gap),
            "bought": ("count", seen.days),
            "silent": ("count", (self.look.last - seen.last).days if seen.last else None),
        }

    def _of_lines(self, net, wanted):
        if self.papers.count() > MOST_LINES:
            quantity, cost, costed, discount = self._summed()
        else:
            quantity, cost, costed, discount = self._read()
        found = {"margin": ("percent", share(costed - cost, costed))}
        found |= {"quantity": ("quantity", quantity)} if wanted == "quantity" else {}
        return (
            found
            if self.look.by_lines
            else found
            | {
                "discount": ("money", discount),
                "discount_share": ("percent", share(discount, net + discount)),
            }
        )

    def _read(self):
        wanted = Document.id.in_(self.papers.select(Document.id))
        heads, items = {}, {}
        sales._count(sales._rows(wanted), heads, items)
        discount = sum(s[3] for s in heads.values())
        if not self.look.by_lines:
            return (
                sum(i[2] for i in items.values()),
                sum(s[4] for s in heads.values()),
                sum(s[5] for s in heads.values()),
                discount,
            )
        quantity = cost = costed = 0
        rows = (
            self.look.lines()
            .select(Document.kind, Document.currency, Line.quantity, Line.net, Line.cost)
            .join(Document)
            .where(wanted)
        )
        for kind, currency, many, net, unit in rows.tuples():
            quantity += SIGN[kind] * many
            if unit is not None:
                cost += SIGN[kind] * line_cost(many, unit, currency)
                costed += SIGN[kind] * net
        return quantity, cost, costed, discount

    def _summed(self):
        s, zero = SalesItem, pw.SQL("0")
        sums = self.look.items(
            *[fn.COALESCE(fn.SUM(c), zero) for c in (s.quantity, s.cost, s.costed)]
        ).scalar(as_tuple=True)
        return (
            *map(int, sums),
            0 if self.look.by_lines else overview.totals(self.look, {}).discount,
        )

    def _of_money(self):
        parts = [
            p
            for p in paying.parts(self.look)
            if self.only == "settled" or paying.beyond(p[4], p[5])
        ]
        found, paid = paying.made([p[1:] for p in parts]), sum(p[6] for p in parts)
        late = sum(p[6] for p in parts if paying.beyond(p[4], p[5]))
        one = found[0] if len(found) == 1 else None
        return {
            "paid": ("money", paid),
            "pay_days": ("count", paying.mean_days(found)),
            "late_share": ("percent", share(late, paid)),
            "papers": ("count", len({p[0] for p in parts})),
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
        found = {"papers": ("count", self.papers.count())}
        if self.only == "returned":
            rounds = salespeople.returned(self.look)
            found["rounds"] = (
                "count",
                (
                    rounds
                    if self.look.owner is None
                    else rounds.where(ApprovalRequest.submitter == self.look.owner)
                ).count(),
            )
        if self.only in ("timed", "approved"):
            rows = {"timed": salespeople.timed, "approved": salespeople.asked_for}[self.only](
                self.look
            )
            found["hours"] = (
                "tenths",
                salespeople._median(
                    [s for _i, owner, s in rows if self.look.owner in (None, owner)]
                ),
            )
        return found


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
