"""What an approver is told of a document before deciding."""

from models.approvals import ApprovalRequest, Comment, Task
from models.documents import Document
from models.products import Product
from models.receivables.unusual import unusual
from tests.support.queries import counted


def asked(firm, **more):
    paper = Document.draft(firm.li, "invoice", more.pop("customer", firm.a), [firm.line(**more)])
    paper.submit(by=firm.li)
    return ApprovalRequest.current(Document.get_by_id(paper.id))


def told(request):
    return unusual([request])[request.id]


def test_a_price_below_the_products_and_the_margin_are_told(firm):
    firm.pen.revise(firm.li, cost=100_0000 // 10)
    mine = told(asked(firm, price="11", quantity="1000", product=firm.pen.id, discount=500))
    assert mine.prices == [("钢笔", 125000, 104500)] and mine.margin == 430
    assert told(asked(firm, price="12.5", quantity="1000", product=firm.pen.id)).prices == []


def test_debts_and_the_limit_are_told(firm):
    firm.issued(price="1000")
    firm.a.revise(firm.fang, credit_limit=200_000)
    mine = told(asked(firm, price="5000"))
    assert (mine.owes, mine.overdue, mine.over_limit) == (113_000, 0, 113_000 + 565_000 - 200_000)
    firm.a.revise(firm.fang, credit_limit=None)
    assert told(asked(firm, price="5000")).over_limit == 0


def test_what_came_back_before_and_what_the_submitter_says_are_told(firm):
    first = asked(firm, price="5000")
    first.tasks.get().reject(by=firm.wang, note="too dear")
    paper = Document.get_by_id(first.document_id)
    paper.submit(by=firm.li)
    again = ApprovalRequest.current(paper)
    Comment.write(firm.li, again, "As agreed with you.")
    Comment.write(firm.wang, again, "Really?")
    mine = told(again)
    assert (mine.returned, mine.changed, mine.said) == (1, 0, "As agreed with you.")


def test_a_list_asks_no_more_than_one(firm):
    firm.a.revise(firm.fang, credit_limit=1)
    few = [asked(firm, price="5000", product=firm.pen.id)]
    many = few + [asked(firm, price="6000", product=firm.pen.id) for _ in range(5)]
    found = []
    for requests in (few, many):
        rows = [
            t.request
            for t in Task.shown(Task.select().where(Task.request.in_([r.id for r in requests])))
        ]
        with counted() as queries:
            unusual(rows)
        found.append(len(queries))
    assert found[0] == found[1] <= 14 and Product.select().count()
