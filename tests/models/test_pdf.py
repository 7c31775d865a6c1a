"""The printed papers: text, wrapping, pages, nothing fetched."""

import io
import os
import signal

import pypdfium2
import pytest

from models.adapters.printing import pdf, pool
from models.documents import Document
from models.documents.words import in_words

pytestmark = pytest.mark.real_pdf


def pages(data):
    return [p.get_textpage().get_text_range() for p in pypdfium2.PdfDocument(io.BytesIO(data))]


@pytest.mark.parametrize("kind", ["quote", "order", "delivery_note", "invoice", "credit_note"])
@pytest.mark.parametrize("language, word", [("zh", "客户"), ("en", "Customer")])
def test_every_kind_prints_without_a_warning(firm, kind, language, word):
    paper = firm.draft(kind, price="1247.35", language=language).freeze(
        number="N-1", base_url="http://x"
    )
    data, warnings = pdf.render_with_warnings(paper)
    text = "".join(pages(data))
    assert (
        warnings == []
        and "N-1" in text
        and "北京甲公司" in text
        and word in text
        and "■" not in text
    )
    assert kind == "delivery_note" or "1,409.51" in text


def test_a_long_paper_repeats_its_head_and_counts_its_pages(firm):
    lines = [{**firm.line(), "name": f"货品 {n} " + "很长的名称" * 8} for n in range(100)]
    paper = Document.draft(firm.li, "invoice", firm.a, lines).freeze(number="N-1")
    text = pages(pdf.render(paper))
    assert (
        len(text) > 3
        and all("单价" in page for page in text[:-1])
        and f"第 1 页，共 {len(text)} 页" in text[0]
    )


def test_long_words_stay_on_the_paper(firm):
    names = ["超长" * 100, "W" * 200]
    paper = Document.draft(
        firm.li, "invoice", firm.a, [{**firm.line(), "name": n} for n in names]
    ).freeze(number="N-1")
    page = pypdfium2.PdfDocument(io.BytesIO(pdf.render(paper)))[0]
    text = page.get_textpage()
    boxes = [text.get_charbox(i) for i in range(text.count_chars())]
    assert max(b[2] for b in boxes) <= page.get_width() - 40


@pytest.mark.asvs("1.3.6", "13.2.5")
def test_a_line_cannot_bring_in_pictures(firm):
    line = {**firm.line(), "name": '<img src="http://127.0.0.1:9/x.png"><b>钢笔</b>'}
    data, warnings = pdf.render_with_warnings(
        Document.draft(firm.li, "invoice", firm.a, [line]).freeze()
    )
    assert warnings == [] and "<b>" in "".join(pages(data))


@pytest.mark.parametrize(
    "amount, text",
    [
        (140950, "人民币壹仟肆佰零玖元伍角"),
        (1640902, "人民币壹万陆仟肆佰零玖元零贰分"),
        (10000000100, "人民币壹亿零壹元整"),
        (5, "人民币伍分"),
        (0, "人民币零元整"),
        (1000000, "人民币壹万元整"),
        (10010, "人民币壹佰元壹角"),
        (100500000, "人民币壹佰万伍仟元整"),
    ],
)
def test_amounts_in_chinese_capitals(amount, text):
    assert in_words(amount, "CNY", "zh") == text


@pytest.mark.parametrize("blow", [signal.SIGKILL, signal.SIGSTOP])
@pytest.mark.asvs("15.2.2")
def test_a_dead_or_hanging_worker_costs_no_paper(firm, monkeypatch, blow):
    paper = firm.draft().freeze(number="N-1")
    pdf.render(paper)
    monkeypatch.setattr(pool, "LONGEST", 8)
    for pid in list(pool._workers()._processes):
        os.kill(pid, blow)
    assert "N-1" in "".join(pages(pdf.render(paper)))


@pytest.mark.parametrize("language", ["zh", "en"])
def test_seen_as_a_picture_nothing_runs_over_the_margins_or_into_the_next_column(firm, language):
    names = ["超长的货品名称" * 14, "Unbreakable" * 15, "短"]
    lines = [
        {
            **firm.line("99999999.99", "1"),
            "name": n,
            "code": "C" * 20,
            "note": "备注" * 60,
            "unit": "平方米",
        }
        for n in names
    ] * 6
    paper = Document.draft(
        firm.li,
        "invoice",
        firm.a,
        lines,
        language=language,
        note="很长的说明" * 80,
        reference="R" * 60,
    ).freeze(number="N-1")
    document = pypdfium2.PdfDocument(io.BytesIO(pdf.render(paper)))
    assert len(document) > 1
    for page in document:
        picture = page.render(scale=2).to_pil().convert("L")
        width, height = picture.size
        for edge in ((0, 0, 56, height), (width - 56, 0, width, height)):
            assert picture.crop(edge).getextrema()[0] > 240, "ink in the margin"
        text = page.get_textpage()
        boxes = [
            (text.get_text_range(i, 1), text.get_charbox(i)) for i in range(text.count_chars())
        ]
        drawn = [(a, b) for a, b in boxes if a.strip() and b[2] > b[0]]
        for i, (sign, (left, low, right, high)) in enumerate(drawn[:-1]):
            for other, (left2, low2, right2, high2) in drawn[i + 1 : i + 60]:
                over = min(right, right2) - max(left, left2), min(high, high2) - max(low, low2)
                assert over[0] < 1.5 or over[1] < 1.5, f"{sign} lies on {other}"
