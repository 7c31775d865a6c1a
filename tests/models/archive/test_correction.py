"""A slip of the hand is put right: where a file lies, what it is called and how long it is kept
follow."""

import datetime as dt

import pytest

from models.archive import (
    DestructionList,
    EInvoice,
    ExternalFile,
    Filing,
    LegalHold,
    YearPackage,
    filing,
    retention,
    year_package,
)
from models.archive.folder import Folder
from models.company import Company
from models.core.clock import at, now
from models.core.errors import Forbidden, Refused
from models.operations import checks
from tests import einvoices as box
from tests.faults.invariants import numbers

DAY = dt.date(2026, 3, 9)


def take(firm, data=b"<a/>", kind="contract", day=DAY, **more):
    return ExternalFile.receive(
        firm.li, data, "a.xml", kind, title="合同", **{"customer": firm.a, **more}, day=day
    )


def correct(firm, file, reason="手滑", by=None, **said):
    said = {"kind": "contract", "day": DAY, "customer": firm.a, "title": "合同", **said}
    ExternalFile.get_by_id(file.id).correct(by or firm.zhao, reason, **said)
    return Filing.get_by_id(file.filing_id)


def whole():
    assert checks.faults() == [] and list(numbers()) == []


def test_title_customer_and_a_day_of_the_same_year_are_put_right_in_its_place(firm):
    file = take(firm)
    was = file.filing.code
    filing = correct(firm, file, title="采购合同", customer=firm.b, day=dt.date(2026, 4, 1))
    assert (filing.code, filing.title, filing.customer, filing.day) == (
        was,
        "采购合同",
        firm.b,
        dt.date(2026, 4, 1),
    )
    assert filing.name.startswith("2026-04-01_采购合同_Beta Ltd") and Filing.select().count() == 1
    event = list(filing.events)[-1]
    assert event.action == "corrected" and event.facts["reason"] == "手滑"
    assert (event.facts["was"]["customer"], event.facts["now"]["customer"]) == (
        firm.a.name,
        firm.b.name,
    ) and "class" not in event.facts["was"]
    whole()


@pytest.mark.parametrize(
    "said, code",
    [
        ({"kind": "correspondence"}, "DA-CO-2026-00001"),
        ({"day": dt.date(2019, 5, 6)}, "DA-CT-2019-00001"),
    ],
)
def test_another_class_or_year_gives_a_new_place_and_term_and_the_old_place_says_where_it_went(
    firm, said, code
):
    file = take(firm)
    take(firm, b"<b/>")
    was, term = file.filing.code, retention.due_on(file.filing.folder)
    filing = correct(firm, file, **said)
    assert (
        filing.code == code and retention.due_on(filing.folder) != term and filing.state == "kept"
    )
    left = Filing.get(Filing.code == was)
    assert (left.state, left.moved_to, left.title, left.name) == ("moved", filing, "", was) and [
        e.action for e in left.events
    ] == ["moved"]
    assert (
        Folder.get(Folder.kind == "contract", Folder.year == 2026).last == 2
        and Filing.kept().count() == 2
    )
    whole()


def test_one_moved_twice_is_found_from_both_its_old_places(firm):
    file = take(firm)
    first = file.filing.code
    second = correct(firm, file, kind="other").code
    filing = correct(firm, file)
    assert filing.code == "DA-CT-2026-00002" and {f.code for f in filing.left} == {first, second}
    from models.adapters import search

    assert filing.id in set(r for (r,) in search.find(first, "filings").tuples())
    whole()


def test_what_rests_on_it_keeps_it_as_it_is(firm):
    file = take(firm, kind="other", day=dt.date(2001, 5, 6))

    def refused(code, **more):
        with pytest.raises(Refused, match=code):
            correct(firm, file, **more)

    with pytest.raises(Forbidden):
        correct(firm, file, by=firm.li)
    refused("reason_needed", reason=" ")
    refused("choice_unknown", kind="invoice")
    refused("nothing_corrected", kind="other", day=dt.date(2001, 5, 6))
    hold = LegalHold.place(firm.fang, "诉讼", "案号", customer=firm.a)
    refused("blocked_hold")
    hold.lift(firm.fang, "了结")
    listed = DestructionList.propose(firm.zhao, list(retention.due()), "期满")
    refused("blocked_listed")
    listed.approve(firm.wang)
    listed.name_witnesses(firm.zhao, firm.fang, firm.ada)
    for one in (firm.fang, firm.ada):
        DestructionList.get_by_id(listed.id).check(one)
    DestructionList.get_by_id(listed.id).carry_out(firm.zhao)
    refused("state_changed")


def test_a_tax_invoice_says_itself_what_it_is(firm):
    Company.current().revise(firm.ada, tax_id=box.OURS)
    row = EInvoice.drop(firm.fang, box.xml(), "a.xml")
    with pytest.raises(Refused, match="einvoice_read"):
        correct(firm, row.file)


def test_a_slip_laid_beside_the_wrong_paper_is_taken_from_it(firm):
    note = firm.issued("delivery_note", price="10")
    file = take(firm, kind="delivery_note", customer=None, document=note)
    assert (
        correct(
            firm, file, kind="delivery_note", document=note, customer=firm.b, title="签收单"
        ).customer
        == firm.a
    )
    assert correct(firm, file, kind="delivery_note", customer=firm.b).customer == firm.b
    assert ExternalFile.get_by_id(file.id).document is None
    whole()


def test_no_copy_of_a_destroyed_file_stays_behind_in_its_old_place_or_years_package(firm):
    from models.adapters import blobs
    from models.archive.erase import erase_waiting

    file = take(firm, kind="other", day=dt.date(2002, 5, 6))
    asked = YearPackage.ask(firm.zhao, 2002)
    YearPackage.run_waiting()
    filing = correct(firm, file, kind="other", day=dt.date(2001, 5, 6))
    with at(now() + dt.timedelta(days=1)):
        listed = DestructionList.propose(firm.zhao, [filing], "期满")
        listed.approve(firm.wang)
        listed.name_witnesses(firm.zhao, firm.fang, firm.ada)
        for one in (firm.fang, firm.ada):
            DestructionList.get_by_id(listed.id).check(one)
        DestructionList.get_by_id(listed.id).carry_out(firm.zhao)
        erase_waiting()
    assert (
        not blobs.path_of(filing.sha).exists()
        and YearPackage.get_by_id(asked.id).state == "erased"
        and not asked.path.exists()
    )
    whole()


def test_the_packages_of_both_years_say_where_it_went(firm):
    import zipfile

    file = take(firm)
    code = correct(firm, file, day=dt.date(2019, 5, 6)).code
    for year in (2026, 2019):
        row = YearPackage.ask(firm.zhao, year)
        YearPackage.run_waiting()
        assert year_package.verify(row.path) == []
        with zipfile.ZipFile(row.path) as made:
            assert (
                code in made.read("index.html").decode()
                and code in made.read("data/filings.csv").decode()
            )
            assert any(name.startswith("contract/") for name in made.namelist()) == (year == 2019)


def test_a_title_put_right_moves_nothing_although_the_fiscal_year_is_reckoned_otherwise_now(
    firm, monkeypatch
):
    row = take(firm, day=dt.date(2026, 2, 10))
    code = row.filing.code
    monkeypatch.setattr(filing, "fiscal_year", lambda day: day.year - (day.month < 4))
    row.correct(firm.zhao, "手滑", "contract", dt.date(2026, 2, 10), firm.a, "合同乙")
    assert Filing.get().code == code and Filing.select().count() == 1
