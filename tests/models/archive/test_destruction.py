"""Out of the world by rule: due, not held, listed, approved by another, watched by two, erased
everywhere, certified for ever."""

import datetime as dt
import sqlite3

import pytest

from models.adapters import blobs, search
from models.adapters.outbox import Mail
from models.approvals import ApprovalFlow, ApprovalRequest, Comment, Delegation, FlowStep, Task
from models.archive import (
    DestructionItem,
    DestructionList,
    ExternalFile,
    Filing,
    LegalHold,
    RetentionRule,
    YearPackage,
    certificate,
    erase,
    erasing,
    retention,
    year_package,
)
from models.archive.appraisal import appraise
from models.archive.folder import Folder
from models.company import Company
from models.core.clock import at, now, today
from models.core.database import db
from models.core.errors import Forbidden, Refused
from models.core.model import named, tables
from models.documents import Document, Message
from models.documents.archiving import HOLDS_NONE, WORDS
from models.operations import checks
from models.operations.backup import Backup, Place
from models.payments import Payment
from models.people import User

LATER = dt.timedelta(days=366 * 31)
SECRET = "只此一处的机密词"


@pytest.fixture
def old(firm):
    """A settled and filed invoice full of words, with a scan, a mail and messages; and the clock 31
    years on."""
    paper = firm.issued(price="20000", note=SECRET, internal_note=SECRET, reference=SECRET)
    request = ApprovalRequest.current(paper)
    Comment.write(firm.wang, request, SECRET, b"%PDF-1.4 " + SECRET.encode())
    Message.write(firm.anna, paper, SECRET)
    paper.send(firm.li, [firm.anna], message=SECRET, key="k")
    Payment.receive(firm.fang, firm.a, "CNY", paper.total, allocations=[(paper, paper.total)])
    Filing.file_document(firm.zhao, paper)
    firm.scan = ExternalFile.take_in(
        firm.li,
        f"<slip>{SECRET}</slip>".encode(),
        "x.xml",
        "delivery_note",
        title="签收单",
        document=paper,
        note=SECRET,
    )
    from models.archive import filing

    filing.read_waiting()
    with at(now() + LATER):
        yield Document.get_by_id(paper.id)


def proposed(firm, filings=None):
    return DestructionList.propose(
        firm.zhao, filings or list(retention.due().order_by(Filing.id)), "保管期满，无续存价值"
    )


def carried_out(firm, row):
    waiting = lambda *people: [getattr(firm, p).sees.destructions_waiting() for p in people]  # noqa: E731
    assert waiting("wang", "ada", "zhao", "fang", "li") == [1, 0, 0, 0, 0]
    row.approve(firm.wang, "同意")
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    assert waiting("wang", "ada", "fang") == [0, 1, 1]
    row.check(firm.fang)
    row.check(firm.ada)
    DestructionList.get_by_id(row.id).carry_out(firm.zhao)
    assert waiting("ada", "fang") == [0, 0]
    erase.erase_waiting()
    assert waiting("ada", "fang") == [1, 1]
    return DestructionList.get_by_id(row.id)


def everything():
    """Every text of every table but the journal, and every kept byte."""
    rows = "".join(
        repr(db.execute_sql(f'SELECT * FROM "{c._meta.table_name}"').fetchall())
        for c in tables()
        if c.__name__ not in ("Event", "Model")
    )
    return rows, b"".join(p.read_bytes() for p in blobs._root["path"].rglob("*") if p.is_file())


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


def test_nothing_is_listed_before_its_day(firm):
    Filing.file_document(firm.zhao, firm.issued(price="10"))
    with pytest.raises(Refused) as no:
        proposed(firm, list(Filing.select()))
    assert no.value.code == "not_due"


def test_everything_is_erased_and_number_hash_and_reason_stay(firm, old, tmp_path):
    sha, number, before = old.paper, old.number, everything()
    assert SECRET in before[0] and SECRET.encode() in before[1]
    row = carried_out(firm, proposed(firm))
    paper = Document.get_by_id(old.id)
    assert (paper.state, paper.number, paper.paper, paper.total, paper.snapshot) == (
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
        not search.find(SECRET, ["filing"]).exists()
        and not search.find("壹", ["filing"]).exists()
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
    from models.adapters import pdf

    Company.current().revise(firm.ada, footer="感谢惠顾")
    row = carried_out(firm, proposed(firm))
    row.sign(firm.fang)
    assert DestructionList.get_by_id(row.id).state == "destroyed"
    row.sign(firm.ada)
    row = DestructionList.get_by_id(row.id)
    words = pdf.text(blobs.fetch(row.certificate)).replace("\n", "").replace("\r", "")
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
        old.paper[:20],
    ):
        assert said in words, said
    assert "感谢惠顾" not in words  # which is said to customers
    assert (
        row.state == "certified"
        and row.filing.kind == "destruction_register"
        and retention.due_on(row.filing.folder) is None
    )
    assert checks.faults() == []


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
    assert no.value.code == "not_erased_yet" and blobs.path_of(old.paper).exists()
    erase.erase_waiting()
    assert not blobs.path_of(old.paper).exists()


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
    assert {code for filing in retention.due() for code, _facts in retention.blocks(filing)} == {
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
    other = ExternalFile.take_in(
        firm.li,
        f"<slip>{SECRET}</slip>".encode(),
        "same.xml",
        "contract",
        title="同一文件",
        customer=firm.a,
    )
    shared = other.newest.sha
    carried_out(firm, proposed(firm, [Filing.of(old), Filing.get_by_id(firm.scan.filing_id)]))
    assert blobs.fetch(shared) and not blobs.path_of(old.paper).exists() and checks.faults() == []


def test_a_year_package_with_the_paper_goes_too(firm, old):
    made = YearPackage.ask(firm.zhao, old.issued_on.year)
    year_package.run_waiting()
    assert made.path.exists()
    carried_out(firm, proposed(firm))
    assert not made.path.exists() and YearPackage.get().state == "erased"


def test_a_letter_goes_with_its_pdf_its_mails_and_from_every_page(firm, sign_in):
    from models import dunning
    from models.archive import filing_by_rule
    from models.dunning import Reminder

    invoice = firm.issued(price="100")
    with at(now() + dt.timedelta(days=32)):
        dunning.run_due()
    with at(now() + dt.timedelta(days=70)):
        filing_by_rule.file_due()
    Payment.receive(firm.fang, firm.a, "CNY", invoice.total, allocations=[(invoice, invoice.total)])
    letter = Reminder.get()
    with at(now() + dt.timedelta(days=366 * 12)):
        carried_out(firm, proposed(firm))
    assert (
        Reminder.get().snapshot == {}
        and not blobs.path_of(letter.paper).exists()
        and not Mail.select().where(Mail.attachment == letter.paper).exists()
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
    from models.imports import Import, importing

    row = Import.upload(
        firm.fang,
        "documents",
        "old.csv",
        "number,date,customer,item,quantity,price\nN1,2001-02-03,甲,笔,1,10\n".encode(),
    )
    row.check(firm.fang, row.mapping, {"create_customers": True, "settled": True})
    importing.run_waiting()
    Import.get().start(firm.fang)
    importing.run_waiting()
    paper = Document.get(Document.number == "N1")
    Filing.file_document(firm.zhao, paper)
    RetentionRule.define(firm.zhao, "invoice", 30)
    with at(now() + LATER):
        made = proposed(firm, list(retention.due().where(Filing.document == paper.id)))
        assert [name for name, _place, _made, _expires in erasing.copies_left(made)] == ["old.csv"]


def test_backups_that_still_hold_it_are_named_and_copies_by_hand_always(firm, old, sign_in):
    row = proposed(firm)
    row.approve(firm.wang)
    page = lambda: sign_in(firm.zhao).get(f"/archive/destructions/{row.id}").text  # noqa: E731
    assert "out of reach" in page()
    for name in ("柜中硬盘", "异地"):
        Backup.create(
            place=Place.add(firm.ada, name, "folder", {"path": f"/nowhere/{name}"}, ""),
            name="2026-11-24T03-00",
            state="kept",
            taken_at=now(),
            expires_at=now() + dt.timedelta(days=9),
            expires_on=(now() + dt.timedelta(days=9)).date(),
        )
    assert [(name, place) for name, place, _made, _expires in erasing.copies_left(row)] == [
        ("2026-11-24T03-00", "柜中硬盘"),
        ("2026-11-24T03-00", "异地"),
    ]
    assert "柜中硬盘" in page() and "异地" in page() and "out of reach" in page()
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
        paper.paper_bytes,
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
    hanging = {
        cls.__name__
        for cls in tables()
        if any(getattr(f, "rel_model", None) is Document for f in cls._meta.fields.values())
    }
    for name, way, columns in WORDS:
        cls = named(name)
        assert way[0] in cls._meta.fields and set(columns) <= set(cls._meta.fields), name
    assert (
        hanging
        - {name for name, _way, _columns in WORDS}
        - HOLDS_NONE
        - {"Opening", "ExternalFile"}
        == set()
    )


def asked(row):
    return [t.user.name for t in ApprovalRequest.current(row).now_open() if t.state == "open"]


def test_the_flow_for_lists_says_who_approves_one_after_the_other(firm, old):
    flow = ApprovalFlow.get(ApprovalFlow.kind == "destruction")
    flow.revise(
        firm.ada,
        steps=[{"who": "role", "role": "manager"}, {"who": "people", "people": [firm.fang.id]}],
    )
    row = proposed(firm)
    assert (
        asked(row) == ["王经理"] and firm.wang.sees.tasks().where(Task.state == "open").count() == 1
    )
    row.approve(firm.wang, "同意")
    assert row.state == "proposed" and asked(row) == ["方财务"]
    row.approve(firm.fang, "同意销毁")
    assert (row.state, row.decision) == ("approved", "同意销毁") and [
        e.action for e in row.events
    ] == ["proposed", "approved"]
    for who in (firm.wang, firm.fang):
        with pytest.raises(Refused) as no:
            row.name_witnesses(firm.zhao, firm.ada, who)
        assert no.value.code == "witness_took_part"
    assert checks.faults() == []


def test_nothing_is_destroyed_that_differs_from_what_was_approved(firm, old):
    row = proposed(firm)
    row.approve(firm.wang)
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    row.check(firm.fang)
    row.check(firm.ada)
    for column, value in (
        (DestructionItem.name, "别的"),
        (DestructionItem.sha, "0" * 64),
        (DestructionItem.term, 31),
    ):
        with db.atomic() as undone:
            DestructionItem.update({column: value}).where(DestructionItem.list == row.id).execute()
            with pytest.raises(Refused) as no:
                DestructionList.get_by_id(row.id).carry_out(firm.zhao)
            assert no.value.code == "not_approved"
            undone.rollback()
    assert Filing.kept().count() == 2
    DestructionList.get_by_id(row.id).carry_out(firm.zhao)


def test_a_list_whose_content_changes_while_it_is_asked_about_cannot_be_approved(firm, old):
    row = proposed(firm)
    DestructionItem.update(name="别的").where(DestructionItem.list == row.id).execute()
    with pytest.raises(Refused) as no:
        row.approve(firm.wang)
    assert (
        no.value.code == "content_changed" and DestructionList.get_by_id(row.id).state == "proposed"
    )


def test_a_list_sent_back_is_handed_in_again_with_a_new_opinion(firm, old):
    row = proposed(firm)
    Task.get(Task.user == firm.wang, Task.state == "open").return_to(
        by=firm.wang, step=0, note="意见太短"
    )
    row = DestructionList.get_by_id(row.id)
    assert row.state == "returned" and firm.zhao.sees.destructions_waiting() == 1
    with pytest.raises(Refused) as no:
        proposed(firm)
    assert no.value.code == "listed_already"
    row.propose_again(firm.zhao, "保管期满，无纠纷，无续存价值")
    assert asked(row) == ["王经理"]
    row.approve(firm.wang)
    assert row.state == "approved" and ApprovalRequest.covers(row) and checks.faults() == []


def test_a_list_is_taken_back_and_given_up(firm, old):
    row = proposed(firm)
    row.recall(firm.zhao)
    assert (row.state, ApprovalRequest.current(row).state, asked(row)) == (
        "returned",
        "recalled",
        [],
    )
    row.withdraw(firm.zhao)
    assert (
        row.state == "withdrawn" and proposed(firm).number.endswith("002") and checks.faults() == []
    )


def test_an_approved_list_given_up_frees_what_stood_on_it(firm, old):
    row = proposed(firm)
    row.approve(firm.wang)
    row.withdraw(firm.zhao)
    assert not ApprovalRequest.covers(row) and Filing.kept().count() == 2
    with pytest.raises(Refused):
        row.carry_out(firm.zhao)
    proposed(firm)


@pytest.mark.parametrize(
    "plan", [[], [{"who": "role", "role": "manager", "hours": 2, "late": "pass"}]]
)
def test_no_flow_lets_a_list_pass_unasked(firm, plan):
    flow = ApprovalFlow.get(ApprovalFlow.kind == "destruction")
    for make in (
        lambda: flow.revise(firm.ada, steps=plan),
        lambda: ApprovalFlow.define(firm.ada, "destruction", steps=plan, priority=9),
    ):
        with pytest.raises(Refused) as no:
            make()
        assert no.value.code == "flow_asks_nobody"
    assert ApprovalFlow.select().where(ApprovalFlow.kind == "destruction").count() == 1


def test_a_list_without_a_flow_in_force_is_refused(firm, old):
    ApprovalFlow.get(ApprovalFlow.kind == "destruction").revise(firm.ada, active=False)
    with pytest.raises(Refused) as no:
        proposed(firm)
    assert no.value.code == "no_flow" and not DestructionList.select().exists()


def test_a_firm_from_before_gets_the_ready_flow_with_its_first_list(firm, old):
    for flow in ApprovalFlow.select().where(ApprovalFlow.kind == "destruction"):
        flow.versions.model.delete().where(flow.versions.model.flow == flow.id).execute()
        FlowStep.delete().where(FlowStep.flow == flow.id).execute()
        ApprovalFlow.delete().where(ApprovalFlow.id == flow.id).execute()
    assert asked(proposed(firm)) == ["王经理"]


def test_a_list_approved_before_flows_were_asked_is_handed_in_anew(firm, old):
    row = proposed(firm)
    row.approve(firm.wang)
    Task.delete().where(Task.request == ApprovalRequest.current(row).id).execute()
    ApprovalRequest.delete().where(ApprovalRequest.subject_type == "DestructionList").execute()
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    row.check(firm.fang)
    row.check(firm.ada)
    with pytest.raises(Refused) as no:
        DestructionList.get_by_id(row.id).carry_out(firm.zhao)
    assert no.value.code == "not_approved"
    DestructionList.get_by_id(row.id).propose_again(firm.zhao, "再报")
    assert asked(row) == ["王经理"] and not row.witnesses.exists()


def test_two_hands_open_one_request_only(firm, old):
    row = proposed(firm)
    with pytest.raises(Refused) as no:
        ApprovalRequest._make(
            row,
            **{
                n: getattr(ApprovalRequest.current(row), n)
                for n in ("flow", "plan", "submitter", "opened_at", "content_approved")
            },
        )
    assert no.value.code == "request_open"


def test_delegation_reaches_lists_but_not_one_limited_by_amount(firm, old):
    Delegation.arrange(firm.wang, firm.wang, firm.ada, today(), today(), most=100)
    assert asked(proposed(firm)) == ["王经理"]
    Delegation.get().end(firm.wang)
    Delegation.arrange(firm.wang, firm.wang, firm.ada, today(), today(), kinds=["destruction"])
    assert asked(DestructionList.get()) == ["Ada"]


def letters(step):
    """Who was told to check, or to sign, as a witness."""
    return sorted(
        m.recipient
        for m in Mail.select().where(Mail.template == "witness")
        if m.context["step"] == step
    )


def test_witnesses_are_told_when_they_are_to_check_and_again_when_they_are_to_sign(firm, old):
    row = proposed(firm)
    row.approve(firm.wang)
    assert letters("check") == []
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    assert letters("check") == ["ada@firm.test", "fang@firm.test"]
    row.check(firm.fang)
    row.check(firm.ada)
    row.carry_out(firm.zhao)
    assert letters("sign") == []
    erase.erase_waiting()
    erase.erase_waiting()
    assert letters("sign") == ["ada@firm.test", "fang@firm.test"] and len(letters("check")) == 2


def test_only_a_new_witness_is_told_and_one_who_comes_back_is_told_again(firm, old):
    row = proposed(firm)
    row.approve(firm.wang)
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    boss = User.enter(firm.ada, name="孙总", email="sun@firm.test", roles=["manager"])
    row.name_witnesses(firm.zhao, firm.fang, boss)
    assert letters("check") == ["ada@firm.test", "fang@firm.test", "sun@firm.test"]
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    assert (
        letters("check").count("ada@firm.test") == 2
        and letters("check").count("fang@firm.test") == 1
    )


def test_a_witness_who_left_gets_no_mail(firm, old):
    row = proposed(firm)
    row.approve(firm.wang)
    row.name_witnesses(firm.zhao, firm.fang, firm.ada)
    row.check(firm.fang)
    row.check(firm.ada)
    row.carry_out(firm.zhao)
    User.update(active=False).where(User.id == firm.fang.id).execute()
    erase.erase_waiting()
    assert letters("sign") == ["ada@firm.test"]
