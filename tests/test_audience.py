"""Every route × every person × every object of A and of B: generated, so that a new route cannot be
forgotten."""

import re

import pytest
from flask import Blueprint, Flask

from models.core.journal import Event
from models.core.roles import MAY
from models.people import Session
from tests import arguments
from tests.firm import KEY
from tests.support import edit_forms
from tests.support.databases import POSTGRES
from tests.support.house import house_in
from tests.support.sets import fully, one_in
from tests.support.undo import undone
from tests.support.walking import Shown, Walk
from views.web.auth import staff_only

ROLES = {
    "ada": {"admin"},
    "wang": {"manager"},
    "li": {"sales"},
    "chen": {"sales"},
    "fang": {"finance"},
    "zhao": {"archivist"},
    "anna": {"contact"},
    "amin": {"contact"},
    "bob": {"contact"},
    "link": {"link"},  # whoever came by the link of a mail to Anna
    "nobody": set(),
}
# What a person may be told of an object that is theirs to see: a page, the next page, not your
# role's verb, not in this state, fill it in.
ANSWERS = {"GET": {200, 303}, "POST": {200, 303, 400, 403, 409, 422}}
# Where an empty form names none of the things it must name, "there is no such thing" is the right
# word to whoever may do it.
NAMES_MORE = {
    "archive.several",
    "bank_lines.book",
    "destructions.replace",
    "destructions.witnesses",
    "disputes.create",
    "conversions.create",
    "documents.several",
    "duplicates.alike_contact",
    "einvoices.assign",
    "holds.create",
    "holds.promise",
    "links.reply",
    "payments.create",
    "portal_documents.several",
    "statements.create",
}
# What does not exist yet at this moment of the thing's life: no certificate before the end, no list
# of a batch that waits, no faults, no logo.
NOT_YET = {
    "provider.new": 404,  # there is none
    "provider.back": 404,
    "provider.leave": 404,
    "links.code": 404,  # yuan are paid by no such code
    "statement_links.code": 404,
    "portal_statements.code": 404,
    "portal_payments.code_of_all": 404,
    "destructions.certificate": 404,
    "greetings.as_list": 409,
    "imports.faults": 404,
    "bank_lines.reopen": 404,
    "settings.picture": 404,
    "merges.separation": 404,
}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """One firm for all that is asked here: each question is taken back."""
    with house_in(tmp_path_factory.mktemp("audience")) as made:
        yield made


def browser_of(house, who):
    browser = house.test_client()
    browser.set_cookie("language", "en")
    if who == "link":
        # the visit to one link, brought to the other too
        visits = {"links": house.firm.visit, "statement_links": house.firm.statement_visit}
        for kind, secret in visits.items():
            for thing in house.things[kind]:
                browser.set_cookie("visit", secret, path=f"/d/{thing.id}")
    elif who != "nobody":
        browser.set_cookie("danju_sid", Session.start(getattr(house.firm, who)))
    return browser


def path_of(rule, ident=1):
    """The route's address for this object; of words the first that it takes."""
    values = {}
    for name, converter in rule._converters.items():
        blueprint = rule.endpoint.split(".")[0]
        values[name] = (
            ident
            if name == "id"
            else sorted(converter.items)[0]
            if hasattr(converter, "items")
            else arguments.WORDS.get(f"{rule.endpoint}.{name}")
            or arguments.WORDS.get(f"{blueprint}.{name}", "made-up")
        )
    return rule.build(values)[1]


def ask(browser, path, method, pages=None):
    """(status, events written) of a question that is taken back, whatever it did. `pages` is given
    what it shows."""
    with undone():
        before = Event.select().count()
        answer = browser.open(
            path, method=method, data={"idempotency_key": KEY} if method == "POST" else None
        )
        written = Event.select().count() - before
        for event in Event.select().order_by(Event.id.desc()).limit(written):
            assert event.actor_type in ("User", "Contact", "System"), f"{path}: {event.actor_type}"
        if pages is not None and answer.status_code == 200 and answer.mimetype == "text/html":
            pages.append((path, answer.text))
    return answer.status_code, written


def expected(who, view, thing):
    """The statuses that are right; `thing` is the object or None."""
    if "public" in view.audience:
        return None
    if "link" in view.audience:
        return () if who in thing.seen_by else {401}
    if who in ("nobody", "link"):
        return {401}
    if ("contact" if ROLES[who] == {"contact"} else "staff") not in view.audience:
        return {404}
    if view.ability and not ROLES[who] & MAY[view.ability]:
        return {403}
    return {404} if thing and who not in thing.seen_by else ()


# What is written by being read: that a PDF was made, and that a customer has seen a document.
NOTED = re.compile(r"\.(pdf|sheet)$|^(portal_documents|links)\.show$")
# What a browser loads by itself: from no other host. A link is followed by a person.
FROM_ELSEWHERE = re.compile(
    r"""<(?:script|img|link|iframe|source|video|audio|use)\b[^>]*?(?:src|href)=["'](?:https?:)?//[^"']*"""
)


def questions(app, who):
    """On PostgreSQL a sixth of them, but in full: who may do what is the same there."""
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if rule.endpoint == "static" or "setup" in view.audience:
            continue
        for thing in app.things[arguments.kind_of(rule)] if "id" in rule.arguments else [None]:
            for method in sorted(rule.methods & {"GET", "POST", "DELETE", "PUT", "PATCH"}):
                if not POSTGRES or one_in(6, who, rule, method):
                    yield rule, view, thing, method


@pytest.mark.asvs("8.2.1")
def test_every_route_states_its_audience(house):
    assert not arguments.without_audience(house)


def test_every_argument_of_a_route_is_known(house):
    assert not list(arguments.unknown_arguments(house))


def test_every_kind_is_named_by_some_route(house):
    named = {arguments.kind_of(rule) for rule in house.url_map.iter_rules()}
    assert set(house.things) == named - {None}
    assert (
        not set(arguments.KIND_OF)
        - {r.endpoint for r in house.url_map.iter_rules()}
        - {r.endpoint.split(".")[0] for r in house.url_map.iter_rules()}
    )


def test_a_new_route_is_not_forgotten():
    """The two finders see a route that says nothing, and one that names an object nobody knows."""
    app, bp = Flask("other"), Blueprint("rogue", __name__)
    bp.get("/rogue")(lambda: "")
    bp.get("/rogue/<int:id>", endpoint="show")(staff_only(lambda id: ""))
    bp.get("/rogue/of/<int:customer>", endpoint="of")(staff_only(lambda customer: ""))
    app.register_blueprint(bp)
    assert arguments.without_audience(app) == ["/rogue"]
    assert list(arguments.unknown_arguments(app)) == [
        "/rogue/<int:id> <id>",
        "/rogue/of/<int:customer> <customer>",
    ]


@pytest.mark.parametrize("who", ROLES)
@pytest.mark.asvs("3.5.3", "7.4.4", "8.2.1", "8.2.2", "8.3.1", "14.2.3")
def test_each_person_gets_what_is_theirs_and_no_more(house, who):
    browser, wrong, asked, pages = browser_of(house, who), [], 0, []
    for rule, view, thing, method in questions(house, who):
        right = expected(who, view, thing)
        if right is None or rule.endpoint == "home.index" and ROLES[who] == {"contact"}:
            continue
        status, written = ask(browser, path_of(rule, thing and thing.id), method, pages)
        good = status in (
            right
            or ANSWERS[method]
            | ({404} if rule.endpoint in NAMES_MORE else {NOT_YET.get(rule.endpoint)})
        )
        noted = written and method == "GET" and not NOTED.search(rule.endpoint)
        if not good or right and written or noted:
            wrong.append(
                f"{method} {rule.endpoint} of {thing and thing.whose}: {status}, "
                f"{written} events, expected {right or ANSWERS[method]}"
            )
        asked += 1
    assert not wrong, "\n".join(wrong)
    assert asked > (50 if POSTGRES else 300)
    if ROLES[who] - {"link"}:
        whole = [(path, text) for path, text in pages if "</html>" in text]
        assert whole and not [p for p, text in whole if 'action="/sign-out"' not in text]
    assert not [(path, found) for path, text in pages for found in FROM_ELSEWHERE.findall(text)]
    forms = {name for page in pages for name in edit_forms.filled_on(house, *page)}
    assert not sorted(forms - edit_forms.EDITED - set(edit_forms.EXEMPT)), (
        "give these a full row in tests/support/edit_forms.py"
    )


@pytest.mark.on_sqlite  # a link is shown by the same rights there
@pytest.mark.parametrize("who", fully(["zhao"], [who for who in ROLES if ROLES[who]]))
def test_no_link_or_button_leads_where_its_reader_may_not_go(house, who):
    browser = browser_of(house, who)
    session = browser.get_cookie("danju_sid")

    def shown(path, method):
        pages = []
        if session:
            browser.set_cookie("danju_sid", session.value)  # also after the button that signs out
        status, _written = ask(browser, path, method, pages)
        return status, pages[0][1] if pages else ""

    starts = {"contact": "/portal/", "link": f"/d/{house.things['links'][0].id}/document"}
    start = starts.get(next(iter(ROLES[who])), "/")
    asked = Walk(house, shown, fully(1, None)).run(start)
    wrong = [
        f"{method} {path} on {on}: {status}"
        for (method, endpoint, path, on), status in asked.items()
        if status >= 500
        or status in (401, 403, 404, 405)
        and not (status == 404 and method == "POST" and endpoint in NAMES_MORE)
    ]
    assert not wrong, "\n".join(wrong)
    assert len(asked) > 15


def test_what_a_page_loads_from_elsewhere_is_seen():
    for piece in ('<img src="https://x.test/a.png">', "<link rel=a href='//x.test/a.css'>"):
        assert FROM_ELSEWHERE.findall(piece)
    assert not FROM_ELSEWHERE.findall('<a href="https://x.test"><img src="/static/a.png"></a>')


def test_what_a_page_shows_is_found():
    text = """<a href="/a#x">a</a><a href="?q=1"></a><a href="mailto:x@y.test"></a><a href="https://x.test/b"></a>
    <form method="post"><button formaction="/c"></button></form><p hx-delete="/d" hx-get="e"></p>"""
    assert Shown("/p/q", text).found == {
        ("GET", "/a"),
        ("GET", "/p/q?q=1"),
        ("POST", "/p/q"),
        ("POST", "/c"),
        ("DELETE", "/d"),
        ("GET", "/p/e"),
    }


def test_a_new_edit_form_is_not_forgotten(house):
    text = '<form method="post" action="/customers/bulk"><input name="act" value="on"></form>'
    assert list(edit_forms.filled_on(house, "/customers/", text)) == ["customers.bulk"]


@pytest.mark.asvs("6.3.4")
def test_a_made_up_secret_opens_nothing(house):
    browser = browser_of(house, "nobody")
    for rule in house.url_map.iter_rules():
        for method in sorted(rule.methods & {"GET", "POST"}):
            if {
                f"{rule.endpoint.split('.')[0]}.{name}" for name in rule.arguments
            } & arguments.SECRETS:
                assert ask(browser, path_of(rule), method) == (404, 0), rule.rule


def test_the_start_page_sends_a_contact_to_the_portal(house):
    assert browser_of(house, "anna").get("/").location == "/portal/"


def test_every_post_happens_once_or_is_listed(house):
    harmless = {
        "auth.sign_in",
        "auth.sign_out",
        "auth.language",
        "auth.forgotten",
        "auth.bring",
        "auth.redeem",
        "second_factor.add_passkey",  # its challenge is used up
        "second_factor.begin",
        "second_factor.confirm",  # a code counts once
        "second_factor.forget",
        "second_factor.remove_app",
        "second_factor.remove_passkey",
        "second_factor.renew",
        "second_step.new",
        "sessions.end",
        "sessions.end_all",
        "sessions.password",
        "setup.new",
        "acts.preview",
        "autosaves.create",
        "discards.leave",  # discards what is there once
        "documents.several",
        "lines.paste",  # answers with rows and keeps nothing
        "sendings.preview",
        "autosaves.discard",
        "customers.new",
        "customers.edit",
        "contacts.new",
        "contacts.edit",
        "products.new",
        "products.edit",
        "archive.several",
        "backups.edit",
        "backups.sheet_with_key",  # shows it again
        "bank_files.answer",  # reads a file, which no transaction may wait for
        "bank_files.take_in",  # a line that is here not selected again
        "bank_lines.create",  # two readings of a file, of which one comes in
        "calendar.index",
        "contact_plans.edit",
        "contact_plans.new",
        "delegations.index",
        "flows.edit",
        "flows.new",
        "follow_ups.end_feed",
        "follow_ups.make_feed",
        "follow_ups.new",
        "greetings.keep",
        "greetings.words",
        "handbook.edit",
        "home.catch_up",
        "home.retry",
        "home.put_steps_away",
        "home.take_over",
        "levels.edit",
        "links.close",
        "links.bring",
        "links.press",
        "levels.new",
        "opt_outs.answer",
        "opt_outs.create",
        "packages.file",
        "people.edit",
        "people.new",
        "portal_documents.several",
        "reminders.run",
        "restoring.again",
        "restoring.create",
        "restoring.go",
        "settings.edit",
        "settings.preview",
        "tax_rates.edit",
        "tax_rates.new",
    }
    assert not [
        rule.rule
        for rule in house.url_map.iter_rules()
        if rule.endpoint != "static"
        and "POST" in rule.methods
        and not hasattr(house.view_functions[rule.endpoint], "idempotent")
        and rule.endpoint not in harmless
    ]
