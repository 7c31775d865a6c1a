"""Others let one customer read another's papers by a number in the address: tried here."""

import re
from collections import defaultdict

import pytest

from models.core.roles import MAY
from models.documents import Document
from tests import arguments
from tests.support.sets import fully, one_in
from tests.support.signing_in import TOKEN
from tests.test_audience import NOT_YET, ROLES, ask, browser_of, path_of

STRANGERS = {"A": ("chen", "bob", "amin", "nobody"), "B": ("li", "anna", "amin", "nobody")}
FOLDERS = "static", "files", "documents", "storage", "download/invoice", "portal"
PAGES = {"text/html", "text/vnd.turbo-stream.html"}


def routes(house, method, *kinds):
    """(rule, view, thing) of the routes that name a thing of a customer."""
    for rule in house.url_map.iter_rules():
        kind = arguments.kind_of(rule) if rule.endpoint != "static" else None
        if method in rule.methods and kind and (not kinds or kind in kinds):
            for thing in house.things[kind]:
                if thing.whose in STRANGERS:
                    yield rule, house.view_functions[rule.endpoint], thing


@pytest.fixture(scope="module")
def browsers(house):
    return {who: browser_of(house, who) for who in ROLES}


@pytest.fixture(scope="module")
def files(house, browsers):
    """[(rule, view, thing)] of the routes that hand out a file, found by asking who may."""
    found = []
    for rule, view, thing in routes(house, "GET"):
        readers = [who for who in ROLES if who in thing.seen_by and answers(who, view)]
        if readers and thing.whose == "A":
            answer = browsers[readers[0]].get(path_of(rule, thing.id))
            if answer.status_code == 200 and answer.mimetype not in PAGES:
                found.append(rule.endpoint)
    return [case for case in routes(house, "GET") if case[0].endpoint in found]


def answers(who, view):
    """Whether this role may ask this view at all."""
    audience = "contact" if ROLES[who] == {"contact"} else "staff"
    audience = "link" if who == "link" else audience
    return audience in view.audience and (not view.ability or ROLES[who] & MAY[view.ability])


def test_dolibarr_38947_every_file_is_guarded_and_not_its_page_alone(house, browsers, files):
    """Its customer portal guarded `document`; `viewimage` gave any customer's PDF away."""
    assert len({rule.endpoint for rule, _view, _thing in files}) > 25
    for rule, _view, thing in files:
        strangers = set(STRANGERS[thing.whose]) - thing.seen_by
        for who in (who for who in strangers if one_in(2, rule, thing.whose, who)):
            answer = browsers[who].get(path_of(rule, thing.id))
            assert answer.status_code in (401, 403, 404), (rule.rule, who)
            assert not answer.data.startswith((b"%PDF", b"\x89PNG", b"PK")), (rule.rule, who)


def test_dolibarr_38996_who_is_refused_by_one_address_of_a_thing_is_refused_by_all(house, browsers):
    """The next door of the same portal: one controller asked whose paper it was, its neighbour not.

    Of each thing, whoever is told by one address that it is not there is told so by all."""
    said = defaultdict(lambda: defaultdict(set))
    for rule, view, thing in routes(house, "GET", "papers", "statements", "disputes", "payments"):
        for who in fully(("chen", "bob", "anna"), ("chen", "wang", "li", "bob", "anna", "amin")):
            if answers(who, view) and rule.endpoint not in NOT_YET:
                status = browsers[who].get(path_of(rule, thing.id)).status_code
                said[arguments.kind_of(rule), thing.whose, who][status == 404].add(rule.endpoint)
    mixed = {key: both for key, both in said.items() if both[True] and both[False]}
    assert len(said) > 10 and not mixed


@pytest.mark.parametrize("who, whose", [("chen", "A"), ("li", "B"), ("bob", "A"), ("anna", "B")])
def test_kimai_2026_28685_the_right_role_is_not_the_right_customer(house, browsers, who, whose):
    """Who had the role "may view invoices" read those of customers of other teams."""
    asked, wrong = 0, []
    for rule, view, thing in routes(house, "POST"):
        kin = thing.whose == whose and who not in thing.seen_by and answers(who, view)
        part = "contact" in view.audience or one_in(3, who, rule)
        if kin and part and "public" not in view.audience:
            asked += 1
            if (told := ask(browsers[who], path_of(rule, thing.id), "POST")) != (404, 0):
                wrong.append((rule.endpoint, told))
    assert asked > 8 and not wrong


def test_erpnext_2026_27471_who_is_not_signed_in_reads_nothing(house, browsers):
    """No permission was asked where documents were read by name: without any sign-in (CVSS 9.3)."""
    words = re.compile("北京甲公司|Beta Ltd|anna@a.test|bob@b.test|%PDF|钢笔")
    for rule in house.url_map.iter_rules():
        if "GET" not in rule.methods or rule.endpoint == "static" or not one_in(2, rule):
            continue
        things = house.things[arguments.kind_of(rule)][:1] if "id" in rule.arguments else [None]
        answer = browsers["nobody"].get(path_of(rule, things[0] and things[0].id))
        assert not words.search(answer.get_data(as_text=True)), rule.rule
        open_to_all = {"public", "setup"} & house.view_functions[rule.endpoint].audience
        assert open_to_all or answer.status_code == 401, rule.rule


def test_faveo_3685_counting_up_in_the_address_of_a_pdf_finds_ones_own_alone(house, browsers):
    """`/pdf?invoiceid=1243`: a customer changed the number and had the next one's invoice.

    Each number that exists, and some beyond, at each address of a PDF that a contact may ask."""
    most = max(paper.id for paper in Document.select()) + 20
    for who, own in (("anna", "A"), ("bob", "B")):
        given = set()
        for number in range(1, most):
            status = browsers[who].get(f"/portal/documents/{number}/pdf").status_code
            assert status in (200, 404), number
            given |= {number} if status == 200 else set()
        theirs = {thing.id for thing in house.things["papers"] if thing.whose == own}
        assert theirs <= given
        of_others = Document.select().where(Document.customer != getattr(house.firm, own.lower()))
        assert not given & {paper.id for paper in of_others}


def test_invoice_ninja_6627_a_number_of_anothers_is_answered_as_one_that_is_nobodys(
    house, browsers
):
    """Numbers that count up tell by how they are refused which of them exist: here all alike."""
    numbers = [thing.id for thing in house.things["papers"]] + list(range(10**6, 10**6 + 20))
    for who, own in (("anna", "A"), ("chen", "B")):
        path = "/portal/documents/{}" if who == "anna" else "/documents/{}"
        strange = [n for n in numbers if n != house.things["papers"][own == "B"].id]
        for tail in ("", "/pdf", "/sheets"):
            answers = [browsers[who].get(path.format(n) + tail) for n in strange]
            texts = {TOKEN.sub("", a.text).replace(a.request.path, "") for a in answers}
            assert {a.status_code for a in answers} == {404} and len(texts) == 1, (who, tail)


def test_akaunting_791_each_list_of_a_customer_holds_that_customer_alone(house, browsers):
    """A customer saw other customers' invoices and data in the client portal (2019)."""
    strange = {
        "anna": re.compile("Beta Ltd|Bob|bob@b"),
        "bob": re.compile("北京甲公司|anna@a|Anna"),
    }
    for rule in house.url_map.iter_rules():
        view = house.view_functions[rule.endpoint]
        if rule.endpoint != "static" and "contact" in view.audience and not rule.arguments:
            for who, words in strange.items():
                if "GET" in rule.methods:
                    text = browsers[who].get(rule.rule).data.decode(errors="replace")
                    assert not words.search(text), (rule.rule, who)


def test_idurar_1442_and_invoice_ninja_6627_no_name_of_a_file_leads_to_a_paper(house, browsers):
    """Both gave out PDFs under an address that was a number: `/download/invoice/…`, `…/0006.pdf`.

    Under /static lies what we carry along; a paper's number, id or hash at its end is nothing."""
    names = {"0001.pdf", "invoice.pdf", "danju.db", "secret_key", "anchors.jsonl"}
    for paper in Document.select().where(Document.number.is_null(False)):
        names |= {f"{paper.number}.pdf", f"{paper.id}.pdf", paper.pdf_sha256 or "x"}
    for name in names:
        for folder in fully(("static", "files", "documents"), FOLDERS):
            for who in fully(("nobody",), ("nobody", "anna", "li")):
                answer = browsers[who].get(f"/{folder}/{name}")
                assert answer.status_code in (401, 404), answer.request.path
