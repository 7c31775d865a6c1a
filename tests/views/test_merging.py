"""Merged customers on every page: what is shown of the one is shown of both, until they are
separated again."""

import re

import pytest

from models.customers import Customer
from models.people import Session
from tests import arguments
from tests.support.house import house_in
from tests.support.sets import fully
from tests.support.undo import undone
from tests.support.walking import Shown
from views.staff.customers import TABS

PEOPLE = {"li": "staff", "wang": "staff", "fang": "staff", "anna": "contact"}
# What a person has, not a customer.
PERSONAL = {"acts", "tasks", "sessions", "filters", "findings", "trainings", "customers", "surveys"}
OWN = {"/", "/search/"}  # show what this very person is to do, or did last
# What is new every time: tokens, keys, moments, the bell of what one has to do.
CHANGING = re.compile(r'I[jm][\w-]+\.[\w-]+\.[\w-]+|name="idempotency_key" value="[^"]*')
NAMES_CUSTOMER = re.compile(r"/customers/\d|[?&]customer=\d")
# They tell of the merging, or a new secret each time.
EVENTS = {"journal.index", "journal.export", "status.index", "home.index", "second_factor.index"}


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A firm with something of everything, of customers A and B."""
    with house_in(tmp_path_factory.mktemp("merged")) as made:
        yield made


def browser_of(house, who):
    browser = house.test_client()
    browser.set_cookie("language", "en")
    browser.set_cookie("danju_sid", Session.start(getattr(house.firm, who)))
    return browser


def merge(firm):
    Customer.get_by_id(firm.b.id).merge_into(firm.fang, firm.a)


def rules(house, who, with_id):
    """The pages for this person that name a thing, or those that name none."""
    for rule in house.url_map.iter_rules():
        view = house.view_functions[rule.endpoint]
        mine = PEOPLE[who] in getattr(view, "audience", ()) and "GET" in rule.methods
        if mine and rule.arguments == ({"id"} if with_id else set()):
            yield rule


def pairs(house, who):
    """(rule, path of A's thing, path of B's thing)."""
    for rule in rules(house, who, True):
        kind = arguments.kind_of(rule)
        both = {thing.whose: thing for thing in house.things[kind]}
        if kind not in PERSONAL and both.keys() >= {"A", "B"} and who in both["A"].seen_by:
            yield rule, *(rule.build({"id": both[whose].id})[1] for whose in "AB")


def lists(house, who):
    """Addresses of pages that show many things."""
    for rule in rules(house, who, False):
        path = rule.build({})[1]
        if path in OWN:
            continue
        yield path
        if PEOPLE[who] == "staff":
            yield f"{path}?customer={house.firm.a.id}"
    if PEOPLE[who] == "staff":
        for tab in TABS:
            yield f"/customers/{house.firm.a.id}?tab={tab}"


def pages(browser, paths):
    with undone():
        for path in paths:
            answer = browser.get(path)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                yield path, answer.text


@pytest.mark.parametrize("who", PEOPLE)
def test_who_sees_what_is_of_the_greater_sees_what_was_of_the_lesser(house, who):
    browser, wrong, asked = browser_of(house, who), [], 0
    with undone():
        merge(house.firm)
        for rule, of_a, of_b in pairs(house, who):
            answers = [browser.get(path).status_code for path in (of_a, of_b)]
            asked += 1
            if answers[0] != answers[1]:
                wrong.append(f"{rule.endpoint}: {answers}")
    assert not wrong, "\n".join(wrong)
    assert asked > 5


@pytest.mark.parametrize("who", fully(["li", "anna"], [*PEOPLE]))
def test_a_page_that_shows_what_is_of_the_greater_shows_what_was_of_the_lesser(house, who):
    browser, missing, found = browser_of(house, who), set(), 0
    targets = [(of_a, of_b) for _rule, of_a, of_b in pairs(house, who)]
    with undone():
        merge(house.firm)
        for path, text in list(pages(browser, lists(house, who))):
            links = {link.partition("?")[0] for _method, link in Shown(path, text).found}
            found += sum(of_a in links for of_a, _of_b in targets)
            missing |= {
                (path, of_b) for of_a, of_b in targets if of_a in links and of_b not in links
            }
    assert not missing, "\n".join(map(str, sorted(missing)))
    assert found > 5


@pytest.mark.parametrize("who", fully(["fang"], ["li", "fang"]))
def test_no_link_on_what_was_of_the_lesser_leads_nowhere(house, who):
    browser, dead, asked = browser_of(house, who), set(), set()
    with undone():
        merge(house.firm)
        for path, text in list(pages(browser, [of_b for _rule, _of_a, of_b in pairs(house, who)])):
            for method, link in Shown(path, text).found:
                if method == "GET" and NAMES_CUSTOMER.search(link) and link not in asked:
                    asked.add(link)
                    if browser.get(link).status_code == 404:
                        dead.add(f"{path}: {link}")
    assert not dead, "\n".join(sorted(dead))
    assert asked


@pytest.mark.parametrize("who", fully(["li", "anna"], [*PEOPLE]))
def test_separated_again_every_list_is_as_it_was(house, who):
    browser = browser_of(house, who)
    paths = [r.build({})[1] for r in rules(house, who, False) if r.endpoint not in EVENTS]

    def shown():
        return {path: CHANGING.sub("", text) for path, text in pages(browser, paths)}

    with undone():
        before = shown()
        merge(house.firm)
        assert (
            "Beta Ltd" in browser.get(f"/customers/{house.firm.a.id}?tab=details").text
            or who == "anna"
        )
        Customer.get_by_id(house.firm.b.id).separate(house.firm.fang)
        after = shown()
    assert [path for path in before if before[path] != after[path]] == []
