"""Tables from files of every shape: encoding, separator, heads, sums, workbooks."""

import io
import struct
import zipfile
from pathlib import Path

import pytest

from models.adapters import tables
from models.core.errors import Refused
from tests.support.workbooks import saved, xlsx

DATA = Path(__file__).parent.parent / "data"
GERMAN = "Kunde;Ort;Tage\nMüller Söhne GmbH;Köln;30\nJäger & Großmann;Nürnberg;14\n"
CHINESE = "客户编号,客户名称,城市\n0001,甲子商贸有限公司,杭州\n0002,乙丑贸易有限公司,宁波\n"
TRADITIONAL = "客戶編號,客戶名稱,城市\n0001,臺灣精密機械有限公司,臺北\n0002,華信貿易股份,高雄\n"
JAPANESE = "番号,会社名,住所\n1,株式会社テスト,東京都\n2,さくら商事,大阪市\n"
FRENCH = "Client,Ville\nSociété Générale d'Été,Orléans\nCafé Noël,Besançon\n"


@pytest.mark.parametrize(
    "text, encoding",
    [
        *((GERMAN, e) for e in ("cp1252", "cp850", "utf-8", "utf-8-sig", "utf-16")),
        *((FRENCH, e) for e in ("cp1252", "cp850", "utf-8")),
        *((CHINESE, e) for e in ("gb18030", "utf-8", "utf-16", "utf-16-le", "utf-16-be")),
        *((TRADITIONAL, e) for e in ("big5", "utf-8")),
        *((JAPANESE, e) for e in ("shift_jis", "utf-8")),
        ("name,city\nM\u00fcller Test GmbH,N\u00fcrnberg\n", "cp1252"),
        ("名称,规格\n测试型,PVC管\n螺丝,3M胶\n", "gb18030"),
    ],
)
def test_letters_are_read_whatever_wrote_them(text, encoding):
    found = tables.parse(text.encode(encoding), "x.csv")
    rows = [line.replace(";", ",").split(",") for line in text.splitlines()]
    assert [found.heads, *(cells for _, cells in found.rows)] == rows
    assert not [q for q in found.questions if q["name"] == "encoding"]


@pytest.mark.parametrize("text", ["name;city\nStra\u00dfe;Rom\n"])
def test_letters_in_doubt_are_asked_beside_the_rows(text):
    found = tables.parse(text.encode("cp850"), "x.csv")
    asked = next(q for q in found.questions if q["name"] == "encoding")
    shown = {value: rows for value, rows in asked["alternatives"]}
    assert shown["cp850"][0] == ["Straße;Rom"] and shown["cp1252"][0] == ["Straáe;Rom"]
    chosen = tables.parse(text.encode("cp850"), "x.csv", encoding="cp850")
    assert chosen.rows[0][1][0] == "Straße" and chosen.choices["encoding"] == "cp850"
    assert not [q for q in chosen.questions if q["name"] == "encoding"]


def test_damaged_letters_are_told():
    data = CHINESE.encode().replace("杭".encode(), b"\xe6\x9d")
    assert tables.parse(data, "x.csv").notes == [("letters_lost", {"count": 1})]


WIDE = "单号,日期,客户,金额\nA1,2024-03-05,甲,10\nA2,2024-03-06,乙,20\n"


@pytest.mark.parametrize(
    "text, heads_row, out",
    [
        (WIDE, 1, []),
        ("销售明细表\n查询日期：2024-01-01 至 2024-12-31\n\n" + WIDE, 4, ["title", "title"]),
        ("账号:,6222,,\n" + WIDE, 2, ["title"]),
        ("sep=,\n" + WIDE, 1, []),
        (WIDE + "合计,,,30\n", 1, ["total"]),
        (WIDE + ",,合计,30\n", 1, ["total"]),
        (WIDE + ",,,30\n", 1, ["total"]),
        (WIDE + "\n制表人：张三\n打印时间：2024-12-31\n", 1, ["note", "note"]),
        (WIDE + "Total,,,30\n\nprinted by x,,,\n", 1, ["total", "note"]),
        (WIDE + "单号,日期,客户,金额\nA3,2024-03-07,丙,30\n", 1, ["heads"]),
        (WIDE + "小计,,,30\nA3,2024-03-07,丙,30\n总计：,,,60\n", 1, ["total", "total"]),
    ],
)
def test_heads_are_found_and_what_is_no_data_is_left_out(text, heads_row, out):
    found = tables.parse(text.encode(), "x.csv")
    assert found.heads == ["单号", "日期", "客户", "金额"]
    assert found.choices["head_row"] == heads_row
    assert [why for _, _, why in found.left_out] == out
    assert [cells[0] for _, cells in found.rows][:2] == ["A1", "A2"]
    assert not found.questions


def test_a_row_of_sums_is_kept_when_asked_for():
    found = tables.parse((WIDE + "合计,,,30\n").encode(), "x.csv", totals="keep")
    assert found.rows[-1] == (4, ["合计", "", "", "30"]) and not found.left_out


def test_a_customer_whose_name_begins_like_a_sum_stays():
    text = "name,city,tax\nTotal Energies SE,Paris,1\nSumma AB,Oslo,2\n合计利贸易,杭州,3\n"
    assert len(tables.parse(text.encode(), "x.csv").rows) == 3


def test_a_table_without_heads_is_asked():
    text = "0001,甲子商贸,杭州,13800000001\n0002,乙丑贸易,宁波,13800000002\n"
    found = tables.parse(text.encode(), "x.csv")
    assert (found.heads, found.choices["head_row"]) == (["", "", "", ""], 0)
    assert [q["name"] for q in found.questions] == ["head_row"] and found.rows[0][0] == 1
    chosen = tables.parse(text.encode(), "x.csv", head_row=1)
    assert chosen.heads[0] == "0001" and not chosen.questions


@pytest.mark.parametrize(
    "first, second, heads",
    [
        (
            "客户,,金额,",
            "编号,名称,不含税,含税",
            ["客户 编号", "客户 名称", "金额 不含税", "金额 含税"],
        ),
        ("编号,客户,金额,", ",,不含税,含税", ["编号", "客户", "金额 不含税", "金额 含税"]),
    ],
)
def test_heads_in_two_rows_become_one(first, second, heads):
    text = f"{first}\n{second}\n1,甲,10,11\n2,乙,20,22\n"
    found = tables.parse(text.encode(), "x.csv")
    assert found.heads == heads and found.choices["head_rows"] == 2
    assert [cells[0] for _, cells in found.rows] == ["1", "2"]


def test_known_heads_decide_where_all_is_text():
    text = "name,city\nAlpha,Rome\nBeta,Oslo\n"
    assert [q["name"] for q in tables.parse(text.encode(), "x.csv").questions] == ["head_row"]
    assert tables.parse(text.encode(), "x.csv", {"name", "city"}).questions == []


def test_a_column_without_a_head_is_kept():
    found = tables.parse(b"code,name,\nA,Bolt,5\nB,Nut,6\n", "x.csv")
    assert found.heads == ["code", "name", ""] and found.rows[0][1] == ["A", "Bolt", "5"]


def test_a_word_for_nothing_is_counted_as_a_cell():
    found = tables.parse(b"a,b,c\n1,NULL,3\nx,y,3,NULL\n", "x.csv", {"a", "b", "c"})
    assert found.rows == [(2, ["1", "", "3"])]
    assert [(number, why) for number, _, why in found.left_out] == [(3, "uneven")]


def test_cells_with_line_breaks_count_as_one_row():
    found = tables.parse('name,note\nA,"two\nlines"\nB,x\n'.encode(), "x.csv", {"name", "note"})
    assert found.rows == [(2, ["A", "two\nlines"]), (3, ["B", "x"])]


def test_the_separator_is_that_of_the_table_not_of_its_title():
    text = "Report; all customers; 2024\n\nno,name,city,sum\n1,A,Rome,10\n2,B,Oslo,20\n"
    found = tables.parse(text.encode(), "x.csv")
    assert found.choices["separator"] == "," and found.heads == ["no", "name", "city", "sum"]


def test_zeros_kept_for_excel_are_read_as_meant():
    text = 'no,name\n"=""00123""",A\n\'00124,B\n"O\'Neill",\'C\n'
    rows = tables.parse(text.encode(), "x.csv", {"no", "name"}).rows
    assert [cells[0] for _, cells in rows] == ["00123", "00124", "O'Neill"]


HTML = """<html><head><meta http-equiv="Content-Type" content="text/html; charset=gb2312"></head>
<body><table><tr><td>导航</td></tr></table><table border=1><tr><th>单号<th>客户<th>金额</tr>
<tr><td rowspan=2>A1<td>甲子&amp;公司<td>1,000.50</tr><tr><td>乙丑<br>贸易<td>20</tr>
<tr><td colspan=2>合计<td>1,020.50</tr></table></body></html>"""


def test_html_named_xls_is_a_table():
    found = tables.parse(HTML.encode("gb18030"), "x.xls")
    assert found.heads == ["单号", "客户", "金额"]
    assert [cells for _, cells in found.rows] == [
        ["A1", "甲子&公司", "1,000.50"],
        ["A1", "乙丑 贸易", "20"],
    ]
    assert [why for _, _, why in found.left_out] == ["total"]


XML = """<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>
<Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet">
<Styles><Style ss:ID="z"><NumberFormat ss:Format="00000"/></Style></Styles>
<Worksheet ss:Name="客户"><Table>
<Row><Cell><Data ss:Type="String">编号</Data></Cell><Cell><Data ss:Type="String">日期</Data></Cell>
<Cell><Data ss:Type="String">账期</Data></Cell></Row>
<Row ss:Index="4"><Cell ss:StyleID="z"><Data ss:Type="Number">123</Data></Cell>
<Cell><Data ss:Type="DateTime">2024-03-05T00:00:00.000</Data></Cell>
<Cell><Data ss:Type="Number">30</Data></Cell></Row>
<Row><Cell><Data ss:Type="String">K2</Data></Cell>
<Cell ss:Index="3"><Data ss:Type="Number">45</Data>
</Cell></Row></Table></Worksheet></Workbook>"""


def test_spreadsheetml_named_xls_is_a_table():
    found = tables.parse(XML.encode(), "x.xls")
    assert found.heads == ["编号", "日期", "账期"]
    assert found.rows == [(4, ["00123", "2024-03-05", "30"]), (5, ["K2", "", "45"])]


def dbf(rows, page=0x4D):
    """A dBase III table of the columns (name, type, width) and rows of text."""
    columns = [(b"CODE", b"C", 6), (b"NAME", b"C", 20), (b"DAY", b"D", 8), (b"SUM", b"N", 10)]
    size = 1 + sum(width for _, _, width in columns)
    head = struct.pack("<B3BIHH17xBxx", 3, 124, 1, 1, len(rows), 32 + 32 * 4 + 1, size, page)
    head += b"".join(
        name.ljust(11, b"\0") + kind + bytes(4) + bytes((width,)) + bytes(15)
        for name, kind, width in columns
    )
    body = b"".join(
        b" " + b"".join(c.ljust(w) for c, (_, _, w) in zip(row, columns, strict=True))
        for row in rows
    )
    return head + b"\r" + body + b"\x1a"


@pytest.mark.parametrize("page", [0x4D, 0])
def test_a_dbase_table_is_read(page):
    rows = [(b"K1", "甲子商贸".encode("gb18030"), b"20240305", b"10.50")] * 3
    found = tables.parse(dbf(rows, page), "X.DBF")
    assert found.heads == ["CODE", "NAME", "DAY", "SUM"]
    assert found.rows[0] == (2, ["K1", "甲子商贸", "2024-03-05", "10.50"])


def encrypted():
    return b"\xd0\xcf\x11\xe0" + bytes(600) + "EncryptedPackage".encode("utf-16-le") + bytes(600)


def bomb():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", b"<workbook>")
    return out.getvalue()


@pytest.mark.parametrize(
    "data, code",
    [
        (b"", "file_empty"),
        (b"\n\n", "file_empty"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00", "file_not_a_table"),
        (b"%PDF-1.7\n1 0 obj", "file_not_a_table"),
        (b"PK\x03\x04broken", "file_not_a_table"),
        (b"\xd0\xcf\x11\xe0" + bytes(900), "file_not_a_table"),
        (bomb(), "file_not_a_table"),
        (encrypted(), "file_encrypted"),
        (b"<html><body>none</body></html>", "file_not_a_table"),
        (XML[:200].encode(), "file_not_a_table"),
        (b"no,name\n", "no_rows"),
        (saved(xlsx(("a", []))), "file_empty"),
    ],
)
def test_what_is_no_table_is_refused(data, code):
    with pytest.raises(Refused) as refused:
        tables.parse(data, "x.csv")
    assert refused.value.code == code


@pytest.mark.parametrize(
    "choices", [{"encoding": "klingon"}, {"sheet": "none"}, {"separator": "ab"}]
)
def test_an_unknown_choice_is_refused(choices):
    data = saved(xlsx(("a", [["编号", "金额"], [1, 2]]))) if "sheet" in choices else WIDE.encode()
    with pytest.raises(Refused):
        tables.parse(data, "x", **choices)
