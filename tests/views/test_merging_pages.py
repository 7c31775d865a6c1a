"""The pages on which customers are merged and separated. They have a portal of their own for each
test, so they stand apart from test_merging.py, whose tests share one."""

from models.core.clock import today
from models.customers import Customer
from models.receivables.statement import Statement
from tests.firm import KEY


def post(browser, path, **fields):
    return browser.post(path, data={**fields, "idempotency_key": f"{KEY}{path}"[-60:]})


def test_the_page_says_before_what_will_be_different(firm, sign_in):
    firm.issued(price="10")
    twin = Customer.enter(firm.li, name="北京甲有限公司", code="A2", currency="EUR", tags=["VIP"])
    firm.b.revise(firm.fang, credit_limit=100000)
    firm.issued(price="20", customer=twin, currency="USD")
    firm.draft(customer=twin)
    twin.add_contact(firm.li, name="Tina", email="tina@a.test")
    text = sign_in(firm.li).get(f"/customers/{twin.id}/merging?into={firm.a.id}").text
    for words in (
        "Tina will also see 1 document of 北京甲公司",
        "Anna will also see 1 document of 北京甲有限公司",
        "has open items in USD, while 北京甲公司 buys in CNY",
        "1 document not yet issued still names 北京甲有限公司",
        "11.30",
        "22.60",
        "VIP",
        "The same people as before.",
    ):
        assert words in text
    assert "阿敏 will also" not in text
    text = sign_in(firm.fang).get(f"/customers/{firm.b.id}/merging?into={firm.a.id}").text
    assert "李销售, 王经理" in text or "王经理, 李销售" in text
    assert "陈销售 will no longer see Beta Ltd" in text and "1,000.00" in text


def test_merging_and_separating_on_the_pages(firm, sign_in):
    browser = sign_in(firm.fang)
    answer = post(browser, f"/customers/{firm.b.id}/merging", into=firm.a.id)
    assert answer.location == f"/customers/{firm.a.id}"
    assert browser.get(f"/customers/{firm.b.id}").location == f"/customers/{firm.a.id}"
    shown = browser.get(f"/customers/{firm.a.id}?tab=details").text
    assert "Beta Ltd" in shown and f"/customers/{firm.b.id}/separation" in shown
    assert "Beta Ltd" not in browser.get("/customers/").text
    assert "北京甲公司" in browser.get("/customers/?q=Beta").text
    assert browser.get(f"/customers/{firm.b.id}/edit").status_code == 404
    again = post(browser, f"/customers/{firm.b.id}/merging", into=firm.a.id)
    assert again.status_code in (303, 404)
    answer = post(browser, f"/customers/{firm.b.id}/separation")
    assert answer.location == f"/customers/{firm.a.id}"
    assert browser.get(f"/customers/{firm.b.id}").status_code == 200


def test_the_page_names_a_limit_that_would_rise(firm, sign_in):
    twin = Customer.enter(firm.fang, name="北京甲有限公司", owner=firm.li, credit_limit=100)
    page = f"/customers/{twin.id}/merging"
    words, button = "remove the credit limit of 北京甲有限公司", "</svg>Merge</button>"
    for who, offered in ((firm.li, False), (firm.wang, True)):
        text = sign_in(who).get(f"{page}?into={firm.a.id}").text
        assert words in text and (button in text) == offered
    assert post(sign_in(firm.li), page, into=firm.a.id).status_code == 409
    assert words not in sign_in(firm.li).get(f"/customers/{firm.a.id}/merging?into={twin.id}").text


def test_the_page_of_separation_says_what_stays_and_who_sees_less(firm, sign_in):
    firm.issued(price="10")
    firm.issued(price="20", by=firm.chen, customer=firm.b)
    Customer.get_by_id(firm.b.id).merge_into(firm.fang, firm.a)
    greater, path = Customer.get_by_id(firm.a.id), f"/customers/{firm.b.id}/separation"
    both = Statement.make(firm.fang, greater, "CNY", today(), today())
    alone = Statement.make(firm.fang, greater, "EUR", today(), today())
    browser = sign_in(firm.fang)
    text = browser.get(path).text
    assert f"These cover both: {both.number}." in text and alone.number not in text
    assert "Anna will no longer see Beta Ltd" in text
    assert "Bob will no longer see 北京甲公司" in text and "阿敏" not in text
    assert post(browser, path).status_code == 303
    assert browser.get(path).status_code == 404
    text = browser.get(f"/statements/{both.id}").text
    assert "a customer that has been separated since" in text and "/sending" not in text


def test_a_complaint_about_a_document_of_the_lesser_is_taken(firm, sign_in):
    paper = firm.issued(price="20", by=firm.chen, customer=firm.b)
    Customer.get_by_id(firm.b.id).merge_into(firm.fang, firm.a)
    browser = sign_in(firm.fang)
    assert (
        f'name="customer" value="{firm.b.id}"'
        in browser.get(f"/disputes/new?document={paper.id}").text
    )
    fields = {"customer": firm.b.id, "document": paper.id, "reason": "price", "text": "too much"}
    assert post(browser, "/disputes/", **fields).status_code == 303
    assert paper.disputes.get().customer == firm.b


def test_a_stranger_merges_nothing(firm, sign_in):
    for who, lesser, into, right in (
        (firm.li, firm.a, firm.b, 404),
        (firm.li, firm.b, firm.a, 404),
        (firm.zhao, firm.b, firm.a, 403),
        (firm.fang, firm.a, firm.a, 409),
    ):
        answer = post(sign_in(who), f"/customers/{lesser.id}/merging", into=into.id)
        assert answer.status_code == right
    assert Customer.mains() == {}
