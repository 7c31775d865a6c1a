"""Long tables are drawn by ourselves and look as the rest of the page, laid out by xhtml2pdf."""

import io
import re
from pathlib import Path

import pypdfium2
import pytest

from models.adapters.printing import lines, worker

HEAD = "".join(
    f'<th class="{side}" style="width: {width}%">{name}</th>'
    for name, width, side in (
        ("#", 10, ""),
        ("Item", 40, ""),
        ("Qty", 20, "right"),
        ("Sum", 30, "right"),
    )
)
NAMES = (
    "钢笔 0.5 毫米，黑色",
    "A name of many words that has to go on below",
    "Grüße &amp; &lt;Söhne&gt;",
    "",
)


def page(rows, other=""):
    style = Path("templates/pdf/_page.html").read_text().split("#}\n")[1]
    table = f'<table id="t" class="lines" repeat="1"><tr>{HEAD}</tr>{rows}</table>'
    body = f"<div id='foot'>F</div><p>before{other}</p>{table}<p>after</p>"
    return f"<html><head><title>P</title>{style}</head><body>{body}</body></html>"


def row(n, name, note=""):
    more = f'<br/><span class="muted">{note}</span>' if note else ""
    cells = f'<td>{n}</td><td> {name} {more} </td><td class="right">{n * 7}</td>'
    return f'<tr>{cells}<td class="right"><b>{n}.50</b></td></tr>'


def heading(text):
    return f'<tr><td colspan="4"><b>{text}</b></td></tr>'


def words(data):
    """[{word: where it stands} of each page], in points from the left and above."""
    found = []
    for sheet in pypdfium2.PdfDocument(io.BytesIO(data)):
        text = sheet.get_textpage()
        all_ = text.get_text_range()
        found.append(
            {word[0]: text.get_charbox(word.start()) for word in re.finditer(r"\S+", all_)}
        )
    return found


def text(data):
    return [" ".join(sheet) for sheet in words(data)]


def convert(html):
    data, warnings = worker.convert(html)
    assert warnings == []
    return data


def test_words_stand_where_xhtml2pdf_puts_them(monkeypatch):
    html = page(
        heading("Part one") + "".join(row(n, NAMES[n % 4], "S-1" * (n % 2)) for n in range(1, 9))
    )
    ours = words(convert(html))
    monkeypatch.setattr(lines, "TABLE", re.compile("never"))
    theirs = words(convert(html))
    assert len(ours) == len(theirs) == 1 and ours[0].keys() == theirs[0].keys()
    for word, box in theirs[0].items():
        assert box == pytest.approx(ours[0][word], abs=3), word


def test_each_row_is_printed_once_below_its_head():
    names = [f"No{n}x" for n in range(300)]
    data = convert(page("".join(row(n, name) for n, name in enumerate(names))))
    sheets = text(data)
    assert len(sheets) > 5 and all("Item" in sheet for sheet in sheets)
    assert re.findall(r"No\d+x", " ".join(sheets)) == names


def test_a_heading_goes_to_the_page_of_what_it_is_above():
    for before in range(20, 45):
        rows = "".join(row(n, "x") for n in range(before))
        sheets = text(convert(page(rows + heading("Part two") + row(99, "first"))))
        assert ["Part" in sheet for sheet in sheets] == ["first" in sheet for sheet in sheets]


def test_a_row_longer_than_a_page_goes_on_overleaf():
    note = " ".join(f"w{n}" for n in range(3000))
    sheets = text(convert(page(row(1, "x", note) + row(2, "y"))))
    assert len(sheets) > 2 and re.findall(r"w\d+", " ".join(sheets)) == note.split()


def test_what_does_not_fit_a_column_is_cut_and_not_drawn_over_the_next():
    data = convert(page(row(1, "W" * 300) + row(2, "字" * 300 + "。")))
    text_page = pypdfium2.PdfDocument(io.BytesIO(data))[0].get_textpage()
    boxes = [
        text_page.get_charbox(i) for i, c in enumerate(text_page.get_text_range()) if c in "W字"
    ]
    left, width = 51, 493
    assert len(boxes) == 600
    assert max(right for _l, _b, right, _t in boxes) < left + width * 0.5


def test_scripts_that_are_joined_are_left_to_xhtml2pdf():
    assert lines.taken_out(page(row(1, "مرحبا")))[1] == {}
    assert lines.taken_out(page(row(1, "x"), other="नमस्ते"))[1] == {}
    assert len(lines.taken_out(page(row(1, "Ünïcode 字")))[1]) == 1


def test_a_mark_that_somebody_types_is_text():
    html = page(row(1, "x"))
    [mark] = lines.taken_out(html)[1]
    assert mark in " ".join(text(convert(page(row(1, "x"), other=f" {mark}")))).replace(
        "table ", "table "
    )
