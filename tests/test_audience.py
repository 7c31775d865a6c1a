"""Every route × every person × things of both customers: generated, so that a new route cannot be forgotten."""
import datetime as dt

import pytest

from models import blobs, dunning
from models.announcements import Announcement
from models.backup import Place
from models.bank.line import BankLine
from models.base import at, now, today
from models.care import Feedback, FollowUp
from models.disputes import Dispute
from models.governance import Finding, Training, course
from models.documents import Document
from models.dunning import Hold, Promise
from models.insights.acts import Act
from models.payments import Payment
from models.people import Session
from models.receivables.statement import Statement
from models.receivables.statement_run import StatementRun
from models.write_offs import WriteOff
from tests.firm import KEY
from tests.valid_forms import scan

PEOPLE = {"ada": ("admin",), "wang": ("manager",), "li": ("sales",), "chen": ("sales",), "fang": ("finance",),
          "zhao": ("archivist",)}
SIDE = {"customers", "documents", "submissions", "contacts", "payments", "reminders"}


def routes(app):
    for rule in app.url_map.iter_rules():
        if rule.endpoint != "static":
            yield rule, app.view_functions[rule.endpoint]


def test_every_route_states_its_audience(app):
    assert not [rule.rule for rule, view in routes(app) if not hasattr(view, "audience")]


def test_every_post_happens_once_or_is_listed(app):
    harmless = {"auth.sign_in", "auth.sign_out", "auth.language", "auth.forgotten", "auth.redeem", "sessions.end",
                "sessions.password", "setup.new", "documents.autosave", "documents.several", "sendings.preview", "acts.preview", "documents.forget", "documents.edit",
                "customers.new", "customers.edit", "contacts.new", "contacts.edit", "products.new", "products.edit",
                "archive.several", "backups.edit", "calendar.index", "contact_plans.edit", "contact_plans.new", "delegations.index",
                "flows.edit", "flows.new", "follow_ups.end_feed", "follow_ups.make_feed", "follow_ups.new", "greetings.keep",
                "greetings.words", "handbook.edit", "home.retry", "levels.edit", "levels.new", "opt_outs.answer", "opt_outs.create",
                "people.edit", "people.new", "portal_documents.several", "reminders.run", "restoring.again", "restoring.create",
                "restoring.go", "settings.edit", "tax_rates.edit", "tax_rates.new"}
    assert not [rule.rule for rule, view in routes(app)
                if "POST" in rule.methods and not hasattr(view, "once") and rule.endpoint not in harmless]


@pytest.fixture
def things(firm):
    """Ids of A's and B's things for each blueprint."""
    a, b = firm.issued(price="10"), firm.issued(price="10", customer=firm.b, by=firm.chen)
    Document.update(signature=blobs.keep(b"drawn")).execute()
    slips = [scan(firm), scan(firm, firm.chen, firm.b)]
    pay = [Payment.receive(firm.fang, c, "CNY", 100) for c in (firm.a, firm.b)]
    Payment.update(slip=blobs.keep(b"%PDF-1.4 x")).execute()
    back = [p.refund(firm.fang, 10) for p in pay]
    off = [WriteOff.ask(firm.fang, paper, 10, "x") for paper in (a, b)]
    owed = (FollowUp.plan(firm.li, firm.a, "x", today()).id, FollowUp.plan(firm.chen, firm.b, "x", today()).id)
    seen = tuple(Finding.find("tax_id_missing", who.name, firm.a, "x", who, 3, False, {}).id for who in (firm.li, firm.chen))
    note = {"name": "x", "quantity": 10000, "price": 10000, "net": 100, "tax": 0, "gross": 100, "rate": 0}
    notes = [Document.take_in(firm.fang, "credit_note", f"OLD-{c.id}", c, [note], currency="CNY", date=today()) for c in (firm.a, firm.b)]
    made = [Statement.make(firm.fang, c, "CNY", today(), today()) for c in (firm.a, firm.b)]
    for row in made:
        row.send(firm.fang)
    run = StatementRun.begin(firm.fang, today(), today())
    BankLine.take_in(firm.fang, "x.csv", f"date,amount\n{today()},5\n".encode(), "CNY")
    line = BankLine.get().id
    both = ((firm.anna, a), (firm.bob, b))
    raised = [Dispute.raise_(c, customer=c.customer, document=d, reason="price", text="x", amount=100) for c, d in both]
    said = [row.say(c, "", data=b"%PDF-1.4 x", filename="x.pdf") for row, (c, _d) in zip(raised, both)]
    held = [Hold.place(firm.fang, c.customer, reason="other", until=today()) for c, _d in both]
    word = [Promise.give(c, d, 100, today()) for c, d in both]
    [row.lift(firm.fang) for row in held], [row.cancel(firm.fang) for row in word], [row.withdraw(c) for row, (c, _d) in zip(raised, both)]
    with at(now() + dt.timedelta(days=40)):
        letters = {row.customer_id: row.id for row in dunning.run_due()}
    ids = lambda rows: tuple(row.id for row in rows)  # noqa: E731
    place = Place.add(firm.ada, "disk", "folder", {"path": "/nowhere"}, "")
    told = Announcement.make(firm.ada, now(), now() + dt.timedelta(hours=1))
    taken = [Training.assign(firm.ada, who, "course-sales", today()) for who in (firm.li, firm.chen)]
    for row in taken:
        row.answer(row.user, {i: q.right for i, q in enumerate(course.course("course-sales", "zh").questions)})
    acts = tuple(Act.begin(who, "tasks", "best", [c], "CNY", {}, {"what": "x", "due_on": "2030-01-01"}).id for who, c in ((firm.li, firm.a), (firm.chen, firm.b)))
    told_us = tuple(Feedback.write(who, "idea", "x").id for who in (firm.anna, firm.bob))
    return {"feedback": told_us, "announcements": (told.id, told.id), "backups": (place.id, place.id), "follow_ups": owed, "findings": seen, "credit_notes": (notes[0].id, notes[1].id), "refunds": (back[0].id, back[1].id), "write_offs": (off[0].id, off[1].id), "disputes": ids(raised), "disputes.file": ids(said), "portal_disputes": ids(raised), "portal_disputes.file": ids(said),
            "holds": ids(held), "holds.cancel": ids(word), "reminders": (letters[firm.a.id], letters[firm.b.id]),
            "portal_reminders": (letters[firm.a.id], letters[firm.b.id]), "portal_promises": (a.id, b.id), "bank_lines": (line, line), "statements": (made[0].id, made[1].id), "portal_statements": (made[0].id, made[1].id), "portal_payments": (pay[0].id, pay[1].id), "documents": (a.id, b.id), "submissions": (a.id, b.id), "customers": (firm.a.id, firm.b.id),
            "contacts": (firm.anna.id, firm.bob.id), "payments": (pay[0].id, pay[1].id),
            "acts": acts,
            "archive": (slips[0].filing_id, slips[1].filing_id), "external_files": (slips[0].id, slips[1].id), "archivings": (a.id, b.id),
            "portal_documents": (a.id, b.id), "portal_messages": (a.id, b.id), "portal_confirmations": (a.id, b.id)}


def call(browser, rule, ident, method):
    values = {name: ident for name in rule.arguments}
    if "form" in values:
        values["form"] = "csv"
    if "name" in values:
        values["name"] = "overview"
    if "target" in values:
        values["target"] = "customers"
    if "purpose" in values:
        values["purpose"] = "password"
    path = rule.rule
    for part in list(rule._converters):
        path = __import__("re").sub(rf"<[^>]*\b{part}>", str(values[part]), path)
    return browser.open(path, method=method, data={"idempotency_key": KEY} if method == "POST" else None)


def test_signed_out_gets_nothing(app, client, things):
    for rule, view in routes(app):
        if {"public", "setup"} & set(view.audience):
            continue
        for method in rule.methods & {"GET", "POST"}:
            assert call(client, rule, 1, method).status_code == 401, rule.rule


@pytest.mark.parametrize("who", PEOPLE)
def test_staff_see_their_own_and_no_portal(app, firm, things, sign_in, who):
    browser = sign_in(getattr(firm, who))
    before = Document.select().count()
    for rule, view in routes(app):
        if {"public", "setup"} & set(view.audience) or rule.endpoint == "home.index":
            continue
        blueprint = rule.endpoint.split(".")[0]
        allowed = "staff" in view.audience or set(view.audience) & set(PEOPLE[who])
        for method in rule.methods & {"GET", "POST"}:
            if set(view.audience) == {"contact"}:
                assert call(browser, rule, 1, method).status_code == 404, rule.rule
            elif not allowed:
                assert call(browser, rule, 1, method).status_code == 403, rule.rule
            elif blueprint in things and "id" in rule.arguments and who in ("li", "chen", "wang"):
                stranger = things.get(rule.endpoint, things[blueprint])[0 if who == "chen" else 1]
                assert call(browser, rule, stranger, method).status_code == 404, rule.rule
            elif method == "GET" and blueprint in things and "id" in rule.arguments:
                assert call(browser, rule, things.get(rule.endpoint, things[blueprint])[0], method).status_code in (200, 303), rule.rule
            elif method == "GET" and not rule.arguments - {"form", "target"}:
                assert call(browser, rule, 1, method).status_code == 200, rule.rule
    assert Document.select().count() <= before + 1


@pytest.mark.parametrize("who", ["anna", "bob", "amin"])
def test_contacts_see_their_own_and_no_staff_pages(app, firm, things, sign_in, who):
    sign_in(firm.li)
    browser = sign_in(getattr(firm, who))
    own, other = (1, 0) if who == "bob" else (0, 1)
    for rule, view in routes(app):
        if {"public", "setup"} & set(view.audience) or rule.endpoint == "home.index":
            continue
        for method in rule.methods & {"GET", "POST"}:
            if "contact" not in view.audience:
                assert call(browser, rule, 1, method).status_code == 404, rule.rule
            elif rule.endpoint.startswith("portal_documents") and "id" in rule.arguments:
                assert call(browser, rule, things["portal_documents"][other], method).status_code == 404
                good = 404 if who == "amin" else 200
                assert call(browser, rule, things["portal_documents"][own], method).status_code == good, rule.rule
            elif rule.endpoint == "sessions.end":
                assert call(browser, rule, Session.get(Session.user == firm.li).id, method).status_code == 404
            elif "id" in rule.arguments:
                blueprint = rule.endpoint.split(".")[0]
                pair = things.get(rule.endpoint) or things.get(blueprint) or things["portal_documents"]
                assert call(browser, rule, pair[other], method).status_code == 404, rule.rule
                if method == "GET" and blueprint in ("portal_disputes", "portal_reminders"):
                    assert call(browser, rule, pair[own], method).status_code == (404 if who == "amin" else 200), rule.rule
            elif method == "GET":
                assert call(browser, rule, 1, method).status_code == 200, rule.rule
