"""How often a page asks the database: a fixed number of times, however many rows it shows."""

import datetime as dt
import re

import pytest

from models.care import FollowUp
from models.core.clock import at, now, today
from models.documents import Document
from models.documents.message import Message
from models.dunning import HOLD_SOURCES, Promise, collection_rows
from models.operations import first_steps
from models.payments import Payment
from tests import arguments
from tests.firm import KEY
from tests.support.house import house_in
from tests.support.many import multiply
from tests.support.queries import counted
from tests.support.sets import fully
from tests.test_audience import ROLES, browser_of, path_of
from views.staff.customers import TABS

MOST = {
    "document": {"li": 13, "wang": 15, "fang": 14},
    "customer": {"li": 19, "wang": 20, "fang": 20},
}


def busy_invoice(firm, lines=2, events=3, words=0):
    """An invoice that was approved, issued, sent and partly paid; `words`: how many messages and
    promises there are on it."""
    rows = [firm.line("20000") for _ in range(lines)]
    draft = Document.draft(firm.li, "invoice", firm.a, rows, contact=firm.anna)
    draft.submit(by=firm.li)
    firm.approve_all(draft)
    paper = Document.get_by_id(draft.id)
    paper.issue(by=firm.li)
    paper.send(firm.li, [firm.anna], key=f"{KEY}{paper.id}")
    Payment.receive(firm.fang, firm.a, "CNY", 1000, allocations=[(paper, 1000)])
    for n in range(events):
        paper.record("confirmed", firm.li, note=str(n))
    for n in range(words):
        Promise.give(firm.li, paper, 100, paper.due_on)
        Message.write(firm.li, paper, str(n))
    return paper


def queries_of(browser, path):
    """What the page asks, when it is not the first to be asked for."""
    assert browser.get(path).status_code == 200
    with counted() as found:
        assert browser.get(path).status_code == 200
    return found


@pytest.mark.parametrize("who", MOST["document"])
def test_the_page_of_a_document_asks_little(firm, sign_in, who):
    found = queries_of(sign_in(getattr(firm, who)), f"/documents/{busy_invoice(firm).id}")
    assert len(found) <= MOST["document"][who], found


def test_a_long_document_asks_no_more_than_a_short_one(firm, sign_in):
    browser = sign_in(firm.li)
    for few, many in (
        (busy_invoice(firm, 2, 3), busy_invoice(firm, 12, 30)),
        (busy_invoice(firm, words=1), busy_invoice(firm, words=4)),
    ):
        short, long = (queries_of(browser, f"/documents/{p.id}") for p in (few, many))
        assert len(long) == len(short), long


def test_each_source_of_what_is_held_is_looked_for_on_the_page(firm):
    assert HOLD_SOURCES.keys() <= collection_rows(firm.draft()).keys()


@pytest.mark.parametrize("path", ["/", "/archive/retention/"])
@pytest.mark.parametrize("who", ["ada", "wang", "fang", "zhao"])
def test_everyday_pages_read_nothing_twice(firm, sign_in, who, path):
    """The journal's events of a restore, the places of backups, the folders and their terms."""
    first_steps.put_away(firm.ada)
    once = {"place", "folder", "retention_rule", "event", "lease"}
    tables = [table_of(sql) for sql, _place in queries_of(sign_in(getattr(firm, who)), path)]
    news = path == "/"  # they and the last restore are two questions
    assert not [t for t in once if tables.count(t) > 1 + (t == "event" and news)], tables


def table_of(sql):
    """The one that a query reads first."""
    return sql.partition('FROM "')[2].partition('"')[0]


def trade_with(firm, contacts, papers):
    """So many contacts and, a day apart each, papers with a payment and a follow-up."""
    for n in range(contacts):
        firm.a.add_contact(firm.li, name=f"Contact {n}", email=f"{n}@a.test")
    for n in range(papers):
        with at(now() - dt.timedelta(days=n)):
            Payment.receive(firm.fang, firm.a, "CNY", 1000, allocations=[(firm.issued(), 1000)])
            FollowUp.plan(firm.li, firm.a, "Call", today())


@pytest.mark.parametrize("who", MOST["customer"])
def test_the_page_of_a_customer_asks_little(firm, sign_in, who):
    trade_with(firm, contacts=2, papers=2)
    browser = sign_in(getattr(firm, who))
    for tab in TABS:
        found = queries_of(browser, f"/customers/{firm.a.id}?tab={tab}")
        assert len(found) <= MOST["customer"][who], (tab, len(found), found)


def test_a_page_asks_no_more_when_there_is_more_to_show(firm, sign_in):
    browser, paths = sign_in(firm.fang), (f"/customers/{firm.a.id}", "/", "/documents/")
    trade_with(firm, contacts=2, papers=2)
    few = [len(queries_of(browser, path)) for path in paths]
    trade_with(firm, contacts=8, papers=18)
    many = [queries_of(browser, path) for path in paths]
    assert [len(found) for found in many] == few, "\n\n".join(map(str, many))


# Why a page may ask once a row: it does so for as many as it says, however many there are.
FOR_EACH = {
    "/archive/einvoices/": "the invoices that each of at most 50 tax invoices may belong to",
    "/archive/retention/": "what keeps each of at most 50 files from being destroyed",
    "/receivables/": "which customers were merged, once there are several that owe",
}


MOST_ASKED = 15  # queries of a page
# What asks more, the most of any role in a firm where something of each kind is there, and why.
# A number may only go down.
ASKS_MORE = {
    "/": (33, "each kind of work and of news that there is, by a query of its own"),
    "/archive/#": (20, "the file, its document, what holds it, who read it and its terms"),
    "/archive/destructions/#": (28, "the list with its flow, decisions, files and certificate"),
    "/archive/einvoices/": (63, "FOR_EACH"),
    "/archive/retention/": (43, "FOR_EACH"),
    "/archive/rules/": (20, "an example of what each rule would file"),
    "/customers/#": (18, "all that is open with a customer"),
    "/documents/#": (
        22,
        "a dispute, promises, messages, files and write-offs, where there are some",
    ),
    "/documents/#/edit": (33, "what may be chosen, and who will be asked to approve"),
    "/documents/#/issue": (51, "each doubt about what is issued is looked for by itself"),
    "/documents/#/sending": (40, "the page of the document around its form"),
    "/findings/report": (28, "each rule by itself"),
    "/flows/#/edit": (22, "who would be asked, as an example"),
    "/follow-ups/": (57, "each occasion that there is, with those it concerns"),
    "/greetings/#": (21, "who gets one, and who may not"),
    "/insights/": (22, "each figure by itself"),
    "/insights/acts/#": (19, "what became of the customers of an act"),
    "/insights/categories": (17, "each figure by itself"),
    "/portal/documents/#": (33, "a dispute, promises, messages, payments and links"),
    "/receivables/": (16, "what is owed, held back, due and planned"),
    "/reminders/run": (29, "what each reminder would say, and to whom"),
    "/settings/documents": (43, "the next number of each kind"),
    "/status/": (28, "a check that fails must stop no other, so each asks by itself"),
    "/tasks/": (20, "what each kind of request is about"),
    "/tasks/#": (34, "the page of what is to be decided"),
}


def most_of(path):
    kind = re.sub(r"\d+", "#", path)
    most, _why = ASKS_MORE.get(kind, (MOST_ASKED, ""))
    return most


def pages(house, who):
    """The address of every page that the person may open; of those of a thing the first."""
    for rule in house.url_map.iter_rules():
        if rule.endpoint == "static" or "GET" not in rule.methods or "." in rule.rule:
            continue
        kind = arguments.kind_of(rule)
        seen = [thing for thing in house.things[kind] if who in thing.seen_by] if kind else [None]
        if seen and "setup" not in house.view_functions[rule.endpoint].audience:
            yield path_of(rule, seen[0] and seen[0].id)


def asked_by_each(house, who):
    """{address: its queries}"""
    browser, found = browser_of(house, who), {}
    for path in pages(house, who):
        with counted() as queries:
            answer = browser.get(path)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found[path] = queries
    return found


@pytest.mark.on_sqlite  # the rows are multiplied in its SQL
def test_no_page_asks_more_when_there_is_more_to_show(tmp_path):
    people = fully(["ada", "li", "anna"], [who for who in ROLES if ROLES[who] - {"link"}])
    with house_in(tmp_path) as house:
        few = {who: asked_by_each(house, who) for who in people}
        multiply(60)
        for who in people:
            many, wrong = asked_by_each(house, who), []
            assert not few[who].keys() - many.keys() and len(many) > 10
            for path, queries in few[who].items():
                more = len(many[path]) - len(queries)
                if more > 0 and path not in FOR_EACH:
                    wrong.append(f"{path} asks {more} more:\n{many[path]}")
            for path, queries in many.items():
                if len(queries) > most_of(path):
                    wrong.append(f"{path} asks {len(queries)}:\n{queries}")
            assert not wrong, f"{who}: " + "\n\n".join(wrong)
