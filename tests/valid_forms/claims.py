"""Forms of complaints, reminders, holds and promises."""


def complaint(firm, verb="", fields=None, by="li", answered=False, base="/disputes"):
    """A complaint of Anna's on an invoice, answered if need be, and what is done with it."""
    from models.disputes import Dispute

    raised = Dispute.raise_(
        firm.anna,
        customer=firm.a,
        document=firm.issued(price="10"),
        reason="price",
        text="贵了",
        amount=100,
    )
    answered and raised.explain(firm.li, "按合同")
    return by, f"{base}/{raised.id}/{verb}", fields or {"text": "请看"}, {}


def raising(firm, who, path):
    own, other = firm.issued(price="10"), firm.issued(price="10", customer=firm.b, by=firm.chen)
    staff = {"customer": str(firm.a.id), "owner": str(firm.wang.id)} if who == "li" else {}
    return (
        who,
        path,
        {
            "document": str(own.id),
            "line": str(own.ordered_lines()[0].id),
            "amount": "1.50",
            "reason": "price",
            "text": "贵了",
            **staff,
        },
        {
            "document": other.id,
            "line": other.ordered_lines()[0].id,
            **({"customer": firm.b.id} if staff else {}),
        },
    )


def own_complaint(firm):
    from models.disputes import Dispute

    raised = Dispute.raise_(firm.li, customer=firm.a, reason="service", text="电话")
    return "li", f"/disputes/{raised.id}/withdrawal", {"text": "弄错了"}, {}


def holding(firm, path="/holds/", name="reason"):
    own, other = firm.issued(price="10"), firm.issued(price="10", customer=firm.b, by=firm.chen)
    fields = {
        "invoice": str(own.id),
        "until": "2099-12-31",
        "note": "电话",
        **(
            {"customer": str(firm.a.id), "reason": "other"} if name == "reason" else {"amount": "5"}
        ),
    }
    return (
        "li",
        path,
        fields,
        {"invoice": other.id, **({"customer": firm.b.id} if name == "reason" else {})},
    )


def promising(firm):
    import datetime as dt

    from models.core.clock import today

    return (
        "anna",
        f"/portal/documents/{firm.issued(price='10').id}/promises",
        {"amount": "5", "day": (today() + dt.timedelta(days=7)).isoformat(), "note": "下周"},
        {},
    )


def letter(firm):
    """A letter that was sent, whose mail came back."""
    import datetime as dt

    from models import dunning
    from models.adapters.outbox import Mail
    from models.core.clock import at, now

    firm.issued(price="10")
    with at(now() + dt.timedelta(days=40)):
        made = dunning.run_due()[0]
    Mail.update(state="sent").execute()
    return made


def bounce(firm):
    made = letter(firm)
    return (
        "fang",
        f"/reminders/{made.id}/bounces",
        {"mail": str(made.mails()[0].id), "reason": "退信"},
        {},
    )


def due_run(firm):
    from models.documents import Document
    from models.receivables import due_item

    paper = firm.issued(price="10")
    Document.update(due_on="2026-01-01").where(Document.id == paper.id).execute()
    due_item.rebuild()
    return "fang", "/reminders/run", {"ids": [f"{firm.a.id}-CNY"]}, {}


def credit_to_set_off(firm):
    from models.payments import Payment

    due_run(firm)
    Payment.receive(firm.fang, firm.a, "CNY", 100)
    return "fang", "/reminders/credit", {"plan": f"{firm.a.id}-CNY"}, {}


LEVEL = {
    "days": "60",
    "interest": "5",
    "title_zh": "催款",
    "title_en": "Demand",
    "text_zh": "请付款",
    "text_en": "Please pay",
    "copy_owner": "y",
    "active": "y",
}
CASES = {
    "disputes.create": lambda f: raising(f, "li", "/disputes/"),
    "portal_disputes.create": lambda f: raising(f, "anna", "/portal/disputes/"),
    "disputes.say": lambda f: complaint(f, "entries", {"text": "请看", "internal": "1"}),
    "disputes.answer": lambda f: complaint(
        f, "answer", {"how": "adjusted", "amount": "1", "text": "让利"}
    ),
    "disputes.settle": lambda f: complaint(f, "settlement", answered=True),
    "disputes.withdraw": own_complaint,
    "disputes.hand_over": lambda f: complaint(f, "owner", {"owner": str(f.wang.id)}),
    "disputes.learn": lambda f: complaint(f, "prevention"),
    "portal_disputes.say": lambda f: complaint(f, "entries", by="anna", base="/portal/disputes"),
    "portal_disputes.agree": lambda f: complaint(
        f, "agreement", {"rating": "5", "text": "谢谢"}, "anna", True, "/portal/disputes"
    ),
    "portal_disputes.disagree": lambda f: complaint(
        f, "objection", by="anna", answered=True, base="/portal/disputes"
    ),
    "portal_promises.create": promising,
    "holds.create": holding,
    "holds.promise": lambda f: holding(f, "/holds/promises", "amount"),
    "levels.new": lambda f: ("fang", "/reminders/levels/new", LEVEL, {}),
    "levels.edit": lambda f: ("fang", "/reminders/levels/1/edit", LEVEL, {}),
    "levels.clock": lambda f: (
        "ada",
        "/reminders/levels/clock",
        {"hour": "9", "automatic": "1", "digest": "1"},
        {},
    ),
    "dispute_figures.targets": lambda f: (
        "ada",
        "/disputes/figures/targets",
        {"answer": "8", "settle": "40"},
        {},
    ),
    "reminders.run": due_run,
    "reminders.bounce": bounce,
    "reminders.set_off": credit_to_set_off,
}
