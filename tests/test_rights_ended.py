"""Every route × who was just disabled, lost a role, moved to another team, lost the customer: what
was open before opens nothing more than the person has now."""

from contextlib import contextmanager

import pytest

from models.core.roles import MAY
from models.customers import Contact
from models.people import Team, User
from tests import arguments
from tests.support.databases import POSTGRES
from tests.support.house import house_in
from tests.support.sets import one_in
from tests.support.undo import undone
from tests.test_audience import ask, browser_of, path_of


def fresh(row):
    return type(row).get_by_id(row.id)


# Whose sessions and links end by what: (who, what happens).
OUT = {
    "a manager is disabled": ("wang", lambda f: fresh(f.wang).disable(f.ada)),
    "a manager only sells now": ("wang", lambda f: fresh(f.wang).revise(f.ada, roles=["sales"])),
    "finance is disabled": ("fang", lambda f: fresh(f.fang).disable(f.ada)),
    "an archivist gets a new password": (
        "zhao",
        lambda f: fresh(f.zhao).set_password("correct horse battery", by=f.ada),
    ),
    "a contact is disabled": ("anna", lambda f: fresh(f.anna).disable(f.li)),
    "a contact gets another address": (
        "anna",
        lambda f: fresh(f.anna).revise(f.li, email="new@a.test"),
    ),
    "the customer is switched off": ("anna", lambda f: fresh(f.a).revise(f.li, active=False)),
    "a link's customer is switched off": ("link", lambda f: fresh(f.a).revise(f.li, active=False)),
    "a link's contact is disabled": ("link", lambda f: fresh(f.anna).disable(f.li)),
}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    with house_in(tmp_path_factory.mktemp("ended")) as made:
        yield made


@contextmanager
def after(house, who, deed):
    """A browser that was signed in before the deed, which is taken back at the end."""
    with undone():
        browser = browser_of(house, who)
        deed(house.firm)
        yield browser


def deeds(house, case, audience):
    """The routes that this audience opens, with each of their things; of those of staff a part,
    in full all."""
    for rule in house.url_map.iter_rules():
        view = house.view_functions[rule.endpoint]
        if rule.endpoint == "static" or audience not in view.audience:
            continue
        for thing in house.things[arguments.kind_of(rule)] if "id" in rule.arguments else [None]:
            for method in sorted(rule.methods & {"GET", "POST", "DELETE"}):
                if audience != "staff" or one_in(6 if POSTGRES else 3, case, rule, method):
                    yield rule, view, thing, method


def wrong_of(house, browser, case, audience, right):
    """What was answered otherwise than right(rule, view, thing, method) says, or wrote an event."""
    wrong, asked = [], 0
    for rule, view, thing, method in deeds(house, case, audience):
        expected = right(rule, view, thing, method)
        if expected is None:
            continue
        status, written = ask(browser, path_of(rule, thing and thing.id), method)
        asked += 1
        if status not in expected or written:
            wrong.append(
                f"{method} {rule.endpoint} of {thing and thing.whose}: {status}, {written}"
            )
    assert asked > 10
    return wrong


@pytest.mark.parametrize("case", OUT)
def test_who_is_out_does_nothing_with_what_was_open(house, case):
    who, deed = OUT[case]
    audience = {"anna": "contact", "link": "link"}.get(who, "staff")
    with after(house, who, deed) as browser:
        wrong = wrong_of(house, browser, case, audience, lambda *_: {401})
    assert not wrong, "\n".join(wrong)


def test_a_paused_role_does_nothing(house):
    """Its course was not passed in time; what is for every colleague stays open."""

    def pause(firm):
        User.update(resting=["manager"]).where(User.id == firm.wang.id).execute()

    with after(house, "wang", pause) as browser:
        wrong = wrong_of(
            house,
            browser,
            "paused",
            "staff",
            lambda rule, view, *_: {403} if view.ability else None,
        )
    assert not wrong, "\n".join(wrong)


# Who stays signed in and loses customer A: (who, what happens, the kinds of which one reaches what
# one was asked about, owns or made).
ASKED = {"tasks", "requests", "comments", "delegations", "papers", "in_euros", "approved"}
OWNED = {"disputes", "dispute_entries", "follow_ups", "acts", "findings", "filters", "delegations"}
PAPERS, REFUSED = {"papers", "in_euros", "approved"}, {403, 404, 409, 422}
MOVED = {
    "a manager moves to another team": (
        "wang",
        lambda f: fresh(f.wang).revise(f.ada, team=Team.get(Team.name == "South")),
        ASKED,
    ),
    "a salesperson gives the customer away": (
        "li",
        lambda f: fresh(f.a).revise(f.ada, owner=f.chen),
        OWNED | {"trainings", "sessions", "devices", "passkeys"},
    ),
    "a manager sells only, and signs in anew": (
        "wang",
        lambda f: fresh(f.wang).revise(f.ada, roles=["sales"]),
        ASKED,
    ),
    "a contact moves to another customer": (
        "anna",
        lambda f: Contact.update(customer=f.b.id).where(Contact.id == f.anna.id).execute(),
        {"surveys", "sessions"},
    ),
}


@pytest.mark.parametrize("case", MOVED)
def test_who_moved_reaches_nothing_of_the_customer_that_was_theirs(house, case):
    who, deed, own = MOVED[case]

    def right(rule, view, thing, method):
        if not thing or thing.whose != "A" or who not in thing.seen_by:
            return None
        if view.ability and not set(fresh(getattr(house.firm, who)).roles) & MAY[view.ability]:
            return {403}
        if arguments.kind_of(rule) in own:
            return REFUSED if method == "POST" and arguments.kind_of(rule) in PAPERS else None
        return {404}

    with after(house, who, deed) as browser:
        if "anew" in case:
            browser = browser_of(house, who)
        audience = "contact" if who == "anna" else "staff"
        wrong = wrong_of(house, browser, case, audience, right)
    assert not wrong, "\n".join(wrong)
