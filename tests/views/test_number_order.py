"""Every list that is sorted by number counts as people do."""

import ast
import re
from pathlib import Path

import pytest

from models.documents import Document
from models.numbering import as_counted

ORDER = ["A2", "INV-2026-0009", "INV-2026-10000", "R1", "R2", "R10", "R" + "9" * 30, "Rx"]


def numbered(firm, numbers):
    """Copies of a draft with these numbers; the draft itself gets the first."""
    first, *others = numbers
    paper = firm.draft()
    Document.update(number=first).where(Document.id == paper.id).execute()
    row = {k: v for k, v in paper.__data__.items() if k != "id"}
    Document.insert_many([{**row, "number": number} for number in others]).execute()


def test_the_key_puts_numbers_in_the_order_in_which_people_count(app, firm):
    numbered(firm, reversed(ORDER))
    rows = Document.select(Document.number).order_by(as_counted(Document.number))
    found = [row.number for row in rows]
    assert [n for n in found if re.fullmatch(r"R\d{1,2}", n)] == ["R1", "R2", "R10"]
    assert [n for n in found if n.startswith("INV")] == ["INV-2026-0009", "INV-2026-10000"]
    assert sorted(found) == sorted(ORDER)


@pytest.mark.parametrize("sort, first", [("number", "R1"), ("-number", "R60")])
def test_the_pages_of_the_list_follow_one_another(app, firm, sign_in, sort, first):
    numbered(firm, [f"R{n}" for n in range(1, 61)])
    browser, seen, address = sign_in(firm.li), [], f"/documents/?sort={sort}"
    while address:
        page = browser.get(address).text
        seen += re.findall(r">\s*(R\d+)\s*</a>", page)
        following = re.search(r'href="(\?[^"]*after=[^"]*)"', page)
        address = following and "/documents/" + following[1].replace("&amp;", "&")
    expected = [f"R{n}" for n in range(1, 61)]
    assert seen == (expected if first == "R1" else expected[::-1])


def test_no_list_sorts_a_number_as_text():
    """Of every view: a sort by a column `number` goes through as_counted()."""
    as_text = [
        f"{path}:{value.lineno}"
        for path in Path("views").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Dict)
        for value in node.values
        if isinstance(value, ast.Tuple)
        and isinstance(value.elts[0], ast.Attribute)
        and value.elts[0].attr == "number"
    ]
    assert as_text == []
