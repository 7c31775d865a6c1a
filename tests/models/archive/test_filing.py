"""Into the archive by rule: folder, number, name, hash; the paper stands as before."""

import datetime as dt

import pytest

from models.adapters import blobs
from models.archive import ExternalFile, Filing, FilingRule, Folder, filing_by_rule
from models.archive.naming import safe
from models.core.clock import at, now
from models.core.errors import Forbidden, Refused
from models.documents import Document
from models.operations import checks
from models.payments import Payment, open_balance

LATER = dt.timedelta(days=400)


def test_an_issued_invoice_is_filed_with_number_name_and_hash(firm):
    paper = firm.issued(price="100")
    Filing.file_document(firm.zhao, paper)
    filed = Filing.of(paper)
    year = paper.issued_on.year
    assert Document.get_by_id(paper.id).state == "archived" and filed.code == f"DA-INV-{year}-00001"
    assert (
        filed.name == f"{paper.number}_北京甲公司_{paper.issued_on}.pdf"
        and filed.sha == paper.pdf_sha256
    )
    assert blobs.fetch(filed.sha) == filed.bytes() and [e.action for e in filed.events] == ["filed"]
    assert paper.events[-1].action == "archived" and checks.faults() == []


def test_an_archived_invoice_is_still_owed_credited_and_voided(firm):
    paper, other = firm.issued(price="100"), firm.issued(price="50")
    Filing.file_document(firm.zhao, paper)
    Payment.receive(firm.fang, firm.a, "CNY", 100, allocations=[(paper, 100)])
    assert open_balance(Document.get_by_id(paper.id)) == paper.total - 100
    assert Document.get_by_id(paper.id).can_become() == ["credit_note"]
    Filing.file_document(firm.zhao, other)
    Document.get_by_id(other.id).void(firm.fang, "开错")
    assert (
        Document.get_by_id(other.id).state == "voided"
        and Filing.of(other).state == "kept"
        and checks.faults() == []
    )


def test_a_void_invoice_is_filed_and_stays_void(firm):
    paper = firm.issued(price="100")
    paper.void(firm.fang, "开错")
    filing_by_rule.file_due()
    assert Document.get_by_id(paper.id).state == "voided" and Filing.of(paper)


def test_what_is_due_is_asked_of_the_database_as_of_each_document(firm):
    """Whole tables were read, to leave most of it alone."""
    _open, paid, void = (firm.issued(price="100") for _ in range(3))
    Payment.receive(firm.fang, firm.a, "CNY", paid.total, allocations=[(paid, paid.total)])
    void.void(firm.fang, "开错")
    notes = [firm.issued("delivery_note", price="10") for _ in range(2)]
    Document.update(confirmed_at=now()).where(Document.id == notes[0].id).execute()
    firm.issued("order", price="10"), firm.issued("quote", price="10")
    for days, settled in ((-1, False), (-1, True), (0, False), (5, True), (5, False)):
        for kind in filing_by_rule.DOCUMENT_KINDS:
            FilingRule.define(firm.zhao, kind, "{number}", days=days, settled=settled)
        for later in (0, 5):
            with at(now() + dt.timedelta(days=later)):
                for kind in filing_by_rule.DOCUMENT_KINDS:
                    rule = FilingRule.of(kind)
                    rows = list(filing_by_rule._unfiled(Document.kind == kind))
                    plain = [d.id for d in rows if filing_by_rule._is_due(d, rule)]
                    assert [d.id for d in filing_by_rule._due(kind)] == plain, (kind, days, later)


@pytest.mark.parametrize("who", ["li", "wang", "fang", "chen"])
def test_only_the_archive_files_by_hand(firm, who):
    with pytest.raises(Forbidden):
        Filing.file_document(getattr(firm, who), firm.issued(price="10"))


def test_drafts_and_filed_papers_are_refused(firm):
    draft, paper = firm.draft(), firm.issued(price="10")
    with pytest.raises(Refused):
        Filing.file_document(firm.zhao, draft)
    Filing.file_document(firm.zhao, paper)
    with pytest.raises(Refused) as no:
        Filing.file_document(firm.zhao, Document.get_by_id(paper.id))
    assert no.value.code == "state_changed" and Filing.select().count() == 1


def test_the_rule_files_what_is_settled_or_old_and_nothing_twice(firm):
    paid, owed, quote = (
        firm.issued(price="100"),
        firm.issued(price="200"),
        firm.issued("quote", price="10"),
    )
    assert filing_by_rule.file_due() == 0
    Payment.receive(firm.fang, firm.a, "CNY", paid.total, allocations=[(paid, paid.total)])
    assert filing_by_rule.file_due() == 1 and Filing.of(paid) and not Filing.of(owed)
    with at(now() + dt.timedelta(days=91)):
        assert (
            filing_by_rule.file_due() == 1 and Filing.of(quote) and filing_by_rule.file_due() == 0
        )
    with at(now() + LATER):
        filing_by_rule.file_due()
    assert Filing.of(owed) and [
        f.folder_position
        for f in Filing.select().where(Filing.number.startswith("INV")).order_by(Filing.id)
    ] == [1, 2]


def test_a_rule_of_ones_own_names_and_times_files(firm):
    FilingRule.define(firm.zhao, "invoice", "{date} {customer} {total}{currency} {code}", days=0)
    paper = firm.issued(price="1000")
    filing_by_rule.file_due()
    assert (
        Filing.of(paper).name
        == f"{paper.issued_on} 北京甲公司 1130.00CNY {Filing.of(paper).code}.pdf"
    )


@pytest.mark.parametrize(
    "pattern, code",
    [
        ("{customer}", "naming_not_unique"),
        ("{number}{x}", "placeholder_unknown"),
        ("{number}/{date}", "naming_signs"),
        ("{number", "placeholder_unknown"),
        ("", "pattern_long"),
        ("{number}" + "a" * 200, "pattern_long"),
    ],
)
@pytest.mark.asvs("5.3.2")
def test_names_that_would_mislead_or_not_be_files_are_refused(firm, pattern, code):
    with pytest.raises(Refused) as no:
        FilingRule.define(firm.zhao, "invoice", pattern)
    assert no.value.code == code


@pytest.mark.parametrize(
    "text, name",
    [
        ('a/b\\c:d*e?f"g<h>i|j', "a-b-c-d-e-f-g-h-i-j"),
        ("..", "_"),
        (" .x. ", "x"),
        ("CON", "_CON"),
        ("nul.pdf", "_nul.pdf"),
        ("gpj\u202eexe", "gpjexe"),
        ("a\0\nb", "ab"),
        ("", "_"),
    ],
)
@pytest.mark.asvs("5.3.2", "5.4.2")
def test_a_name_is_safe_on_every_system(text, name):
    assert safe(text) == name


def test_a_long_name_is_cut_between_characters():
    assert len(safe("长" * 500).encode()) <= 180 and safe("长" * 500).strip("长") == ""


def test_a_letter_is_filed_too(firm):
    from models import dunning, printed

    firm.issued(price="1000")
    with at(now() + dt.timedelta(days=32)):
        dunning.run_due()
        printed.print_waiting()
    with at(now() + dt.timedelta(days=70)):
        filing_by_rule.file_due()
    assert Filing.get(Filing.reminder.is_null(False)).kind == "reminder" and checks.faults() == []


def test_a_paper_that_is_lost_keeps_back_no_other_and_is_told(firm):
    FilingRule.define(firm.zhao, "invoice", "{number}", days=0)
    first, second = firm.printed(price="10"), firm.issued(price="20")
    blobs.path_of(first.pdf_sha256).unlink()
    with pytest.raises(filing_by_rule.NotFiled, match=first.number):
        filing_by_rule.file_due()
    assert (
        Filing.of(second)
        and not Filing.of(first)
        and Document.get_by_id(first.id).state == "issued"
    )


def test_what_a_salesperson_sees_of_the_archive_is_their_customers(firm):
    own, other = firm.issued(price="10"), firm.issued(price="10", customer=firm.b, by=firm.chen)
    for paper in (own, other):
        Filing.file_document(firm.zhao, paper)
    assert [f.document for f in firm.li.sees.filings()] == [
        own
    ] and firm.zhao.sees.filings().count() == 2


def test_tags_are_kept_and_found(firm):
    from models.adapters import search

    Filing.file_document(firm.zhao, firm.issued(price="10"))
    filed = Filing.get()
    filed.tag(firm.li, ["年审", "年审", " 重要 "])
    assert Filing.get().tags == ["年审", "重要"] and [
        r.ident for r in search.find("重要", "filings")
    ] == [filed.id]
    with pytest.raises(Refused):
        filed.tag(firm.li, [str(n) for n in range(21)])


def test_the_fiscal_year_may_begin_in_another_month(firm):
    from models.archive.folder import day_after_year, fiscal_year
    from models.company import Company

    Company.current().revise(firm.ada, settings={"fiscal_month": 4})
    assert fiscal_year(dt.date(2026, 3, 31)) == 2025 and fiscal_year(dt.date(2026, 4, 1)) == 2026
    assert day_after_year(2026) == dt.date(2027, 4, 1)


def test_the_fiscal_year_of_what_is_filed_never_ends_sooner(firm):
    from models.archive.retention import due_on
    from models.company import Company

    begin = lambda month: Company.current().revise(firm.ada, settings={"fiscal_month": month})  # noqa: E731
    begin(4), begin(1), begin(4)  # nothing is filed yet: it may be put right freely
    Filing.file_document(firm.zhao, firm.issued(price="10"))
    term = due_on(Folder.get())
    with pytest.raises(Refused) as no:
        begin(3)
    assert (
        no.value.code == "fiscal_month_earlier"
        and due_on(Folder.get()) == term
        and Company.current().setting("fiscal_month") == 4
    )
    begin(7)
    assert due_on(Folder.get()) > term
    for month in (0, 13):
        with pytest.raises(Refused) as no:
            begin(month)
        assert no.value.code == "fiscal_month_unknown"


def test_the_box_that_finds_everything_finds_filed_papers_in_ones_scope(firm):
    from models.adapters import search

    slip = ExternalFile.receive(
        firm.li,
        b"<slip><word>\xe7\xad\xbe\xe6\x94\xb6</word></slip>",
        "slip.xml",
        "contract",
        title="仓库签收单",
        customer=firm.a,
    )
    assert (
        dict(search.seen_by(firm.li, "签收"))["filings"] == [slip.filing]
        and dict(search.seen_by(firm.chen, "签收"))["filings"] == []
    )
    assert dict(search.seen_by(firm.li, ""))["filings"] == []
