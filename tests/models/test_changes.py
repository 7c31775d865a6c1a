"""The journal tells each changed field with its value before and after, and only those."""

import datetime as dt

import pytest

from models.approvals import ApprovalFlow, SpecialDay
from models.archive import FilingRule, RetentionRule
from models.care import ContactPlan, GreetingText, Occasion
from models.company import Company
from models.core.journal import Event, Journaled
from models.core.journal.journaled import hashed_fields
from models.dunning import ReminderLevel
from models.insights import Target
from models.products import TaxRate
from views.web.events.changes import FIELD_NAMES, OF_CLASS

MONTH = dt.date(2026, 1, 1)
PLAN = {"name": "Anruf", "every_days": 30, "kind": "call", "what": "Wie geht es?"}
DAY = dt.date(2026, 5, 4)
# {kind: (make the row, the verb that changes it, what it gets, the field that is told, its values)}
REVISED = {
    "Customer": (
        lambda f: f.a,
        lambda f, row, v: row.revise(f.fang, name=row.name, terms_days=row.terms_days, **v),
        {"credit_limit": 500000},
        ("credit_limit", None, "5,000.00 CNY"),
    ),
    "Customer owner": (
        lambda f: f.a,
        lambda f, row, v: row.revise(f.ada, phone=row.phone, **{k: f.chen for k in v}),
        {"owner": 1},
        ("owner", "李销售 #3", "陈销售 #4"),
    ),
    "Address": (
        lambda f: f.a.add_address(f.li, "billing", "街 1"),
        lambda f, row, v: row.revise(f.li, v.get("text", "街 1")),
        {"text": "街 2"},
        ("text", "街 1", "街 2"),
    ),
    "Contact": (
        lambda f: f.anna,
        lambda f, row, v: row.revise(f.li, name=row.name, **v),
        {"phone": "010"},
        ("phone", "", "010"),
    ),
    "Product": (
        lambda f: f.pen,
        lambda f, row, v: row.revise(f.li, **{"name": row.name, "unit": row.unit, **v}),
        {"price": 130000},
        ("price", "12.50 CNY", "13.00 CNY"),
    ),
    "TaxRate": (
        lambda f: TaxRate.enter(f.ada, name="6%", kind="taxed", rate=600),
        lambda f, row, v: row.revise(f.ada, **{"name": "6%", "kind": "taxed", "rate": 600, **v}),
        {"rate": 650},
        ("rate", "6%", "6.5%"),
    ),
    "User": (
        lambda f: f.li,
        lambda f, row, v: row.revise(f.ada, name=row.name, email=row.email, **v),
        {"roles": ["sales", "finance"]},
        ("roles", ["sales"], ["sales", "finance"]),
    ),
    "Company": (
        lambda f: Company.current(),
        lambda f, row, v: row.revise(f.ada, phone=row.phone, **v),
        {"bank_account": "6222"},
        ("bank_account", "", "6222"),
    ),
    "Company settings": (
        lambda f: Company.current(),
        lambda f, row, v: row.revise(f.ada, settings={"reminder_hour": 8, **v}),
        {"session_days": 7},
        ("settings.session_days", 14, 7),
    ),
    "ReminderLevel": (
        lambda f: ReminderLevel.ladder()[0],
        lambda f, row, v: row.revise(f.fang, days=row.days, text_en=row.text_en, **v),
        {"title_en": "Please"},
        ("title_en", None, "Please"),
    ),
    "ContactPlan": (
        lambda f: ContactPlan.define(f.ada, None, **PLAN),
        lambda f, row, v: ContactPlan.define(f.ada, row, **{**PLAN, **v}),
        {"every_days": 60},
        ("every_days", 30, 60),
    ),
    "ApprovalFlow": (
        lambda f: ApprovalFlow.define(f.ada, "quote", 100, ["manager"], name="N"),
        lambda f, row, v: row.revise(f.ada, steps=["manager"], name="N", **v),
        {"least": 200},
        ("least", 100, 200),
    ),
    "FilingRule": (
        lambda f: FilingRule.define(f.zhao, "invoice", "{number}", 3),
        lambda f, row, v: FilingRule.define(f.zhao, "invoice", "{number}", **{"days": 3, **v}),
        {"days": 4},
        ("days", 3, 4),
    ),
    "RetentionRule": (
        lambda f: RetentionRule.define(f.zhao, "invoice", 31),
        lambda f, row, v: RetentionRule.define(f.zhao, "invoice", v.get("years", 31)),
        {"years": 32},
        ("years", 31, 32),
    ),
    "Occasion": (
        lambda f: Occasion.configure(f.ada, "birthday", True, 7),
        lambda f, row, v: Occasion.configure(f.ada, "birthday", True, v.get("lead_days", 7)),
        {"lead_days": 9},
        ("lead_days", 7, 9),
    ),
    "GreetingText": (
        lambda f: GreetingText.write(f.ada, "birthday", "en", "Hi", "All the best"),
        lambda f, row, v: GreetingText.write(
            f.ada, "birthday", "en", v.get("subject", "Hi"), "All the best"
        ),
        {"subject": "Hello"},
        ("subject", "Hi", "Hello"),
    ),
    "Target": (
        lambda f: Target.define(f.wang, f.li, MONTH, "CNY", 100),
        lambda f, row, v: Target.define(f.wang, f.li, MONTH, "CNY", v.get("amount", 100)),
        {"amount": 250},
        ("amount", "1.00 CNY", "2.50 CNY"),
    ),
    "SpecialDay": (
        lambda f: SpecialDay.define(f.ada, DAY, False, "x"),
        lambda f, row, v: SpecialDay.define(f.ada, DAY, v.get("works", False), "x"),
        {"works": True},
        ("works", False, True),
    ),
}


@pytest.mark.parametrize("kind", REVISED)
def test_a_change_tells_the_field_that_changed_and_no_other(app, firm, kind):
    make, revise, values, (name, before, after) = REVISED[kind]
    row = make(firm)
    before = row.title_en if kind == "ReminderLevel" else before
    count = row.events.count()
    revise(firm, type(row).get_by_id(row.id), {})
    assert row.events.count() == count  # nothing changed: no event
    revise(firm, type(row).get_by_id(row.id), values)
    facts = list(row.events)[-1].facts
    assert row.events.count() == count + 1
    assert (facts["changed"], facts["was"], facts["now"]) == ([name], {name: before}, {name: after})


def test_secrets_and_pictures_are_only_named(app, firm):
    firm.li.password = "hash"
    firm.li.save_changes(firm.ada)
    Company.current().revise(firm.ada, logo="a" * 64)
    told = [e.facts for e in Event.select().order_by(Event.id.desc()).limit(2)]
    assert [f["changed"] for f in told] == [["logo"], ["password"]]
    assert [f["was"] | f["now"] for f in told] == [{}, {}]


def test_a_changed_draft_tells_its_dates_and_amounts_but_no_words(app, firm):
    """What is destroyed by rule must not live on in the journal, which is never changed."""
    paper = firm.draft()
    paper.revise(firm.li, paper.version, [firm.line("200")], terms_days=7, note="geheim")
    facts = list(paper.events)[-1].facts
    assert {"terms_days", "note", "total", "lines"} <= set(facts["changed"])
    assert (facts["was"]["terms_days"], facts["now"]["terms_days"]) == (30, 7)
    assert facts["now"]["total"] == "226.00 CNY" and "geheim" not in str(facts)


def test_every_field_that_can_change_has_a_name_for_people(app):
    """Of every class that tells its changes; a new field without one fails here."""
    told = {kind.split()[0] for kind in REVISED} | {"NumberPattern", "Place", "Document"}
    never = {"id", "version", "state", "begun", "demo", "since", "key", "occasion"}
    never |= {"number", "series", "place", "source", "issued_on", "issued_by", "snapshot", "paper"}
    never |= {"merged_into"}
    never |= {"void_reason", "voided_on", "confirmed_at", "confirmed_by", "signature", "imported"}
    nameless = [
        f"{kind}.{name}"
        for kind in sorted(told)
        for name in hashed_fields(Journaled.registry[kind])
        if name not in never and name not in FIELD_NAMES and (kind, name) not in OF_CLASS
    ]
    assert nameless == []
