"""A contact: a person at a customer, who gets mails and may sign in to the portal."""

import peewee as pw

from models.adapters import search
from models.adapters.outbox import Mail
from models.core.database import db
from models.core.errors import Forbidden, refuse
from models.core.journal import Journaled
from models.core.model import Model
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
    birthday_lunar = pw.BooleanField(default=False)
    greetings_off_at = pw.DateTimeField(null=True)
    language = pw.CharField(max_length=2, default="zh")
    password = pw.CharField(default="")
    sees_company = pw.BooleanField(default=True)
    active = pw.BooleanField(default=True)
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

    @db.atomic()
    def revise(self, by, **data):
        by.must("write_customer", self.customer)
        data = self.differing(data)
        if not data:
            return
        for key, value in data.items():
            setattr(self, key, value)
        self.save()
        if "email" in data:
            self.end_sessions()
        self.record("revised", by, changed=sorted(data))

    @classmethod
    def by_email(cls, email):
        """Active contacts with this address who were invited or got a document by mail. A contact
        who was only entered or imported cannot get into the portal by asking for a link."""
        return [c for c in super().by_email(email) if c.password or Mail.to_contact(c).exists()]

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
