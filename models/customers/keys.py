"""By what a customer is recognised: the comparable forms of name, tax id, mail and phone, their
contacts' mails and phones among them.

The table follows the journal and is not hashed: `rebuild` computes it again, and `differences`
compares it. Who writes customers without an event for each calls `refresh`."""

import peewee as pw

from models.core.database import db, one_snapshot
from models.core.journal import followers
from models.core.model import Model
from models.customers import names
from models.customers.contact import Contact
from models.customers.customer import Customer

COLUMNS = ("customer", "kind", "value")
PORTION = 500
FORMS = {
    "name": names.comparable,
    "near": names.near,
    "tax_id": names.letters,
    "mail": names.mail,
    "phone": names.phone,
}


class CustomerKey(Model):
    """One comparable form of one customer. `kind` is name, near, tax_id, mail or phone."""

    customer = pw.IntegerField(index=True)
    kind = pw.CharField(max_length=6)
    value = pw.CharField()

    class Meta:
        hidden_by, hidden_with = "customer", "customer"
        indexes = ((("kind", "value", "customer"), True),)


def keys_of(name="", tax_id="", email="", phone=""):
    """{(kind, value)} of what a customer or contact has."""
    given = {"name": name, "near": name, "tax_id": tax_id, "mail": email, "phone": phone}
    found = {(kind, FORMS[kind](text or "")[:255]) for kind, text in given.items()}
    return {(kind, value) for kind, value in found if value}


def _reckoned(customers):
    """{(customer id, kind, value)} as the rows of these customers have them; of all, for None."""
    found = set()
    own = Customer.select(
        Customer.id, Customer.name, Customer.tax_id, Customer.email, Customer.phone
    )
    own = own if customers is None else own.where(Customer.id.in_(customers))
    for ident, *texts in own.tuples():
        found |= {(ident, *key) for key in keys_of(*texts)}
    theirs = Contact.select(Contact.customer, Contact.email, Contact.phone)
    theirs = theirs if customers is None else theirs.where(Contact.customer.in_(customers))
    for ident, email, phone in theirs.tuples():
        found |= {(ident, *key) for key in keys_of(email=email, phone=phone)}
    return found


def _kept(customers=None):
    rows = CustomerKey.select(*[getattr(CustomerKey, name) for name in COLUMNS])
    return set(
        (rows if customers is None else rows.where(CustomerKey.customer.in_(customers))).tuples()
    )


@db.atomic()
def refresh(customers):
    """Write the keys of these customers anew, as far as they differ from the rows."""
    fresh, kept = _reckoned(customers), _kept(customers)
    for key in kept - fresh:
        same = [getattr(CustomerKey, n) == v for n, v in zip(COLUMNS, key, strict=True)]
        CustomerKey.delete().where(*same).execute()
    _insert(fresh - kept)


def _insert(keys):
    rows = sorted(keys)
    for start in range(0, len(rows), PORTION):
        CustomerKey.insert_many(rows[start : start + PORTION], fields=COLUMNS).execute()


@db.atomic()
def rebuild():
    """Compute the table again, but for what is not published. Returns the number of rows."""
    CustomerKey.delete().where(pw.SQL(CustomerKey._meta.is_published)).execute()
    keys = _reckoned(None)
    _insert(keys)
    return len(keys)


def refresh_between(first, last):
    """Write the keys of the customers with these ids."""
    refresh(list(range(first, last + 1)))


def fill_empty():
    """Compute the table after an update that brought it, or a restore of an older backup."""
    if not CustomerKey.select().exists() and Customer.select().exists():
        rebuild()


@one_snapshot()
def differences(most=20):
    """A sentence for each key that differs from the rows."""
    kept, fresh = _kept(), _reckoned(None)
    return [
        f"customer {customer}: {kind} “{value}” is {'not ' * (key in fresh)}kept as a key"
        for key in sorted(kept ^ fresh)[:most]
        for customer, kind, value in [key]
    ]


def _follow(row, _gone):
    if isinstance(row, Customer):
        refresh([row.id])
    elif isinstance(row, Contact):
        refresh([row.customer_id])


followers.append(_follow)
