"""Whatever is written in a format of banks is read back the same, with its direction."""

import datetime as dt
import io
import zipfile
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from models.bank import reading
from models.bank.row import Row
from models.core.errors import Refused
from tests.support import bank_writers as written

WORDS = st.text("ABCDEFGH aeiou0123", min_size=1, max_size=20).map(
    lambda t: " ".join(f"x{t}".split())
)
ROWS = st.lists(
    st.builds(
        Row,
        st.dates(dt.date(2020, 1, 2), dt.date(2026, 11, 1)),
        st.integers(-(10**10), 10**10).filter(bool),
        st.just("EUR"),
        WORDS,
        st.integers(10**5, 10**15).map(str),
        WORDS,
        st.integers(1, 10**9).map("R{}".format),
    ),
    min_size=1,
    max_size=6,
)
FEW = settings(max_examples=15, deadline=None)


def read(data, **choices):
    found = reading.read(data, "x", "EUR", choices)
    assert (found["questions"], found["fault"], found["notes"]) == ([], None, [])
    return [Row.of(plain) for plain in found["rows"]]


def told(rows, *names):
    return [tuple(getattr(row, name) for name in ("amount", "currency", *names)) for row in rows]


ALL = ("booked_on", "payer", "payer_account", "text", "reference")


@FEW
@given(ROWS)
def test_mt940(rows):
    found = read(written.mt940(rows))
    names = ("booked_on", "payer", "payer_account", "reference")
    assert told(found, *names) == told(rows, *names)
    assert all(row.text in other.text for row, other in zip(rows, found, strict=True))


@FEW
@given(ROWS, st.sampled_from(["Stmt", "Rpt", "Ntfctn"]), st.sampled_from(["02", "08"]))
def test_camt(rows, kind, version):
    assert told(read(written.camt(rows, kind=kind, version=version)), *ALL) == told(rows, *ALL)


@FEW
@given(ROWS, st.booleans())
def test_ofx(rows, xml):
    names = ("booked_on", "payer", "text", "reference")
    assert told(read(written.ofx(rows, xml=xml)), *names) == told(rows, *names)


@FEW
@given(ROWS)
def test_qif(rows):
    names = ("booked_on", "payer", "text")
    assert told(read(written.qif(rows), decimal="."), *names) == told(rows, *names)


@FEW
@given(ROWS)
def test_bai2(rows):
    names = ("text", "reference")
    assert told(read(written.bai2(rows)), *names) == told(rows, *names)


@FEW
@given(
    ROWS,
    st.sampled_from(["pair", "flag", "sign"]),
    st.sampled_from([(",", "."), (";", ","), (";", "."), ("\t", ".")]),
    st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    st.sampled_from(["%Y-%m-%d", "%Y%m%d", "%d.%m.%Y", "%Y年%m月%d日", "%Y%m%d 10:21:33"]),
    st.sampled_from([(), ("某银行交易明细",), ("a", "", "-----")]),
)
def test_a_table_in_any_dialect(rows, how, dialect, encoding, day, above):
    separator, point = dialect
    data = written.table(rows, how, separator, point, encoding, day, above)
    choices = {"decimal": point}
    if how == "sign" and all(row.amount > 0 for row in rows):
        found = reading.read(data, "x", "EUR", choices)
        assert (found["questions"], found["rows"]) == (["direction"], [])
        choices["direction"] = "in"
    assert told(read(data, **choices), *ALL) == told(rows, *ALL)


def test_a_zip_of_camt_documents():
    row = Row(dt.date(2026, 9, 1), 500, "EUR", "A", "1", "INV-1", "R1")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("1.xml", written.camt([row]))
        archive.writestr("2.xml", written.camt([replace(row, reference="R2")]))
    assert [r.reference for r in read(packed.getvalue())] == ["R1", "R2"]


MOVEMENT = ":61:2609010902{mark}250,00NTRFX//B1\n:86:/NAME/Alpha/REMI/INV-1\n"


@pytest.mark.parametrize("mark, amount", [("C", 1), ("D", -1), ("RC", -1), ("RD", 1), ("CR", 1)])
def test_the_marks_of_mt940(mark, amount):
    head = ":20:S\n:25:DE/1\n:28C:1/1\n:60F:C260831EUR0,00\n"
    (row,) = read((head + MOVEMENT.format(mark=mark)).encode())
    assert (row.amount, row.booked_on, row.valued_on, row.payer) == (
        25000 * amount,
        dt.date(2026, 9, 2),
        dt.date(2026, 9, 1),
        "Alpha",
    )


NTRY = (
    '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><BkToCstmrStmt><Stmt><Ntry>'
    '<Amt Ccy="EUR">{}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>'
    "<BookgDt><Dt>2026-09-01</Dt></BookgDt></Ntry></Stmt></BkToCstmrStmt></Document>"
)
STMTTRN = (
    "OFXHEADER:100\n\n<OFX><STMTRS><CURDEF>EUR<BANKTRANLIST><STMTTRN><TRNTYPE>{}<DTPOSTED>20260901"
    "<TRNAMT>{}<FITID>1</STMTTRN></BANKTRANLIST></STMTRS></OFX>"
)


def test_no_sign_turns_what_went_out_into_money_in():
    assert read(NTRY.format("5.00").encode())[0].amount == -500
    with pytest.raises(Refused, match="bank_unreadable"):
        read(NTRY.format("-5.00").encode())
    for kind, written_amount, amount in (
        ("DEBIT", "5.00", -500),
        ("DEBIT", "-5.00", -500),
        ("CREDIT", "5.00", 500),
        ("CREDIT", "-5.00", -500),
    ):
        assert read(STMTTRN.format(kind, written_amount).encode())[0].amount == amount


@pytest.mark.parametrize("amount", ["9" * 30, "1E+999999", "Infinity", "NaN"])
def test_an_amount_beyond_all_money_is_refused(amount):
    with pytest.raises(Refused, match="bank_unreadable"):
        read(STMTTRN.format("CREDIT", amount).encode())


def test_a_balance_beyond_all_money_is_refused():
    with pytest.raises(Refused, match="bank_unreadable"):
        reading.tidied(Row(dt.date(2026, 9, 1), 1, "EUR", balance=10**19))
