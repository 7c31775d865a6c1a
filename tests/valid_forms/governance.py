"""Forms of findings, training, the handbook and what follows from figures."""

import datetime as dt


def soon():
    from models.core.clock import today

    return (today() + dt.timedelta(days=30)).isoformat()


def finding(firm, who, verb, fields, state="open"):
    from models.governance import Finding

    row = Finding.find("tax_id_missing", "k", firm.a, "甲", firm.li, 3, False, {})
    state == "open" or row.correct(firm.li, "x")
    return who, f"/findings/{row.id}/{verb}", fields, {}


def quiz(firm):
    from models.core.clock import today
    from models.governance import Training, course

    row = Training.assign(firm.wang, firm.li, "course-sales", today())
    given = {
        f"question-{i}": str(q.right)
        for i, q in enumerate(course.course("course-sales", "en").questions)
    }
    return "li", f"/training/{row.id}/quiz", given, {}


def act(firm, kind="campaign"):
    return (
        "li",
        "/insights/acts/",
        {
            "kind": kind,
            "cause": "stopped",
            "currency": "CNY",
            "ids": [str(firm.a.id)],
            "what": "问问",
            "due_on": "2030-01-02",
            "subject": "新品",
            "list_name": "老客户价",
            "text": "请看",
            "discount": "3.5",
            "days": "30",
            "terms_days": "15",
            "control": "1",
        },
        {"ids": firm.b.id},
    )


def asked_act(firm):
    from models.insights.acts import Act

    row = Act.begin(firm.li, "terms", "overdue", [firm.a], "CNY", {}, {"terms_days": 7})
    return "wang", f"/insights/acts/{row.id}/refusal", {"reason": "老客户"}, {}


CASES = {
    "findings.correct": lambda f: finding(f, "li", "correction", {"note": "已补开"}),
    "findings.close": lambda f: finding(
        f, "wang", "closing", {"act": "reopen", "note": "还没好"}, "corrected"
    ),
    "findings.accept": lambda f: finding(
        f, "wang", "acceptance", {"reason": "客户停业", "until": soon()}
    ),
    "findings.give": lambda f: finding(f, "wang", "owner", {"person": str(f.wang.id)}),
    "handbook.acknowledge": lambda f: (
        "li",
        "/handbook/03-making/acknowledgement",
        {"edition": "1"},
        {},
    ),
    "handbook.edit": lambda f: (
        "wang",
        "/handbook/03-making/edit",
        {
            "language": "en",
            "after": "0",
            "title": "Making",
            "text": "Read twice",
            "reason": "new law",
            "same_meaning": "y",
        },
        {},
    ),
    "training.create": lambda f: (
        "wang",
        "/training/",
        {"person": str(f.li.id), "course": "course-sales", "due_on": soon()},
        {},
    ),
    "training.require": lambda f: (
        "ada",
        "/training/requirements",
        {
            "role": "finance",
            "course": "course-finance",
            "days": "30",
            "valid_months": "12",
            "blocks": "y",
        },
        {},
    ),
    "training.answer": lambda f: quiz(f),
    "insights.set_target": lambda f: (
        "wang",
        "/insights/targets",
        {"person": str(f.li.id), "month": "2026-11", "amount": "100,000", "currency": "CNY"},
        {"person": f.chen.id},
    ),
    "acts.create": lambda f: act(f),
    "acts.decline": lambda f: asked_act(f),
    "acts.preview": lambda f: ("li", "/insights/acts/preview", act(f)[2], {"ids": f.b.id}),
    "handbook.create": lambda f: (
        "wang",
        "/handbook/new",
        {
            "folder": "handbook",
            "roles": ["sales"],
            "title_zh": "出差",
            "text_zh": "先申请",
            "title_en": "Travel",
            "text_en": "Ask first",
        },
        {},
    ),
}
