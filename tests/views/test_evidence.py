"""Every figure on every page of insights opens its papers, the papers give the same figure again,
and the page tells its rule."""

import datetime as dt
import html
import re

import pytest

from models.approvals import Task
from models.core.clock import at, now
from models.customers import Customer
from models.documents import Document
from models.payments import Payment
from models.products import Product
from tests.support.sets import fully
from views import lists
from views.staff.insights import QUESTIONS

# Figures that are not counted but reckoned out of the papers they open: the rule says how, the
# papers are what goes in.
RECKONED = {"season": ("Expected", "Past error"), "weak": ("Price", "Quantity", "Other products")}


def text(piece):
    return html.unescape(re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", piece))).strip()


def plain(value):
    """The bare number of a figure, so that a place that leaves out the currency says the same."""
    return re.sub(r"[^\d.,%+-]", "", value)


@pytest.fixture
def trade(made_once):
    return made_once("two_years", two_years)


def two_years(firm):
    """Two years of everything that the pages speak of."""
    tea = Product.enter(
        firm.li,
        code="T1",
        name="绿茶",
        unit="kg",
        price=80000,
        category="茶",
        cost=50000,
        tax=firm.tax,
    )
    ink = Product.enter(
        firm.li, code="I1", name="墨水", unit="瓶", price=12000, category="文具", tax=firm.tax
    )
    more = [Customer.enter(firm.li, name=f"客户{i}", code=f"K{i}") for i in range(6)]
    for i, customer in enumerate([firm.a, *more]):
        for n in range(7 - i):
            with at(now() - dt.timedelta(days=95 * n + 11 * i + 40)):
                paper = sale(
                    firm,
                    "invoice",
                    customer,
                    str(100 + 37 * i + n),
                    (tea, ink, None)[(i + n) % 3],
                    (0, 1000, 250)[n % 3],
                )
            if n % 2:
                with at(now() - dt.timedelta(days=95 * n - 9 * i - 10)):
                    Payment.receive(
                        firm.fang, customer, "CNY", paper.total, allocations=[(paper, paper.total)]
                    )
    for days in (500, 400):
        with at(now() - dt.timedelta(days=days)):
            sale(firm, "invoice", firm.b, "999", tea, by=firm.chen)
    sale(firm, "invoice", firm.b, "10", None, by=firm.chen).void(firm.fang, "开错")
    finish(firm, paper.convert(firm.li, "credit_note"))
    quote = sale(firm, "quote", firm.a, "70", ink)
    sale(firm, "quote", more[0], "30", None)
    order = finish(firm, quote.convert(firm.li, "order"))
    finish(firm, order.convert(firm.li, "invoice"))
    again = firm.draft(price="5")
    again.submit(by=firm.li)
    Task.get(Task.state == "open").reject(firm.wang, "价格不对") if Task.select().where(
        Task.state == "open"
    ).exists() else None
    return firm


def sale(firm, kind, customer, price, product, discount=0, by=None):
    line = {**firm.line(price, "2"), "discount": discount, "product": product and product.id}
    return finish(firm, Document.draft(by or firm.li, kind, customer, [line]), by)


def finish(firm, paper, by=None):
    paper.submit(by=by or firm.li)
    firm.approve_all(paper)
    Document.get_by_id(paper.id).issue(by=by or firm.li)
    return Document.get_by_id(paper.id)


def leads(page):
    """(href, value, label) of all figures that open something, and those that open nothing."""
    opened, closed = [], []
    for _tag, attrs, inner in re.findall(
        r'<(a|div)([^>]*class="figure [^>]*)>(.*?)</\1>', page, re.S
    ):
        label, value = (
            text(re.search(f'class="figure-{part}">(.*?)</span>(?=<span|$)', inner, re.S).group(1))
            for part in ("label", "value")
        )
        href = re.search(r'href="([^"]+)"', attrs)
        (opened if href else closed).append((href and html.unescape(href.group(1)), value, label))
    for row in re.findall(r"<tr>(.*?)</tr>", page, re.S):
        name = text(re.search(r"<td[^>]*>(.*?)</td>", row, re.S).group(1)) if "<td" in row else ""
        for attrs, inner in re.findall(r'<td class="num[^"]*"([^>]*)>(.*?)</td>', row, re.S):
            value, href = text(inner), re.search(r'href="([^"]+)"', inner)
            label = f"{name}/{''.join(re.findall('data-label=.([^>]*).', attrs))}"
            if href:
                opened.append((html.unescape(href.group(1)), value, label))
            elif value != "–" and not value.endswith("%"):
                closed.append((None, value, label))
    return opened, closed


def reckoned(name, label):
    return any(label.startswith(x) for x in RECKONED.get(name, ()))


# What stands beside figures: reckoned from others of its row, or typed in by people.
BESIDE = {
    "weak": ("Change", "Together"),
    "season": ("Forecast", "Deviation"),
    "salespeople": ("Target",),
    "overview": (),
}


@pytest.mark.parametrize(
    "query",
    fully(
        ["period=12m&basis=order"],
        ["period=12m", "period=all", "period=12m&basis=order", "period=12m&owner=3"],
    ),
)
def test_every_figure_opens_papers_that_give_it_again(trade, sign_in, query):
    fang, wrong = sign_in(trade.fang), []
    for name in QUESTIONS:
        opened, closed = figures(fang, name, query)
        wrong += [(name, "opens nothing", *c[1:]) for c in closed]
        wrong += [(name, *problem) for lead in opened if (problem := opens(fang, name, *lead))]
        assert opened or "order" in query or name == "paying", name
    assert not wrong, "\n".join(map(str, wrong))


def figures(browser, name, query):
    """What the page's figures lead to, and those that should lead somewhere and do not; the page
    must tell its rule."""
    page = browser.get(f"/insights/{name}?{query}", headers={"Accept-Language": "en"}).get_data(
        as_text=True
    )
    rule = re.search(r'<details class="rule">(.*?)</details>', page, re.S)
    assert len(text(rule.group(1))) > 60, name
    opened, closed = leads(page[rule.end() :])
    if name == "cohorts":  # a share, as the number of customers that it is of those who began
        began = {
            label.split("/")[0]: int(value)
            for _href, value, label in opened
            if not value.endswith("%")
        }
        opened = [
            (
                href,
                str(round(int(value[:-2]) * began[label.split("/")[0]] / 100))
                if value.endswith("%")
                else value,
                label,
            )
            for href, value, label in opened
        ]
    return opened, [c for c in closed if not any(word in c[2] for word in BESIDE.get(name, ()))]


def opens(fang, name, href, value, label):
    """What is wrong with what a figure opens; None when its papers give it again."""
    answer = fang.get(href)
    if answer.status_code != 200:
        return label, answer.status_code, href
    if "/documents/" in href:
        return None
    behind = answer.get_data(as_text=True)
    asked = re.search(
        (
            r'aria-current="true">\s*<span class="figure-label">.*?</span>\s*<span '
            r'class="figure-value">(.*?)</span>\s*(?=<span|</div>)'
        ),
        behind,
        re.S,
    )
    if not asked:
        return label, "says nothing of it", href
    again = plain(text(asked.group(1)))
    if not reckoned(name, label) and not same(again, plain(value), href):
        return label, value, again, href
    if plain(value) not in ("", "–", "0", "0.00", "0.0%", "0%") and not re.search(
        r'class="lead nowrap">\s*<a href="/documents/', behind
    ):
        return label, value, "no papers", href
    return None


def same(again, value, href):
    """The same figure; what is lost is below zero where it is part of a change."""
    return (
        again == value
        or {again, value} <= {"", "–", "0", "0.00"}
        or ("only=lost" in href and "figure=net" in href and value == f"-{again}")
    )


def test_the_figures_on_a_customers_page_open_their_papers_too(trade, sign_in):
    fang = sign_in(trade.fang)
    page = fang.get(
        f"/customers/{trade.a.id}?tab=purchases", headers={"Accept-Language": "en"}
    ).get_data(as_text=True)
    assert len(text(re.search(r'<details class="rule">(.*?)</details>', page, re.S).group(1))) > 60
    found = re.findall(r'<a href="(/insights/papers[^"]*figure=[^"]*)"[^>]*>(.*?)</a>', page, re.S)
    assert len(found) > 10
    for href, inner in found:
        value = re.search(r'class="figure-value">(.*?)</span>', inner, re.S)
        shown = text(value.group(1) if value else inner)
        wrong = re.search(r"\d", shown) and opens(
            fang, "customer", html.unescape(href), shown, ""
        )  # a product's name opens the same papers
        assert not wrong, wrong


def test_what_url_for_takes_for_its_own_brings_the_page_not_down(firm, sign_in):
    """They went from the query into url_for(), as form and endpoint."""
    for query in ("form=csv", "endpoint=x", "_method=POST", "_external=1&_scheme=javascript"):
        answer = sign_in(firm.wang).get(f"/insights/papers?{query}")
        assert answer.status_code == 200 and "javascript://" not in answer.text, query


@pytest.mark.parametrize("sort", ["date", "net", "customer", "number"])
def test_the_documents_of_a_figure_come_once_each_in_the_order_asked(
    trade, sign_in, monkeypatch, sort
):
    monkeypatch.setattr(lists, "SIZE", 4)
    browser = sign_in(trade.ada)
    keys = {
        "date": lambda d: (d.issued_on, d.id),
        "net": lambda d: (d.net, d.id),
        "customer": lambda d: (d.customer.name, d.id),
        "number": lambda d: (as_counted_text(d.number), d.id),
    }
    kinds = Document.kind.in_(("invoice", "credit_note"))
    sold = sorted(Document.standing().where(kinds), key=keys[sort])
    for way, expected in (("", sold), ("-", sold[::-1])):
        path, found = f"/insights/papers?period=all&sort={way}{sort}", []
        while path:
            page = browser.get(path).text
            found += map(
                int, re.findall(r'class="lead nowrap">\s*<a href="/documents/(\d+)"', page)
            )
            more = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
            path = more and f"/insights/papers{html.unescape(more[1])}"
        assert found == [d.id for d in expected]


def as_counted_text(number):
    """The number so that 10 comes after 9."""
    stem = number.rstrip("0123456789")
    return stem + number[len(stem) :].zfill(20)
