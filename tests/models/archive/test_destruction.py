"""Out of the world by rule: due, not held, listed, approved by another, watched by two, erased
everywhere, certified for ever."""

import datetime as dt
import sqlite3

import pytest

from models.adapters import blobs, search
from models.adapters.outbox import Mail
from models.approvals import ApprovalRequest, Comment
from models.archive import (
    DestructionList,
    ExternalFile,
    Filing,
    LegalHold,
    RetentionRule,
    YearPackage,
    certificate,
    erase,
    erased_content,
    retention,
)
from models.archive.appraisal import appraise
from models.archive.folder import Folder
from models.company import Company
from models.core.clock import at, now
from models.core.database import db
from models.core.errors import Forbidden, Refused
from models.core.model import model_named, tables
from models.documents import Document, Message
from models.documents.archiving import TABLES_WITHOUT_TEXT, TEXT_COLUMNS
from models.operations import checks
from models.operations.backup import Backup, Place
from models.payments import Payment
from tests.support.destruction import LATER, SECRET, carried_out, everything, proposed


def test_terms_are_counted_from_the_first_day_after_the_fiscal_year(firm):
    paper = firm.issued(price="10")
    Filing.file_document(firm.zhao, paper)
    folder, year = Folder.get(), Folder.get().year
    assert retention.due_on(folder) == dt.date(year + 31, 1, 1)
    for day, due in (
        (dt.datetime(year + 30, 12, 31, 10), 0),
        (dt.datetime(year + 31, 1, 1, 10), 1),
    ):
        with at(day):
            assert retention.due().count() == due
    assert retention.kept_years(folder) == 0


@pytest.mark.parametrize(
    "kind, years, code",
    [
        ("invoice", 29, "retention_least"),
        ("bank_statement", 9, "retention_least"),
        ("destruction_register", 30, "retention_for_ever"),
        ("quote", 0, "retention_least"),
        ("x", 5, "choice_unknown"),
    ],
)
def test_no_term_below_the_laws(firm, kind, years, code):
    with pytest.raises(Refused) as no:
        RetentionRule.define(firm.zhao, kind, years)
    assert no.value.code == code


def test_the_firms_own_terms_hold_for_quotes(firm):
    RetentionRule.define(firm.zhao, "quote", 2)
    Filing.file_document(firm.zhao, firm.issued("quote", price="10"))
    with at(now() + dt.timedelta(days=366 * 4)):
        assert retention.due().count() == 1
    assert checks.faults() == []


@pytest.mark.asvs("14.2.7")
def test_nothing_is_listed_before_its_day(firm):
    Filing.file_document(firm.zhao, firm.issued(price="10"))
    with pytest.raises(Refused) as no:
        proposed(firm, list(Filing.select()))
    assert no.value.code == "not_due"


@pytest.mark.asvs("14.2.7")
def test_everything_is_erased_and_number_hash_and_reason_stay(firm, old, tmp_path):
    sha, number, before = old.pdf_sha256, old.number, everything()
    assert SECRET in before[0] and SECRET.encode() in before[1]
    row = carried_out(firm, proposed(firm))
    paper = Document.get_by_id(old.id)
    assert (paper.state, paper.number, paper.pdf_sha256, paper.total, paper.snapshot) == (
        "destroyed",
        number,
        sha,
        old.total,
        None,
    )
    assert {(x.name, x.note, x.code) for x in paper.ordered_lines()} == {("", "", "")}
    rows, files = everything()
    assert SECRET not in rows and SECRET.encode() not in files and not blobs.path_of(sha).exists()
    assert (
        not search.find(SECRET, "filings").exists()
        and not search.find("壹", "filings").exists()
        and Mail.select().where(Mail.attachment == sha).count() == 0
    )
    assert "机密" not in repr(Filing.of(paper).__data__) and row.number in Filing.of(paper).reason
    assert checks.faults() == []
    if isinstance(db.obj, __import__("peewee").SqliteDatabase):
        assert sqlite3.connect(tmp_path / "danju.db").execute(
            "PRAGMA integrity_check"
        ).fetchone() == ("ok",)
        assert SECRET.encode() not in (tmp_path / "danju.db").read_bytes()


def test_both_sign_and_the_certificate_is_kept_for_ever(firm, old):
    from models.adapters.printing import reading

    Company.current().revise(firm.ada, footer="感谢惠顾")
    row = carried_out(firm, proposed(firm))
    row.sign(firm.fang)
    assert DestructionList.get_by_id(row.id).state == "destroyed"
    row.sign(firm.ada)
    DestructionList.certify_waiting()
    row = DestructionList.get_by_id(row.id)
    words = reading.text(blobs.fetch(row.certificate)).replace("\n", "").replace("\r", "")
    for said in (
        row.number,
        old.number,
        "方财务",
        "Ada",
        "王经理",
        "赵档案",
        "保管期满",
        "DA-INV",
        "30",
        old.pdf_sha256[:20],
    ):
        assert said in words, said
    assert "感谢惠顾" not in words  # which is said to customers
    assert (
        row.state == "certified"
        and row.filing.kind == "destruction_register"
        and retention.due_on(row.filing.folder) is None
    )
    assert checks.faults() == []


@pytest.mark.asvs("2.3.5")
def test_four_people_take_part_and_never_the_same(firm, old):
    row = proposed(firm)
    firm.zhao.revise(firm.ada, roles=["archivist", "manager"])
    for who in (firm.zhao, firm.li, firm.fang, firm.ada):
        with pytest.raises(Forbidden):
            row.approve(who)
    row.approve(firm.wang)
    for pair, code in (
        ((firm.fang, firm.fang), "witnesses_two"),
        ((firm.zhao, firm.fang), "witness_took_part"),
        ((firm.wang, firm.fang), "witness_took_part"),
        ((firm.li, firm.fang), "witness_may_not"),
    ):
        with pytest.raises(Refused) as no:
            row.name_witnesses(firm.zhao, *pair)
        assert no.value.code == code


def test_nothing_is_destroyed_before_both_have_checked_nor_signed_before_it_is_gone(firm, old):
    row = proposed(firm)
    with pytest.raises(Refused):
        row.carry_out(firm.zhao)
    row.approve(firm.wang)
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    row.check(firm.fang)
    with pytest.raises(Refused) as no:
        row.carry_out(firm.zhao)
    assert no.value.code == "witnesses_first"
    with pytest.raises(Refused):
        row.check(firm.fang)
    with pytest.raises(Forbidden):
        row.check(firm.wang)
    row.check(firm.ada)
    row = DestructionList.get_by_id(row.id)
    with pytest.raises(Forbidden):
        row.carry_out(firm.fang)
    row.carry_out(firm.zhao)
    with pytest.raises(Refused) as no:
        row.sign(firm.fang)
    assert no.value.code == "not_erased_yet" and blobs.path_of(old.pdf_sha256).exists()
    erase.erase_waiting()
    assert not blobs.path_of(old.pdf_sha256).exists()


def test_a_hold_placed_late_stops_it_and_nothing_is_half_gone(firm, old):
    row = proposed(firm)
    row.approve(firm.wang)
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    row.check(firm.fang)
    row.check(firm.ada)
    hold = LegalHold.place(firm.fang, "诉讼", "案号 7", document=old)
    with pytest.raises(Refused) as no:
        DestructionList.get_by_id(row.id).carry_out(firm.zhao)
    assert no.value.code == "blocked_hold" and Filing.kept().count() == 2 and checks.faults() == []
    hold.lift(firm.fang, "结案")
    DestructionList.get_by_id(row.id).carry_out(firm.zhao)
    assert Filing.kept().count() == 0


@pytest.mark.parametrize("scope", ["customer", "document", "query"])
def test_a_hold_covers_a_customer_a_paper_or_a_search(firm, old, scope):
    given = {"customer": firm.a, "document": old, "query": "机密词"}[scope]
    LegalHold.place(firm.zhao, "审计", "税务检查", **{scope: given})
    assert {code for filing in retention.due() for code, _facts in retention.blockers(filing)} == {
        "hold"
    }
    with pytest.raises(Refused):
        proposed(firm)


def test_a_hold_names_exactly_one_scope(firm):
    for given in ({}, {"customer": firm.a, "query": "x"}):
        with pytest.raises(Refused) as no:
            LegalHold.place(firm.zhao, "n", "r", **given)
        assert no.value.code == "hold_scope"


def test_open_money_and_an_unfinished_chain_block(firm):
    order = firm.issued("order", price="10")
    from tests.models.documents.test_life import firm_issue

    invoice = firm_issue(firm, order.convert(firm.li, "invoice"))
    Filing.file_document(firm.zhao, invoice)
    with at(now() + LATER):
        ((filing, found),) = appraise(retention.due(), 10)
        assert [code for code, _facts in found] == ["open_balance", "unfinished_chain"]


def test_a_paper_is_on_one_open_list_only_and_a_rejected_one_frees_it(firm, old):
    row = proposed(firm)
    with pytest.raises(Refused) as no:
        proposed(firm)
    assert no.value.code == "listed_already"
    row.reject(firm.wang, "再留一年")
    assert proposed(firm).number.endswith("002") and Filing.kept().count() == 2


def test_bytes_that_something_else_needs_stay(firm, old):
    other = ExternalFile.receive(
        firm.li,
        f"<slip>{SECRET}</slip>".encode(),
        "same.xml",
        "contract",
        title="同一文件",
        customer=firm.a,
    )
    shared = other.newest.sha
    carried_out(firm, proposed(firm, [Filing.of(old), Filing.get_by_id(firm.scan.filing_id)]))
    assert (
        blobs.fetch(shared) and not blobs.path_of(old.pdf_sha256).exists() and checks.faults() == []
    )


def test_a_year_package_with_the_paper_goes_too(firm, old):
    made = YearPackage.ask(firm.zhao, old.issued_on.year)
    YearPackage.run_waiting()
    assert made.path.exists()
    carried_out(firm, proposed(firm))
    assert not made.path.exists() and YearPackage.get().state == "erased"


def test_a_letter_goes_with_its_pdf_its_mails_and_from_every_page(firm, sign_in):
    from models import dunning, printed
    from models.archive import filing_by_rule
    from models.dunning import Reminder

    invoice = firm.issued(price="100")
    with at(now() + dt.timedelta(days=32)):
        dunning.run_due()
    printed.print_waiting()
    with at(now() + dt.timedelta(days=70)):
        filing_by_rule.file_due()
    Payment.receive(firm.fang, firm.a, "CNY", invoice.total, allocations=[(invoice, invoice.total)])
    letter = Reminder.get()
    with at(now() + dt.timedelta(days=366 * 12)):
        carried_out(firm, proposed(firm))
    assert (
        Reminder.get().snapshot == {}
        and not blobs.path_of(letter.pdf_sha256).exists()
        and not Mail.select().where(Mail.attachment == letter.pdf_sha256).exists()
    )
    assert (
        not firm.fang.sees.reminders().exists()
        and not firm.anna.sees.reminders().exists()
        and checks.faults() == []
    )
    assert (
        sign_in(firm.fang).get("/reminders/").status_code == 200
        and sign_in(firm.anna).get("/portal/reminders/").status_code == 200
    )


def test_the_file_of_an_import_that_still_holds_it_is_named(firm):
    from models.imports import Import

    row = Import.upload(
        firm.fang,
        "documents",
        "old.csv",
        "number,date,customer,item,quantity,price\nN1,2001-02-03,甲,笔,1,10\n".encode(),
    )
    row.check(firm.fang, row.mapping, {"create_customers": True, "settled": True})
    Import.run_waiting()
    Import.get().start(firm.fang)
    Import.run_waiting()
    paper = Document.get(Document.number == "N1")
    Filing.file_document(firm.zhao, paper)
    RetentionRule.define(firm.zhao, "invoice", 30)
    with at(now() + LATER):
        made = proposed(firm, list(retention.due().where(Filing.document == paper.id)))
        assert [name for name, _place, _made, _expires in erased_content.copies_left(made)] == [
            "old.csv"
        ]


def test_backups_that_still_hold_it_are_named_and_copies_by_hand_always(firm, old, sign_in):
    row = proposed(firm)
    row.approve(firm.wang)
    page = lambda: sign_in(firm.zhao).get(f"/archive/destructions/{row.id}").text  # noqa: E731
    assert "outside the system" in page()
    for name in ("柜中硬盘", "异地"):
        Backup.create(
            place=Place.add(firm.ada, name, "folder", {"path": f"/nowhere/{name}"}, ""),
            name="2026-11-24T03-00",
            state="kept",
            taken_at=now(),
            expires_at=now() + dt.timedelta(days=9),
            expires_on=(now() + dt.timedelta(days=9)).date(),
        )
    assert [(name, place) for name, place, _made, _expires in erased_content.copies_left(row)] == [
        ("2026-11-24T03-00", "柜中硬盘"),
        ("2026-11-24T03-00", "异地"),
    ]
    assert "柜中硬盘" in page() and "异地" in page() and "outside the system" in page()
    paper = certificate.facts(row)
    assert [c["place"] for c in paper["copies"]] == ["柜中硬盘", "异地"]


def test_a_firm_that_is_too_small_is_told_what_it_lacks(firm, old):
    row = proposed(firm)
    assert row.missing() == []
    for person in (firm.fang, firm.ada):
        person.active = False
        person.save()
    assert [code for code, _facts in row.missing()] == ["lacks_witnesses"]
    firm.wang.active = False
    firm.wang.save()
    assert [code for code, _facts in row.missing()] == ["lacks_approver", "lacks_witnesses"]


def test_a_destroyed_paper_can_no_longer_be_opened_copied_sent_or_voided(firm, old):
    carried_out(firm, proposed(firm))
    paper = Document.get_by_id(old.id)
    for act in (
        paper.pdf_bytes,
        lambda: paper.copy(firm.li),
        lambda: paper.send(firm.li, [firm.anna]),
        lambda: paper.void(firm.fang, "x"),
        lambda: paper.convert(firm.li, "credit_note"),
        lambda: Message.write(firm.li, paper, "x"),
        lambda: Comment.write(firm.wang, ApprovalRequest.current(paper), "x"),
        Filing.of(paper).bytes,
    ):
        with pytest.raises(Refused):
            act()


def test_every_table_that_hangs_on_papers_is_erased_or_known_to_hold_no_words():
    dependent = {
        cls.__name__
        for cls in tables()
        if any(getattr(f, "rel_model", None) is Document for f in cls._meta.fields.values())
    }
    for name, path, columns in TEXT_COLUMNS:
        cls = model_named(name)
        assert path[0] in cls._meta.fields and set(columns) <= set(cls._meta.fields), name
    assert (
        dependent
        - {name for name, _path, _columns in TEXT_COLUMNS}
        - TABLES_WITHOUT_TEXT
        - {"Opening", "DocumentLink", "ExternalFile"}
        == set()
    )
