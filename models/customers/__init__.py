"""Whom we sell to: customers, their addresses, contacts, tags and notes."""

from models.customers.contact import Contact
from models.customers.customer import Address, Customer, Note

__all__ = ["Address", "Contact", "Customer", "Note"]
