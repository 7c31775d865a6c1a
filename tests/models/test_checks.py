"""What verify and the weekly mark rest on."""

import datetime as dt
import re

import pytest

from models.adapters import search
from models.adapters.outbox import Mail
from models.core import journal
from models.core.clock import at, now
from models.core.database import db
from models.documents import Document, Line, sales
from models.documents.totals import total
from models.operations import checks
from models.operations.backup import structure


def test_the_mark_is_mailed_once_a_week_to_administrators(firm, tmp_path):
    for days in (0, 0, 1):
        with at(dt.datetime(2026, 11, 24, 8) + dt.timedelta(days=days)):
            checks.mail_anchor(tmp_path, "k" * 40)
    firm.issued(price="10")
    with at(dt.datetime(2026, 12, 1, 8)):
        checks.mail_anchor(tmp_path, "k" * 40)
    mails = list(Mail.select().where(Mail.template == "anchor").order_by(Mail.id))
    assert [m.recipient for m in mails] == ["ada@firm.test"] * 2
    text = mails[1].compose().get_body(("plain",)).get_content()
    assert mails[1].context["head"] in text and "invoice 2026: 1" in text


def test_a_person_keeps_the_language_they_chose(firm, sign_in):
    from models.customers import Contact
    from models.people import User

    for person, cls in ((firm.li, User), (firm.anna, Contact)):
        sign_in(person).post("/language", data={"language": "en"})
        assert cls.get_by_id(person.id).language == "en"
    assert checks.faults() == [] and now()


def test_a_contact_sees_and_ends_own_sessions(firm, sign_in):
    one, two = sign_in(firm.anna), sign_in(firm.anna)
    assert len(re.findall(r"/sessions/\d+/end", one.get("/sessions").text)) == 2
    sessions = list(firm.anna.sees.sessions())
    assert (
        one.post(f"/sessions/{sessions[1].id}/end").status_code == 303
        and two.get("/portal/").status_code == 401
    )


@pytest.mark.parametrize(
    "column", [Document.net, Document.tax, Document.total, Line.net, Line.tax], ids=str
)
def test_a_total_that_is_not_the_sum_of_its_lines_is_told(firm, column):
    papers = [firm.issued(price="10"), firm.draft(price="20"), firm.issued("order", price="30")]
    assert checks.sums() == []
    changed = papers[1].id
    key = Line.document if column.model is Line else Document.id
    column.model.update({column: column + 1}).where(key == changed).execute()
    plain = [
        f"{journal.label(d)}: the total is not the sum of its lines"
        for d in Document.with_parts()
        if (d.net, d.tax, d.total) != total(d.ordered_lines())
    ]
    assert checks.sums() == checks.sums({"Document": {changed}}) == plain and len(plain) == 1
    assert checks.sums({"Document": {papers[0].id}}) == []


def test_a_document_whose_lines_are_gone_has_another_total(firm):
    paper = firm.issued(price="10")
    Line.delete().where(Line.document == paper.id).execute()
    assert len(checks.sums()) == 1


@pytest.mark.on_sqlite
def test_the_sums_of_a_month_are_found_without_reading_those_of_all(firm, asked):
    firm.issued(price="10")
    asked.clear()
    assert sales.differences() == []
    of_month = [s for s in asked if re.search("FROM .*sales_.*BETWEEN", s[0])]
    assert len(of_month) == 4
    for sql, params in of_month:
        plan = db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", params).fetchall()
        assert not [row[3] for row in plan if row[3].startswith("SCAN sales")], plan


@pytest.mark.parametrize("column", ["basis", "currency", "day"])
def test_a_sum_that_belongs_nowhere_is_told(firm, column):
    firm.issued(price="10")
    strange = dt.date(1990, 1, 1) if column == "day" else "XXX"
    sales.SalesDay.update({column: strange}).execute()
    assert sales.differences()


def test_the_index_is_compared_without_reading_what_was_printed(firm, asked):
    firm.issued(price="10")
    asked.clear()
    assert search.differences() == []
    assert asked and not [sql for sql, _ in asked if '"snapshot"' in sql]


@pytest.mark.on_sqlite
def test_each_column_with_a_value_that_is_none_is_told(firm):
    firm.issued(price="10")
    assert structure.faults() == []
    db.execute_sql("UPDATE document SET version = 'x', issued_on = '2026-13-01'")
    found = {fault.split(": ", 1)[1] for fault in structure.faults()}
    assert found == {f"document.{name}: a value that is none" for name in ("version", "issued_on")}
