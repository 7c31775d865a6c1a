"""Earlier decisions and their reasons stay on the document, also after a new submission."""

from models.approvals import ApprovalRequest, Task
from models.documents import Document


def decide(paper, person, act, *args):
    request = ApprovalRequest.current(paper)
    task = request.tasks.where(Task.user == person, Task.state == "open").get()
    getattr(task, act)(person, *args)


def test_the_reason_of_an_earlier_request_stays_and_is_folded(app, firm, sign_in):
    paper = firm.draft(price="5000")
    paper.submit(by=firm.li)
    decide(paper, firm.wang, "return_to", 0, "折扣理由不足")
    paper = Document.get_by_id(paper.id)
    paper.submit(by=firm.li)
    decide(paper, firm.wang, "reject", "还是太低")
    paper = Document.get_by_id(paper.id)
    paper.submit(by=firm.li)
    for who in (firm.li, firm.wang):
        page = (
            sign_in(who)
            .get(f"/documents/{paper.id}?tab=history")
            .text.partition('id="decisions"')[2]
        )
        assert page.index("还是太低") < page.index("折扣理由不足")  # newest first
        assert page.partition("还是太低")[0].count("<details open>") == 1
        assert "<details open>" not in page.partition("还是太低")[2].partition("</section>")[0]
    task = ApprovalRequest.current(paper).tasks.get()
    assert "折扣理由不足" in sign_in(firm.wang).get(f"/tasks/{task.id}").text


def test_they_stay_after_the_document_is_issued(app, firm, sign_in):
    paper = firm.draft(price="5000")
    paper.submit(by=firm.li)
    decide(paper, firm.wang, "return_to", 0, "折扣理由不足")
    Document.get_by_id(paper.id).submit(by=firm.li)
    firm.approve_all(paper)
    Document.get_by_id(paper.id).issue(by=firm.li)
    assert "折扣理由不足" in sign_in(firm.li).get(f"/documents/{paper.id}?tab=history").text


def test_a_document_without_decisions_has_no_such_panel(app, firm, sign_in):
    assert 'id="decisions"' not in sign_in(firm.li).get(f"/documents/{firm.draft().id}").text
