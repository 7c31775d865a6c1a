"""Forms of documents, their approval and their way to the customer."""

from models.approvals import ApprovalRequest, Task
from models.core.clock import today
from models.disputes import Dispute
from models.documents import DocumentLink
from tests.valid_forms.shared import PNG, on_issued, paper


def edit(firm, verb="edit"):
    draft = firm.draft()
    other = firm.draft(customer=firm.b, by=firm.chen)
    return (
        "li",
        f"/documents/{draft.id}/{verb}",
        {**paper(firm, draft), "customer": str(firm.a.id)},
        {
            "contact": firm.bob.id,
            "customer": firm.b.id,
            "line-source": other.ordered_lines()[0].id,
        },
    )


def decide(firm, verb):
    asked = firm.draft(price="20000")
    asked.submit(by=firm.li)
    task = ApprovalRequest.current(asked).tasks.get()
    return "wang", f"/tasks/{task.id}/{verb}", {"note": "价格不对", "next": "/tasks/"}, {}


def asked(firm, verb, fields):
    """A task of Fang's, one step behind Wang's."""
    paper = firm.draft(price="20000")
    paper.submit(by=firm.li)
    request = ApprovalRequest.current(paper)
    request.tasks.get().approve(by=firm.wang)
    task = request.tasks.where(Task.user == firm.fang.id).get()
    return "fang", f"/tasks/{task.id}/{verb}", {**fields, "next": "/tasks/"}, {}


def inbox(firm):
    _who, path, _fields, _ = asked(firm, "x", {})
    other = firm.draft(price="5000", customer=firm.b, by=firm.chen)
    other.submit(by=firm.chen)
    return "fang", "/tasks/approvals", {"ids": [path.split("/")[2]]}, {}


def remark(firm):
    asked(firm, "x", {})
    request = ApprovalRequest.select().order_by(ApprovalRequest.id.desc()).get()
    return "fang", f"/requests/{request.id}/comments", {"text": "为什么？", "next": "/tasks/"}, {}


def flow(firm, path="/flows/new"):
    return (
        "ada",
        path,
        {
            "version": "1",
            "name": "大额",
            "kind": "invoice",
            "priority": "3",
            "least": "1,000.00",
            "currency": "CNY",
            "discount": "5",
            "below_list": "3",
            "margin": "15",
            "credit_exceeded": "y",
            "first_order": "y",
            "beyond_invoice": "",
            "equals_source": "",
            "tag": "VIP",
            "owner": [str(firm.li.id)],
            "team": [str(firm.li.team_id)],
            "recall_late": "y",
            "active": "y",
            "steps-0-name": "一审",
            "steps-0-who": "role",
            "steps-0-role": "manager",
            "steps-0-people": [str(firm.wang.id)],
            "steps-0-rule": "any",
            "steps-0-needed": "1",
            "steps-0-hours": "8",
            "steps-0-late": "hand_over",
            "steps-0-late_to": str(firm.fang.id),
            "steps-0-fallback": str(firm.fang.id),
            "steps-0-copy_to": [str(firm.zhao.id)],
        },
        {},
    )


def by_link(firm, verb, fields, kind="invoice"):
    """What whoever came by the link of a mail to Anna sends; `firm.visit`: their cookie's path and
    value."""
    link, _code = DocumentLink.make(firm.issued(kind, price="10"), firm.anna)
    firm.visit = f"/d/{link.id}", link.visit()
    return "link", f"/d/{link.id}/{verb}", fields, {}


def reply_by_link(firm):
    who, path, fields, strangers = by_link(firm, "replies", {"how": "say", "text": "请看"})
    of_link = DocumentLink.get()
    about = {"customer": firm.a, "reason": "price", "text": "贵了"}
    own = Dispute.raise_(firm.anna, document=of_link.document, **about)
    other = Dispute.raise_(firm.anna, document=None, **about)
    return who, path, {**fields, "dispute": str(own.id)}, {"dispute": other.id}


def _several(firm, who="anna", path="/portal/documents/zip"):
    own, other = firm.printed(price="10"), firm.issued(price="10", customer=firm.b, by=firm.chen)
    return who, path, {"ids": [str(own.id)]}, {"ids": other.id}


CASES = {
    "flows.new": flow,
    "flows.edit": lambda f: flow(f, "/flows/1/edit"),
    "flows.ready": lambda f: ("ada", "/flows/ready", {"size": "5"}, {}),
    "delegations.index": lambda f: (
        "wang",
        "/delegations/",
        {
            "user": str(f.wang.id),
            "to": str(f.fang.id),
            "first_day": "2026-11-24",
            "last_day": "2099-12-31",
            "kinds": ["invoice"],
            "most": "5,000",
        },
        {"user": f.fang.id},
    ),
    "delegations.everything": lambda f: (
        "ada",
        "/delegations/hand-over",
        {"person": str(f.wang.id), "to": str(f.fang.id)},
        {},
    ),
    "decisions.send_back": lambda f: asked(f, "return", {"step": "1", "note": "价格？"}),
    "decisions.hand_over": lambda f: asked(
        f, "hand-over", {"person": str(f.zhao.id), "note": "请看"}
    ),
    "decisions.ask": lambda f: asked(
        f, "asking", {"person": str(f.zhao.id), "when": "before", "note": "请看"}
    ),
    "decisions.many": inbox,
    "requests.comment": remark,
    "documents.create": lambda f: (
        "li",
        "/documents/",
        {"kind": "invoice", "customer": str(f.a.id)},
        {"customer": f.b.id},
    ),
    "documents.update": edit,
    "autosaves.create": lambda f: edit(f, "autosave"),
    "lines.paste": lambda f: (
        "li",
        f"/documents/{f.draft().id}/lines/pasted",
        {"cells": "P1\t2"},
        {},
    ),
    "conversions.create": lambda f: on_issued(
        f, "li", "/documents/{}/conversion", {"kind": "invoice"}, "order"
    ),
    "sendings.preview": lambda f: on_issued(
        f,
        "li",
        "/documents/{}/sending/preview",
        {"contacts": [str(f.anna.id)], "subject": "发票", "message": "请查收"},
        strangers={"contacts": f.bob.id},
    ),
    "sendings.create": lambda f: on_issued(
        f,
        "li",
        "/documents/{}/sending",
        {"contacts": [str(f.anna.id)], "subject": "发票", "message": "请查收"},
        strangers={"contacts": f.bob.id},
    ),
    "messages.create": lambda f: on_issued(f, "li", "/documents/{}/messages", {"text": "你好"}),
    "issues.create": lambda f: (
        "li",
        f"/documents/{f.approved(price='10').id}/issue",
        {
            "seen": today().isoformat(),
            "confirmed": "rate_ended",
            "contacts": [str(f.anna.id)],
            "subject": "发票 INV-1",
            "message": "请查收 INV-1",
            "shown_number": "INV-1",
            "and_send": "1",
        },
        {"contacts": f.bob.id},
    ),
    "voidings.create": lambda f: on_issued(f, "fang", "/documents/{}/void", {"reason": "开错"}),
    "decisions.approve": lambda f: decide(f, "approval"),
    "decisions.reject": lambda f: decide(f, "rejection"),
    "portal_confirmations.create": lambda f: on_issued(
        f, "anna", "/portal/documents/{}/confirmation", {"name": "Anna", "signature": PNG}, "order"
    ),
    "portal_messages.create": lambda f: on_issued(
        f, "anna", "/portal/documents/{}/messages", {"text": "你好"}
    ),
    "links.confirm": lambda f: by_link(
        f, "confirmation", {"name": "Max", "signature": PNG}, "order"
    ),
    "links.ask": lambda f: by_link(f, "messages", {"text": "你好"}),
    "links.dispute": lambda f: by_link(
        f, "disputes", {"name": "Max", "reason": "price", "amount": "1.50", "text": "贵了"}
    ),
    "links.reply": reply_by_link,
    "links.paid": lambda f: by_link(
        f, "payments", {"amount": "5", "paid_on": today().isoformat(), "reference": "R-1"}
    ),
    "portal_documents.several": lambda f: _several(f),
    "documents.several": lambda f: _several(f, "li", "/documents/zip"),
    "documents.bulk": lambda f: (
        "li",
        "/documents/bulk",
        {"act": "submit", "ids": [str(f.draft(price="10").id)], "next": "/documents/"},
        {"ids": f.draft(price="10", customer=f.b, by=f.chen).id},
    ),
}
