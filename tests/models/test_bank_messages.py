"""MT940, camt, OFX, QIF and BAI2 in the dialects that banks write, each to what a bookkeeper would
read in it: (amount, payer, why it is no payment), or what is asked."""

import pytest

from models.bank import reading


def told(text, encoding="utf-8", **choices):
    found = reading.read(text.encode(encoding), "x", "EUR", choices)
    assert found["fault"] is None and found["notes"] == []
    return found["questions"] or [
        (row["amount"], row.get("payer", ""), *filter(None, [row.get("left_out")]))
        for row in found["rows"]
    ]


def mt940(mark, purpose, closing):
    return (
        ":20:S\n:25:DE11/1001234509\n:28C:1/1\n:60F:C260831EUR1000,00\n"
        f":61:2609010901{mark}250,00NTRFX//B1\n:86:{purpose}\n:62F:C260901EUR{closing},00\n-\n"
    )


@pytest.mark.parametrize(
    "mark, purpose, closing, row",
    [
        ("CR", "166?00GUT?20SVWZ+INV\n?21-1?32Alp\nha L?33td", 1250, (25000, "Alpha Ltd")),
        ("C", "020~00TR~20Faktura~32ALPHA~33 LTD~38PL6110901", 1250, (25000, "ALPHA LTD")),
        ("C", "020<00TR<20Faktura<32ALPHA<33 LTD", 1250, (25000, "ALPHA LTD")),
        ("C", "/EREF/X//CNTP/NL08/INGB/ALPHA BV///REMI/USTD//I-1/", 1250, (25000, "ALPHA BV")),
        ("C", "/ORDP//NAME/Alpha Ltd//IBAN/DE1/REMI/INV-1", 1250, (25000, "Alpha Ltd")),
        ("RD", "A", 1250, (25000, "", "reversal")),
        ("RC", "A", 750, (-25000, "")),
    ],
)
def test_mt940(mark, purpose, closing, row):
    assert told(mt940(mark, purpose, closing)) == [row]


def camt(entries):
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><Stmt>'
        f"<Id>1</Id>{entries}</Stmt></BkToCstmrStmt></Document>"
    )


def entry(amount, side, details="", more=""):
    return (
        f'<Ntry><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>{more}'
        "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-09-01</Dt></BookgDt>"
        f"<AcctSvcrRef>R1</AcctSvcrRef><NtryDtls>{details}</NtryDtls></Ntry>"
    )


def part(amount, name, side="CRDT", more=""):
    who = "Dbtr" if side == "CRDT" else "Cdtr"
    return (
        f'<TxDtls><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{side}</CdtDbtInd>'
        f"<RltdPties><{who}><Pty><Nm>{name}</Nm></Pty></{who}></RltdPties>{more}</TxDtls>"
    )


TWO = part("10.00", "A"), part("20.00", "B")
BACK = "<RvslInd>true</RvslInd>"
RETURN = "<RtrInf><Rsn><Cd>AC01</Cd></Rsn></RtrInf>"


@pytest.mark.parametrize(
    "entries, rows",
    [
        (entry("30.00", "CRDT", "".join(TWO)), [(1000, "A"), (2000, "B")]),
        (entry("30.00", "CRDT", "</NtryDtls><NtryDtls>".join(TWO)), [(1000, "A"), (2000, "B")]),
        (
            entry("10.00", "CRDT", part("30.00", "A") + part("20.00", "B", "DBIT")),
            [(3000, "A"), (-2000, "B")],
        ),
        (entry("29.00", "CRDT", "".join(TWO)), [(2900, "")]),
        (entry("30.00", "CRDT", more=BACK), [(3000, "", "reversal")]),
        (entry("30.00", "DBIT", more=BACK), [(-3000, "")]),
        (entry("30.00", "CRDT", part("30.00", "A", more=RETURN)), [(3000, "A", "reversal")]),
    ],
)
def test_camt(entries, rows):
    assert told(camt(entries)) == rows
    with_head = '<?xml version="1.0" encoding="UTF-16"?>' + camt(entries)
    assert told(with_head, "utf-16") == rows


def ofx(*amounts):
    entries = "".join(
        f"<STMTTRN><TRNTYPE>{kind}<DTPOSTED>20260901120000[-5:EST]<TRNAMT>{amount}<FITID>{n}"
        "<NAME>M\u00fcller &amp; Co</STMTTRN>"
        for n, (kind, amount) in enumerate(amounts)
    )
    return (
        "OFXHEADER:100\nENCODING:USASCII\nCHARSET:1252\n\n<OFX><STMTRS><CURDEF>EUR<BANKTRANLIST>"
        f"{entries}</BANKTRANLIST></STMTRS></OFX>"
    )


@pytest.mark.parametrize(
    "kind, amount, expected",
    [
        ("CREDIT", "+1,500.00", (150000, "Müller & Co")),
        ("CREDIT", "1.500,00", (150000, "Müller & Co")),
        ("CREDIT", "1500,5", (150050, "Müller & Co")),
        ("FEE", "5.00", (500, "Müller & Co", "reversal")),
        ("CREDIT", "1,500", "decimal"),
    ],
)
def test_ofx(kind, amount, expected):
    assert told(ofx((kind, amount)), "cp1252") == [expected]


def test_the_decimal_sign_of_other_amounts_of_the_file_says_what_one_leaves_open():
    rows = told(ofx(("CREDIT", "1,500"), ("DEBIT", "-20.00")), "cp1252")
    assert [amount for amount, *_ in rows] == [150000, -2000]
    assert told(ofx(("CREDIT", "1,500")), "cp1252", decimal=",")[0][0] == 150


QIF = {
    "D13/09/2026\nT1,500.00\nPA": [(150000, "A")],
    "D9/13'26\nT1,500.00\nPA": [(150000, "A")],
    "D13.9.26\nT1.500,00\nPA": [(150000, "A")],
    "D9/1/2026\nT5.00\nPA": ["date_order"],
    "D13/09/2026\nT1000.00\nPOpening Balance\nL[My]": [(100000, "Opening Balance", "neutral")],
}


@pytest.mark.parametrize("record", QIF)
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16"])
def test_qif(record, encoding):
    assert told(f"!Type:Bank\n{record}\n^\n", encoding) == QIF[record]


def bai2(*records, sum_of):
    return (
        "01,BANK,FIRM,260901,0800,1,80,,2/\n02,FIRM,BANK,1,260901,2359,EUR,2/\n03,99,EUR,,,,/\n"
        + "\n".join(records)
        + f"\n49,{sum_of},3/\n98,{sum_of},1,5/\n99,{sum_of},1,7/\n"
    )


@pytest.mark.parametrize(
    "records, left_out, text",
    [
        (
            ("16,195,50000,Z,R1,C1,Payment of", "88,Alpha, INV 1/2"),
            None,
            "Payment of Alpha, INV 1/2",
        ),
        (("16,195,50000,V,260901,,R1,C1/", "88,RENT/"), None, "RENT"),
        (("16,195,50000,S,1,2,3,R1,C1,A/",), None, "A"),
        (("16,252,50000,Z,R1,C1,A/",), "reversal", "A"),
    ],
)
def test_bai2(records, left_out, text):
    (row,) = reading.read(bai2(*records, sum_of=50000).encode(), "x", "EUR", {})["rows"]
    assert (row["amount"], row.get("left_out"), row["text"]) == (50000, left_out, text)
