"""Approval times in approvals, and how little the pages ask the database."""

import pytest

from models.approvals import Task
from models.core.database import db
from tests.support.approvals import submitted, task


@pytest.mark.parametrize("who, code", [("ada", 200), ("wang", 200), ("fang", 200), ("li", 403)])
def test_where_time_goes(office, sign_in, who, code):
    paper = submitted(office)
    task(paper, office.wang).reject(by=office.wang, note="too cheap")
    page = sign_in(getattr(office, who)).get("/tasks/statistics")
    assert page.status_code == code and ("too cheap" in page.text) is (code == 200)


@pytest.fixture
def queries(monkeypatch):
    """How many statements the database is asked."""

    class Count:
        n = 0

        def of(self, deed):
            self.n = 0
            deed()
            return self.n

    counted, ask = Count(), db.obj.execute_sql

    def asking(*args, **kwargs):
        counted.n += 1
        return ask(*args, **kwargs)

    monkeypatch.setattr(db.obj, "execute_sql", asking)
    return counted


def test_the_inbox_and_its_count_ask_the_database_little(office, sign_in, queries):
    """The count is asked for by every open page twice a minute; the inbox must not ask once more
    for each row."""
    browser, few = sign_in(office.wang), {}
    submitted(office)
    for size in (1, 12):
        while Task.select().where(Task.state == "open").count() < size:
            submitted(office)
        few[size] = [
            queries.of(lambda path=path: browser.get(path)) for path in ("/tasks/", "/tasks/count")
        ]
    assert few[1] == few[12] and few[12][0] <= 18 and few[12][1] <= 5, few


def test_statistics_ask_no_more_for_more(office, sign_in, queries):
    browser, few = sign_in(office.fang), []
    for _ in range(2):
        for _ in range(4):
            paper = submitted(office)
            task(paper, office.wang).approve(by=office.wang)
        few.append(queries.of(lambda: browser.get("/tasks/statistics")))
    assert few[0] == few[1], few
