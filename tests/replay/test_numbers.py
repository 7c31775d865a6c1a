"""A number of an invoice that came twice, or was missing."""

from unittest import mock

import pytest

from models.core.database import db
from models.core.errors import Refused
from models.documents import Document
from models.numbering import NumberSeries
from models.operations import checks
from tests.firm import KEY
from tests.together import MANY, at_once


def last():
    series = NumberSeries.get_or_none(NumberSeries.kind == "invoice")
    return series.last if series else 0


@pytest.mark.asvs("2.3.4", "15.4.2")
def test_prestashop_28757_sixteen_issues_at_once_draw_one_to_sixteen(app, firm, quick_paper):
    """19 numbers stood on two invoices each within a year: the next was MAX() + 1."""
    papers = [firm.approved(price="10") for _ in range(MANY)]
    found = at_once(app, lambda i: Document.get_by_id(papers[i].id).issue(by=firm.li))
    assert found == [None] * MANY
    rows = [Document.get_by_id(p.id) for p in papers]
    assert sorted(r.series_position for r in rows) == list(range(1, MANY + 1)) and last() == MANY
    assert sorted(r.number[-4:] for r in rows) == [f"{n:04}" for n in range(1, MANY + 1)]
    assert len({r.number for r in rows}) == MANY and checks.faults() == []


def test_oscar_invoices_17_stale_copies_in_memory_use_one_number(app, firm, quick_paper):
    """The number was the last row's plus one, read before it was used.

    Each thread loaded the paper before any issued it: only the conditional UPDATE decides."""
    paper = firm.approved(price="10")
    copies = [Document.get_by_id(paper.id) for _ in range(MANY)]
    found = at_once(app, lambda i: copies[i].issue(by=firm.li))
    assert found.count(None) == 1 and all(isinstance(e, Refused) for e in found if e is not None)
    assert last() == 1 and checks.faults() == []


def test_paymenter_1244_issued_by_many_browsers_at_once_each_has_a_number(
    app, firm, sign_in, quick_paper
):
    """Two payments in the same moment drew the same number, and one of them ended in an error 500.

    Over HTTP, all sixteen at once: no number twice, no gap, and nobody sees an error."""
    papers = [firm.approved(price="10") for _ in range(MANY)]
    browsers = [sign_in(firm.li) for _ in range(MANY)]

    def issue(i):
        form = {"idempotency_key": f"{KEY}-{i}", "date": papers[i].date.isoformat()}
        return browsers[i].post(f"/documents/{papers[i].id}/issue", data=form).status_code

    assert at_once(app, issue) == [303] * MANY
    places = [Document.get_by_id(p.id).series_position for p in papers]
    assert sorted(places) == list(range(1, MANY + 1)) and checks.faults() == []


def test_hitobito_4005_and_django_plans_118_whatever_fails_burns_no_number(app, firm, quick_paper):
    """Where drawing and saving were two steps, what failed between them left a gap or a twin.

    Every statement of an issue fails once, in turn: afterwards the next invoice is number one."""
    paper = firm.approved(price="10")
    for nth in range(1, 400):
        if not fails_at(nth, Document.get_by_id(paper.id)):
            break
        fresh = Document.get_by_id(paper.id)
        assert (fresh.state, fresh.number, last()) == ("approved", None, 0), nth
    assert nth > 10
    assert Document.get_by_id(paper.id).series_position == last() == 1 and checks.faults() == []


def fails_at(nth, paper):
    """Issue the paper, whose statement of this number fails; whether one did."""
    real, count = db.obj.execute_sql, [0]

    def execute_sql(sql, *args, **kwargs):
        if not sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN")):
            count[0] += 1
            if count[0] == nth:
                raise RuntimeError("the disk is gone")
        return real(sql, *args, **kwargs)

    with mock.patch.object(db.obj, "execute_sql", execute_sql):
        try:
            paper.issue(by=paper.owner)
        except RuntimeError:
            return True
    return False


@pytest.mark.full
def test_prestashop_28757_two_thousand_invoices_of_sixteen_clients_have_1_to_2000(
    app, firm, quick_paper
):
    """The same for a year's worth of them."""
    papers = [firm.approved(price="10") for _ in range(2000)]

    def issue(i):
        for paper in papers[i::MANY]:
            Document.get_by_id(paper.id).issue(by=firm.li)

    assert at_once(app, issue) == [None] * MANY
    places = [row.series_position for row in Document.select() if row.number]
    assert sorted(places) == list(range(1, 2001)) and checks.faults() == []
