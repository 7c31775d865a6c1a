"""Every route × every person × things of both customers: generated, so that a new route cannot be forgotten."""
import pytest

from models import blobs
from models.base import today
from models.care import Feedback, FollowUp
from models.governance import Finding, Training, course
from models.documents import Document
from models.insights.acts import Act
from models.payments import Payment
from models.people import Session
from tests.firm import KEY

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
                "sessions.password", "setup.new", "documents.autosave", "documents.several", "sendings.preview", "documents.forget", "documents.edit",
                "customers.new", "customers.edit", "contacts.new", "contacts.edit", "products.new", "products.edit",
                "people.new", "people.edit", "flows.new", "flows.edit", "calendar.index", "delegations.index", "tax_rates.new", "tax_rates.edit", "settings.edit", "home.retry", "portal_documents.several", "follow_ups.new", "follow_ups.make_feed", "follow_ups.end_feed", "contact_plans.new", "contact_plans.edit", "handbook.edit", "greetings.keep", "greetings.words", "opt_outs.create", "opt_outs.answer"}
    assert not [rule.rule for rule, view in routes(app)
                if "POST" in rule.methods and not hasattr(view, "once") and rule.endpoint not in harmless]


@pytest.fixture
def things(firm):
    """Ids of A's and B's things for each blueprint."""
    a, b = firm.issued(price="10"), firm.issued(price="10", customer=firm.b, by=firm.chen)
    Document.update(signature=blobs.keep(b"drawn")).execute()
    pay = [Payment.receive(firm.fang, c, "CNY", 100) for c in (firm.a, firm.b)]
    owed = (FollowUp.plan(firm.li, firm.a, "x", today()).id, FollowUp.plan(firm.chen, firm.b, "x", today()).id)
    seen = tuple(Finding.find("tax_id_missing", who.name, firm.a, "x", who, 3, False, {}).id for who in (firm.li, firm.chen))
    taken = [Training.assign(firm.ada, who, "course-sales", today()) for who in (firm.li, firm.chen)]
    for row in taken:
        row.answer(row.user, {i: q.right for i, q in enumerate(course.course("course-sales", "zh").questions)})
    said = tuple(Feedback.write(who, "idea", "x").id for who in (firm.anna, firm.bob))
    acts = tuple(Act.begin(who, "tasks", "best", [c], "CNY", {}, {"what": "x", "due_on": "2030-01-01"}).id for who, c in ((firm.li, firm.a), (firm.chen, firm.b)))
    return {"acts": acts, "documents": (a.id, b.id), "submissions": (a.id, b.id), "customers": (firm.a.id, firm.b.id),
            "contacts": (firm.anna.id, firm.bob.id), "payments": (pay[0].id, pay[1].id),
            "follow_ups": owed, "findings": seen, "feedback": said,
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
                stranger = things[blueprint][0 if who == "chen" else 1]
                assert call(browser, rule, stranger, method).status_code == 404, rule.rule
            elif method == "GET" and blueprint in things and "id" in rule.arguments:
                assert call(browser, rule, things[blueprint][0], method).status_code in (200, 303), rule.rule
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
            elif "id" in rule.arguments and rule.endpoint != "portal_reminders.pdf":
                assert call(browser, rule, things["portal_documents"][other], method).status_code == 404
