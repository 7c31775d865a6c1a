"""Bank statements in five formats: the same line once, the certain apart from the doubtful, what is
booked is booked once."""

import datetime as dt
import io

import pytest
from openpyxl import Workbook

from models.bank import reading
from models.bank.line import BankLine
from models.bank.matching import Matching
from models.bank.row import Row
from models.core.clock import today
from models.core.errors import Refused
from models.customers import Customer
from models.documents import Document
from models.payments import Payment, open_balance
from tests.models.test_receivables import take_in
from tests.support.bank import read_in

CSV = """账号,6222000011112222
起始日期,2026-11-01
交易日期,交易时间,收入金额,支出金额,余额,对方户名,对方账号,摘要,币种,交易流水号
2026-11-02,10:11:12,"1,130.00",,2130.00,北京甲公司,110000222233334444,货款 INV-X1,人民币,S001
2026-11-03,09:00:00,,50.00,2080.00,银行,,手续费,人民币,S002
2026-11-04,09:00:00,20.00,,2100.00,路人,,,人民币,S003
合计,,1150.00,50.00,,,,,,
"""
MT940 = """:20:START
:25:DE11/1001234509
:28C:1/1
:60F:C261101EUR1000,00
:61:2611021102C113,00NTRFNONREF//BANKREF1
:86:166?00GUTSCHRIFT?20SVWZ+INV-X1?21 Rechnung?30COBADEFF?31DE89370400440532013000?32Beta?33 Ltd
:61:2611031103C50,00NTRFNONREF
:86:/EREF/X//ORDP//NAME/Gamma GmbH//REMI/USTD//INV-X2/
:61:2611041104D20,00NCHGfee
:86:charges
:62F:C261104EUR1143,00
-
"""
CAMT = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt><Stmt>
<Id>1</Id><Acct><Id><IBAN>DE02120300000000202051</IBAN></Id></Acct>
<Ntry><Amt Ccy="EUR">113.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{sts}</Sts>
<BookgDt><Dt>2026-11-02</Dt></BookgDt><AcctSvcrRef>A1</AcctSvcrRef>
<NtryDtls><TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><RltdPties><Dbtr>{name}</Dbtr>
<DbtrAcct><Id><IBAN>DE89370400440532013000</IBAN></Id></DbtrAcct></RltdPties>
<RmtInf><Ustrd>INV-X1</Ustrd><Ustrd>danke</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">30.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{sts}</Sts>
<BookgDt><Dt>2026-11-03</Dt></BookgDt><AcctSvcrRef>A2</AcctSvcrRef><NtryDtls>
<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">10.00</Amt></TxAmt></AmtDtls>
<RmtInf><Strd><CdtrRefInf><Ref>INV-X2</Ref></CdtrRefInf></Strd></RmtInf></TxDtls>
<TxDtls><AmtDtls><TxAmt><Amt Ccy="EUR">20.00</Amt></TxAmt></AmtDtls>
<RmtInf><Ustrd>INV-X3</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>
<Ntry><Amt Ccy="EUR">5.00</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>{sts}</Sts>
<BookgDt><Dt>2026-11-03</Dt></BookgDt></Ntry>
<Ntry><Amt Ccy="EUR">7.00</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>{pending}</Sts>
<BookgDt><Dt>2026-11-03</Dt></BookgDt></Ntry>
</Stmt></BkToCstmrStmt></Document>"""
OFX = """OFXHEADER:100
DATA:OFXSGML
VERSION:102
SECURITY:NONE
ENCODING:USASCII
CHARSET:1252
COMPRESSION:NONE
OLDFILEUID:NONE
NEWFILEUID:NONE

<OFX><SIGNONMSGSRSV1><SONRS><STATUS><CODE>0<SEVERITY>INFO</STATUS>
<DTSERVER>20261105<LANGUAGE>ENG</SONRS></SIGNONMSGSRSV1>
<BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STATUS><CODE>0<SEVERITY>INFO</STATUS><STMTRS><CURDEF>USD
<BANKACCTFROM><BANKID>1<ACCTID>99<ACCTTYPE>CHECKING</BANKACCTFROM>
<BANKTRANLIST><DTSTART>20261101<DTEND>20261105<STMTTRN><TRNTYPE>CREDIT<DTPOSTED>20261102
<TRNAMT>113.00<FITID>F1<NAME>Beta Ltd<MEMO>INV-X1</STMTTRN>
<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20261103<TRNAMT>-5.00<FITID>F2<NAME>Fee</STMTTRN></BANKTRANLIST>
<LEDGERBAL><BALAMT>1<DTASOF>20261105</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>
"""


def camt(version="02"):
    old = version == "02"
    name, status = (
        ("<Nm>Beta Ltd</Nm>", "{}") if old else ("<Pty><Nm>Beta Ltd</Nm></Pty>", "<Cd>{}</Cd>")
    )
    return CAMT.format(
        version=version, name=name, sts=status.format("BOOK"), pending=status.format("PDNG")
    ).encode()


def read(data, filename, currency="CNY", **choices):
    """The rows; a fault and an open question are refused."""
    found = reading.read(data, filename, currency, choices)
    if found["fault"]:
        raise Refused(found["fault"][0], **found["fault"][1])
    if found["questions"]:
        raise Refused("asked_" + found["questions"][0])
    return [Row.of(plain) for plain in found["rows"]]


def code(verb, *args, **kwargs):
    with pytest.raises(Refused) as error:
        verb(*args, **kwargs)
    return error.value.code


def test_a_chinese_table_with_lines_above_its_heads():
    for data in (CSV.encode(), CSV.encode("gb18030")):
        rows = read(data, "x.csv", "CNY")
        assert [(r.booked_on, r.amount, r.payer, r.reference) for r in rows] == [
            (dt.date(2026, 11, 2), 113000, "北京甲公司", "S001"),
            (dt.date(2026, 11, 3), -5000, "银行", "S002"),
            (dt.date(2026, 11, 4), 2000, "路人", "S003"),
        ]
        assert (
            rows[0].payer_account == "110000222233334444"
            and rows[0].text == "货款 INV-X1"
            and rows[0].currency == "CNY"
        )


def test_an_english_sheet():
    book = Workbook()
    book.active.append(["Date", "Amount", "Payer", "Description", "Currency"])
    book.active.append([dt.datetime(2026, 11, 2), 113.00, "Beta Ltd", "INV-X1", "EUR"])
    book.active.append([dt.datetime(2026, 11, 3), -5, "Bank", "fee", "EUR"])
    out = io.BytesIO()
    book.save(out)
    assert [(r.amount, r.currency, r.payer) for r in read(out.getvalue(), "x.xlsx", "CNY")] == [
        (11300, "EUR", "Beta Ltd"),
        (-500, "EUR", "Bank"),
    ]


def test_mt940_in_the_german_and_the_sepa_manner():
    rows = read(MT940.encode(), "x.sta", "CNY")
    assert [(r.amount, r.payer, r.payer_account, r.currency) for r in rows] == [
        (11300, "Beta Ltd", "DE89370400440532013000", "EUR"),
        (5000, "Gamma GmbH", "", "EUR"),
        (-2000, "", "", "EUR"),
    ]
    assert "INV-X1" in rows[0].text and "INV-X2" in rows[1].text and rows[0].reference == "BANKREF1"


@pytest.mark.parametrize("version", ["02", "08"])
def test_camt_053_with_a_batch_and_a_pending_entry(version):
    rows = read(camt(version), "x.xml", "CNY")
    assert [(r.amount, r.text, r.reference) for r in rows] == [
        (11300, "INV-X1 danke", "A1"),
        (1000, "INV-X2", "A2/1"),
        (2000, "INV-X3", "A2/2"),
        (-500, "", ""),
        (700, "", ""),
    ]
    assert [r.left_out for r in rows] == ["", "", "", "", "pending"]
    assert (rows[0].payer, rows[0].payer_account, rows[0].account) == (
        "Beta Ltd",
        "DE89370400440532013000",
        "DE02120300000000202051",
    )


def test_ofx():
    rows = read(OFX.encode(), "x.ofx", "CNY")
    assert [(r.amount, r.currency, r.payer, r.text, r.reference) for r in rows] == [
        (11300, "USD", "Beta Ltd", "INV-X1", "F1"),
        (-500, "USD", "Fee", "", "F2"),
    ]


@pytest.mark.asvs("1.5.1")
@pytest.mark.parametrize(
    "data, expected",
    [
        (b"", "file_empty"),
        (b"a,b\n1,2\n", "asked_columns"),
        (b"date,amount\n2026-11-02,5\n", "asked_direction"),
        (b"date,paid_in\n2026-11-02,abc\n", "bank_cell"),
        (b"date,paid_in\n2026-13-45,5\n", "bank_cell"),
        (b"date,amount\n", "bank_no_rows"),
        (b"<Document xmlns='camt.053'><Bk", "bank_unreadable"),
        (camt().replace(b"113.00", b"113.005"), "bank_unreadable"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><Document>camt.053 &a;</Document>", "bank_unreadable"),
        (b"OFXHEADER:100\n\n<OFX><BROKEN", "bank_unreadable"),
        (camt().replace(b'"EUR"', b'"XXX"'), "currency_unknown"),
        (b"PK\x03\x04rubbish", "file_not_a_table"),
    ],
)
def test_what_cannot_be_read_whole_is_refused_and_named(data, expected):
    assert code(read, data, "x", "CNY") == expected


def counts(*given):
    found = read_in(*given)
    return {name: found[name] for name in ("new", "known", "outgoing")}


def test_the_same_line_is_taken_once_and_equal_ones_of_a_file_are_two(firm):
    assert counts(firm.fang, CSV.encode(), "a.csv") == {
        "new": 2,
        "known": 0,
        "outgoing": 1,
    }
    assert counts(firm.fang, CSV.encode("gb18030"), "b.csv") == {
        "new": 0,
        "known": 2,
        "outgoing": 1,
    }
    twins = "date,paid_in,payer\n2026-11-05,10,X\n2026-11-05,10,X\n".encode()
    assert counts(firm.fang, twins, "t.csv")["new"] == 2
    assert counts(firm.fang, twins + b"2026-11-05,10,X\n", "t.csv") == {
        "new": 1,
        "known": 2,
        "outgoing": 0,
    }


def test_equal_lines_of_two_files_are_told_apart_by_the_balance_behind_them(firm):
    """No reference of the bank: a morning's file, an afternoon's, and the whole day's, which
    overlaps both."""
    head, first, second = (
        "日期,收入,余额,对方户名\n",
        "2026-11-05,10,110,X\n",
        "2026-11-05,10,120,X\n",
    )

    def taken(*rows):
        found = counts(firm.fang, (head + "".join(rows)).encode(), "d.csv")
        return found["new"], found["known"]

    assert [taken(first), taken(second), taken(first, second), taken(second)] == [
        (1, 0),
        (1, 0),
        (0, 2),
        (0, 1),
    ]
    assert taken("2026-11-05,10,110,X\n", "2026-11-05,10,110,X\n") == (1, 1), (
        "there and back and there again within one day"
    )
    assert taken("2026-11-05,10,,X\n") == (0, 1) and taken("2026-11-05,10,?,X\n") == (0, 1)


def test_lines_from_before_the_balance_was_kept_are_known_still(firm):
    read_in(
        firm.fang,
        CSV.encode()
        .replace("余额".encode(), "备用".encode())
        .replace(b"S001", b"")
        .replace(b"S003", b""),
        "a.csv",
    )
    assert (
        counts(firm.fang, CSV.encode().replace(b"S001", b"").replace(b"S003", b""), "b.csv")[
            "known"
        ]
        == 2
    )


def judge(firm, amount, text="", payer="", account="", currency="CNY"):
    return Matching().propose(Row(today(), amount, currency, payer, account, text))


@pytest.fixture
def owed(firm):
    """A owes X1 and X2, B owes Y1 of the same amount as X2."""
    firm.a.revise(firm.fang, bank_account="1100 0022 2233", short_name="甲公司")
    take_in(firm, "INV-X1", 11300, 50)
    take_in(firm, "INV-X2", 5000, 40)
    take_in(firm, "INV-Y1", 5000, 30, customer=firm.b)
    return firm


@pytest.mark.parametrize(
    "amount, given, tier, why, numbers",
    [
        (11300, dict(text="货款INV-X1谢谢"), "certain", "number", ["INV-X1"]),
        (11300, dict(text="inv x1"), "certain", "number", ["INV-X1"]),
        (16300, dict(text="INV-X1/INV-X2"), "certain", "number", ["INV-X1", "INV-X2"]),
        (11300, dict(text="INV-X1", payer="Beta Ltd"), "likely", "number_other_payer", ["INV-X1"]),
        (10000, dict(text="INV-X1"), "likely", "number_other_amount", ["INV-X1"]),
        (5000, dict(account="110000222233"), "certain", "account_amount", ["INV-X2"]),
        (16300, dict(account="110000222233"), "certain", "all_open", ["INV-X1", "INV-X2"]),
        (5000, dict(payer="甲公司"), "likely", "name_amount", ["INV-X2"]),
        (
            5000,
            dict(account="110000222233", text="INV-X1 INV-Y1"),
            "likely",
            "account_amount",
            ["INV-X2"],
        ),
        (777, dict(payer="北京甲公司"), "possible", "payer", ["INV-X1"]),
        (11300, dict(payer="路人"), "possible", "amount", ["INV-X1"]),
        (5000, dict(payer="路人"), "possible", "amounts", []),
        (777, dict(payer="路人"), "none", "", []),
        (11300, dict(text="INV-X1", currency="EUR"), "none", "", []),
        (11300, dict(text="INV-X12"), "possible", "amount", ["INV-X1"]),
    ],
)
def test_the_tiers_of_certainty(owed, amount, given, tier, why, numbers):
    found = judge(owed, amount, **given)
    assert (found.tier, found.why, [n for _, n, _ in found.parts]) == (tier, why, numbers)


def test_two_certain_lines_do_not_take_the_same_invoice(owed):
    matching, line = Matching(), Row(today(), 11300, "CNY", text="INV-X1")
    assert [matching.propose(line).tier, matching.propose(line).tier] == ["certain", "none"]


def test_a_reported_payment_is_confirmed_by_its_line(owed):
    report = Payment.report(
        owed.anna,
        "CNY",
        11000,
        today(),
        wanted=[(Document.get(Document.number == "INV-X1"), 11000)],
    )
    read_in(
        owed.fang, f"date,paid_in,payer_account\n{today()},110.00,110000222233\n".encode(), "x.csv"
    )
    line = BankLine.get()
    found = Matching().propose(line)
    assert (found.tier, found.why, found.reported) == ("certain", "reported", report.id)
    line.book(owed.fang, owed.a, (), reported=Payment.get_by_id(found.reported))
    assert (
        Payment.select().count() == 1
        and open_balance(Document.get(Document.number == "INV-X1")) == 300
    )


def test_a_line_is_booked_once_and_free_again_when_its_payment_is_reversed(owed):
    read_in(owed.fang, f"date,paid_in,description\n{today()},113.00,INV-X1\n".encode(), "x.csv")
    invoice = Document.get(Document.number == "INV-X1")
    payment = BankLine.get().book(owed.fang, owed.a, [(invoice, 11300)])
    assert payment.received_on == today() and open_balance(invoice) == 0
    assert code(BankLine.get().book, owed.fang, Customer.get_by_id(owed.a.id)) == "state_changed"
    assert Payment.select().count() == 1
    payment.reverse(owed.fang, "错了")
    assert (
        BankLine.get().state == "new"
        and BankLine.get().payment is None
        and open_balance(invoice) == 11300
    )
    BankLine.get().ignore(owed.fang, "利息")
    assert code(BankLine.get().book, owed.fang, owed.a) == "state_changed"
    BankLine.get().reopen(owed.fang)
    again = BankLine.get().book(owed.fang, owed.a, [(invoice, 11300)], charges=0)
    assert [e.action for e in BankLine.get().events][
        -1
    ] == "booked" and again.number != payment.number


def test_what_a_bank_kept_on_the_way_is_charged_to_us(owed):
    read_in(owed.fang, f"date,paid_in,description\n{today()},98.00,INV-X1\n".encode(), "x.csv")
    invoice = Document.get(Document.number == "INV-X1")
    payment = BankLine.get().book(owed.fang, owed.a, [(invoice, 11300)], charges=1500)
    assert (payment.amount, payment.charges, open_balance(invoice)) == (11300, 1500, 0)


@pytest.mark.parametrize("data", [MT940, OFX, camt("02"), camt("08")])
def test_what_is_read_can_also_be_stored(firm, data):
    """The libraries have days and amounts of their own, which a database does not know."""
    data = data if isinstance(data, bytes) else data.encode()
    rows = read(data, "x", "CNY")
    assert {type(row.booked_on) for row in rows} == {dt.date}
    assert {type(row.amount) for row in rows} == {int}
    assert read_in(firm.fang, data, "x")["new"]
