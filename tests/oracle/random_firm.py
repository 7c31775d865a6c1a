"""A firm of chance: people of all roles in teams, customers of several salespeople and of nobody,
contacts that see the company or only theirs, papers of every kind in every state; and then what may
happen to them on one day, while everybody is signed in."""

import contextlib
import datetime as dt
from random import Random

from models import dunning
from models.adapters import blobs
from models.approvals import ApprovalRequest, Comment, Delegation, Task
from models.archive import EInvoice, ExternalFile, LegalHold
from models.care import Feedback, FollowUp
from models.core.clock import at, now, today
from models.core.errors import Refused
from models.customers import Contact, Customer
from models.disputes import Dispute
from models.documents import Document
from models.dunning import Hold, Promise
from models.governance import Finding, Training
from models.imports import Import
from models.insights.acts import Act
from models.payments import Payment
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from models.people import Session, Team, User
from models.receivables.statement import Statement
from tests import einvoices
from tests.firm import Firm
from tests.oracle.rules import Who

ROLES = [
    *(["manager"], ["manager"], ["manager"], ["sales"], ["sales"], ["sales"], ["sales"], ["sales"]),
    *(["finance"], ["archivist"], ["admin"], ["importer"], ["sales", "archivist"], ["importer"]),
    *(["sales", "manager"], ["manager"], ["sales"], ["sales"]),
]


class RandomFirm:
    def __init__(self, seed, customers, papers):
        self.random = Random(seed)
        self.firm = Firm()
        self.ada, self.fang = self.firm.ada, self.firm.fang
        self.staff = self._staff()
        self.sellers = [u for u in self.staff if {"sales", "manager"} & set(u.roles)]
        self.customers = [self._customer(n) for n in range(customers)]
        self.contacts = [x for n, c in enumerate(self.customers) for x in self._contacts(c, n)]
        for customer in self.customers:
            for _ in range(papers):
                self._paper(customer)
        self.issued = list(Document.standing())
        for customer in self.customers:
            self._money(customer)
            self._talk(customer)
            self._archive(customer)
        self._approvals()
        self._governance()
        self.sessions = {}
        for who, person in self.people():
            self.sessions[who] = Session.start(person)
        self._one_day()

    def people(self):
        """(who, person) of all who could sign in."""
        yield from ((Who("staff", u.id), u) for u in self.staff)
        yield from ((Who("contact", c.id), c) for c in self.contacts)

    def pick(self, rows):
        return self.random.choice(list(rows))

    def chance(self, share):
        return self.random.random() < share

    def _staff(self):
        firm, made = self.firm, []
        teams = [Team.get_or_enter(self.ada, name) for name in ("North", "South", "West")]
        for n, roles in enumerate(ROLES):
            team = self.pick([*teams, None]) if n > 4 else teams[n % 3]
            email = f"random{n}@firm.test"
            made.append(User.enter(self.ada, name=f"R{n}", email=email, roles=roles, team=team))
        return [firm.ada, firm.wang, firm.li, firm.chen, firm.fang, firm.zhao, *made]

    def _customer(self, n):
        owner = self.pick([*self.sellers, *self.sellers, None])
        return Customer.enter(self.ada, name=f"Customer {n}", code=f"R{n}", owner=owner)

    def _contacts(self, customer, n):
        for which in range(3):
            name = f"c{n}-{which}"
            yield customer.add_contact(
                self.ada, name=name, email=f"{name}@x.test", sees_company=which != 1
            )

    def _of(self, customer):
        return [c for c in self.contacts if c.customer_id == customer.id]

    def _paper(self, customer):
        kind = self.pick(["quote", "order", "invoice", "invoice", "delivery_note"])
        contact = self.pick([*self._of(customer), None])
        document = self.firm.draft(kind, "20", by=self.fang, customer=customer, contact=contact)
        goal = self.pick(["draft", "discarded", "submitted", "approved", *["issued"] * 4, "voided"])
        if goal in ("draft", "discarded"):
            Document.update(state=goal).where(Document.id == document.id).execute()
            return
        document.submit(by=self.fang)
        if goal == "submitted":
            return
        self.firm.approve_all(document)
        if goal == "approved":
            return
        document = Document.get_by_id(document.id)
        document.issue(by=self.fang)
        goal == "voided" and Document.get_by_id(document.id).void(by=self.fang, reason="x")

    def _money(self, customer):
        payment = Payment.receive(self.fang, customer, "CNY", 500)
        Refund.pay(self.fang, payment, 10)
        contact = self.pick(self._of(customer))
        reported = Payment.report(contact, "CNY", 100, today())
        Payment.update(slip=blobs.keep(b"%PDF-1.4 x")).where(Payment.id == reported.id).execute()
        for sent in (True, False):
            statement = Statement.make(self.fang, customer, "CNY", today(), today())
            sent and statement.send(self.fang)
        Hold.place(self.fang, customer, reason="other", until=today())
        for paper in [d for d in self._issued_to(customer) if d.kind == "invoice"][:1]:
            WriteOff.ask(self.fang, paper, 10, "x")
            Promise.give(self._of(customer)[0], paper, 100, today())

    def _issued_to(self, customer):
        return [d for d in self.issued if d.customer_id == customer.id]

    def _talk(self, customer):
        contacts = self._of(customer)
        for by in (self.pick(contacts), self.fang):
            invoices = [d for d in self._issued_to(customer) if d.kind == "invoice"]
            if not by.sees_company:
                invoices = [d for d in invoices if d.contact_id == by.id]
            document = self.pick([*invoices, None])
            row = Dispute.raise_(by, customer=customer, document=document, reason="price", text="x")
            row.say(self.fang, "", data=b"%PDF-1.4 x", filename="x.pdf", internal=self.chance(0.5))
            row.say(contacts[0], "", data=b"%PDF-1.4 y", filename="y.pdf")
            Dispute.update(owner=self.pick(self.staff)).where(Dispute.id == row.id).execute()
        Feedback.write(self.pick(contacts), "idea", "x")
        plan = FollowUp.plan(self.ada, customer, "x", today())
        FollowUp.update(owner=self.pick(self.staff)).where(FollowUp.id == plan.id).execute()

    def _archive(self, customer):
        for n, of in enumerate((customer, None)):
            data = f"<slip><of>{customer.id}</of><n>{n}</n></slip>".encode()
            ExternalFile.receive(self.ada, data, "a.xml", "contract", title="x", customer=of)
        number = f"26312000{customer.id:012}"
        row = EInvoice.drop(self.fang, einvoices.xml(number=number), "e.xml")
        filing = row.file.filing
        filing.update(customer=customer).where(type(filing).id == filing.id).execute()
        if self.chance(0.5):
            LegalHold.place(self.fang, "x", "y", customer=customer)
        for paper in self._issued_to(customer)[:1]:
            LegalHold.place(self.fang, "x", "y", document=paper)

    def _approvals(self):
        for request in ApprovalRequest.select().where(ApprovalRequest.document.is_null(False)):
            if self.chance(0.3):
                asked = {"step": 1, "user": self.pick(self.staff), "opened_at": now()}
                Task.create(request=request, state="approved", **asked)
            if self.chance(0.3):
                Comment.write(self.fang, request, "x", b"%PDF-1.4 x", "x.pdf")
        for who in self.random.sample(self.staff, 6):
            to = self.pick([u for u in self.staff if u.id != who.id])
            Delegation.arrange(self.ada, who, to, today(), today())

    def _governance(self):
        for person in self.staff:
            Training.assign(self.ada, person, "course-sales", today())
            about = self.pick(self.customers)
            Finding.find("tax_id_missing", str(person.id), about, "x", person, 3, False, {})
            own = [c for c in self.customers if c.owner_id == person.id]
            if own and person.may("act"):
                what = {"what": "x", "due_on": "2030-01-01"}
                Act.begin(person, "tasks", "best", own[:1], "CNY", {}, what)
            if person.may("import"):
                data = f"code,name\nI{person.id},New\n".encode()
                Import.upload(person, "customers", "x.csv", data)
        with at(now() + dt.timedelta(days=40)):
            dunning.run_due()

    def _one_day(self):
        """What happens while all are signed in; `ended`: whose sessions it ends for good."""
        self.ended = set()
        others = [u for u in self.staff if u.id not in (self.ada.id, self.fang.id)]
        moved, demoted, off, *paused = self.random.sample(others, 8)
        User.get_by_id(moved.id).revise(self.ada, team=self.pick(Team.select()))
        User.get_by_id(demoted.id).revise(self.ada, roles=[self.pick(["sales", "manager"])])
        self._try(User.get_by_id(off.id).disable, self.ada)
        for person in paused[:2]:
            User.update(resting=person.roles).where(User.id == person.id).execute()
        for customer in self.random.sample(self.customers, max(2, len(self.customers) // 4)):
            owner = self.pick([*self.sellers, None])
            Customer.update(owner=owner).where(Customer.id == customer.id).execute()
        gone, switched, *changed = self.random.sample(self.contacts, 6)
        Contact.get_by_id(gone.id).disable(self.ada)
        Customer.get_by_id(switched.customer_id).revise(self.ada, active=False)
        for contact in changed[:2]:
            there = self.pick(self.customers)
            Contact.update(customer=there).where(Contact.id == contact.id).execute()
        for contact in changed[2:]:
            flag = not contact.sees_company
            Contact.update(sees_company=flag).where(Contact.id == contact.id).execute()
        for row in Document.select().where(Document.state == "issued"):
            if self.chance(0.1):
                Document.update(state="archived").where(Document.id == row.id).execute()
        for who, person in self.people():
            if not Session.open_of(person).exists():
                self.ended.add(who)

    @staticmethod
    def _try(verb, by):
        """Somebody may be needed where they are."""
        with contextlib.suppress(Refused):
            verb(by)
