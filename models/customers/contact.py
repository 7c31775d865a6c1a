"""A contact: a person at a customer, who gets mails and may sign in to the portal."""

import peewee as pw
from peewee import fn

from models.adapters import search
from models.adapters.outbox import Mail
from models.core.database import db
from models.core.errors import Forbidden, refuse
from models.core.journal import Event, Journaled
from models.core.model import Model
from models.customers import names
from models.people import Code, SignsIn


@search.source("contacts")
class Contact(SignsIn, Journaled, Model):
    """A person at the customer, who may be invited to the portal."""

    customer = pw.DeferredForeignKey("Customer", backref="contacts")
    name = pw.CharField()
    email = pw.CharField(default="", index=True)
    phone = pw.CharField(default="")
    position = pw.CharField(default="")
    birthday = pw.DateField(null=True)
    birthday_lunar = pw.BooleanField(default=False)  # it is kept on the lunar day of `birthday`
    # The lunar day itself, 0 where it is not given: the year of birth is often unknown.
    lunar_month = pw.IntegerField(default=0)
    lunar_day = pw.IntegerField(default=0)
    lunar_leap = pw.BooleanField(default=False)
    greetings_off_at = pw.DateTimeField(null=True)
    language = pw.CharField(max_length=2, default="zh")
    password = pw.CharField(default="")
    sees_company = pw.BooleanField(default=True)
    active = pw.BooleanField(default=True)
    # Contacts of 0.9 went on getting what they had got. None of them is marked for invoices: where
    # nobody is, the first is proposed as the receiver, as it was then.
    gets_invoices = pw.BooleanField(default=False)
    gets_reminders = pw.BooleanField(default=True)
    gets_statements = pw.BooleanField(default=True)
    gets_greetings = pw.BooleanField(default=True)

    class Meta:
        hidden_by = "id"

    roles = ()
    is_staff = False

    def search_words(self):
        return [self.name, *search.pinyin(self.name), self.email, self.phone, self.position]

    def get_id(self):
        return self.id

    def may(self, ability, thing=None):
        return False

    def must(self, ability, thing=None):
        raise Forbidden(ability)

    @property
    def let_in(self):
        """Not where the customer is switched off."""
        return self.active and self.customer.leading.active

    def same_person(self):
        """This contact, and those with its mail address in other rows of its customer, once
        merged: one person."""
        if not self.email or len(self.customer.group) == 1:
            return [self]
        others = self.customer.all_contacts().where(Contact.customer != self.customer_id)
        address = names.mail(self.email)
        return [self, *(c for c in others if names.mail(c.email) == address)]

    @property
    def opted_out(self):
        """Whether this person wants no greetings, as this contact or as another one."""
        return any(contact.greetings_off_at for contact in self.same_person())

    @db.atomic()
    def revise(self, by, **data):
        by.must("write_customer", self.customer)
        self.rewrite(by, **data)

    @db.atomic()
    def rewrite(self, by, **data):
        """The same for an import, which was found to have the right to it before."""
        email_changed = "email" in data and data["email"] != self.email
        for key, value in data.items():
            setattr(self, key, value)
        self.save_changes(by)
        if email_changed:
            self.end_sessions()

    @classmethod
    def by_email(cls, email):
        """Active contacts with this address who were invited or got a document by mail. A contact
        who was only entered or imported cannot get into the portal by asking for a link."""
        found = [contact for contact in super().by_email(email) if contact.let_in]
        return [c for c in found if c.password or Mail.to_contact(c).exists()]

    @classmethod
    def portal_access(cls, contacts):
        """{contact id: (when they were last invited, when they accepted by setting a password)},
        None for what has not happened."""
        days = {contact.id: {} for contact in contacts}
        rows = Event.select(
            Event.subject_id, Event.action, fn.MIN(Event.at), fn.MAX(Event.at)
        ).where(
            Event.subject_type == "Contact",
            Event.subject_id.in_(list(days)),
            Event.action.in_(("invited", "password_set")),
        )
        for ident, action, first, last in rows.group_by(Event.subject_id, Event.action).tuples():
            days[ident][action] = last if action == "invited" else first
        return {i: (found.get("invited"), found.get("password_set")) for i, found in days.items()}

    @classmethod
    def for_whole_company(cls):
        """Those who may be mailed what is about the whole company: they see it in the portal."""
        return cls.select().where(cls.active, cls.sees_company, cls.email != "").order_by(cls.id)

    @classmethod
    def for_reminders(cls, customers, mains):
        """{customer id: contacts who get its reminders}. `mains`: {id: id of the main one} of what
        was merged."""
        found = {}
        marked = cls.for_whole_company().where(cls.gets_reminders, cls.customer.in_(customers))
        for contact in marked:
            found.setdefault(mains.get(contact.customer_id, contact.customer_id), []).append(
                contact
            )
        return {customer: one_per_address(contacts) for customer, contacts in found.items()}

    @classmethod
    def with_password(cls, most):
        """The first contacts who can sign in."""
        return list(cls.select().where(cls.password != "", cls.active).order_by(cls.id).limit(most))

    @db.atomic()
    def invite(self, by, link):
        """Mail a link to the portal that works once; `link(code)` returns its address."""
        by.must("invite", self)
        self.email or refuse("no_email", name=self.name)
        self.active or refuse("contact_disabled")
        self.let_in or refuse("customer_off", name=self.customer.leading.name)
        code = Code.make("invitation", self)
        Mail.enqueue(
            f"invitation-{code[:12]}",
            to=self.email,
            template="invitation",
            language=self.language,
            contact=self,
            context={"name": self.name, "link": link(code)},
        )
        self.record("invited", by)


def one_per_person(contacts, mains):
    """The contacts without those whose mail address an earlier one has in another row of the same
    customer. Two in one row are two people who share a mailbox. `mains`: {id: id of the main one}
    of what was merged."""
    first, found = {}, []
    for contact in contacts:
        key = mains.get(contact.customer_id, contact.customer_id), names.mail(contact.email)
        row = first.setdefault(key, contact.customer_id)
        if not contact.email or row == contact.customer_id:
            found.append(contact)
    return found


def one_per_address(contacts):
    """The first contact of each mail address: one person may stand in both rows of a customer that
    was merged."""
    found = {}
    for contact in contacts:
        found.setdefault(names.mail(contact.email), contact)
    return list(found.values())
