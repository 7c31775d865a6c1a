"""The forms that show what is stored, and rows to show in them: everything filled, no choice the
first, some of them no longer offered."""

import datetime as dt

from models.approvals import ApprovalFlow
from models.care import ContactPlan, GreetingText, Occasion
from models.company import Company
from models.core.clock import today
from models.customers import Customer
from models.documents import Document
from models.dunning import ReminderLevel
from models.governance import HouseText
from models.operations.backup import Place
from models.people import Team, User
from models.products import Product, TaxRate
from tests.support.forms import Forms
from tests.valid_forms.archive import scan

ROLES = ["admin", "manager", "sales", "finance", "archivist", "importer"]
# Forms that show something, but nothing that is stored of a row.
EXEMPT = {
    "a new row, with what is proposed for it": """
        announcements.create backups.create bank_lines.create calendar.index contact_plans.new
        contacts.new customers.new delegations.index documents.create external_files.create
        flows.new follow_ups.new holds.create imports.create insights.set_target levels.new
        links.paid people.new portal_disputes.create portal_payments.create products.new
        statement_runs.create tax_rates.new training.create training.require""",
    "a deed, with what is proposed for it": """
        credit_notes.refund credit_notes.set_off disputes.answer findings.accept issues.create
        payments.allocate
        refunds.of_payment sendings.create sendings.preview write_offs.create bank_lines.book
        reminders.run statements.remind acts.create payments.create holds.promise decisions.ask
        findings.give follow_ups.hand_over portal_promises.create portal_statements.confirm""",
    "a file that waits: its columns are stored nowhere before": "imports.check bank_files.answer",
    "several answers at once: a yes or no of the contact": "portal_feedback.greetings",
}
EXEMPT = {endpoint: why for why, names in EXEMPT.items() for endpoint in names.split()}

EDITED = set(
    """archive.tag backups.edit calendar.hours contact_plans.edit contacts.edit customers.edit
    dispute_figures.targets documents.update external_files.correct filing_rules.create flows.edit
    greetings.keep greetings.words handbook.edit levels.clock levels.edit people.edit products.edit
    retention.define settings.accounts settings.edit settings.patterns tax_rates.edit""".split()
)


def filled_on(app, path, text):
    """The endpoints that take the forms of a page which show something."""
    addresses = app.url_map.bind("localhost")
    for address, controls in Forms(path, text).found:
        if any(control.shown and control.filled for control in controls):
            yield addresses.match(address.partition("?")[0], method="POST")[0]


def paths(firm):
    """{endpoint that takes the form: paths of pages that show it with a full row}."""
    firm.ada.revise(firm.ada, roles=ROLES, language="en")
    gone = _colleague(firm, "gone", ["sales", "manager"])
    ended = TaxRate.enter(firm.ada, name="Old 17%", kind="taxed", rate=1700)
    made = {**_customers(firm, gone, ended), **_documents(firm, ended), **_rules(firm, gone)}
    gone.disable(by=firm.ada)
    ended.revise(firm.ada, valid_from=dt.date(2000, 1, 1), valid_to=dt.date(2020, 1, 1))
    return made


def _colleague(firm, name, roles, **more):
    return User.enter(firm.ada, name=name, email=f"{name}@firm.test", roles=roles, **more)


def _customers(firm, gone, ended):
    firm.a.revise(
        firm.ada,
        **dict.fromkeys(("phone", "bank_name", "bank_account"), "123"),
        email="a@a.test",
        terms_days=45,
        credit_limit=123456,
        currency="USD",
        language="en",
        owner=firm.chen,
        tags=["重点客户", "VIP"],
        active=False,
        founded_on=dt.date(1999, 3, 4),
    )
    for kind in ("billing", "delivery"):
        firm.a.add_address(firm.ada, kind, f"{kind} Street\n 100000 北京")
    theirs = Customer.enter(firm.ada, name="Theirs", owner=gone, tags=[])
    firm.anna.revise(
        firm.ada,
        phone="1",
        position="Buyer",
        birthday=dt.date(1988, 2, 29),
        birthday_lunar=True,
        lunar_month=6,
        lunar_day=12,
        lunar_leap=True,
        language="en",
        sees_company=False,
        gets_reminders=False,
        gets_greetings=False,
    )
    tax = TaxRate.get(TaxRate.kind == "exempt")
    shown = {
        "name_en": "Pen",
        "unit_en": "pc",
        "category": "Tea",
        "currency": "EUR",
        "active": False,
        "cost": 1234567,
    }
    firm.pen.revise(firm.ada, tax=tax, **shown)
    old = Product.enter(firm.ada, code="OLD", name="Old", unit="box", tax=ended, price=1)
    bare = Product.enter(firm.ada, code="BARE", name="Bare", price=10000)
    mei = _colleague(
        firm,
        "mei",
        ["archivist", "finance"],
        team=Team.get(Team.name == "South"),
        superior=gone,
        language="en",
    )
    rate = TaxRate.enter(
        firm.ada,
        name="3%",
        name_en="3% (exempt)",
        kind="exempt",
        rate=0,
        valid_from=dt.date(2026, 1, 1),
        valid_to=dt.date(2027, 1, 1),
    )
    return {
        "customers.edit": [f"/customers/{row.id}/edit" for row in (firm.a, theirs)],
        "contacts.edit": [f"/contacts/{firm.anna.id}/edit"],
        "products.edit": [f"/products/{row.id}/edit" for row in (firm.pen, old, bare)],
        "people.edit": [f"/people/{row.id}/edit" for row in (mei, firm.li)],
        "tax_rates.edit": [f"/tax-rates/{rate.id}/edit"],
    }


def _documents(firm, ended):
    lines = [
        firm.line("12.3456", "2.5", discount=500, note="soft", code="P1", product=firm.pen.id),
        firm.line("7", tax_rate=ended.id, rate=1700, tax_label=ended.name),
        firm.line("7", tax_rate=firm.tax.id, rate=1600, tax_label="as it was"),
        firm.line("7", tax_rate=None, rate=600, tax_label=""),
    ]
    head = {
        "contact": firm.amin,
        "currency": "GBP",
        "language": "en",
        "chosen_date": dt.date(2026, 10, 1),
        "terms_days": 7,
        "reference": "PO-1",
        "note": "two\nlines",
        "internal_note": "ours",
        "prices_include_tax": True,
        "discount": 250,
    }
    kinds = {"quote": {"valid_until": dt.date(2027, 1, 1)}, "order": {"delivery_on": today()}}
    drafts = [
        Document.draft(firm.ada, kind, firm.a, lines, **head, **kinds.get(kind, {}))
        for kind in ("quote", "order", "invoice")
    ]
    firm.amin.disable(by=firm.ada)
    slip = scan(firm, firm.chen)
    day = dt.date(2026, 5, 6)
    slip.correct(firm.ada, "x", "contract", day, firm.a, title="合同", number="7")
    slip.filing.tag(firm.ada, ["one", "two"])
    return {
        "documents.update": [f"/documents/{draft.id}/edit" for draft in drafts],
        "external_files.correct": [f"/archive/files/{slip.id}/correction"],
        "archive.tag": [f"/archive/{slip.filing_id}"],
    }


def _rules(firm, gone):
    Company.current().revise(
        firm.ada,
        **dict.fromkeys(
            "legal_name tax_id address phone bank_name bank_branch bank_account bank_code footer"
            " website name_en legal_name_en address_en footer_en"
            " bank_name_en bank_branch_en".split(),
            "x",
        ),
        email="us@firm.test",
        zone="America/New_York",
        language="en",
        settings={
            "days_back": 30,
            "link_days": 30,
            "import_rows": 1000,
            "import_mb": 50,
            "import_cells": 20,
            "bookkeeper_mail": "books@firm.test",
            "iban": "DE89370400440532013000",
            "bic": "COBADEFFXXX",
            "payment_link": "https://pay.test/{number}",
            "fiscal_month": 4,
            "prices_include_tax": True,
            "reminders_automatic": True,
            "reminder_hour": 9,
            "working_hours": [8, 17],
            "accounts": {
                "USD": dict.fromkeys(("bank_name", "bank_branch", "bank_account", "bank_code"), "1")
            },
        },
    )
    level = ReminderLevel.ladder()[-1]
    level.revise(firm.ada, interest=550, copy_owner=True, active=False)
    plan = ContactPlan.define(
        firm.ada, None, name="月访", tag="VIP", every_days=30, kind="visit", what="x", active=True
    )
    Occasion.configure(firm.ada, "birthday", True, 31)
    GreetingText.write(firm.ada, "birthday", "en", "Hello", "Dear {name}\n\nhello")
    HouseText.write(firm.ada, "03-making", "en", "Making", "First\n\nSecond", 0)
    place = Place.add(firm.ada, "disk", "folder", {"path": "/nowhere"}, "")
    keep = {"hourly": 1, "daily": 2, "weekly": 3, "monthly": 4, "yearly": 5}
    place.revise(firm.ada, "box", {"path": "/nowhere"}, "", "weekly", 5, keep)
    flow = ApprovalFlow.define(
        firm.ada,
        "order",
        least=12345,
        currency="EUR",
        name="Exception",
        priority=10,
        recall_late=True,
        active=False,
        conditions={
            "discount": 500,
            "margin": 1500,
            "below_list": 0,
            "credit_exceeded": True,
            "first_order": True,
            "tag": "VIP",
            "owner": [firm.chen.id, gone.id],
            "team": [Team.get(Team.name == "South").id],
        },
        steps=[
            {
                "who": "people",
                "people": [gone.id, firm.wang.id],
                "rule": "n",
                "needed": 2,
                "hours": 8,
                "late": "hand_over",
                "late_to": gone.id,
                "fallback": gone.id,
                "copy_to": [gone.id, firm.li.id],
                "name": "Two",
            },
            {"who": "superior2", "rule": "all"},
        ],
    )
    plain = ApprovalFlow.define(
        firm.ada,
        "invoice",
        least=99,
        name="Plain",
        steps=[
            {
                "who": "role",
                "role": "finance",
                "rule": "all",
                "hours": 4,
                "late": "escalate",
                "late_to": firm.wang.id,
                "fallback": firm.fang.id,
                "copy_to": [firm.li.id],
                "name": "One",
                "needed": 2,
            }
        ],
    )
    return {
        "contact_plans.edit": [f"/contact-plans/{plan.id}/edit"],
        "levels.edit": [f"/reminders/levels/{level.id}/edit"],
        "levels.clock": ["/reminders/levels/"],
        "greetings.keep": ["/greetings/occasions/birthday"],
        "greetings.words": ["/greetings/words/birthday/en", "/greetings/words/birthday/zh"],
        "handbook.edit": ["/handbook/03-making/edit?language=en", "/handbook/10-filing/edit"],
        "flows.edit": [f"/flows/{row.id}/edit" for row in (flow, plain)],
        "settings.edit": [
            f"/settings/{p}" for p in ("", *"documents money mail integrations".split())
        ],
        "settings.accounts": ["/settings/money"],
        "settings.patterns": ["/settings/documents"],
        "calendar.hours": ["/calendar/"],
        "dispute_figures.targets": ["/disputes/figures/"],
        "filing_rules.create": ["/archive/rules/"],
        "retention.define": ["/archive/retention/"],
        "backups.edit": [f"/backups/places/{place.id}/edit"],
    }
