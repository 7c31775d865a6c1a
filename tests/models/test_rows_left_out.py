"""What a table has beside its rows: sums of groups, notes, failed formulas."""

import pytest

from models.adapters import tables
from tests.support.workbooks import saved, xlsx

HEADS = "客户,单号,日期,金额\n"


def parsed(text, name="x.csv"):
    return tables.parse(text.encode(), name, {"客户", "单号", "日期", "金额"})


@pytest.mark.parametrize(
    "word", ["甲 小计", "甲小计:", "甲 汇总", "Alpha Total", "Beta Ltd Subtotal"]
)
def test_the_sum_of_a_group_is_no_row(word):
    found = parsed(f"{HEADS}甲,A1,2024-03-05,10\n{word},,,10\n乙,B1,2024-03-06,20\n总计,,,30\n")
    assert [cells[1] for _, cells in found.rows] == ["A1", "B1"]
    assert [(n, why) for n, _, why in found.left_out] == [(3, "total"), (5, "total")]


def test_a_name_that_ends_like_a_sum_stays():
    found = parsed(f"{HEADS}Global Total,A1,2024-03-05,10\n物资汇总,A2,2024-03-05,\n")
    assert len(found.rows) == 2 and not found.left_out


def test_who_signed_below_the_sum_is_a_note():
    found = parsed(f"{HEADS}甲,A1,2024-03-05,10\n合计,,,10\n制单人：张三,,审核：李四,\n")
    assert [why for _, _, why in found.left_out] == ["total", "note"]


def test_failed_formulas_are_told():
    found = parsed(f"{HEADS}甲,A1,2024-03-05,#N/A\n乙,#REF!,2024-03-05,#N/A\n丙,NULL,,1\n")
    assert found.notes == [("errors_empty", {"value": "#N/A", "row": 2, "count": 3})]


def test_old_xml_of_excel_in_a_chinese_encoding():
    space = "urn:schemas-microsoft-com:office:spreadsheet"
    rows = "".join(
        "<Row>" + "".join(f'<Cell><Data ss:Type="String">{c}</Data></Cell>' for c in row) + "</Row>"
        for row in (["客户", "单号"], ["甲子", "A1"])
    )
    text = (
        f'<?xml version="1.0" encoding="GB2312"?><Workbook xmlns="{space}" xmlns:ss="{space}">'
        f'<Worksheet ss:Name="a"><Table>{rows}</Table></Worksheet></Workbook>'
    )
    found = tables.parse(text.encode("gb18030"), "x.xls")
    assert (found.heads, found.rows) == (["客户", "单号"], [(2, ["甲子", "A1"])])


def test_failed_formulas_of_a_workbook_are_told():
    rows = [["客户", "单号"], ["甲", "#N/A"], ["#REF!", "A2"]]
    found = tables.parse(saved(xlsx(("a", rows))), "x.xlsx", {"客户", "单号"})
    assert found.notes == [("errors_empty", {"value": "#N/A", "row": 2, "count": 2})]
