"""Banks' files as people bring them: uploaded, answered, looked at, taken in, booked."""

import io
import re
from pathlib import Path

import pytest

from models.bank.bank_file import BankFile
from models.bank.line import BankLine
from models.payments import Payment, open_balance
from tests.models.test_receivables import take_in
from tests.support.bank import read_in
from tests.views.test_money import keyed
from views.staff import bank_lines

FILES = Path(__file__).parent.parent / "data" / "bank"
CASES = {
    "b01_bank_icbc_like_gbk.csv": (1200000, "甲子商贸有限公司", "货款", 5200000, 1),
    "b02_bank_ccb_like.csv": (880000, "甲子商贸有限公司", "X-1001", 6080000, 1),
    "b06_wechat_like.csv": (25000, "甲子商贸有限公司", "X-1005", None, 1),
    "b07_bank_direction_column.csv": (70000, "甲子商贸有限公司", "货款", 170000, 1),
    "b08_mt940.sta": (25000, "Alpha Test Ltd", "X-1006", None, 1),
    "b15_cmb_debit_shape.csv": (123400, "甲子商贸有限公司", "X-1002", 223400, 1),
    "b16_boc_debit_shape.csv": (50000, "甲子商贸有限公司", "X-1003", 324028, 1),
}


def seen(page):
    """The key of the preview that a page shows."""
    return re.search(r'name="seen" value="(\w*)"', page)[1]


def upload(browser, name, data, n=0):
    answer = browser.post(
        "/bank-lines/", data=keyed(n, currency="CNY", file=(io.BytesIO(data), name))
    )
    assert answer.status_code == 303, answer.text
    return answer.location


@pytest.mark.parametrize("name", CASES)
def test_what_came_in_comes_in_and_what_went_out_does_not(firm, sign_in, name):
    amount, payer, text, balance, outgoing = CASES[name]
    fang = sign_in(firm.fang)
    path = upload(fang, name, (FILES / name).read_bytes())
    page = fang.get(path).text
    assert "Import 1 transaction" in page and f"Outgoing ({outgoing})" in re.sub(r"\s+", " ", page)
    assert fang.post(f"{path}/lines", data=keyed(1, seen=seen(page))).status_code == 303
    line = BankLine.get()
    assert (line.amount, line.payer, line.balance) == (amount, payer, balance)
    assert text in line.text
    fang.post(f"{path}/lines", data=keyed(2))
    assert BankLine.select().count() == 1


def test_a_payment_of_ours_is_never_proposed(firm, sign_in):
    firm.a.revise(firm.fang, name="丙寅来往有限公司", bank_account="330500000000000777")
    invoice = take_in(firm, "SP-2001", 20000, 5)
    fang = sign_in(firm.fang)
    path = upload(fang, "b23.csv", (FILES / "b23_3_bank_outgoing.csv").read_bytes())
    fang.post(f"{path}/lines", data=keyed(1, seen=seen(fang.get(path).text)))
    assert "SP-2001" not in fang.get("/bank-lines/").text
    assert (open_balance(invoice), Payment.select().count()) == (20000, 0)


def test_the_columns_are_said_on_the_page_and_a_bad_answer_comes_back(firm, sign_in):
    fang = sign_in(firm.fang)
    path = upload(fang, "x.csv", b"Wann;Wer;Wieviel\n01.09.2026;Alpha;1.234\n")
    said = {"head_row": "1", "column-0": "date", "column-1": "payer", "column-2": "amount"}
    said |= dict.fromkeys(("sides", "date_order", "encoding", "separator", "sheet"), "")
    said |= {"direction": "in", "decimal": ",", "account": "DE1"}
    assert "Which columns hold the date" in fang.get(path).text
    bad = fang.post(f"{path}/columns", data=keyed(1, **{**said, "account": "x" * 61}))
    assert bad.status_code == 422 and "x" * 61 in bad.text and BankFile.get().state == "uploaded"
    assert fang.post(f"{path}/columns", data=keyed(2, **said)).status_code == 303
    assert "1,234.00" in fang.get(path).text
    assert "Discard this file" in fang.get(path).text
    fang.post(f"{path}/discard", data=keyed(3))
    assert not BankFile.select().exists()


def test_likely_matches_are_booked_together_if_they_are_still_what_was_looked_at(firm, sign_in):
    papers = [take_in(firm, f"INV-L{n}", 1000 + n, 5) for n in range(2)]
    rows = "".join(f"2026-09-0{n + 1},10.0{n},{firm.a.name}\n" for n in range(2))
    read_in(firm.fang, "date,paid_in,payer\n" + rows)
    fang = sign_in(firm.fang)
    page = fang.get("/bank-lines/?tier=likely").text
    assert "Likely (2)" in page
    seen = dict(re.findall(r'name="(seen-\d+)" value="(\w+)"', page))
    ids = [str(line.id) for line in BankLine.select()]
    fang.post("/bank-lines/bookings", data=keyed(1, ids=ids))
    assert Payment.select().count() == 0, "nobody has looked at them"
    Payment.receive(firm.fang, firm.a, "CNY", 1000, allocations=[(papers[0], 1000)])
    fang.post("/bank-lines/bookings", data=keyed(2, ids=ids, **seen))
    assert [open_balance(paper) for paper in papers] == [0, 0] and Payment.select().count() == 2
    assert BankLine.get(BankLine.state == "new").amount == 1000


def test_waiting_lines_are_counted_and_none_is_hidden(firm, sign_in):
    read_in(firm.fang, "date,paid_in\n" + "2026-09-01,7\n" * 146)
    fang = sign_in(firm.fang)
    first, second = (fang.get(f"/bank-lines/?page={n}").text for n in (1, 2))
    assert "146 transactions waiting" in first and "One by one <i>146</i>" in first
    shown = [len(set(re.findall(r'/bank-lines/(\d+)"', page))) for page in (first, second)]
    assert shown == [100, 46]


def test_only_the_preview_that_was_looked_at_comes_in(firm, sign_in):
    """Another window read the columns otherwise, or took the same payment in."""
    fang = sign_in(firm.fang)
    data = b"date,amount,payer\n2026-09-01,5,Alpha\n2026-09-02,-6,Beta\n"
    path = upload(fang, "x.csv", data)
    first = seen(fang.get(path).text)
    assert fang.post(f"{path}/lines", data=keyed(1)).status_code == 409
    BankFile.get().answer(firm.fang, {"direction": "minus_in"})
    again = fang.post(f"{path}/lines", data=keyed(2, seen=first))
    assert (again.status_code, BankLine.select().count()) == (409, 0)
    assert "review it again" in again.text and "6.00" in again.text
    read_in(firm.fang, "date,paid_in,payer\n2026-09-02,6,Beta\n")
    assert fang.post(f"{path}/lines", data=keyed(3, seen=seen(again.text))).status_code == 409
    last = seen(fang.get(path).text)
    assert fang.post(f"{path}/lines", data=keyed(4, seen=last)).status_code == 303
    assert BankLine.select().count() == 1


def test_a_payment_that_looks_like_one_that_is_here_is_asked(firm, sign_in):
    read_in(firm.fang, "date,paid_in,payer\n2026-09-01,5,Alpha Ltd\n2026-09-01,6,Beta\n")
    fang = sign_in(firm.fang)
    text = "Date,Credit,Description,Reference\n2026-09-01,5,INV-1,R1\n2026-09-01,6,x,R2\n"
    path = upload(fang, "y.csv", text.encode())
    page = fang.get(path).text
    names = re.findall(r'name="(alike-\d+-\d+)"', page)[::2]
    assert "Alpha Ltd" in page and len(names) == 2 and 'name="seen"' not in page
    assert fang.post(f"{path}/lines", data=keyed(1)).status_code == 409
    said = dict(zip(names, ("same", "other"), strict=True))
    assert fang.post(f"{path}/comparison", data=keyed(2, **said)).status_code == 303
    page = fang.get(path).text
    assert "Import 1 transaction" in page
    fang.post(f"{path}/lines", data=keyed(3, seen=seen(page)))
    lines = BankLine.select().order_by(BankLine.amount, BankLine.id)
    assert [(r.amount, r.payer, r.reference) for r in lines] == [
        (500, "Alpha Ltd", "R1"),
        (600, "Beta", ""),
        (600, "", "R2"),
    ]


def test_a_question_about_a_format_without_columns_shows_the_files_own_values(firm, sign_in):
    fang = sign_in(firm.fang)
    path = upload(fang, "x.qif", b"!Type:Bank\nD9/1/2026\nT1,500\nPAlpha\n^\n")
    page = fang.get(path).text
    assert "9/1/2026" in page and "1,500" in page
    said = dict.fromkeys(("sides", "direction", "account", "encoding", "separator", "sheet"), "")
    said |= {"date_order": "mdy", "decimal": "."}
    assert fang.post(f"{path}/columns", data=keyed(1, **said)).status_code == 303
    assert "1,500.00" in fang.get(path).text


def test_customers_and_invoices_are_read_only_when_a_line_waits(firm, sign_in, monkeypatch):
    fang = sign_in(firm.fang)
    monkeypatch.setattr(bank_lines, "Matching", None)
    assert fang.get("/bank-lines/").status_code == 200
