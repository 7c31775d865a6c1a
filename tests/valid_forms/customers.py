"""Forms of customers, their contacts and what is done to keep them."""

CUSTOMER = {
    "name": "新客户",
    "code": "N1",
    "tax_id": "91110000MA0000000X",
    "phone": "1",
    "email": "n@n.test",
    "bank_name": "B",
    "bank_account": "2",
    "terms_days": "30",
    "credit_limit": "1,000.00",
    "currency": "CNY",
    "language": "zh",
    "owner": "0",
    "active": "y",
    "founded_on": "2001-02-03",
    "tags": "a, b",
    "billing": "街 1",
    "delivery": "街 2",
    "different": "y",
}
CONTACT = {
    "name": "新人",
    "email": "c@a.test",
    "phone": "1",
    "position": "采购",
    "birthday": "1990-02-03",
    "birthday_lunar": "y",
    "lunar_month": "6",
    "lunar_day": "12",
    "lunar_leap": "y",
    "language": "zh",
    "sees_company": "y",
    **dict.fromkeys(("gets_invoices", "gets_reminders", "gets_statements", "gets_greetings"), "y"),
}
PLAN = {
    "name": "季访",
    "tag": "VIP",
    "every_days": "90",
    "kind": "call",
    "what": "打电话问候",
    "active": "y",
}


def follow_up(firm, verb, fields):
    from models.care import FollowUp
    from models.core.clock import today

    row = FollowUp.plan(firm.li, firm.a, "问试用情况", today())
    return "li", f"/follow-ups/{row.id}/{verb}", fields, {}


def contact_plan(firm):
    from models.care import ContactPlan

    return ContactPlan.define(
        firm.ada,
        None,
        name="月访",
        tag="VIP",
        every_days=30,
        kind="visit",
        what="拜访",
        active=True,
    )


def batch(firm, verb, fields):
    from models.care import Occasion, greeting
    from models.core.clock import today

    firm.anna.revise(firm.li, birthday=today().replace(year=1988))
    Occasion.configure(firm.ada, "birthday", True, 7)
    made = greeting.prepare()[0]
    return "wang", f"/greetings/{made.id}/{verb}", fields(made), {}


def told(firm, who, verb, fields):
    from models.care import Feedback

    return who, f"/feedback/{Feedback.write(firm.anna, 'idea', '早点送').id}/{verb}", fields, {}


def survey(firm):
    from models.care import Survey

    return Survey.ask(firm.anna, "dispute", "dispute-1")


def survey_secret(firm):
    from models.adapters.outbox import Mail

    survey(firm)
    return Mail.get(Mail.template == "survey").context["survey"].rsplit("/", 1)[1]


CASES = {
    "customers.new": lambda f: ("fang", "/customers/new", CUSTOMER, {"owner": f.fang.id}),
    "customers.edit": lambda f: (
        "wang",
        f"/customers/{f.a.id}/edit",
        CUSTOMER,
        {"owner": f.fang.id},
    ),
    "merges.create": lambda f: (
        "fang",
        f"/customers/{f.b.id}/merging",
        {"into": str(f.a.id)},
        {"into": 999999},
    ),
    "duplicates.apart": lambda f: (
        "fang",
        "/customers/duplicates/apart",
        {"ids": [str(f.a.id), str(f.b.id)]},
        {},
    ),
    "customers.note": lambda f: ("li", f"/customers/{f.a.id}/notes", {"text": "讲价"}, {}),
    "contacts.new": lambda f: ("li", f"/customers/{f.a.id}/contacts/new", CONTACT, {}),
    "contacts.edit": lambda f: ("li", f"/contacts/{f.anna.id}/edit", CONTACT, {}),
    "customers.bulk": lambda f: (
        "fang",
        "/customers/bulk",
        {
            "act": "tag",
            "tag": "VIP",
            "owner": str(f.chen.id),
            "ids": [str(f.a.id)],
            "next": "/customers/",
        },
        {},
    ),
    "follow_ups.new": lambda f: (
        "li",
        "/follow-ups/new",
        {
            "customer": str(f.a.id),
            "kind": "visit",
            "what": "带样品拜访",
            "due_on": "2026-12-01",
            "hour": "14:30",
            "owner": str(f.li.id),
            "note": "三盒",
        },
        {"customer": f.b.id},
    ),
    "follow_ups.done": lambda f: follow_up(f, "outcome", {"act": "done", "note": "谈好了"}),
    "follow_ups.postpone": lambda f: follow_up(f, "postponement", {"day": "2099-01-05"}),
    "follow_ups.hand_over": lambda f: follow_up(f, "owner", {"person": str(f.fang.id)}),
    "contact_plans.new": lambda f: ("ada", "/contact-plans/new", PLAN, {}),
    "contact_plans.edit": lambda f: ("ada", f"/contact-plans/{contact_plan(f).id}/edit", PLAN, {}),
    "greetings.leave_out": lambda f: batch(
        f, "leaving-out", lambda b: {"ids": [str(b.greetings.get().id)]}
    ),
    "greetings.keep": lambda f: (
        "ada",
        "/greetings/occasions/birthday",
        {"active": "y", "lead_days": "5"},
        {},
    ),
    "greetings.words": lambda f: (
        "ada",
        "/greetings/words/birthday/en",
        {"subject": "Happy day", "text": "Dear {name}"},
        {},
    ),
    "feedback.answer": lambda f: told(f, "li", "answer", {"text": "马上补发"}),
    "feedback.close": lambda f: told(f, "li", "closing", {"note": "谢谢"}),
    "portal_feedback.create": lambda f: (
        "anna",
        "/portal/feedback/",
        {"kind": "idea", "text": "早点送"},
        {},
    ),
    "portal_feedback.score": lambda f: (
        "anna",
        f"/portal/feedback/surveys/{survey(f).id}",
        {"score": "9"},
        {},
    ),
    "opt_outs.answer": lambda f: (
        None,
        f"/survey/{survey_secret(f)}",
        {"score": "9", "comment": "很好"},
        {},
    ),
}
