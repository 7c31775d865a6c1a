"""A bank's file is looked at before it comes in: what is uncertain is asked, outgoing money is no
payment, and what came in can be taken back while nothing of it is booked."""

import datetime as dt

import pytest

from models.bank.bank_file import BankFile
from models.bank.layout import BankLayout
from models.bank.line import BankLine
from models.core.errors import Forbidden, Refused
from models.core.journal import Event
from models.operations import checks
from models.payments import Payment
from tests.models.test_receivables import take_in
from tests.support.bank import read_in

OWN = "Tag,Wer,Summe\n01.09.2026,Alpha,1.234\n02.09.2026,Beta,99\n"
PAIR = "交易日期,收入,支出,余额,对方户名,流水号\n"


def upload(firm, text, name="x.csv"):
    return BankFile.upload(firm.fang, name, text.encode(), "CNY")


def code(verb, *args, **kwargs):
    with pytest.raises(Refused) as error:
        verb(*args, **kwargs)
    return error.value.code


def judged(row):
    return [(what, r.amount) for r, what, _line in row.judged()]


def test_nothing_is_stored_before_it_is_asked_and_agreed(firm):
    row = upload(firm, OWN)
    assert (row.state, row.found["questions"]) == ("uploaded", ["columns"])
    assert code(row.take_in, firm.fang) == "state_changed"
    columns = {"0": "date", "1": "payer", "2": "amount"}
    row.answer(firm.fang, {"columns": columns})
    assert row.found["questions"] == ["decimal", "direction"]
    row.answer(firm.fang, {"columns": columns, "decimal": ",", "direction": "in"})
    assert (row.state, BankLine.select().count()) == ("checked", 0)
    assert row.take_in(firm.fang)["new"] == 2
    assert [(line.amount, line.payer) for line in BankLine.select().order_by(BankLine.id)] == [
        (123400, "Alpha"),
        (9900, "Beta"),
    ]
    assert [e.action for e in row.events] == ["uploaded", "answered", "answered", "taken_in"]


def test_what_was_said_of_the_columns_is_remembered_for_the_account(firm):
    said = {"columns": {"0": "date", "1": "payer", "2": "amount"}, "direction": "in"}
    upload(firm, OWN).answer(firm.fang, {**said, "decimal": ",", "account": "DE1"})
    again = upload(firm, "Kontoauszug,,\n" + OWN.replace("99", "98"))
    assert (again.state, again.found["choices"]["remembered"]) == ("checked", True)
    assert [r.account for r in again.rows] == ["DE1", "DE1"] and again.rows[1].amount == 9800
    again.answer(firm.fang, {**said, "decimal": ",", "account": "DE2"})
    third = upload(firm, OWN.replace("99", "97"))
    assert third.found["questions"] == ["account"] and BankLayout.select().count() == 2
    third.answer(firm.fang, {"account": "DE1"})
    assert third.state == "checked" and third.rows[0].amount == 123400


def test_of_one_unsigned_column_the_direction_is_asked(firm):
    row = upload(firm, "date,amount\n2026-09-01,5\n2026-09-02,6\n")
    assert (row.state, row.found["questions"]) == ("uploaded", ["direction"])
    row.answer(firm.fang, {"direction": "minus_in"})
    assert judged(row) == [("outgoing", -500), ("outgoing", -600)]
    assert upload(firm, "date,amount\n2026-09-01,5\n2026-09-02,-6\n").state == "checked"


@pytest.mark.parametrize(
    "heads, first, state, amounts",
    [
        ("借方金额(收),贷方金额(支),余额", "5,,105", "checked", [500, -700]),
        ("借方(出账),贷方(入账),余额", ",5,105", "checked", [500, -700]),
        ("借方发生额,贷方发生额,余额", ",5,105", "checked", [500, -700]),
        ("借方,贷方,余额", ",5,105", "checked", [500, -700]),
        ("借方,贷方,余额", "5,,105", "checked", [500, -700]),
        ("借方,贷方,备用", "5,,105", "uploaded", []),
        ("借方发生额,贷方发生额,余额", "5,,105", "uploaded", []),
        ("Belastung,Gutschrift,Saldo", ",5,105", "checked", [500, -700]),
    ],
)
def test_debit_and_credit_by_whose_books(firm, heads, first, state, amounts):
    """A word that leaves it open is proven by the balance, or asked."""
    one, two, _ = first.split(",")
    second = ("7", "", "98") if two else ("", "7", "98")
    row = upload(firm, f"日期,{heads}\n2026-09-01,{first}\n2026-09-02,{','.join(second)}\n")
    assert (row.state, [r.amount for r in row.rows]) == (state, amounts)
    if state == "uploaded":
        assert row.found["questions"] == ["sides"]
        row.answer(firm.fang, {"sides": "own"})
        assert [r.amount for r in row.rows] == [500, -700]


FLAGS = """贷 借 收入 支出 收 付 Cr Dr CRDT DBIT CREDIT DEBIT C D + - H S 来账 往账 入账 出账 In Out
    贷Cr 借Dr 转入 转出 存入 支取 收款 付款""".split()


def test_every_flag_that_banks_write(firm):
    rows = "".join(f"2026-09-01,{flag},5\n" for flag in FLAGS)
    row = upload(firm, "日期,收支标志,金额\n" + rows)
    assert [r.amount for r in row.rows] == [500, -500] * (len(FLAGS) // 2)


def test_an_unknown_flag_is_a_fault_that_names_the_row_until_it_is_said(firm):
    row = upload(firm, "日期,借贷标志,金额\n2026-09-01,贷,5\n2026-09-01,甲,6\n")
    assert row.state == "uploaded"
    assert row.found["fault"] == ["bank_flag", {"row": 3, "value": "甲"}]
    row.answer(firm.fang, {"flags": {"甲": "out"}})
    assert judged(row) == [("new", 500), ("outgoing", -600)]


def test_a_fault_names_its_own_cell(firm):
    row = upload(firm, "日期,收入\n2026-09-01,5\n2026-09-02,1.234,5x\n".replace(",5x", "；5x"))
    assert row.found["fault"] == ["bank_cell", {"row": 3, "value": "1.234;5x", "head": "收入"}]
    row = upload(firm, "日期,收入\n2026-09-01,5\n2026-13-02,5\n")
    assert row.found["fault"][1]["value"] == "2026-13-02"


def test_outgoing_money_is_never_proposed(firm):
    """The firm is our supplier too: what we pay it settles none of its invoices."""
    firm.a.revise(firm.fang, bank_account="330500000000000777")
    take_in(firm, "SP-2001", 20000, 5)
    text = (
        "交易日期,借贷标志,交易金额,账户余额,对方户名,对方账号,摘要\n"
        f"20260910,借,200.00,1500.00,{firm.a.name},330500000000000777,SP-2001\n"
    )
    row = upload(firm, text)
    assert judged(row) == [("outgoing", -20000)]
    row.take_in(firm.fang)
    assert (BankLine.select().count(), Payment.select().count()) == (0, 0)


def test_a_wallets_refunds_and_closed_orders_are_left_out(firm):
    text = (
        "交易时间,交易对方,收/支,金额(元),当前状态\n"
        "2026-09-01 10:00:00,甲,收入,¥250.00,已收钱\n"
        "2026-09-01 10:00:00,乙,收入,¥9.00,已全额退款\n"
        "2026-09-01 10:00:00,丙,不计收支,¥8.00,交易成功\n"
        "2026-09-01 10:00:00,丁,收入,¥7.00,交易关闭\n"
        "2026-09-01 10:00:00,戊,收入,¥6.00,已退款(￥1.00)\n"
        "2026-09-01 10:00:00,己,/,¥5.00,充值完成\n"
    )
    row = upload(firm, text)
    assert judged(row) == [
        ("new", 25000),
        ("left_out", 900),
        ("left_out", 800),
        ("left_out", 700),
        ("new", 600),
        ("left_out", 500),
    ]
    assert row.found["notes"] == [["bank_partly_refunded", {"row": 6, "status": "已退款(¥1.00)"}]]


def test_a_payer_read_too_poorly_is_completed_and_nothing_is_overwritten(firm):
    read_in(firm.fang, "日期,收入,余额,备用,流水号\n2026-09-01,5,105,甲,S1\n2026-09-02,6,111,乙,\n")
    better = PAIR + "2026-09-01,5,,105,甲公司,S1\n2026-09-02,6,,111,乙公司,\n"
    row = upload(firm, better)
    assert [what for what, _ in judged(row)] == ["completed", "completed"]
    counts = row.take_in(firm.fang)
    assert (counts["new"], counts["known"], counts["completed"]) == (0, 2, 2)
    assert [line.payer for line in BankLine.select().order_by(BankLine.id)] == ["甲公司", "乙公司"]
    assert upload(firm, better.replace("甲公司", "别的")).take_in(firm.fang)["completed"] == 0
    assert BankLine.select().order_by(BankLine.id).first().payer == "甲公司"
    row.undo(firm.fang)
    assert [line.payer for line in BankLine.select()] == ["", ""] and checks.faults() == []


def test_a_reading_is_undone_while_nothing_of_it_is_booked(firm):
    invoice = take_in(firm, "INV-X1", 500, 5)
    row = upload(firm, PAIR + "2026-09-01,5,,105,甲,S1\n2026-09-02,6,,111,乙,S2\n")
    row.take_in(firm.fang)
    payment = BankLine.get(BankLine.amount == 500).book(firm.fang, firm.a, [(invoice, 500)])
    assert code(row.undo, firm.fang) == "bank_line_booked" and BankLine.select().count() == 2
    payment.reverse(firm.fang, "错了")
    row.undo(firm.fang)
    assert (row.state, BankLine.select().count()) == ("undone", 0)
    assert [
        e.action for e in Event.select().where(Event.subject_type == "BankLine").order_by(Event.id)
    ][-2:] == [
        "undone",
        "undone",
    ]
    row.answer(firm.fang, {})
    assert row.take_in(firm.fang)["new"] == 2 and checks.faults() == []


def test_a_file_of_which_nothing_came_in_is_discarded(firm):
    row = upload(firm, PAIR + "2026-09-01,5,,105,甲,S1\n")
    row.discard(firm.fang)
    assert not BankFile.select().exists()
    taken = upload(firm, PAIR + "2026-09-01,5,,105,甲,S1\n")
    taken.take_in(firm.fang)
    assert code(taken.discard, firm.fang) == "state_changed"


def test_only_who_may_book_payments_reads_bank_files(firm):
    row = upload(firm, PAIR + "2026-09-01,5,,105,甲,S1\n")
    for verb, args in ((row.take_in, ()), (row.answer, ({},)), (row.discard, ()), (row.undo, ())):
        with pytest.raises(Forbidden):
            verb(firm.li, *args)


def test_a_long_file_comes_in_by_portions_and_goes_on_after_a_stop(firm, monkeypatch):
    rows = "".join(f"2026-09-01,{n},,{n},甲,S{n}\n" for n in range(1, 121))
    row, enter, made = upload(firm, PAIR + rows), BankLine.enter, []

    def stopping(*args):
        made.append(1)
        if len(made) == 70:
            raise KeyboardInterrupt
        return enter(*args)

    monkeypatch.setattr(BankLine, "enter", stopping)
    with pytest.raises(KeyboardInterrupt):
        row.take_in(firm.fang)
    row = BankFile.get_by_id(row.id)
    assert (row.state, BankLine.select().count()) == ("running", 50)
    assert row.take_in(firm.fang)["new"] == 120 and BankLine.select().count() == 120
    assert checks.faults() == []


def test_a_collective_booking_and_its_parts_are_the_same_money(firm):
    """camt.053 tells the sum, camt.054 the parts; whichever comes first."""
    sums = _camt("053", "BkToCstmrStmt", "Stmt", "")
    parts = _camt("054", "BkToCstmrDbtCdtNtfctn", "Ntfctn", _part(10) + _part(20))
    for first, second, lines in ((sums, parts, 1), (parts, sums, 2)):
        row = upload(firm, first, "a.xml")
        assert row.take_in(firm.fang)["new"] == lines
        assert upload(firm, second, "b.xml").take_in(firm.fang)["new"] == 0
        row.undo(firm.fang)


def _part(amount):
    return f'<TxDtls><Amt Ccy="EUR">{amount}.00</Amt></TxDtls>'


def _camt(version, root, kind, parts):
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{version}.001.08"><{root}><{kind}>'
        '<Ntry><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        "<BookgDt><Dt>2026-09-01</Dt></BookgDt><AcctSvcrRef>R1</AcctSvcrRef>"
        f"<NtryDtls>{parts}</NtryDtls></Ntry></{kind}></{root}></Document>"
    )


def test_the_day_of_value_that_earlier_versions_kept_finds_the_line_again(firm):
    text = (
        ":20:S\n:25:DE/1\n:28C:1/1\n:60F:C260831EUR0,00\n:61:2609010902C250,00NTRFX//B1\n"
        ":86:Alpha\n:62F:C260902EUR250,00\n-\n"
    )
    read_in(firm.fang, text, "a.sta")
    BankLine.update(booked_on=dt.date(2026, 9, 1)).execute()
    assert read_in(firm.fang, text, "b.sta")["new"] == 0


def test_a_difference_to_the_closing_balance_is_told(firm):
    text = (
        ":20:S\n:25:DE/1\n:28C:1/1\n:60F:C260831EUR0,00\n:61:2609010902C250,00NTRFX//B1\n"
        ":86:Alpha\n:62F:C260902EUR251,00\n-\n"
    )
    row = upload(firm, text, "a.sta")
    assert row.found["notes"] == [
        ["bank_difference", {"reached": 25000, "closing": 25100, "currency": "EUR"}]
    ]


def test_only_debit_and_credit_change_sides_with_the_books(firm):
    row = upload(firm, "日期,收/支,金额\n2026-09-01,支,5\n2026-09-01,借,6\n")
    row.answer(firm.fang, {"sides": "own"})
    assert [r.amount for r in row.rows] == [-500, 600]
    row = upload(firm, "日期,收入,支出\n2026-09-01,,5\n")
    row.answer(firm.fang, {"sides": "own"})
    assert [r.amount for r in row.rows] == [-500]


def test_a_currency_that_we_keep_no_books_in_is_left_out_and_told(firm):
    row = upload(firm, "date,paid_in,currency\n2026-09-01,5,EUR\n2026-09-01,6,CHF\n")
    assert judged(row) == [("new", 500), ("left_out", 600)]
    row.take_in(firm.fang)
    assert BankLine.get().currency == "EUR"


def test_a_short_number_that_comes_again_with_another_payer_is_another_payment(firm):
    text = "日期,收入,对方户名,凭证号\n2026-09-01,5,{},{}\n"
    read_in(firm.fang, text.format("甲", "0"))
    assert read_in(firm.fang, text.format("乙", "0"))["new"] == 1
    read_in(firm.fang, text.format("甲", "2026090112345"))
    assert read_in(firm.fang, text.format("甲公司", "2026090112345"))["new"] == 0


def test_a_table_with_two_days_finds_the_lines_of_either(firm):
    text = "交易时间,记账日期,收入,流水号\n2026-09-01 23:50:00,2026-09-02,5,S1\n"
    read_in(firm.fang, text)
    assert BankLine.get().booked_on == dt.date(2026, 9, 2)
    BankLine.update(booked_on=dt.date(2026, 9, 1)).execute()
    assert read_in(firm.fang, text)["new"] == 0


def test_nothing_comes_in_of_a_file_read_anew_meanwhile(firm):
    row = upload(firm, "date,amount\n2026-09-01,5\n2026-09-02,6\n")
    row.answer(firm.fang, {"direction": "in"})
    BankFile.get_by_id(row.id).answer(firm.fang, {"direction": "minus_in"})
    assert code(row.take_in, firm.fang) == "state_changed" and not BankLine.select().exists()


def test_nothing_comes_in_of_a_long_file_taken_back_meanwhile(firm, monkeypatch):
    row = upload(firm, PAIR + "".join(f"2026-09-01,{n},,{n},甲,S{n}\n" for n in range(1, 61)))
    enter, made = BankLine.enter, []

    def stopping(*args):
        made.append(1)
        return enter(*args) if len(made) != 30 else 1 / 0

    monkeypatch.setattr(BankLine, "enter", stopping)
    with pytest.raises(ZeroDivisionError):
        row.take_in(firm.fang)
    again = BankFile.get_by_id(row.id)
    BankFile.get_by_id(row.id).undo(firm.fang)
    assert code(again.take_in, firm.fang) == "state_changed"
    assert (BankFile.get_by_id(row.id).state, BankLine.select().count()) == ("undone", 0)
