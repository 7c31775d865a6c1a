"""Files of the known programs from upload to end: returns, cancelled ones, part payments and
discounts come in with the sums that the program itself shows."""

from pathlib import Path

import pytest

from models.documents import Document
from models.imports import Import
from models.operations import checks
from models.payments import open_balance

FILES = Path(__file__).parents[1] / "data" / "exports"
# {number: (total, still open)}; a credit note is below nothing.
SALES = [
    ("xero", "Xero", {"I1": (210, 0), "I2": (90, 50), "C1": (-20, None)}),
    ("quickbooks", "QuickBooks", {"1001": (25, 0), "1002": (9, 0), "1003": (-10, None)}),
    ("quickbooks_desktop", "QuickBooks", {"7": (25, 0), "8": (-10, None)}),
    ("zoho_books", "Zoho Books", {"V1": (25, 25), "V2": (18, 8)}),
    ("odoo", "Odoo", {"INV/1": (236, 0), "INV/2": (100, 100), "RINV/1": (-50, None)}),
    ("erpnext", "ERPNext", {"S1": (25, 0), "S2": (10, 4), "R1": (-10, None)}),
    ("invoice_ninja", "Invoice Ninja", {"0001": (25, 0), "0002": (18, 8)}),
    ("akaunting", "Akaunting", {"N1": (25, 0), "N2": (10, 10)}),
    ("dolibarr", "Dolibarr", {"FA1": (25, 0), "AV1": (-5, None)}),
    ("guanjiapo", "管家婆", {"XS1": (23, 0), "XT1": (-1.8, None)}),
    ("yonyou_tplus", "用友 T+/好会计", {"SA1": (28.25, 0), "SA2": (-2.26, None)}),
    ("kingdee_jingdouyun", "金蝶 精斗云", {"X1": (18, 0), "X2": (18, 13)}),
    ("kingdee_kis", "金蝶 KIS", {"XO1": (28.25, 0), "XO2": (-2.26, None)}),
    ("youzan", "有赞", {"E1": (30, 0)}),
]


@pytest.mark.parametrize("name, program, expected", SALES)
def test_sales_come_in_with_their_sums(firm, name, program, expected):
    path = FILES / f"{name}.csv"
    row = Import.upload(firm.fang, "documents", path.name, path.read_bytes())
    assert row.outline["recognised"] == {"program": program}
    row = checked(firm, row, {"difference": "line"})
    if row.findings["questions"]:  # answered as the page proposes it
        asked = row.findings["questions"][0]
        shown = [value for value, _ in asked["alternatives"]]
        row = checked(firm, row, {"status_out": asked["samples"], "status_known": shown})
    assert row.clean, row.findings["faults"]
    row.start(firm.fang)
    Import.run_waiting()
    found = {
        d.number: (-d.total if d.kind == "credit_note" else d.total, _open(d))
        for d in Document.select()
    }
    assert found == {
        number: (round(total * 100), rest if rest is None else rest * 100)
        for number, (total, rest) in expected.items()
    }
    assert checks.faults() == []


def _open(document):
    return None if document.kind == "credit_note" else open_balance(document)


def checked(firm, row, options):
    row.check(firm.fang, row.mapping, options)
    Import.run_waiting()
    return Import.get_by_id(row.id)
