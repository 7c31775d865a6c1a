"""What will be different when one customer is merged into another, told before anybody does it."""

from functools import cached_property

from peewee import fn

from models.customers import Contact, Customer
from models.documents import ISSUED, Document
from models.people import User
from models.products.price_list import PriceListMember
from models.receivables.balance import NOTHING, balances

# What the greater one keeps as it has it; what the lesser one has stays to be read there.
FIELDS = """code name short_name tax_id phone email bank_name bank_account terms_days credit_limit
    currency language owner tags founded_on active""".split()
UNFINISHED = ("draft", "returned", "submitted", "approved")


class MergePreview:
    """The lesser customer will be shown under the greater one."""

    def __init__(self, lesser, greater):
        self.lesser, self.greater = lesser, greater

    @cached_property
    def differences(self):
        """[(field, the lesser's value, the greater's)]"""
        pairs = [(n, getattr(self.lesser, n), getattr(self.greater, n)) for n in FIELDS]
        texts = [c.address_texts() for c in (self.lesser, self.greater)]
        pairs += [(kind, *(t.get(kind, "") for t in texts)) for kind in ("billing", "delivery")]
        return [pair for pair in pairs if (pair[1] or None) != (pair[2] or None)]

    @cached_property
    def sums(self):
        """[(currency, the lesser's balance, the greater's, that of both)]"""
        one, other = (balances(customers=c.group) for c in (self.lesser, self.greater))
        currencies = sorted({currency for _c, currency in (*one, *other)})
        rows = [
            (
                currency,
                one.get((self.lesser.id, currency), NOTHING)["balance"],
                other.get((self.greater.id, currency), NOTHING)["balance"],
            )
            for currency in currencies
        ]
        return [(*row, row[1] + row[2]) for row in rows]

    @cached_property
    def other_currencies(self):
        """Currencies other than the greater one's in which something of the lesser is open."""
        found = balances(customers=self.lesser.group)
        open_in = {c for (_id, c), row in found.items() if row["open"] or row["credit"]}
        return sorted(open_in - {self.greater.currency})

    @property
    def limit_rises(self):
        return self.lesser.limit_rises_under(self.greater)

    @cached_property
    def unfinished(self):
        """How many drafts go on naming the lesser one."""
        rows = Document.select().where(Document.customer.in_(self.lesser.group))
        return rows.where(Document.state.in_(UNFINISHED)).count()

    @cached_property
    def prices(self):
        """On how many price lists the lesser one stands, which are then not used."""
        return PriceListMember.select().where(PriceListMember.customer == self.lesser).count()

    @cached_property
    def contacts(self):
        """[(contact, whose documents they will see besides, how many)]"""
        found = []
        for own, other in ((self.lesser, self.greater), (self.greater, self.lesser)):
            new = Document.given_out().where(Document.customer.in_(other.group)).count()
            if not new:
                continue
            rows = own.all_contacts().where(Contact.active, Contact.sees_company)
            found += [(contact, other, new) for contact in rows.order_by(Contact.id)]
        return found

    @cached_property
    def gaining(self):
        """Colleagues who will see the lesser one and do not today."""
        return [user for user, seen in self._seen() if seen == {self.greater.id}]

    @cached_property
    def losing(self):
        """Colleagues who see the lesser one today and will not."""
        return [user for user, seen in self._seen() if seen == {self.lesser.id}]

    def _seen(self):
        both = Customer.id.in_([self.lesser.id, self.greater.id])
        for user in User.select().where(User.active).order_by(User.id):
            if not user.sees_all:
                yield user, {row.id for row in user.sees.customers().where(both)}


def particulars(customers):
    """{customer id: (number of documents, day of the last sale, {currency: balance})}"""
    ids = [ident for customer in customers for ident in customer.group]
    main = Customer.main_of(Document.customer)
    rows = Document.select(main, fn.COUNT(Document.id), fn.MAX(ISSUED))
    rows = rows.where(Document.customer.in_(ids or [0]), Document.state != "discarded")
    counted = {ident: (n, day) for ident, n, day in rows.group_by(main).tuples()}
    owed = {}
    for (ident, currency), row in balances(customers=ids or [0]).items():
        owed.setdefault(ident, {})[currency] = row["balance"]
    return {c.id: (*counted.get(c.id, (0, None)), owed.get(c.id, {})) for c in customers}
