"""Random tables written in random dialects are read back equal."""

import csv
import io
import re
from decimal import Decimal
from html import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from models.adapters import tables
from models.adapters.tables.cell import clean
from models.adapters.tables.totals import Watch
from models.core.errors import Refused
from tests.support.ods import ods_of
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


def as_ods(above, rows):
    """Dates and amounts as such, blank cells and rows repeated, as LibreOffice writes them."""
    lines = "".join(f"<table:table-row>{_ods_cells(row)}</table:table-row>" for row in above)
    lines += "".join(
        f"<table:table-row>{_ods_cells(row, typed=row[0] != HEADS[0])}</table:table-row>"
        for row in [HEADS, *rows]
    )
    lines += '<table:table-row table:number-rows-repeated="1000"><table:table-cell/>'
    return ods_of(f"{lines}</table:table-row>")


def _ods_cells(row, typed=False):
    found = ""
    for column, cell in enumerate(row):
        kind = {1: "date", 3: "float"}.get(column, "string") if typed and cell else "string"
        value = {"date": f' office:date-value="{cell}"', "float": f' office:value="{cell}"'}
        text = "".join(f"<text:p>{_ods_text(line)}</text:p>" for line in cell.split("\n"))
        found += f'<table:table-cell office:value-type="{kind}"{value.get(kind, "")}>{text}'
        found += "</table:table-cell>"
    return found + '<table:table-cell table:number-columns-repeated="1019"/>'


def _ods_text(line):
    text = escape(line, quote=False).replace("\t", "<text:tab/>")
    return re.sub(
        " ( +)|^ | $", lambda m: (" " if m[1] else "") + _ods_blanks(len(m[1] or " ")), text
    )


def _ods_blanks(count):
    return f'<text:s text:c="{count}"/>'


def as_html(above, rows):
    lines = ("".join(f"<td>{escape(c)}</td>" for c in row) for row in [*above, HEADS, *rows])
    page = "".join(f"<tr>{line}</tr>" for line in lines)
    return f'<html><meta charset="utf-8"><table>{page}</table></html>'.encode()


@settings(max_examples=fully(60, 500), deadline=None)
@given(dialects(), st.sampled_from(["csv", "xlsx", "html", "ods"]))
def test_a_table_is_read_back_equal(dialect, form):
    encoding, separator, quoting, above, with_sum, rows = dialect
    ending = [["合计" if "gb" in encoding else "Total", "", "", "1.00", ""]] if with_sum else []
    data = {
        "csv": lambda: as_csv(encoding, separator, quoting, above, rows + ending),
        "xlsx": lambda: as_xlsx(above, rows + ending),
        "html": lambda: as_html(above, rows + ending),
        "ods": lambda: as_ods(above, rows + ending),
    }[form]()
    found = tables.parse(data, f"x.{form}", set(HEADS))
    if asked := [q for q in found.questions if q["name"] == "encoding"]:
        assert encoding in [value for value, _ in asked[0]["alternatives"]]
        found = tables.parse(data, f"x.{form}", set(HEADS), encoding=encoding)
    if form == "html":
        rows = [[" ".join(cell.split()) for cell in row] for row in rows]
    if form == "ods":
        rows = [[*row[:3], f"{Decimal(row[3]).normalize():f}", row[4]] for row in rows]
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
