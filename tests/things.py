"""Every kind of object that a route can name: of customer A and of customer B, or of the firm, and
who may see it."""

import datetime as dt
from typing import NamedTuple

from models import dunning
from models.adapters import blobs
from models.adapters.outbox import Mail
from models.approvals import ApprovalFlow, ApprovalRequest, Comment, Delegation, SpecialDay, Task
from models.archive import EInvoice, Inspection, LegalHold, YearPackage, filing_by_rule
from models.bank.bank_file import BankFile
from models.bank.line import BankLine
from models.care import ContactPlan, Feedback, FollowUp, Occasion, Survey, greeting
from models.company import Company
from models.core.clock import at, now, today
from models.disputes import Dispute
from models.documents import Document, DocumentLink
from models.dunning import Hold, Promise, ReminderLevel
from models.governance import Finding, Requirement, Training, course, section
from models.imports import Import, ImportMapping
from models.insights import monthly
from models.insights.acts import Act
from models.operations.announcement import Announcement
from models.operations.backup import Place
from models.payments import Payment
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from models.people import Device, Passkey, Session
from models.people.saved_filter import SavedFilter
from models.products import Product, TaxRate
from models.receivables.statement import Statement
from models.receivables.statement_run import StatementRun
from tests import einvoices
from tests.support.bank import read_in
from tests.valid_forms.archive import scan
from tests.valid_forms.shared import PNG

SEE_ALL = {"ada", "fang", "zhao"}
STAFF = SEE_ALL | {"wang", "li", "chen"}
OF_A = SEE_ALL | {
    "wang",
    "li",
    "anna",
}  # Anna sees the whole company; Amin only papers of his own, of which there are none
OF_B = SEE_ALL | {"chen", "bob"}


class Thing(NamedTuple):
    whose: str
    id: int
    seen_by: set


def both(a, b, seen_a=OF_A, seen_b=OF_B):
    return [
        Thing("A", getattr(a, "id", a), set(seen_a)),
        Thing("B", getattr(b, "id", b), set(seen_b)),
    ]


def firms(row, seen_by=STAFF):
    return [Thing("the firm", row.id, set(seen_by))]


def make(firm):
    """{kind: its things}. Everything stands at once, so that each route meets each."""
    accounts = {"iban": "DE89370400440532013000", "bic": "COBADEFFXXX"}
    Company.current().revise(firm.ada, settings=accounts)
    a, b = [
        firm.issued(price="10", customer=c, by=who)
        for c, who in ((firm.a, firm.li), (firm.b, firm.chen))
    ]
    euros = [
        firm.issued(price="10", customer=c, by=who, currency="EUR")
        for c, who in ((firm.a, firm.li), (firm.b, firm.chen))
    ]
    Document.update(signature=blobs.keep(b"drawn")).execute()
    found = {
        "papers": both(a, b),
        "in_euros": both(*euros, OF_A, OF_B | {"wang"}),
        "links": both(*_links(firm, a, b), {"link"}, set()),
        "customers": both(firm.a, firm.b),
        "contacts": both(firm.anna, firm.bob),
        "drafts": both(firm.draft(), firm.draft(customer=firm.b, by=firm.chen)),
        "approved": both(firm.approved(), firm.approved(customer=firm.b, by=firm.chen)),
    }
    for part in (_money, _receivables, _complaints, _archive, _approvals, _care, _house):
        found.update(part(firm, a, b))
    return found


def _links(firm, a, b):
    """Of each customer one; `firm.visit` is the secret of who pressed the button of A's."""
    links = [DocumentLink.make(*pair)[0] for pair in ((a, firm.anna), (b, firm.bob))]
    firm.visit = links[0].visit()
    return links


def _money(firm, a, b):
    pay = [Payment.receive(firm.fang, c, "CNY", 1000) for c in (firm.a, firm.b)]
    Payment.update(slip=blobs.keep(b"%PDF-1.4 x")).execute()
    note = {
        "name": "x",
        "quantity": 10000,
        "price": 10000,
        "net": 100,
        "tax": 0,
        "gross": 100,
        "rate": 0,
    }
    notes = [
        Document.enter_imported(
            firm.fang, "credit_note", f"OLD-{c.id}", c, [note], currency="CNY", date=today()
        )
        for c in (firm.a, firm.b)
    ]
    read_in(firm.fang, f"date,paid_in\n{today()},5\n")
    return {
        "payments": both(*pay),
        "refunds": both(*[Refund.pay(firm.fang, p, 10) for p in pay]),
        "credit_notes": both(*notes),
        "write_offs": both(*[WriteOff.ask(firm.fang, paper, 10, "x") for paper in (a, b)]),
        "bank_files": firms(BankFile.get()),
        "bank_lines": firms(BankLine.get()),
    }


def _receivables(firm, a, b):
    made = [Statement.make(firm.fang, c, "CNY", today(), today()) for c in (firm.a, firm.b)]
    for row in made:
        row.send(firm.fang)
    run = StatementRun.begin(firm.fang, today(), today())
    with at(now() + dt.timedelta(days=40)):
        letters = {row.customer_id: row for row in dunning.run_due()}
    pairs = ((firm.anna, a), (firm.bob, b))
    people = zip(made, (firm.anna, firm.bob), strict=True)
    links = [DocumentLink.make(row, contact)[0] for row, contact in people]
    firm.statement_visit = links[0].visit()
    return {
        "statements": both(*made),
        "statement_links": both(*links, {"link"}, set()),
        "statement_runs": firms(run),
        "reminders": both(letters[firm.a.id], letters[firm.b.id]),
        "holds": both(
            *[Hold.place(firm.fang, c.customer, reason="other", until=today()) for c, _d in pairs]
        ),
        "promises": both(*[Promise.give(c, d, 100, today()) for c, d in pairs]),
        "levels": firms(ReminderLevel.get()),
    }


def _complaints(firm, a, b):
    pairs = ((firm.anna, a), (firm.bob, b))
    raised = [
        Dispute.raise_(c, customer=c.customer, document=d, reason="price", text="x", amount=100)
        for c, d in pairs
    ]
    said = [
        row.say(c, "", data=b"%PDF-1.4 x", filename="x.pdf")
        for row, (c, _d) in zip(raised, pairs, strict=True)
    ]
    surveys = [Survey.ask(c, "dispute", f"x-{c.id}") for c, _d in pairs]
    return {
        "disputes": both(*raised),
        "dispute_entries": both(*said),
        "surveys": both(*surveys, {"anna"}, {"bob"}),
        "feedback": both(*[Feedback.write(c, "idea", "x") for c, _d in pairs]),
    }


def _archive(firm, a, b):
    slips = [scan(firm), scan(firm, firm.chen, firm.b)]
    dropped = [
        EInvoice.drop(firm.fang, einvoices.xml(number=f"2631200000012345678{n}"), f"{n}.xml")
        for n in (1, 2)
    ]
    for row, customer in zip(dropped, (firm.a, firm.b), strict=True):
        row.file.filing.update(customer=customer).where(
            type(row.file.filing).id == row.file.filing_id
        ).execute()
    filing_by_rule.file_due()
    old = scan_of_old(firm)
    asked = YearPackage.ask(firm.zhao, slips[0].filing.folder.year)
    YearPackage.run_waiting()
    from models.archive import DestructionList

    return {
        "filings": both(*[s.filing for s in slips]),
        "external_files": both(*slips),
        "einvoices": both(*dropped),
        "packages": firms(asked),
        "legal_holds": both(
            LegalHold.place(firm.fang, "诉讼", "案号", document=a),
            LegalHold.place(firm.fang, "诉讼", "案号", customer=firm.b),
            SEE_ALL | {"wang"},
            SEE_ALL,
        ),
        "destructions": firms(
            DestructionList.propose(firm.zhao, [old.filing], "x"), STAFF - {"li", "chen"}
        ),
        "inspections": firms(Inspection.ask(firm.zhao)),
    }


def scan_of_old(firm):
    from models.archive import ExternalFile

    return ExternalFile.receive(
        firm.li, b"<old/>", "a.xml", "other", title="旧件", customer=firm.a, day=dt.date(2001, 5, 6)
    )


def _approvals(firm, a, b):
    """Wang is asked about A's paper; B's has passed Wang and is with Fang."""
    papers = [firm.draft(price="20000"), firm.draft(price="20000", customer=firm.b, by=firm.chen)]
    papers[0].submit(by=firm.li)
    papers[1].submit(by=firm.chen)
    requests = [ApprovalRequest.current(p) for p in papers]
    first = requests[0].tasks.where(Task.user == firm.wang.id).get()
    requests[1].tasks.where(Task.state == "open").get().approve(by=firm.wang)
    second = requests[1].tasks.where(Task.user == firm.fang.id).get()
    remarks = [
        Comment.write(who, r, "x", PICTURE, "a.png")
        for who, r in zip((firm.li, firm.chen), requests, strict=True)
    ]
    gone = [
        Delegation.arrange(who, who, to, today(), today())
        for who, to in ((firm.li, firm.wang), (firm.chen, firm.fang))
    ]
    SpecialDay.define(firm.ada, today(), False, "x")
    asked = OF_B | {"wang"}  # who is asked about a paper sees it
    return {
        "tasks": both(first, second, {"wang"}, {"fang"}),
        "requests": both(*requests, OF_A, asked),
        "comments": both(*remarks, OF_A, asked),
        "delegations": both(*gone, {"li", "wang", "ada"}, {"chen", "fang", "ada"}),
        "special_days": firms(SpecialDay.get()),
        "flows": firms(ApprovalFlow.get()),
    }


def _care(firm, a, b):
    owed = (
        FollowUp.plan(firm.li, firm.a, "x", today()),
        FollowUp.plan(firm.chen, firm.b, "x", today()),
    )
    firm.anna.revise(firm.li, birthday=(today() + dt.timedelta(days=1)).replace(year=1988))
    Occasion.configure(firm.ada, "birthday", True, 31)
    batch = greeting.prepare() or greeting.prepare()
    acts = [
        Act.begin(who, "tasks", "best", [c], "CNY", {}, {"what": "x", "due_on": "2030-01-01"})
        for who, c in ((firm.li, firm.a), (firm.chen, firm.b))
    ]
    plan = ContactPlan.define(
        firm.ada,
        None,
        name="月访",
        tag="VIP",
        every_days=30,
        kind="visit",
        what="拜访",
        active=True,
    )
    return {
        "follow_ups": both(*owed),
        "acts": both(*acts),
        "greetings": firms(batch[0], {"wang", "ada"}),
        "contact_plans": firms(plan),
    }


def _house(firm, a, b):
    section.begin(firm.wang, "handbook", ["sales"], {"en": ("Travel", "Ask first")})
    seen = [
        Finding.find("tax_id_missing", who.name, firm.a, "x", who, 3, False, {})
        for who in (firm.li, firm.chen)
    ]
    taken = [
        Training.assign(firm.ada, who, "course-sales", today()) for who in (firm.li, firm.chen)
    ]
    for row in taken:
        row.answer(
            row.user,
            {i: q.right for i, q in enumerate(course.course("course-sales", "zh").questions)},
        )
    Requirement.define(firm.ada, "finance", "course-finance", False, 30, 12)
    for who in (firm.li, firm.chen):
        SavedFilter.keep(who, "documents", "x", "q=1")
    kept = [SavedFilter.get(SavedFilter.user == who.id) for who in (firm.li, firm.chen)]
    for who in (firm.li, firm.chen, firm.anna, firm.bob):
        Session.start(who)
    sat = {
        name: Session.select().where(Session.user == getattr(firm, name).id).get()
        for name in ("li", "chen")
    }
    sat |= {
        name: Session.select().where(Session.contact == getattr(firm, name).id).get()
        for name in ("anna", "bob")
    }
    for who in (firm.li, firm.chen):
        Device.remember(who, "", "")
    known = [Device.remembered(who).get() for who in (firm.li, firm.chen)]
    keys = [
        Passkey.create(
            user=who.id, credential=f"a{who.id}xx", public_key="", name="x", made_at=now()
        )
        for who in (firm.li, firm.chen)
    ]
    Session.start(firm.fang)  # else nobody could decide about it
    Session.start(firm.ada)
    waits = Company.current().revise(firm.ada, bank_account="6222 0001")
    Mail.update(state="failed").execute()
    took = Import.upload(firm.fang, "customers", "x.csv", "code,name\nN1,New\n".encode())
    ImportMapping.remember(firm.fang, took)
    return {
        "account_changes": firms(waits, {"ada", "fang"}),
        "findings": both(*seen, OF_A, OF_B),
        "trainings": both(*taken, {"li", "wang", "ada"}, {"chen", "ada"}),
        "requirements": firms(Requirement.get()),
        "filters": both(*kept, {"li"}, {"chen"}),
        "devices": both(*known, {"li"}, {"chen"}),
        "passkeys": both(*keys, {"li"}, {"chen"}),
        "sessions": [Thing(name, row.id, {name}) for name, row in sat.items()],
        "imports": firms(took),
        "import_mappings": firms(ImportMapping.get()),
        "mails": firms(Mail.get()),
        "monthly_papers": firms(monthly.make(today().replace(day=1))),
        "people": firms(firm.li),
        "products": firms(Product.get()),
        "tax_rates": firms(TaxRate.get()),
        "places": firms(Place.add(firm.ada, "disk", "folder", {"path": "/nowhere"}, "")),
        "announcements": firms(Announcement.make(firm.ada, now(), now() + dt.timedelta(hours=1))),
    }


PICTURE = __import__("base64").b64decode(PNG.split(",")[1])
