"""What an import of customers or of products writes."""

from models.company import Company
from models.customers import Address, Contact, Customer
from models.customers.customer import mails_of_a_contact
from models.products import Product


def write(plan, to):
    """Write the customers of the plan, with their addresses and contacts."""
    plan.by.must("write_customer")
    firm, steps = Company.current(), [step for _row, step in plan.steps]
    new = [Customer.built(plan.by, firm, **step[1]) for step in steps if step[0] is None]
    to.create_all(Customer, new)
    made, known = iter(new), _Known({row.id for row in new})
    addresses, contacts = [], []
    for existing, data, person, billing, delivery in steps:
        if existing and data:
            to.change(existing, data)
        customer = existing or next(made)
        addresses += known.new_addresses(to, customer, billing=billing, delivery=delivery)
        if person:
            contacts += known.new_contact(to, customer, person)
    to.create_all(Address, addresses)
    to.create_all(Contact, contacts)


class _Known:
    """The addresses and contacts that exist, read once."""

    def __init__(self, made):
        self.made = made
        self.addresses, self.contacts, self.active = {}, {}, set()
        mains = Customer.mains()
        for row in Address.select().order_by(Address.id):
            self.addresses.setdefault((row.customer_id, row.kind), row)
        for row in Contact.select().order_by(Contact.id):
            self.contacts.setdefault((row.customer_id, row.name), row)
            if row.active:
                self.active.add(mains.get(row.customer_id, row.customer_id))

    def new_addresses(self, to, customer, **texts):
        """The customer's addresses that are new; one that differs is changed."""
        for kind, text in texts.items():
            row = self.addresses.get((customer.id, kind))
            if not text or row and row.text == text:
                continue
            if row:
                to.change(row, {"text": text})
            else:
                customer.must_stand()
                yield Address(customer=customer, kind=kind, text=text)

    def new_contact(self, to, customer, person):
        """The contact, where the customer has none of this name; else it is changed."""
        row = self.contacts.get((customer.id, person["name"]))
        if row is None:
            customer.must_stand()
            if customer.id not in self.made:
                to.change(customer, {})  # its keys
            alone = customer.id not in self.active
            return [customer.built_contact(mails_of_a_contact(alone), **person)]
        if changed := {
            name: value for name, value in person.items() if getattr(row, name) != value
        }:
            to.change(row, changed)
        return []


def write_products(plan, to):
    """Write the products of the plan."""
    plan.by.must("write_product")
    firm, steps = Company.current(), [step for _row, step in plan.steps]
    new = [Product.built(firm, **data) for product, data in steps if product is None]
    to.create_all(Product, new)
    for product, data in steps:
        if product and data:
            to.change(product, data)
