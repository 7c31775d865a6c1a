"""Everything is found by its words, and the quick way finds exactly what a plain look at every row
or text finds, whatever the alphabet."""

import itertools

import pytest
from hypothesis import HealthCheck, given, settings, strategies

from models.adapters import search
from models.adapters.search import texts as kept_texts
from models.adapters.search.rows import SearchEntry
from models.adapters.search.texts import IndexedText
from models.adapters.search.words import CHINESE
from models.archive import Filing
from models.archive import filing as filings
from models.core.clock import now
from models.core.database import db
from models.customers import Customer
from models.documents import Document
from models.operations import upkeep
from models.products import Product
from tests.support.plain import found_by_like

ROW_KINDS = {kind: cls for kind, cls in search.SOURCES.items() if kind != "filings"}


def ids(text, kind="notes"):
    return sorted(row[0] for row in search.find(text, kind).tuples())


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
    for row in ROW_KINDS[kind].select():
        lines = [" ".join(search.plain(w).split()) for w in row.search_words() if w]
        if text.strip() and all(
            any(t in line if len(t) > 1 else line.startswith(t) for line in lines)
            for t in search.words(text)
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


@pytest.fixture(params=[2000, 0], ids=["few", "many"])
def looked_up(request, monkeypatch):
    """However many rows the word indexes find."""
    monkeypatch.setattr(search.rows, "MANY", request.param)


def test_the_index_finds_what_a_plain_look_finds(trade, looked_up):
    for text, (kind, cls) in itertools.product(TEXTS, ROW_KINDS.items()):
        long = (
            cls.search_short
            or len(min(search.words(text) or [""], key=len)) > 2
            or all(CHINESE.fullmatch(t) and len(t) > 1 for t in search.words(text))
        )
        expected = plainly(text, kind) if long else set()
        assert ids(text, kind) == sorted(expected), (text, kind)


WORDS = "华信文具北京甲上海公司钢笔龙井茶hxwjbjTInvpo0123456789-.,%_ \\'\""


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=strategies.data())
def test_whatever_is_typed_the_ids_are_those_of_a_plain_look(trade, looked_up, data):
    lines = sorted(
        {
            line
            for cls in ROW_KINDS.values()
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
    for kind, cls in ROW_KINDS.items():
        asked = search.words(text)
        if cls.search_short or all(
            len(t) > 2 or CHINESE.fullmatch(t) and len(t) > 1 for t in asked
        ):
            assert ids(text, kind) == sorted(plainly(text, kind)), (text, kind)


def test_every_verb_keeps_the_index_in_step(trade):
    firm = trade
    assert search.differences() == []
    firm.a.revise(firm.li, name="北京乙公司")
    assert ids("北京甲", "customers") == [] and ids("乙公司", "customers") == [firm.a.id]
    paper = Document.get(Document.state == "draft")
    paper.revise(firm.li, paper.version, [firm.line("4321")])
    assert ids("4882.73", "documents") == [paper.id] and search.differences() == []
    pen = Product.enter(firm.li, code="ZZ-9", name="橡皮", price=1)
    pen.remove(firm.fang, "taken_back")
    assert ids("橡皮", "products") == [] and search.differences() == []


def test_a_stale_index_is_named_and_rebuilt(trade):
    Customer.update(name="背着改的").where(Customer.id == trade.a.id).execute()
    SearchEntry.delete().where(SearchEntry.kind == "products").execute()
    assert f"search: customers {trade.a.id} is not indexed as it stands" in search.differences()
    assert len(search.differences()) == 1 + Product.select().count()
    search.rebuild()
    assert (
        search.differences() == []
        and ids("背着改", "customers") == [trade.a.id]
        and len(ids("龙井", "products")) == 1
    )


def test_people_find_only_what_they_may_see(trade):
    firm = trade
    assert (
        dict(search.seen_by(firm.li, "公司"))["customers"]
        and dict(search.seen_by(firm.chen, "公司"))["customers"] == []
    )
    assert [d.number for d in dict(search.seen_by(firm.li, "12000"))["documents"]] == [
        "INV-2026-0001"
    ]
    assert (
        dict(search.seen_by(firm.chen, "12000"))["documents"] == []
        and dict(search.seen_by(firm.fang, "12000"))["documents"]
    )


def test_what_begins_with_the_words_comes_first(trade, looked_up):
    Customer.enter(trade.li, name="老华信", code="L1")
    assert [c.name for c in dict(search.seen_by(trade.li, "华信"))["customers"]] == [
        "上海华信文具有限公司",
        "老华信",
    ]


def test_any_word_of_an_entry_that_is_another_is_found_and_made_anew(trade):
    for change in ({"pairs": "x"}, {"kind": "customerz"}):
        SearchEntry.update(**change).where(
            SearchEntry.kind == "customers", SearchEntry.ref == trade.a.id
        ).execute()
        assert search.differences() != []
        search.rebuild()
        assert search.differences() == []


BODIES = [
    "上海华信文具有限公司 INV-2026-0017 签字笔 0.5mm 黑",
    "华信 发票 2025-0999",
    "信华 发，票",
    'Falkenhof Feast 100% "Honey" 500 g 12,000.50',
    "ＡＢＣ－１２３ 全角",
    "桂花糕礼盒_x",
    "a",
    "票",
    "İstanbul ſtraße",
    "发票\n号码 26537912570200055449",
]


class Note:
    """A thing with facts, found as a file is."""

    search_kind, search_store = "notes", kept_texts

    def __init__(self, ident, *facts):
        self.ident, self.facts = ident, facts

    def get_id(self):
        return self.ident

    def search_words(self):
        return self.facts


@pytest.fixture
def notes(firm, monkeypatch):
    monkeypatch.setitem(search.SOURCES, "notes", Note)
    for i, body in enumerate(BODIES, 1):
        search.index(Note(i, *body.splitlines()))


def same(text):
    return ids(text) == sorted(r.ident for r in found_by_like(text, "notes"))


@pytest.mark.parametrize(
    "text, found",
    [
        ("华信", [1, 2]),
        ("信", [1, 2, 3]),
        ("发票", [2, 10]),
        ("票", [2, 3, 8, 10]),
        ("2025-0999", [2]),
        ("0017", [1]),
        ("inv", [1]),
        ("IN", [1]),
        ("华信 签字笔", [1]),
        ("100%", [4]),
        ('"honey"', [4]),
        ("_x", [6]),
        ("abc-123", [5]),
        ("ａｂｃ", [5]),
        ("华信文具有限公司", [1]),
        ("信发", []),
        ("0200055449", [10]),
        ("黑 笔", [1]),
        ("nothing here", []),
        ("", []),
        ("12,000.50", [4]),
        ("12000.5", [4]),
    ],
)
def test_words_are_found_in_every_alphabet(notes, text, found):
    assert ids(text) == found and (same(text) or not text)


WORD = strategies.text(alphabet="华信发票笔a1B-%_\"'* é（Ａ\\龙\U00020001\u3007,23", max_size=6)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(bodies=strategies.lists(WORD, min_size=1, max_size=5), word=WORD)
def test_ids_equal_those_of_a_plain_like(notes, bodies, word):
    for row in list(IndexedText.select().where(IndexedText.kind == "notes")):
        search.remove(Note(row.ident))
    for i, body in enumerate(bodies, 1):
        search.index(Note(i, body))
        search.read(Note(i, body), "read " + body[::-1])
    assert same(word) or not search.words(word)
    search.rebuild()
    assert same(word) or not search.words(word)


@pytest.mark.on_postgres
@pytest.mark.parametrize("word", ["华信", "信", "华信文具"])
def test_chinese_words_are_read_from_an_index(notes, word):
    IndexedText.insert_many(
        {"kind": "notes", "ident": n, "own": 1, "body": f"{n} 發票", "at": now()}
        for n in range(100, 4000)
    ).execute()
    db.execute_sql("ANALYZE indexed_text")
    sql, given = search.find(word, "notes").sql()
    plan = "\n".join(line for (line,) in db.execute_sql(f"EXPLAIN {sql}", given))
    assert "indexed_text_chinese" in plan and same(word), plan


def test_changed_and_dropped_texts_are_no_longer_found(notes):
    search.index(Note(1, "别的"))
    search.remove(Note(2))
    assert ids("华信") == [] and ids("别的") == [1]
    search.sweep()
    assert ids("0999") == []


def test_facts_and_what_was_read_change_apart(notes):
    search.read(Note(1, "旧的"), "从文件读出")
    search.index(Note(1, "新的事实"))
    assert ids("文件 事实") == [1] and ids("签字笔") == ids("旧的") == []


def test_a_paper_is_found_by_number_name_line_note_and_the_text_of_its_pdf(firm):
    paper = firm.issued(price="10", note="放在门卫处")
    Filing.file_document(firm.zhao, paper)
    filed = Filing.get()
    for text in (
        paper.number,
        "北京甲公司",
        "钢笔",
        "门卫",
        filed.code,
        f"{paper.number} 甲公司 钢笔",
    ):
        assert ids(text, "filings") == [filed.id], text
    assert ids("壹拾壹元叁角", "filings") == []
    filings.read_waiting()
    assert ids("壹拾壹元叁角", "filings") == [filed.id] and Filing.get().read


@pytest.mark.on_sqlite
def test_indexes_that_a_restore_did_not_bring_are_written_anew(notes):
    for table in ("search_pairs", "search_trigrams"):
        db.execute_sql(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    assert len(search.differences()) == 2 and ids("华信") == []
    entries = list(SearchEntry.select(SearchEntry.id).tuples())
    upkeep.fill_new()
    assert search.differences() == [] and ids("华信") == [1, 2] and same("华信")
    assert list(SearchEntry.select(SearchEntry.id).tuples()) == entries, "these came along"
