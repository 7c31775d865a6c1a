"""What a customer signed or handed in is filed by itself, found, kept 30 years and destroyed."""

import csv
import io
import zipfile

import pytest

from models.adapters import blobs, search
from models.archive import Filing, YearPackage, filing, filing_by_rule, retention
from models.archive.inspection import inspect
from models.core.clock import at, now, today
from models.disputes import Dispute
from models.operations import checks
from models.payments import Payment
from models.payments.write_off import WriteOff
from models.receivables.statement import Statement
from tests.models.archive.test_external_file import picture
from tests.support.destruction import LATER, carried_out, proposed


@pytest.fixture
def proofs(firm):
    """(a statement that Anna signed, her payment with a slip)"""
    paper = firm.issued(price="100")
    row = Statement.make(firm.fang, firm.a, "CNY", today().replace(day=1), today())
    row.keep_pdf()
    row.send(firm.fang)
    row.confirm(firm.anna, "安娜签名")
    row = Statement.get_by_id(row.id)
    row.keep_pdf("confirmed_pdf_sha256")
    paid = Payment.report(
        firm.anna, "CNY", paper.total, today(), slip=picture(), slip_name="回单.png"
    )
    paid.confirm(firm.fang)
    return row, Payment.get_by_id(paid.id)


def filed(firm, proofs):
    filing_by_rule.file_due()
    filing.read_waiting()
    statement, payment = proofs
    return Filing.get(Filing.statement == statement.id), Filing.get(Filing.payment == payment.id)


def test_signed_statements_and_slips_are_filed_once_and_kept_thirty_years(firm, proofs):
    signed, slip = filed(firm, proofs)
    assert filing_by_rule.file_due() == 0
    assert (signed.kind, signed.number, signed.customer) == ("statement", proofs[0].number, firm.a)
    assert signed.sha == proofs[0].confirmed_pdf_sha256 and signed.extension == "pdf"
    assert (slip.kind, slip.number, slip.extension) == ("receipt", proofs[1].number, "png")
    assert slip.bytes() == picture() and slip.total == proofs[1].amount
    for row in (signed, slip):
        assert retention.due_on(row.folder).year == row.folder.year + 31
        assert [code for _test, code, _facts in inspect(row)] == []
    assert checks.faults() == []


def test_an_unsigned_statement_and_a_declined_report_are_not_filed(firm):
    row = Statement.make(firm.fang, firm.a, "CNY", today().replace(day=1), today())
    row.keep_pdf()
    firm.issued(price="100")
    paid = Payment.report(firm.anna, "CNY", 100, today(), slip=picture())
    assert filing_by_rule.file_due() == 0
    paid.decline(firm.fang, "没有到账")
    assert filing_by_rule.file_due() == 0


def found(words):
    return {row.id for row in Filing.select().where(Filing.id.in_(search.find(words, "filings")))}


def test_the_archive_search_finds_them(firm, proofs):
    signed, slip = filed(firm, proofs)
    assert signed.id in found(proofs[0].number) and signed.id in found("安娜签名")
    assert slip.id in found(proofs[1].number)


def test_they_are_destroyed_with_their_bytes_and_texts(firm, proofs):
    rows = filed(firm, proofs)
    statement, payment = proofs
    with at(now() + LATER):
        carried_out(firm, proposed(firm, list(rows)))
    for sha in (statement.pdf_sha256, statement.confirmed_pdf_sha256, payment.slip):
        assert not blobs.path_of(sha).exists()
    assert (Statement.get().state, Statement.get().snapshot) == ("destroyed", {})
    assert Payment.get_by_id(payment.id).slip is None
    assert not firm.fang.sees.statements().exists() and not firm.anna.sees.statements().exists()
    assert checks.faults() == []


def test_a_year_package_has_them_and_every_table_of_the_claims(firm, proofs):
    signed, slip = filed(firm, proofs)
    paper = firm.issued(price="50")
    WriteOff.ask(firm.fang, paper, 50, "尾差")
    Dispute.raise_(firm.anna, customer=firm.a, document=paper, reason="price", text="太贵")
    Dispute.raise_(firm.anna, customer=firm.a, reason="service", text="太慢")
    YearPackage.ask(firm.zhao, today().year)
    YearPackage.run_waiting()
    row = YearPackage.get()
    assert (row.state, row.error) == ("done", "")
    with zipfile.ZipFile(row.path) as box:
        assert box.read(f"statement/{signed.name}") == signed.bytes()
        assert box.read(f"receipt/{slip.name}") == slip.bytes()
        tables = {
            name: list(csv.DictReader(io.StringIO(box.read(name).decode("utf-8-sig"))))
            for name in box.namelist()
            if name.startswith("data/")
        }
        for name in tables:
            assert f'href="{name}"' in box.read("index.html").decode()
    wanted = {"refunds", "write_offs", "statements", "disputes", "reminders", "contacts"}
    assert wanted <= {name[5:-4] for name in tables}
    assert tables["data/write_offs.csv"][0]["amount"] == "0.50"
    assert [d["text"] for d in tables["data/disputes.csv"]] == ["太贵", "太慢"]
    assert tables["data/statements.csv"][0]["closing"] == "113.00"
    assert [c["name"] for c in tables["data/contacts.csv"]] == ["Anna", "阿敏"]
