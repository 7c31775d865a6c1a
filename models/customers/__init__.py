"""Whom we sell to: customers, their addresses, contacts, tags and notes."""

from models.customers.contact import Contact
from models.customers.customer import Address, Customer, Note
from models.customers.duplicates import KeptApart
from models.customers.keys import CustomerKey
from models.customers.limits import CustomerAct

__all__ = ["Address", "Contact", "Customer", "CustomerAct", "CustomerKey", "KeptApart", "Note"]
