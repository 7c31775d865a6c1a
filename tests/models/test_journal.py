"""Whatever is changed behind the application's back, `flask verify` finds it and names where."""

import datetime as dt
import json

import peewee as pw
import pytest

from models import dunning
from models.adapters import blobs
from models.approvals import ApprovalRequest, Comment, Delegation, SpecialDay
from models.archive import (
    DestructionList,
    EInvoice,
    ExternalFile,
    FilingRule,
    Inspection,
    LegalHold,
    RetentionRule,
    YearPackage,
)
from models.bank.layout import BankLayout
from models.care import ContactPlan, FollowUp, GreetingBatch, GreetingText, Occasion, Survey
from models.company import Company
from models.core import journal
from models.core.clock import at, now, today
from models.core.database import db
from models.core.fields import JSONField
from models.core.journal import Event
from models.disputes import Dispute
from models.documents import Document, Line, Message
from models.governance import Acknowledgement, Finding, HouseText, Requirement, section
from models.imports import Import
from models.insights import Target, monthly
from models.insights.acts import Act
from models.numbering import NumberPattern
from models.operations import checks
from models.operations.announcement import Announcement
from models.operations.backup import Place
from models.payments import Payment
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from models.receivables.statement import Statement
from models.receivables.statement_run import StatementRun
from tests import einvoices
from tests.support.bank import read_in
from tests.support.databases import POSTGRES
from tests.support.kinds import KINDS, PARTS, without_foreign_keys
from tests.support.sets import one_in
from tests.valid_forms.archive import aged

COLUMNS = [
    (name, field)
    for name, cls in KINDS.items()
    for field in cls._meta.sorted_field_names
    if (name, field) != ("FlowStep", "id") and field not in getattr(cls, "unhashed", ())
]
TRIED = [
    name for name in KINDS if not POSTGRES or one_in(4, name)
]  # what is hashed is the same on both


@pytest.fixture
def trade(made_once):
    """At least one row of everything that is journaled; the invoice, and the foreign keys switched
    off."""
    invoice = made_once("journaled", everything)
    without_foreign_keys()
    return invoice


def everything(firm):
    """Make them; returns the invoice."""
    NumberPattern.define(firm.ada, "quote", "Q{year}-{n:3}")
    firm.a.add_address(firm.li, "billing", "街 1")
    firm.a.write_note(firm.li, "讲价")
    invoice = firm.printed(price="20000")
    Message.write(firm.anna, invoice, "到货了吗")
    Payment.receive(firm.fang, firm.a, "CNY", 100, allocations=[(invoice, 100)])
    credit = Payment.receive(firm.fang, firm.a, "CNY", 500)
    Refund.pay(firm.fang, credit, 100)
    WriteOff.ask(firm.fang, invoice, 10, "尾差").approve(firm.wang)
    Statement.make(firm.fang, firm.a, "CNY", today(), today())
    StatementRun.begin(firm.fang, today(), today())
    read_in(firm.fang, f"date,paid_in,payer\n{today()},5,X\n")
    BankLayout.remember(firm.fang, "1", ["a", "b"], {"columns": {"0": "date"}})
    Comment.write(firm.wang, ApprovalRequest.current(invoice), "ok")
    SpecialDay.define(firm.ada, dt.date(2027, 2, 6), False, "春节")
    Delegation.arrange(
        firm.wang, firm.wang, firm.fang, today(), today()
    )  # so that lists of destruction are decided by Fang, and others are witnesses
    Import.upload(firm.fang, "customers", "x.csv", b"code,name\n1,x\n")
    slip = ExternalFile.receive(
        firm.fang, b"<slip/>", "a.xml", "contract", title="合同", customer=firm.a, note="柜"
    )
    slip.filing.tag(firm.fang, ["x"])
    FilingRule.define(firm.zhao, "invoice", "{number}")
    FollowUp.plan(firm.li, firm.a, "问试用情况", today(), note="带样品").done(firm.li, "好")
    ContactPlan.define(
        firm.ada,
        None,
        name="月访",
        tag="VIP",
        every_days=30,
        kind="visit",
        what="拜访",
        active=True,
    )
    Finding.find("tax_id_missing", "k", firm.a, "甲", firm.li, 3, False, {"n": 1})
    complaint = Dispute.raise_(
        firm.anna, customer=firm.a, document=invoice, amount=100, reason="price", text="贵了"
    )
    complaint.say(firm.li, "看一下", internal=True)
    dunning.Hold.place(firm.fang, firm.a, reason="other", until=today())
    dunning.Promise.give(firm.anna, invoice, 100, today())
    EInvoice.drop(firm.fang, einvoices.xml(), "a.xml").assign(
        firm.fang, firm.issued(price="1"), firm.issued(price="2"), differing=True
    )
    RetentionRule.define(firm.zhao, "quote", 7)
    LegalHold.place(firm.fang, "诉讼", "案号", customer=firm.b)
    listed = DestructionList.propose(firm.zhao, [aged(firm).filing], "无续存价值")
    listed.approve(firm.fang)
    listed.name_witnesses(firm.zhao, firm.wang, firm.ada)
    YearPackage.ask(firm.zhao, slip.filing.folder.year)
    Inspection.ask(firm.zhao)
    for account in ("6222 1", "6222 2"):  # the second waits
        Company.current().revise(firm.ada, bank_account=account)
    Place.add(firm.ada, "disk", "folder", {"path": "/nowhere"}, "secret")
    Announcement.make(firm.ada, now(), now() + dt.timedelta(days=1), "升级")
    Requirement.define(firm.ada, "finance", "course-finance", True, 30, 12)
    HouseText.write(firm.wang, "03-making", "zh", "制单", "内容", 0, "新")
    section.begin(firm.wang, "handbook", ["sales"], {"en": ("Travel", "Ask first")})
    Acknowledgement.give(firm.li, "01-overview", 1)
    Target.define(firm.wang, firm.li, today(), "CNY", 100)
    Act.begin(
        firm.li,
        "prices",
        "best",
        [firm.a],
        "CNY",
        {"n": 1},
        {"name": "P", "discount": 100, "days": 9},
    ).agree(firm.fang)
    Act.begin(firm.li, "terms", "best", [firm.a], "CNY", {"n": 1}, {"terms_days": 9}).decline(
        firm.fang, "no"
    )
    Occasion.configure(firm.ada, "mid_autumn", True, 7)
    GreetingText.write(firm.ada, "birthday", "zh", "生日", "快乐")
    GreetingBatch.create(occasion="birthday", first_day=today(), last_day=today()).record(
        "laid_out", None
    )
    Survey.ask(firm.bob, "dispute", "dispute-1").answer(3, "慢")
    with at(now() + dt.timedelta(days=40)):
        dunning.run_due()
        monthly.run_due()
    assert checks.faults() == []
    return invoice


def mark():
    return "?" if isinstance(db.obj, pw.SqliteDatabase) else "%s"


def spoil(cls, ident, name, value=None):
    """Change one column of one row by SQL, as someone with the file in hand would."""
    field = cls._meta.fields[name]
    table, column, key = cls._meta.table_name, field.column_name, cls._meta.primary_key.column_name
    old = db.execute_sql(
        f'SELECT "{column}" FROM "{table}" WHERE "{key}" = {mark()}', (ident,)
    ).fetchone()[0]
    db.execute_sql(
        f'UPDATE "{table}" SET "{column}" = {mark()} WHERE "{key}" = {mark()}',
        (another(field, old) if value is None else value, ident),
    )


def another(field, old):
    """A value of the same type that is not the old one."""
    if isinstance(field, pw.BooleanField):
        return not old
    if isinstance(field, pw.DateTimeField):
        return "2001-02-03 04:05:06"
    if isinstance(field, pw.DateField):
        return "2001-02-03"
    if isinstance(field, JSONField):
        return '["x"]'
    if isinstance(field, (pw.IntegerField, pw.BigIntegerField, pw.AutoField, pw.ForeignKeyField)):
        alone = (
            isinstance(field, pw.AutoField)
            or field.unique
            or any(field.name in names for names, unique in field.model._meta.indexes if unique)
        )
        return 9999 if old is None else int(old) + (1000 if alone else 1)
    return old[:-1] + ("0" if old[-1] != "0" else "1") if old else "x"


def one_row(name):
    """Some row of the class, and how a fault must call it."""
    cls = KINDS[name]
    rows = cls.select().order_by(cls.id)
    row = rows.offset(rows.count() // 2).first()
    if name == "Event":
        return row, f"event {row.id} "
    if name == "Line":
        return row, f"#{row.document_id}"
    if name in ("ExternalVersion", "DestructionItem", "DestructionWitness"):
        return row, f"#{row.file_id if name == 'ExternalVersion' else row.list_id}"
    if name == "FlowStep":
        return row, f"#{row.flow_id}"
    return row, f"#{row.id}"


@pytest.mark.parametrize("kind", TRIED)
@pytest.mark.asvs("16.4.2")
def test_every_changed_column_is_found_and_named(trade, kind):
    row, called = one_row(kind)
    missed = []
    for name in [field for k, field in COLUMNS if k == kind and one_in(3, k, field)]:
        with db.atomic() as undo:
            spoil(KINDS[kind], row.id, name)
            found = checks.faults()
            undo.rollback()
        if not any(called in fault or name == "id" and str(row.id) in fault for fault in found):
            missed.append((name, found))
    assert not missed and checks.faults() == []


@pytest.mark.parametrize(
    "kind, name, rubbish",
    [
        ("Customer", "tags", "[broken"),
        ("Document", "snapshot", "{"),
        ("Event", "facts", "x"),
        ("Event", "version", 300),
    ],
)
def test_rubbish_in_a_column_is_named_and_does_not_stop_the_check(trade, kind, name, rubbish):
    row, called = one_row(kind)
    spoil(KINDS[kind], row.id, name, rubbish)
    assert any(called in fault for fault in checks.faults())


@pytest.mark.on_sqlite  # PostgreSQL takes no text for a number
@pytest.mark.parametrize(
    "kind, name",
    [
        ("Document", "total"),
        ("Line", "net"),
        ("Payment", "amount"),
        ("Event", "actor_id"),
        ("User", "team"),
        ("Document", "date"),
        ("Document", "series"),
    ],
)
def test_text_in_place_of_a_number_is_named(trade, kind, name):
    row, called = one_row(kind)
    spoil(KINDS[kind], row.id, name, "rubbish")
    assert any(called in fault for fault in checks.faults())


@pytest.mark.parametrize("kind", [name for name in TRIED if name not in ("Event", "FlowStep")])
def test_a_row_taken_away_is_missed(trade, kind):
    row, called = one_row(kind)
    db.execute_sql(f'DELETE FROM "{KINDS[kind]._meta.table_name}" WHERE id = {mark()}', (row.id,))
    name = (
        kind
        if kind not in PARTS
        else {"Line": "Document", "ExternalVersion": "ExternalFile"}.get(kind, "DestructionList")
    )
    ident = (
        row.id
        if kind not in PARTS
        else next(
            getattr(row, key) for key in ("document_id", "file_id", "list_id") if hasattr(row, key)
        )
    )
    assert any(name in fault and str(ident) in fault for fault in checks.faults())


def test_a_row_slipped_in_is_found(trade):
    Line.insert(**{**Line.select().first().__data__, "id": 9999, "position": 2}).execute()
    Payment.insert(
        **{**Payment.select().first().__data__, "id": 9999, "number": "RC-2026-0009"}
    ).execute()
    found = checks.faults()
    assert any(trade.number in f for f in found) and any(
        "Payment" in f and "#9999" in f for f in found
    )


@pytest.mark.asvs("16.4.2")
def test_a_missing_event_in_the_middle_breaks_the_chain(trade):
    middle, _called = one_row("Event")
    Event.delete().where(Event.id == middle.id).execute()
    assert any("missing" in fault for fault in checks.faults())


def test_two_events_changing_places_break_the_chain(trade):
    first, second = list(Event.select().order_by(Event.id).limit(2))
    for old, new in ((first.id, 9999), (second.id, first.id), (9999, second.id)):
        db.execute_sql(f"UPDATE event SET id = {mark()} WHERE id = {mark()}", (new, old))
    assert any("missing" in fault for fault in checks.faults())


@pytest.mark.asvs("16.4.2")
def test_a_cut_tail_is_found_against_the_anchor(trade, tmp_path):
    checks.anchor(tmp_path, "key")
    for _ in range(3):
        Event.delete().where(Event.id == Event.head().id).execute()
    assert any("cut off" in fault for fault in checks.faults(tmp_path, "key"))


@pytest.mark.asvs("16.4.2")
def test_a_tail_cut_and_written_anew_is_found_against_the_anchor(trade, firm, tmp_path):
    checks.anchor(tmp_path, "key")
    Event.delete().where(Event.id == Event.head().id).execute()
    firm.a.write_note(firm.li, "one")
    firm.a.write_note(firm.li, "two")
    assert any("rewritten" in fault for fault in checks.faults(tmp_path, "key"))


@pytest.mark.asvs("16.4.2")
def test_an_anchor_written_by_a_stranger_does_not_count(trade, tmp_path):
    checks.anchor(tmp_path, "key")
    Event.delete().where(Event.id == Event.head().id).execute()
    checks.anchor(tmp_path, "a guessed key")
    assert any("cut off" in fault for fault in checks.faults(tmp_path, "key"))


def test_a_torn_or_rewritten_anchor_is_told_and_the_one_before_holds(trade, firm, tmp_path):
    checks.anchor(tmp_path, "key")
    firm.a.write_note(firm.li, "later")
    checks.anchor(tmp_path, "key")
    path = tmp_path / "anchors.jsonl"
    path.write_text(path.read_text()[:-30])
    assert any("log seals: line 2" in fault for fault in checks.faults(tmp_path, "key"))
    checks.anchor(tmp_path, "key")
    assert len([fault for fault in checks.faults(tmp_path, "key") if "log seals" in fault]) == 1
    Event.delete().where(Event.id > Event.head().id - 3).execute()
    assert any("cut off" in fault for fault in checks.faults(tmp_path, "key"))


def test_numbers_already_anchored_do_not_go_back(trade, tmp_path):
    checks.anchor(tmp_path, "key")
    db.execute_sql("UPDATE number_series SET last = 0 WHERE kind = 'invoice'")
    assert any("invoice" in fault for fault in checks.faults(tmp_path, "key"))


def test_an_anchor_holds_the_numbers_that_are_new(trade, firm, tmp_path):
    assert len(checks.anchor(tmp_path, "key")["numbers"]) > 1
    firm.a.write_note(firm.li, "later")
    assert checks.anchor(tmp_path, "key")["numbers"] == []
    paper = firm.issued(price="10")
    assert checks.verified(tmp_path, "key") == []
    told = [json.loads(line)["numbers"] for line in journal.lines_here(tmp_path)]
    assert told[-1] == [["invoice", f"{paper.date:%Y}", int(paper.number[-4:])]]
    (other := tmp_path / "other").mkdir()
    assert checks.anchor(other, "key")["numbers"] == checks.last_numbers()


@pytest.mark.parametrize("harm", ["changed", "cut", "gone"])
def test_a_harmed_paper_is_found_and_named(trade, harm):
    path = blobs.path_of(trade.pdf_sha256)
    data = path.read_bytes()
    path.unlink() if harm == "gone" else path.write_bytes(
        data[:-1] + b"x" if harm == "changed" else data[:-9]
    )
    assert any(trade.number in fault and "PDF" in fault for fault in checks.faults())


def test_a_harmed_letter_and_a_harmed_seal_are_found(trade, firm):
    from models.company import Company
    from models.dunning import Reminder

    company, letter = Company.current(), Reminder.get()
    letter.keep_pdf()
    company.revise(firm.ada, seal=blobs.keep(b"a seal"))
    blobs.path_of(company.seal).unlink()
    blobs.path_of(letter.pdf_sha256).unlink()
    found = checks.faults()
    assert any(letter.number in f for f in found) and any("seal" in f for f in found)


def test_a_gap_in_the_numbers_is_named(trade, firm):
    papers = [trade, firm.issued(price="10"), firm.issued(price="10")]
    Document.delete().where(Document.id == papers[1].id).execute()
    assert any("invoice" in fault and "[4]" in fault for fault in checks.faults())


def test_what_the_check_says_is_one_plain_line_each(trade):
    spoil(Document, trade.id, "reference")
    found = checks.faults()
    assert found == [
        f"Document {trade.number} #{trade.id}: a column differs from what the audit log last saw"
    ]
    assert json.dumps(found)
