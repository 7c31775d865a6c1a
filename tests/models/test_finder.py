"""Everything is found by its words, and the quick way finds exactly what a plain look at every row
finds."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from models.adapters import finder
from models.customers import Customer
from models.documents import Document
from models.products import Product


@pytest.fixture
def trade(firm):
    Customer.enter(
        firm.li,
        name="上海华信文具有限公司",
        code="HX-08",
        short_name="华信",
        phone="021-5555 0188",
        tags=["重点"],
    )
    Customer.enter(firm.li, name="100%_纯棉\\布行", code="Q%1")
    Customer.enter(firm.li, name="京甲北公司", code="京甲")
    Product.enter(firm.li, code="T-01", name="龙井茶 特级", price=1, category="茶叶")
    for price in ("12000", "80", "999.99"):
        firm.issued(price=price, reference=f"合同 PO-{price}")
    firm.draft(price="7")
    return firm


def plainly(text, kind):
    """The ids that hold every word of the text, by looking at each row."""
    found = set()
    for row in finder.SOURCES[kind].select():
        lines = [" ".join(finder.plain(w).split()) for w in row.search_words() if w]
        if text.strip() and all(
            any(t in line if len(t) > 1 else line.startswith(t) for line in lines)
            for t in finder.terms(text)
        ):
            found.add(row.id)
    return found


TEXTS = [
    "华信",
    "上海华信",
    "北京",
    "北京甲",
    "公司",
    "京甲北",
    "有限公司",
    "hxwj",
    "shhxwj",
    "huaxin",
    "hx",
    "HX",
    "HX-08",
    "08",
    "x-0",
    "100%",
    "%_",
    "_",
    "%",
    "\\布",
    "纯棉",
    "q%",
    "龙井",
    "茶",
    "茶叶",
    "t-01",
    "特级 龙井",
    "anna",
    "阿敏",
    "am",
    "INV-2026",
    "2026-0001",
    "inv-2026-0002",
    "12000",
    "13,560.00",
    "1,129.99",
    "合同",
    "po-80",
    "合同 80",
    '"',
    "'",
    "a'b",
    "021-5555",
    "5555 0188",
    "重点",
    "",
    "  ",
    "没有",
    "zz",
    "Beta Ltd",
    "b",
    "北",
    "()",
    "🙂🙂",
    "OR",
    "NEAR",
]


def test_the_index_finds_what_a_plain_look_finds(trade):
    for text, (kind, cls) in itertools.product(TEXTS, finder.SOURCES.items()):
        long = (
            cls.search_short
            or len(min(finder.terms(text) or [""], key=len)) > 2
            or all(finder.CHINESE.fullmatch(t) and len(t) > 1 for t in finder.terms(text))
        )
        expected = plainly(text, kind) if long else set()
        assert {row[0] for row in finder.find(text, [kind]).tuples()} == expected, (text, kind)


WORDS = "华信文具北京甲上海公司钢笔龙井茶hxwjbjTInvpo0123456789-.,%_ \\'\""


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=strategies.data())
def test_whatever_is_typed_the_ids_are_those_of_a_plain_look(trade, data):
    lines = sorted(
        {
            line
            for cls in finder.SOURCES.values()
            for row in cls.select()
            for word in row.search_words()
            if word
            for line in [str(word)]
        }
    )
    line = data.draw(strategies.sampled_from(lines))
    begin = data.draw(strategies.integers(0, max(len(line) - 1, 0)))
    part = line[begin : begin + data.draw(strategies.integers(1, 12))]
    text = data.draw(
        strategies.sampled_from([part, part.upper(), f"{part} {line[:3]}"])
        | strategies.text(WORDS, min_size=1, max_size=6)
    )
    for kind, cls in finder.SOURCES.items():
        asked = finder.terms(text)
        if cls.search_short or all(
            len(t) > 2 or finder.CHINESE.fullmatch(t) and len(t) > 1 for t in asked
        ):
            assert {row[0] for row in finder.find(text, [kind]).tuples()} == plainly(text, kind), (
                text,
                kind,
            )


def test_every_verb_keeps_the_index_in_step(trade):
    firm = trade
    assert finder.differences() == []
    firm.a.revise(firm.li, name="北京乙公司")
    assert list(finder.find("北京甲")) == [] and finder.find("乙公司").count() == 1
    paper = Document.get(Document.state == "draft")
    paper.revise(firm.li, paper.version, [firm.line("4321")])
    assert finder.find("4882.73").count() == 1 and finder.differences() == []
    pen = Product.enter(firm.li, code="ZZ-9", name="橡皮", price=1)
    pen.take_back(firm.fang)
    assert finder.find("橡皮").count() == 0 and finder.differences() == []


def test_a_stale_index_is_named_and_rebuilt(trade):
    Customer.update(name="背着改的").where(Customer.id == trade.a.id).execute()
    finder.SearchEntry.delete().where(finder.SearchEntry.kind == "products").execute()
    assert f"search: customers {trade.a.id} is not indexed as it stands" in finder.differences()
    assert len(finder.differences()) == 1 + Product.select().count()
    finder.rebuild()
    assert (
        finder.differences() == []
        and finder.find("背着改").count() == 1
        and finder.find("龙井").count() == 1
    )


def test_people_find_only_what_they_may_see(trade):
    firm = trade
    assert (
        dict(finder.search(firm.li, "公司"))["customers"]
        and dict(finder.search(firm.chen, "公司"))["customers"] == []
    )
    assert [d.number for d in dict(finder.search(firm.li, "12000"))["documents"]] == [
        "INV-2026-0001"
    ]
    assert (
        dict(finder.search(firm.chen, "12000"))["documents"] == []
        and dict(finder.search(firm.fang, "12000"))["documents"]
    )


def test_what_begins_with_the_words_comes_first(trade):
    Customer.enter(trade.li, name="老华信", code="L1")
    assert [c.name for c in dict(finder.search(trade.li, "华信"))["customers"]] == [
        "上海华信文具有限公司",
        "老华信",
    ]


def test_any_word_of_an_entry_that_is_another_is_found_and_made_anew(trade):
    for change in ({"pairs": "x"}, {"kind": "customerz"}):
        finder.SearchEntry.update(**change).where(
            finder.SearchEntry.kind == "customers", finder.SearchEntry.ref == trade.a.id
        ).execute()
        assert finder.differences() != []
        finder.rebuild()
        assert finder.differences() == []
