"""(person, address) pairs of random firms against the oracle: the scopes hold every id that it says
and no other, and the pages answer by it, to sessions that were begun before anything changed."""

import os
import time
from random import Random

import pytest

from models.core.roles import MAY
from models.customers import Contact
from models.people import User
from tests import arguments
from tests.fuzz import hostile
from tests.fuzz.watching import SEED
from tests.oracle.random_firm import RandomFirm
from tests.oracle.rules import Facts
from tests.support.sets import FULL, fully
from tests.support.undo import undone
from tests.test_audience import ANSWERS, NAMES_MORE

FIRMS = int(os.environ.get("ORACLE_FIRMS") or fully(1, 15))
CUSTOMERS, PAPERS = fully((5, 3), (26, 9))
ASKED = int(os.environ.get("ORACLE_ASKED") or fully(200, 4000))  # pages of each firm
SLOW = ("pdf", "sheet", "sheets", "printing", "certificate", "xlsx", "download")  # laid out anew
# What the id of a route names, among what the oracle knows.
KINDS = {
    **{name: name for name in Facts.STAFF},
    "papers": "documents",
    "drafts": "documents",
    "approved": "documents",
    "in_euros": "documents",
    "credit_notes": "documents",
    "delegations": "delegations_seen",
    "feedback": "feedback_seen",
}
# Beyond seeing it one must be responsible for it, as who is only asked about a document is not.
MORE = {403, 404, 409, 422}


@pytest.fixture
def firm_of_chance(app, request):
    return RandomFirm(f"{SEED} {request.param}", CUSTOMERS, PAPERS)


def person_of(who):
    return (User if who.side == "staff" else Contact).get_by_id(who.id)


def wrong_sets(facts, who):
    """(pairs compared, what differs) of one person's scopes."""
    pairs, wrong, sees = 0, [], person_of(who).sees
    for name in facts.STAFF if who.side == "staff" else facts.CONTACT:
        expected, every = facts.seen(who, name)
        rows = getattr(sees, name)()
        got = {ident for (ident,) in rows.select(rows.model.id).tuples()}
        pairs += len(every)
        for ident in sorted(expected ^ got):
            right = "sees it" if ident in expected else "does not see it"
            wrong.append(f"{who} {name} {ident}: {right} by the oracle (FUZZ_SEED={SEED})")
    return pairs, wrong


def expected(facts, who, ended, view, name, ident, method):
    """The right statuses by the oracle."""
    if who is None or who in ended or not facts.let_in(who):
        return {401}
    if who.side not in view.audience:
        return {404}
    if view.ability and not facts.rights(facts.row("users", who.id)) & MAY[view.ability]:
        return {403}
    if ident not in facts.seen(who, name)[0]:
        return {404}
    return ()


def routes(app):
    """[(rule, view, name)] of the routes whose object the oracle knows."""
    for rule in app.url_map.iter_rules():
        name = KINDS.get(arguments.kind_of(rule))
        if name:
            view = app.view_functions[rule.endpoint]
            if {"staff", "contact"} & view.audience:
                yield rule, view, name


def pair(random, facts, people, known):
    """A person or nobody, a route, and an object of the table it names."""
    who = random.choice(people)
    side = who.side if who and random.random() < 0.9 else random.choice(("staff", "contact"))
    rule, view, name = random.choice([r for r in known if side in r[1].audience])
    table = (facts.STAFF.get(name) or facts.CONTACT[name])[0]
    ids = sorted(facts.rows[table])
    if not ids:
        return None
    seen = sorted(facts.seen(who, name)[0]) if who and (side == who.side) else []
    ident = random.choice(seen) if seen and random.random() < 0.4 else random.choice(ids)
    return who, rule, view, name, ident, random.choice(sorted(rule.methods & {"GET", "POST"}))


def wrong_answer(app, made, facts, who, rule, view, name, ident, method):
    """What differs, or ""."""
    right = expected(facts, who, made.ended, view, name, ident, method)
    if not right and rule.endpoint.split(".")[-1] in SLOW:
        return None
    path = "".join(
        part.lstrip("|") if not traced else str(ident if part == "id" else _word(rule, part))
        for traced, part in rule._trace[1:]
    )
    cookies = {"language": "en", **({"danju_sid": made.sessions[who]} if who else {})}
    body = b"idempotency_key=a-key-of-some-length-0001" if method == "POST" else b""
    given = hostile.environ(
        method, path, "", (), "application/x-www-form-urlencoded", body, cookies
    )
    with undone():
        status, _headers, _body = hostile.call(app, given)
    good = right or ANSWERS[method] | MORE
    if not right and rule.endpoint not in NAMES_MORE and not _may_be_missing(rule):
        good = good - {404}
    if status in good:
        return ""
    return f"{who} {method} {path} ({rule.endpoint}): {status}, expected {sorted(good)}"


def _word(rule, name):
    words = getattr(rule._converters[name], "items", None)
    blueprint = rule.endpoint.split(".")[0]
    return (
        sorted(words)[0]
        if words
        else arguments.WORDS.get(f"{rule.endpoint}.{name}")
        or arguments.WORDS.get(f"{blueprint}.{name}", "made-up")
    )


def _may_be_missing(rule):
    """What not each object has: a file, a signature, a code to pay by, another version; and not
    each document is an invoice or a credit note."""
    blueprint, _dot, name = rule.endpoint.partition(".")
    return name in MISSING or blueprint == "credit_notes" or rule.endpoint == "write_offs.create"


MISSING = "file signature slip code version faults separation assignment correction as_list".split()


@pytest.mark.parametrize("firm_of_chance", range(FIRMS), indirect=True)
@pytest.mark.asvs("8.2.1", "8.2.2", "8.3.1")
def test_all_see_what_the_oracle_says(app, firm_of_chance, record_property):
    facts, began = Facts(), time.monotonic()
    pairs, wrong = 0, []
    for who, _person in firm_of_chance.people():
        compared, found = wrong_sets(facts, who)
        pairs, wrong = pairs + compared, wrong + found
    scoped = time.monotonic() - began
    random, known = Random(f"{SEED} pairs"), list(routes(app))
    people = [who for who, _person in firm_of_chance.people()] + [None]
    asked, began = 0, time.monotonic()
    for _ in range(ASKED):
        chosen = pair(random, facts, people, known)
        answer = chosen and wrong_answer(app, firm_of_chance, facts, *chosen)
        asked += answer is not None
        wrong += [f"{answer} (FUZZ_SEED={SEED})"] if answer else []
    seconds = time.monotonic() - began
    figures = (
        f"{pairs} pairs by the scopes in {scoped:.1f} s, {asked} by pages in {seconds:.0f} s "
        f"({asked / seconds:.0f} a second)"
    )
    FULL and record_property("figures", figures)
    print(figures)
    assert not wrong, f"{len(wrong)} differ:\n" + "\n".join(wrong[:40])
    assert pairs > fully(4000, 60_000) and asked > ASKED * 0.7
