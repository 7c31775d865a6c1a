"""Acts: what is done because of a figure (follow-ups, mails, a price list, other terms), and the
effect it had."""

import datetime as dt
from collections import namedtuple

import peewee as pw
from peewee import fn

from models.adapters import outbox
from models.adapters.outbox import Mail
from models.care import FollowUp
from models.core.clock import local, now, today
from models.core.database import db
from models.core.errors import refuse
from models.core.fields import JSONField
from models.core.journal import Journaled
from models.core.model import Model
from models.core.placeholders import check_placeholders
from models.customers import Customer
from models.documents.sales import SalesDay
from models.insights.customer_mails import customer_mails
from models.people import User
from models.products.price_list import PriceList

KINDS = ("tasks", "campaign", "prices", "terms")
NEED_AGREEMENT = ("prices", "terms")  # another colleague must agree to these
CAUSES = ("stopped", "best", "weak", "overdue")
MOST_DAYS_MEASURED, CONTROL_EVERY = 90, 5
Effect = namedtuple(
    "Came", "days acted acted_before acted_after control control_before control_after"
)


class Act(Journaled, Model):
    """One act on some customers: asked → done or declined; done at once where nobody has to agree.
    `facts` are the figures that led to it, `options` the details of what is done."""

    kind = pw.CharField(max_length=10)
    cause = pw.CharField(max_length=10)
    state = pw.CharField(max_length=10, default="asked", index=True)
    currency = pw.CharField(max_length=3)
    facts = JSONField(default=dict)
    options = JSONField(default=dict)
    made_by = pw.ForeignKeyField(User, backref="acts_made")
    made_at = pw.DateTimeField()
    decided_by = pw.ForeignKeyField(User, null=True)
    decided_at = pw.DateTimeField(null=True)
    reason = pw.CharField(max_length=500, default="")

    @property
    def name(self):
        return f"{self.kind} {self.cause}"

    def content_rows(self):
        return {
            "act": super().content_rows(),
            "customers": sorted((m.customer_id, m.control) for m in self.members),
        }

    def customers(self, control=False):
        members = ActMember.select(Customer.main_of(ActMember.customer))
        members = members.where(ActMember.act == self.id, ActMember.control == control)
        return list(Customer.select().where(Customer.id.in_(members)).order_by(Customer.id))

    def may_decide(self, person):
        """Someone other than its maker, with the right to, who may see all its customers."""
        if self.state != "asked" or person.id == self.made_by_id or not person.may("decide_act"):
            return False
        mine = ActMember.select(ActMember.customer).where(ActMember.act == self.id)
        return (
            person.sees.customers_and_merged().where(Customer.id.in_(mine)).count() == mine.count()
        )

    @classmethod
    @db.atomic()
    def begin(
        cls, by, kind, cause, customers, currency, facts, options, control=False, base_url=""
    ):
        """Do it, or ask for it where another must agree. With `control` every fifth customer is
        left out as a control group. `base_url` is for the opt-out link of the mails."""
        by.must("act")
        kind in KINDS and cause in CAUSES or refuse("choice_unknown")
        customers or refuse("nothing_chosen")
        if kind == "campaign":
            by.must("send")
            check_placeholders(f"{options['subject']}\n{options['text']}", ())
        ids = [c.id for c in customers]
        by.sees.customers().where(Customer.id.in_(ids)).count() == len(set(ids)) or refuse(
            "not_yours"
        )
        act = cls.create(
            kind=kind,
            cause=cause,
            currency=currency,
            facts=facts,
            options=options,
            made_by=by,
            made_at=now(),
        )
        for i, customer in enumerate(customers, 1):
            ActMember.create(
                act=act,
                customer=customer,
                control=bool(
                    control and len(customers) >= CONTROL_EVERY and i % CONTROL_EVERY == 0
                ),
            )
        act.record("proposed", by, kind=kind, cause=cause, customers=len(customers))
        if kind not in NEED_AGREEMENT:
            act._carry_out(by, base_url)
        return act

    @db.atomic()
    def agree(self, by, base_url=""):
        """Another colleague agrees; it is done, and the customers get a mail."""
        self.may_decide(by) or refuse("not_to_decide")
        self._carry_out(by, base_url)

    @db.atomic()
    def decline(self, by, reason):
        self.may_decide(by) or refuse("not_to_decide")
        reason.strip() or refuse("reason_needed")
        self.move(
            "asked", to="declined", decided_by=by, decided_at=now(), reason=reason.strip()[:500]
        )
        self.record("declined", by, reason=reason)

    def _carry_out(self, by, base_url=""):
        self.move("asked", to="done", decided_by=by, decided_at=now())
        done = getattr(self, f"_do_{self.kind}")(by, self.customers(), self.options, base_url)
        self.record("done", by, done=done)

    def _do_tasks(self, by, customers, options, _base_url):
        due = dt.date.fromisoformat(options["due_on"])
        for customer in customers:
            FollowUp.plan(by, customer, options["what"], due, cause=f"act-{self.id}")
        return len(customers)

    def _do_campaign(self, by, customers, options, base_url):
        return self._mail_customers(customers, options, base_url) or refuse("no_recipient")

    def _mail_customers(self, customers, options, base_url, last_day=None):
        """Mail the customers' contacts. Returns how many."""
        mails = customer_mails(self.kind, customers, options, base_url, last_day, real=True)
        for contact, mail in mails:
            Mail.enqueue(f"act-{self.id}-{contact.id}", to=contact.email, contact=contact, **mail)
        return len(mails)

    @classmethod
    def preview(cls, kind, customers, options, base_url=""):
        """[(contact, subject, text)] of the mails, of which none is queued; empty for a kind
        without mails."""
        last = _last_day(options) if kind == "prices" else None
        return [
            (contact, *outbox.preview(to=contact.email, **mail)[:2])
            for contact, mail in customer_mails(kind, customers, options, base_url, last)
        ]

    def _do_prices(self, by, customers, options, base_url):
        last = _last_day(options)
        PriceList.make(
            by,
            options["name"],
            customers,
            options["discount"],
            today(),
            last,
            options.get("category", ""),
        )
        self._mail_customers(customers, options, base_url, last)
        return len(customers)

    def _do_terms(self, by, customers, options, base_url):
        self._mail_customers(customers, options, base_url)
        for customer in customers:
            customer.revise(by, terms_days=options["terms_days"])
        return len(customers)

    def effect(self):
        """Net of the acted and of the control customers in the days after it was done (at most 90),
        and in as many days before. None before it is done."""
        if self.state != "done":
            return None
        day = local(self.decided_at).date()
        days = min((today() - day).days, MOST_DAYS_MEASURED)
        sums = {}
        for control in (False, True):
            ids = [m.customer_id for m in self.members if m.control == control]
            sums[control] = (
                len(ids),
                self._net(ids, day - dt.timedelta(days=days), day - dt.timedelta(days=1)),
                self._net(ids, day + dt.timedelta(days=1), day + dt.timedelta(days=days)),
            )
        return Effect(days, *sums[False], *sums[True])

    def _net(self, ids, first, last):
        query = SalesDay.select(fn.COALESCE(fn.SUM(SalesDay.net), 0)).where(
            SalesDay.customer.in_(
                Customer.select(fn.COALESCE(Customer.main, Customer.id)).where(
                    Customer.id.in_(ids or [0])
                )
            ),
            SalesDay.basis == "invoice",
            SalesDay.currency == self.currency,
            SalesDay.day.between(first, last),
        )
        return int(query.scalar())

    def progress(self):
        """((follow-ups done, all), (mails sent, all))."""
        tasks = FollowUp.select().where(FollowUp.cause == f"act-{self.id}")
        mails = Mail.select().where(Mail.key.startswith(f"act-{self.id}-"))
        return (tasks.where(FollowUp.state == "done").count(), tasks.count()), (
            mails.where(Mail.state == "sent").count(),
            mails.count(),
        )


def _last_day(options):
    return today() + dt.timedelta(days=options["days"])


class ActMember(Model):
    """A customer of an act; nothing is done for those of the control group."""

    act = pw.ForeignKeyField(Act, backref="members", on_delete="CASCADE")
    customer = pw.ForeignKeyField(Customer, backref="act_members")
    control = pw.BooleanField(default=False)

    class Meta:
        indexes = ((("act", "customer"), True),)
