"""What the signed-in person may see, and one row of it."""

from flask import abort, g, request
from flask_login import current_user

from models.customers import Customer
from models.people import log, named


def person():
    """The signed-in User or Contact itself, as verbs and the journal need it: the type of
    flask-login's `current_user` is LocalProxy."""
    return current_user._get_current_object()


def sees():
    """The scopes of the signed-in person: StaffScopes or ContactScopes of models/scopes.py. The
    same ones for the whole request, as a contact's group is then read once."""
    if "sees" not in g or g.sees.person is not person():
        g.sees = person().sees
    return g.sees


def sees_customer(customer):
    """Whether the page of this customer would open: who is asked about a document, or owns a
    complaint, may not see its customer."""
    reader, main = person(), customer.main_id
    if reader.sees_all or customer.owner_id == reader.id and not main:
        return True
    return reader.sees.customers().where(Customer.id == (main or customer.id)).exists()


def get_customer(ident):
    """The customer with this id, or the one that it was merged into since; else 404."""
    return get_or_404(sees().customers_and_merged(), ident).leading


def get_or_404(query, ident):
    """The row with this id within the query, or 404."""
    if not 0 < ident < 2**31:
        abort(404)
    found = query.where(query.model.id == ident).first()
    if found is None:
        log.info(
            "not in scope: %s %s of %s from %s",
            query.model.__name__,
            ident,
            named(person()),
            request.remote_addr,
        )
    return found or abort(404)
