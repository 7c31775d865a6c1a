"""What is found is exactly what a plain LIKE would find, only sooner."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.adapters import search
from models.archive import Filing
from models.archive import filing as filings
from models.core.database import db
from models.operations import upkeep
from tests.support.plain import found_by_like

TEXTS = [
    "上海华信文具有限公司 INV-2026-0017 签字笔 0.5mm 黑",
    "华信 发票 2025-0999",
    "信华 发，票",
    'Alfreds Futterkiste 100% "Ikura" 200 ml',
    "ＡＢＣ－１２３ 全角",
    "桂花糕礼盒_x",
    "a",
    "票",
    "İstanbul ſtraße",
    "发票\n号码 26537912570200055449",
]


def same(text):
    return sorted(r.ident for r in search.find(text, ["t"])) == sorted(
        r.ident for r in found_by_like(text, "t")
    )


@pytest.fixture
def texts(firm):
    for i, text in enumerate(TEXTS, 1):
        search.index("t", i, text)


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
        ('"ikura"', [4]),
        ("_x", [6]),
        ("abc-123", [5]),
        ("ａｂｃ", [5]),
        ("华信文具有限公司", [1]),
        ("信发", []),
        ("0200055449", [10]),
        ("黑 笔", [1]),
        ("nothing here", []),
        ("", list(range(1, 11))),
    ],
)
def test_words_are_found_in_every_alphabet(texts, text, found):
    assert sorted(r.ident for r in search.find(text, ["t"])) == found and same(text)


WORD = st.text(alphabet="华信发票笔a1B-%_\"'* é（Ａ\\龙\U00020001\u3007", max_size=6)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(bodies=st.lists(WORD, min_size=1, max_size=5), word=WORD)
def test_ids_equal_those_of_a_plain_like(firm, bodies, word):
    for row in list(search.IndexedText.select().where(search.IndexedText.kind == "t")):
        search.remove("t", row.ident)
    for i, body in enumerate(bodies, 1):
        search.index("t", i, body, "read " + body[::-1])
    assert same(word)


def test_changed_and_dropped_texts_are_no_longer_found(texts):
    search.index("t", 1, "别的")
    search.remove("t", 2)
    assert [r.ident for r in search.find("华信", ["t"])] == [] and [
        r.ident for r in search.find("别的", ["t"])
    ] == [1]
    search.sweep()
    assert [r.ident for r in search.find("0999", ["t"])] == []


def test_facts_and_what_was_read_change_apart(texts):
    search.index("t", 1, read="从文件读出")
    search.index("t", 1, "新的事实")
    assert [r.ident for r in search.find("文件 事实", ["t"])] == [1] and [
        r.ident for r in search.find("签字笔", ["t"])
    ] == []


def test_a_paper_is_found_by_number_name_line_note_and_the_text_of_its_pdf(firm):
    paper = firm.issued(price="10", note="放在门卫处")
    Filing.file_document(firm.zhao, paper)
    filed = Filing.get()
    found = lambda text: [r.ident for r in search.find(text, ["filing"])]  # noqa: E731
    for text in (
        paper.number,
        "北京甲公司",
        "钢笔",
        "门卫",
        filed.code,
        f"{paper.number} 甲公司 钢笔",
    ):
        assert found(text) == [filed.id], text
    assert found("壹拾壹元叁角") == []
    filings.read_waiting()
    assert found("壹拾壹元叁角") == [filed.id] and Filing.get().read


def test_indexes_that_a_restore_did_not_bring_are_written_anew(texts):
    if not search._sqlite():
        return
    for table in ("search_pairs", "search_trigrams"):
        db.execute_sql(f"INSERT INTO {table} ({table}) VALUES ('delete-all')")
    assert len(search.differences()) == 2 and not list(search.find("华信", ["t"]))
    upkeep.fill_new()
    assert (
        search.differences() == []
        and same("华信")
        and sorted(r.ident for r in search.find("华信", ["t"])) == [1, 2]
    )
