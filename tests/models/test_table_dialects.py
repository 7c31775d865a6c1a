"""Random tables written in random dialects are read back equal."""

import csv
import io
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from models.adapters import tables
from models.adapters.tables.cell import clean
from models.adapters.tables.totals import Watch
from models.core.errors import Refused
from tests.support.sets import fully

HAN = "甲子乙丑丙寅商贸有限公司杭州宁波上海测试产品螺丝钢笔墨水"
LETTERS = {
    "utf-8": HAN + "abcäöüéABC ,;\"'\n",
    "utf-8-sig": HAN + 'abcé ,;"',
    "utf-16": HAN + "abcü;,\t",
    "gb18030": HAN + 'abcABC ,;"',
    "big5": "甲子商貿有限公司臺北上海測試產品abc ,;",
    "cp1252": 'abcdefghijABC ,;"',
}
HEADS = ["number", "date", "customer", "amount", "note"]


@st.composite
def dialects(draw):
    encoding = draw(st.sampled_from(sorted(LETTERS)))
    text = st.text(LETTERS[encoding], min_size=1, max_size=12)
    kept = text.map(lambda t: clean(t) or "x").filter(lambda t: not Watch.has_word([t]))
    rows = draw(
        st.lists(
            st.tuples(
                st.from_regex(r"[A-Z]{2}-[0-9]{3}", fullmatch=True),
                st.dates().map(str),
                kept,
                st.decimals(0, 99999, places=2).map(str),
                st.one_of(st.just(""), kept),
            ),
            min_size=2,
            max_size=8,
        )
    )
    return (
        encoding,
        draw(st.sampled_from(",;\t|")),
        draw(st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL])),
        draw(st.sampled_from([[], [["Report 2024"]], [["Report"], ["Account:", "12"], []]])),
        draw(st.booleans()),
        [list(row) for row in rows],
    )


def as_csv(encoding, separator, quoting, above, rows):
    out = io.StringIO()
    csv.writer(out, delimiter=separator, quoting=quoting).writerows([*above, HEADS, *rows])
    return out.getvalue().encode(encoding)


def as_xlsx(above, rows):
    book = Workbook()
    for row in [*above, HEADS, *rows]:
        book.active.append([cell or None for cell in row])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def as_html(above, rows):
    lines = ("".join(f"<td>{escape(c)}</td>" for c in row) for row in [*above, HEADS, *rows])
    page = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<html><meta charset="utf-8"><table>{page}</table></html>'.encode()


@settings(max_examples=fully(60, 500), deadline=None)
@given(dialects(), st.sampled_from(["csv", "xlsx", "html"]))
def test_a_table_is_read_back_equal(dialect, form):
    encoding, separator, quoting, above, with_sum, rows = dialect
    ending = [["合计" if "gb" in encoding else "Total", "", "", "1.00", ""]] if with_sum else []
    data = {
        "csv": lambda: as_csv(encoding, separator, quoting, above, rows + ending),
        "xlsx": lambda: as_xlsx(above, rows + ending),
        "html": lambda: as_html(above, rows + ending),
    }[form]()
    found = tables.parse(data, f"x.{form}", set(HEADS))
    if asked := [q for q in found.questions if q["name"] == "encoding"]:
        assert encoding in [value for value, _ in asked[0]["alternatives"]]
        found = tables.parse(data, f"x.{form}", set(HEADS), encoding=encoding)
    if form == "html":
        rows = [[" ".join(cell.split()) for cell in row] for row in rows]
    assert (found.heads, [cells for _, cells in found.rows]) == (HEADS, rows)
    assert [why for _, _, why in found.left_out].count("total") == with_sum
    if form == "csv":
        assert found.choices["separator"] == separator


@pytest.mark.parametrize("data", [b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"a\x00b", b"\x03dbf"])
@settings(max_examples=fully(30, 300), deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_give_a_table_or_are_refused(data, more):
    for name in ("x.csv", "x.dbf"):
        try:
            tables.parse(data + more, name)
        except Refused:
            continue
