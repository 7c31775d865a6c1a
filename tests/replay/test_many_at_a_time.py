"""Lists of ids, of which one is another's: nothing happens to it and nothing is told of it."""

import io
import zipfile

import pytest

from models.approvals import ApprovalRequest, Task
from models.care import FollowUp
from models.core.journal import Event
from models.customers import Customer
from models.documents import Document
from models.insights.acts import Act
from models.people import User
from tests.firm import KEY
from tests.replay.canaries import WORD, paths, plant, told
from tests.spoiling import fields_read, posts
from tests.support.sets import fully, one_in
from tests.valid_forms.archive import scan

# The others take a list of ids from who sees all of the kind, or name things of the firm.
FOR_ALL = {
    "bank_lines.book_certain",
    "products.bulk",
    "statements.remind",
    "reminders.run",
    "retention.propose",
    "einvoices.assign",
}
ELSEWHERE = {"greetings.leave_out"}  # tests/views/test_within_the_team.py
BULK = {
    "documents.bulk: submit": lambda f: ("draft", {"act": "submit"}),
    "documents.bulk: issue": lambda f: ("approved", {"act": "issue"}),
    "documents.bulk: send": lambda f: ("issued", {"act": "send"}),
    "documents.bulk: discard": lambda f: ("draft", {"act": "discard"}),
}
ON_CUSTOMERS = {
    "customers.bulk: tag": ("/customers/bulk", {"act": "tag", "tag": "taken"}),
    "customers.bulk: on": ("/customers/bulk", {"act": "on"}),
    "customers.bulk: off": ("/customers/bulk", {"act": "off"}),
    "acts.create": (
        "/insights/acts/",
        {"kind": "tasks", "cause": "best", "currency": "CNY", "what": "call"},
    ),
    "acts.preview": (
        "/insights/acts/preview",
        {"kind": "tasks", "cause": "best", "currency": "CNY", "what": "call"},
    ),
}


def trace(row):
    """The row as it stands, and how much was written about it."""
    kind, ident = type(row).__name__, row.id
    events = Event.select().where(Event.subject_type == kind, Event.subject_id == ident).count()
    return type(row).get_by_id(ident).__data__, events


def test_every_route_that_takes_a_list_of_ids_is_tried(app):
    """A new one is not forgotten: Crater had seven, each written by copying the one before."""
    tried = {name.partition(":")[0] for name in [*BULK, *ON_CUSTOMERS]}
    zips = {"documents.several", "archive.several", "portal_documents.several"}
    letters = {"sendings.create", "sendings.preview", "issues.create", "duplicates.apart"}
    lists = {
        endpoint
        for endpoint in posts(app)
        if {"ids", "contacts"} & fields_read(app.view_functions[endpoint]).keys()
    }
    assert lists - tried - zips - letters - {"decisions.many"} - FOR_ALL - ELSEWHERE == set()


@pytest.mark.parametrize("case", BULK)
def test_crater_1322_an_act_on_many_leaves_the_papers_of_others_alone(firm, sign_in, case):
    """Seven bulk deletes asked for the ability and not for the company: ids of others were gone."""
    made, form = BULK[case](firm)
    own = getattr(firm, made)(customer=firm.b, by=firm.chen)
    strange = getattr(firm, made)()
    before, mine = trace(strange), trace(own)
    ids = [str(strange.id), str(own.id)]
    form = {**form, "ids": ids, "idempotency_key": KEY}
    answer = sign_in(firm.chen).post("/documents/bulk", data=form, follow_redirects=True)
    assert trace(strange) == before and trace(own) != mine
    for word in (strange.number or "北京甲公司", "北京甲公司"):
        assert word not in answer.text
    alone = {**form, "ids": [str(strange.id)], "idempotency_key": KEY + "-2"}
    assert sign_in(firm.chen).post("/documents/bulk", data=alone).status_code == 409
    assert trace(strange) == before


@pytest.mark.parametrize("case", ON_CUSTOMERS)
def test_crater_1322_an_act_on_many_leaves_the_customers_of_others_alone(firm, sign_in, case):
    """The same seven: customers, items, payments, expenses, estimates, invoices, recurring ones."""
    path, form = ON_CUSTOMERS[case]
    firm.issued(customer=firm.b, by=firm.chen)
    if form.get("act") == "on":
        Customer.update(active=False).execute()
    before = trace(firm.a), trace(firm.anna)
    ids = [str(firm.a.id), str(firm.b.id)]
    form = {**form, "ids": ids, "idempotency_key": KEY}
    answer = sign_in(firm.chen).post(path, data=form, follow_redirects=True)
    assert answer.status_code == 200 and "北京甲公司" not in answer.text
    assert (trace(firm.a), trace(firm.anna)) == before
    assert not FollowUp.select().where(FollowUp.customer == firm.a).exists()
    assert case != "acts.create" or Act.select().exists()
    alone = {**form, "ids": [str(firm.a.id)], "idempotency_key": KEY + "-2"}
    assert sign_in(firm.chen).post(path, data=alone).status_code == 409


def test_crater_1322_a_list_of_tasks_decides_ones_own_alone(firm, sign_in):
    """And a list of what waits for a decision."""
    own, strange = (
        firm.draft(price="20000", customer=firm.b, by=firm.chen),
        firm.draft(price="20000"),
    )
    own.submit(by=firm.chen)
    strange.submit(by=firm.li)
    theirs = Task.select().join(ApprovalRequest).where(ApprovalRequest.document == strange).get()
    before = trace(theirs), trace(strange)
    for who in (firm.chen, firm.zhao, firm.ada):
        form = {"ids": [str(theirs.id)], "idempotency_key": f"{KEY}-{who.id}"}
        assert sign_in(who).post("/tasks/approvals", data=form).status_code in (303, 404, 409)
        assert (trace(theirs), trace(strange)) == before, who.name


def test_crater_1322_a_letter_goes_to_no_contact_of_another_customer(firm, sign_in):
    """A list of receivers is a list of ids too."""
    paper = firm.issued(customer=firm.b, by=firm.chen)
    form = {"contacts": [str(firm.bob.id), str(firm.anna.id)], "idempotency_key": KEY}
    for tail in ("", "/preview"):
        answer = sign_in(firm.chen).post(f"/documents/{paper.id}/sending{tail}", data=form)
        assert answer.status_code in (404, 409, 422) and "anna@a.test" not in answer.text
    assert not Event.select().where(Event.action == "sent").exists()


def names_in(answer):
    with zipfile.ZipFile(io.BytesIO(answer.data)) as box:
        return [(name, box.read(name)) for name in box.namelist()]


@pytest.mark.parametrize("who", ["chen", "bob"])
def test_invoiceshelf_2026_55610_a_zip_of_many_holds_no_paper_of_others(firm, sign_in, who):
    """The heir of Crater: what was done to many at once crossed from company to company (8.7)."""
    own, strange = firm.printed(customer=firm.b, by=firm.chen), firm.printed()
    path = "/portal/documents/zip" if who == "bob" else "/documents/zip"
    browser = sign_in(getattr(firm, who))
    got = names_in(browser.post(path, data={"ids": [str(strange.id), str(own.id)]}))
    assert [own.number in name for name, _data in got] == [True]
    assert browser.post(path, data={"ids": [str(strange.id)]}).status_code in (404, 409)
    every = {"ids": [str(n) for n in range(1, 50)]}
    assert len(names_in(browser.post(path, data=every))) == 1


def test_invoiceshelf_2026_55610_the_archive_zips_ones_own_alone(firm, sign_in):
    """The same list of ids, at the door of the archive."""
    own, strange = scan(firm, firm.chen, firm.b), scan(firm)
    ids = {"ids": [str(own.filing_id), str(strange.filing_id)]}
    assert len(names_in(sign_in(firm.chen).post("/archive/zip", data=ids))) == 1
    alone = {"ids": [str(strange.filing_id)]}
    assert sign_in(firm.chen).post("/archive/zip", data=alone).status_code == 409


# The empty customer
# ------------------------------------------------------------------------------------------------


def test_invoice_ninja_10898_a_customer_without_invoices_sees_nobody_else(app, firm, sign_in):
    """Who had no invoice yet was shown those of another company: an empty list meant no filter."""
    plant(firm, firm.a, firm.li, fully(60, 500))
    new = Customer.enter(firm.chen, name="New Ltd", code="N", language="en")
    nell = new.add_contact(firm.chen, name="Nell", email="nell@n.test")
    some = new.add_contact(firm.chen, name="Sam", email="sam@n.test", sees_company=False)
    for person in (nell, some):
        browser = sign_in(person)
        for rule in app.url_map.iter_rules():
            view = app.view_functions[rule.endpoint]
            if rule.endpoint == "static" or "contact" not in view.audience:
                continue
            for path in fully(paths(rule, 2), paths(rule)):
                assert not WORD.search(told(browser.get(path))), path
        zipped = browser.post("/portal/documents/zip", data={"ids": ["1", "2", "3"]})
        assert zipped.status_code == 404
    given = Document.get(Document.state == "issued")
    assert WORD.search(sign_in(firm.anna).get(f"/portal/documents/{given.id}").text)


def test_invoice_ninja_10898_a_salesperson_without_customers_sees_nobody_elses(app, firm, sign_in):
    """The same at the desk: of whoever has no customer yet, every list and file is empty."""
    plant(firm, firm.a, firm.li, fully(60, 500))
    zoe = User.enter(firm.ada, name="Zoe", email="zoe@firm.test", roles=["sales"], team=None)
    browser = sign_in(zoe)
    for rule in app.url_map.iter_rules():
        whole = rule.endpoint != "static" and not rule.arguments - {"form", "name"}
        if whole and one_in(2, rule):
            for path in paths(rule, 1):
                assert not WORD.search(told(browser.get(path))), path
    assert WORD.search(sign_in(firm.li).get("/documents/").text)
