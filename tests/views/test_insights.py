"""Every page of figures answers on an empty firm, on one sale and with all it can be asked; figures
lead to their papers."""

import datetime as dt
import io
import re

import pytest
from openpyxl import load_workbook

from models.core.clock import at, now, today
from models.customers import Customer
from models.insights import Target
from views.staff.insights import PAGES, QUESTIONS


def words(answer):
    assert answer.status_code == 200
    return re.sub(r"\s+", " ", answer.get_data(as_text=True))


@pytest.fixture
def fang(firm, sign_in):
    return sign_in(firm.fang)


def test_an_empty_firm_has_pages_without_figures(firm, fang):
    for name in PAGES:
        page = words(fang.get(f"/insights/{name}?period=all"))
        assert not re.search(r"\bNaN\b", page) and 'class="rule"' in page, name
        assert load_workbook(io.BytesIO(fang.get(f"/insights/{name}.xlsx").data)).worksheets
    for path in (
        "/insights/",
        "/insights/papers",
        "/insights/acts/",
        "/insights/monthly",
        f"/customers/{firm.a.id}",
    ):
        words(fang.get(path))
    assert fang.get("/insights/monthly/preview").data.startswith(b"%PDF")


def test_one_sale_is_found_on_every_page_and_in_every_file(firm, fang):
    paper = firm.issued(price="1234.5")
    assert "1,234.50" in words(fang.get("/insights/overview"))
    for name, column in (
        ("customers", "北京甲公司"),
        ("segments", "北京甲公司"),
        ("products", "Free-text item"),
        ("categories", "Without category"),
        ("pareto", "北京甲公司"),
        ("salespeople", "李销售"),
    ):
        page = words(fang.get(f"/insights/{name}"))
        assert "1,234.50" in page and column in page, name
        book = load_workbook(io.BytesIO(fang.get(f"/insights/{name}.xlsx").data))
        assert 1234.5 in [v for sheet in book for row in sheet.values for v in row], name
    page = words(fang.get(f"/insights/papers?customer={firm.a.id}"))
    assert paper.number in page and "1,234.50</span> <small" in page
    assert paper.number not in words(fang.get(f"/insights/papers?customer={firm.b.id}"))
    assert "1234.5" in fang.get("/insights/papers.csv").get_data(as_text=True)
    page = words(fang.get(f"/customers/{firm.a.id}"))
    assert (
        '1,234.50 <small class="currency">CNY' in page
        and "1,394.99" in page
        and paper.number in page
    )


def test_figures_lead_to_exactly_their_papers(firm, fang):
    firm.issued(price="100")
    firm.issued(price="30", customer=firm.b, by=firm.chen)
    page = fang.get("/insights/customers").get_data(as_text=True)
    found = 0
    for href, value in re.findall(
        r'<a href="(/insights/papers[^"]*)"><span class="money">([\d,.]+)</span>', page
    ):
        assert f"{value}</span> <small" in words(fang.get(href.replace("&amp;", "&")))
        found += 1
    assert found >= 2


def test_people_see_figures_of_their_own_customers_only(firm, sign_in):
    firm.issued(price="100")
    firm.issued(price="30", customer=firm.b, by=firm.chen)
    assert "100.00" in words(sign_in(firm.li).get("/insights/overview")) and "130.00" not in words(
        sign_in(firm.li).get("/insights/overview")
    )
    assert "Beta Ltd" not in words(
        sign_in(firm.wang).get("/insights/customers")
    ) and "130.00" in words(sign_in(firm.fang).get("/insights/overview"))
    firm.pen.revise(firm.li, cost=100)
    assert (
        sign_in(firm.zhao).get("/insights/").status_code == 403
        and sign_in(firm.li).get("/insights/monthly").status_code == 403
    )


def test_currencies_are_never_added(firm, fang):
    firm.issued(price="100")
    firm.issued(price="70", currency="EUR")
    assert "100.00" in words(fang.get("/insights/overview?currency=CNY")) and "170.00" not in words(
        fang.get("/insights/overview")
    )
    page = words(fang.get("/insights/overview?currency=EUR"))
    assert "70.00" in page and "100.00 <small" not in page


def test_a_target_stands_beside_what_was_sold(firm, sign_in):
    firm.issued(price="50")
    Target.define(firm.wang, firm.li, today(), "CNY", 20000)
    page = words(sign_in(firm.wang).get("/insights/salespeople?period=month"))
    assert "200.00" in page and "25.0%" in page
    assert "200.00" in words(sign_in(firm.wang).get("/insights/targets"))


def test_the_box_finds_as_one_types_and_on_its_page(firm, sign_in):
    li = sign_in(firm.li)
    paper = firm.issued(price="77")
    piece = words(li.get("/search/?q=北京", headers={"HX-Request": "true"}))
    assert (
        piece.lstrip().startswith('<div id="found"')
        and "北京甲公司" in piece
        and paper.number in piece
    )
    assert paper.number in words(li.get("/search/?q=87.01")) and "Anna" in words(
        li.get("/search/?q=an")
    )
    assert "Beta" not in words(li.get("/search/?q=Beta Ltd")).replace("Beta Ltd”", "").replace(
        'value="Beta Ltd"', ""
    )
    assert "北京甲公司" in words(li.get("/search/?q=bjjgs"))


def test_the_page_of_a_customer_tells_rhythm_and_lateness(firm, fang):
    import datetime as dt

    from models.core.clock import at, now

    for days in (200, 170, 140):
        with at(now() - dt.timedelta(days=days)):
            firm.issued(price="100")
    tabs = ("purchases", "money")
    page = "".join(words(fang.get(f"/customers/{firm.a.id}?tab={tab}")) for tab in tabs)
    expected = today() - dt.timedelta(days=110)
    assert "30 days" in page and expected.isoformat() in page and "late by 110 days" in page
    assert Customer.get_by_id(firm.a.id).name in page and "&gt; 90" in page


def answer(browser, name, **query):
    page = browser.get(f"/insights/{name}", query_string=query).get_data(as_text=True)
    text = page.partition('class="answer">')[2].partition("</p>")[0]
    return re.sub(r"<[^>]+>", "", text)


def test_four_questions_are_answered_in_a_sentence(firm, sign_in):
    browser = sign_in(firm.fang)
    for name in QUESTIONS:
        assert answer(browser, name) == "No sales in this period."
    firm.issued(price="100")
    assert answer(browser, "overview") == (
        "You sold 100.00 CNY. There is no year before to compare with."
    )
    assert answer(browser, "customers") == "Only 北京甲公司 bought: 100.00 CNY."
    assert answer(browser, "products") == "Only Free-text item was sold: 100.00 CNY."
    assert answer(browser, "salespeople") == "Only 李销售 sold: 100.00 CNY."
    firm.issued(price="300", customer=firm.b, by=firm.chen)
    assert answer(browser, "customers") == "2 customers bought. Beta Ltd makes 75% of sales."
    assert answer(browser, "overview", currency="EUR").startswith("You sold 400.00 CNY")
    browser.post("/language", data={"language": "zh"})
    assert answer(browser, "customers") == "共 2 家客户购买。Beta Ltd 占销售额 75%。"


@pytest.mark.parametrize(
    "before, now_, said",
    [
        (
            ["100"],
            ["50", "70"],
            "20% more than a year before: more sales (2 instead of 1), but each worth 40% less.",
        ),
        (
            ["100", "100"],
            ["150"],
            "25% less than a year before: fewer sales (1 instead of 2), but each worth 50% more.",
        ),
        (["100"], ["100"], "as much as a year before: as many sales (1), each worth as much."),
    ],
)
def test_the_sentence_tells_how_the_year_before_was_and_why(firm, fang, before, now_, said):
    with at(now() - dt.timedelta(days=365)):
        for price in before:
            firm.issued(price=price)
    for price in now_:
        firm.issued(price=price)
    assert said in answer(fang, "overview", period="month")


def test_the_change_is_traced_to_its_customers(firm, fang):
    with at(now() - dt.timedelta(days=365)):
        firm.issued(price="100")
        firm.issued(price="40", customer=firm.b, by=firm.chen)
    firm.issued(price="130")
    page = words(fang.get("/insights/overview?period=month"))
    card = page.partition('id="insight-sources"')[2].partition("</section>")[0]
    sums = re.findall(r">(-?[\d.,]+)</span>", card)
    assert sums == ["-40.00", "0.00", "30.00", "0.00", "-10.00"]


def test_details_stay_reachable_under_their_question(firm, fang):
    for name in PAGES:
        page = words(fang.get(f"/insights/{name}"))
        tabs = page.partition('id="insight-questions"')[2].partition("</nav>")[0]
        assert tabs.count("<a ") == 5 and tabs.count("aria-current") == 1, name
        details = page.partition('id="insight-details"')[2].partition("</nav>")[0]
        assert f"/insights/{name}" in details, name


def test_what_the_figures_suggest_leads_to_its_act(firm, sign_in):
    for days in (200, 170, 140):
        with at(now() - dt.timedelta(days=days)):
            firm.issued(price="100")
    page = words(sign_in(firm.li).get("/insights/customers/suggestion"))
    assert "Lapsed customers" in page and 'href="/insights/acts/#stopped"' in page
    assert "Set targets" in words(sign_in(firm.wang).get("/insights/salespeople"))
    empty = words(sign_in(firm.li).get("/insights/products/suggestion"))
    assert "Nothing that calls for a decision now." in empty
    assert sign_in(firm.zhao).get("/insights/customers/suggestion").status_code == 403
