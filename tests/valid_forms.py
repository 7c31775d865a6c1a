"""One good submission for every POST route that reads fields: (who sends it, address, fields, ids
of strangers)."""

import base64
import datetime as dt
import io

from models.approvals import ApprovalRequest, Task
from models.core.clock import today
from models.documents import Document
from models.payments.refund import Refund
from tests import einvoices
from tests.firm import KEY

UPLOAD = "the file x.csv"
PASSWORD = "a long enough secret"
COMPANY = {"language": "zh", "currency": "CNY"}
PERSON = {
    "name": "新人",
    "email": "new@firm.test",
    "roles": ["sales", "finance"],
    "team": "North",
    "superior": "0",
    "language": "zh",
    "password": PASSWORD,
}
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
}
CONTACT = {
    "name": "新人",
    "email": "c@a.test",
    "phone": "1",
    "position": "采购",
    "birthday": "1990-02-03",
    "birthday_lunar": "y",
    "language": "zh",
    "sees_company": "y",
}
PRODUCT = {
    "code": "P9",
    "name": "墨水",
    "unit": "瓶",
    "price": "12.3456",
    "currency": "CNY",
    "cost": "8.5",
    "category": "c",
    "tax": "1",
    "active": "y",
}
SETTINGS = {
    "name": "华信",
    "legal_name": "华信有限公司",
    "tax_id": "T",
    "address": "A",
    "phone": "1",
    "email": "a@b.test",
    "website": "https://w.test",
    "bank_name": "B",
    "bank_branch": "C",
    "bank_account": "1",
    "bank_code": "D",
    "footer": "F",
    "prices_include_tax": "y",
    "logo": "",
    "seal": "",
    "iban": "DE89 3704 0044 0532 0130 00",
    "bic": "COBADEFFXXX",
    "payment_link": "https://pay.test/{number}?a={amount}",
    "fiscal_month": "4",
}
TAX_RATE = {
    "name": "1%",
    "kind": "taxed",
    "rate": "1",
    "valid_from": "2026-01-01",
    "valid_to": "2026-12-31",
}
PLAN = {
    "name": "季访",
    "tag": "VIP",
    "every_days": "90",
    "kind": "call",
    "what": "打电话问候",
    "active": "y",
}
PNG = (
    "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9Q"
    "DwADhgGAWjR9awAAAABJRU5ErkJggg=="
)


def upload(firm):
    """An import that waits for its columns."""
    from models.imports import Import

    row = Import.upload(
        firm.fang,
        "documents",
        "x.csv",
        "number,date,customer,price\nN1,2025-01-02,Old,10\n".encode(),
    )
    return (
        "fang",
        f"/imports/{row.id}/check",
        {
            "key": "number",
            "kind": "invoice",
            "currency": "CNY",
            "date_order": "mdy",
            "language": "zh",
            "same_number": "refuse",
            "tax": str(firm.tax.id),
            "fallback": "散客",
            "credit_prefix": "C",
            "create_customers": "on",
            "column-0": "number",
            "column-1": "date",
            "column-2": "customer_name",
            "column-3": "price",
        },
        {},
    )


def paper(firm, draft):
    return {
        "version": str(draft.version),
        "contact": str(firm.anna.id),
        "date": "2026-11-24",
        "terms_days": "30",
        "valid_until": "2026-12-24",
        "delivery_on": "2026-12-01",
        "reference": "PO 7",
        "currency": "CNY",
        "language": "zh",
        "prices_include_tax": "",
        "discount": "5",
        "note": "谢谢",
        "internal_note": "内部",
        "rows": "",
        "line-code": "P1",
        "line-name": "钢笔",
        "line-note": "蓝",
        "line-quantity": "2",
        "line-unit": "支",
        "line-price": "10.5",
        "line-discount": "1",
        "line-tax": str(firm.tax.id),
        "line-product": str(firm.pen.id),
        "line-source": "",
    }


def edit(firm, verb="edit"):
    draft = firm.draft()
    other = firm.draft(customer=firm.b, by=firm.chen)
    return (
        "li",
        f"/documents/{draft.id}/{verb}",
        paper(firm, draft),
        {"contact": firm.bob.id, "line-source": other.ordered_lines()[0].id},
    )


def decide(firm, verb):
    asked = firm.draft(price="20000")
    asked.submit(by=firm.li)
    task = ApprovalRequest.current(asked).tasks.get()
    return "wang", f"/tasks/{task.id}/{verb}", {"note": "价格不对"}, {}


def on_issued(firm, who, path, fields, kind="invoice", strangers=None):
    return who, path.format(firm.issued(kind, price="10").id), fields, strangers or {}


def pay(firm):
    own, other = firm.issued(price="10"), firm.issued(price="10", customer=firm.b, by=firm.chen)
    return (
        "fang",
        "/payments/",
        {
            "customer": str(firm.a.id),
            "currency": "CNY",
            "amount": "11.30",
            "reference": "r",
            "charges": "0.50",
            "oldest": "",
            "received_on": "2026-11-20",
            f"part-{own.id}": "1.30",
        },
        {f"part-{other.id}": "1.00"},
    )


def report(firm):
    own, other = firm.issued(price="10"), firm.issued(price="10", customer=firm.b, by=firm.chen)
    return (
        "anna",
        "/portal/payments/",
        {
            "currency": "CNY",
            "amount": "11.30",
            "paid_on": "2026-11-20",
            "reference": "转账",
            f"part-{own.id}": "1.30",
            "slip": "",
        },
        {f"part-{other.id}": "1.00"},
    )


def of_payment(firm, path, fields, reported=False):
    """A payment of A's with an open invoice beside it, and a stranger's invoice."""
    from models.payments import Payment

    own, other = firm.issued(price="10"), firm.issued(price="10", customer=firm.b, by=firm.chen)
    payment = (
        Payment.report(firm.anna, "CNY", 1130, today())
        if reported
        else Payment.receive(firm.fang, firm.a, "CNY", 1130)
    )
    parts = (
        ({f"part-{own.id}": "1.30"}, {f"part-{other.id}": "1.00"}) if "part" in fields else ({}, {})
    )
    return (
        "fang",
        path.format(payment.id),
        {k: v for k, v in fields.items() if k != "part"} | parts[0],
        parts[1],
    )


def of_note(firm, path, fields):
    from models.payments import Payment

    paid, own, other = (
        firm.issued(price="10"),
        firm.issued(price="10"),
        firm.issued(price="10", customer=firm.b, by=firm.chen),
    )
    Payment.receive(firm.fang, firm.a, "CNY", 1130, allocations=[(paid, 1130)])
    draft = paid.convert(firm.li, "credit_note")
    draft.submit(by=firm.li)
    firm.approve_all(draft)
    Document.get_by_id(draft.id).issue(by=firm.li)
    parts = (
        ({f"part-{own.id}": "1.30"}, {f"part-{other.id}": "1.00"}) if "part" in fields else ({}, {})
    )
    return (
        "fang",
        path.format(draft.id),
        {k: v for k, v in fields.items() if k != "part"} | parts[0],
        parts[1],
    )


def of_refund(firm):
    from models.payments import Payment

    refund = Refund.pay(firm.fang, Payment.receive(firm.fang, firm.a, "CNY", 1130), 100)
    return "fang", f"/refunds/{refund.id}/reversal", {"reason": "退回"}, {}


def of_write_off(firm, who, path, approved=False):
    from models.payments.write_off import WriteOff

    row = WriteOff.ask(firm.fang, firm.issued(price="10"), 100, "尾差")
    if approved:
        row.approve(firm.wang)
    return who, path.format(row.id), {"reason": "不同意"}, {}


def reverse(firm):
    from models.payments import Payment

    payment = Payment.receive(firm.fang, firm.a, "CNY", 100)
    return "fang", f"/payments/{payment.id}/reversal", {"reason": "bounced"}, {}


def asked(firm, verb, fields):
    """A task of Fang's, one step behind Wang's."""
    paper = firm.draft(price="20000")
    paper.submit(by=firm.li)
    request = ApprovalRequest.current(paper)
    request.tasks.get().approve(by=firm.wang)
    task = request.tasks.where(Task.user == firm.fang.id).get()
    return "fang", f"/tasks/{task.id}/{verb}", fields, {}


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


def link(firm):
    from models.people import Code

    return (
        None,
        "/links/password",
        {"password": PASSWORD},
        {},
        {"code": Code.make("password", firm.li)},
    )


def change_password(firm):
    firm.li.set_password("the old long secret", by=firm.li)
    return "li", "/sessions/password", {"old": "the old long secret", "password": PASSWORD}, {}


def sign_in(firm):
    return (
        None,
        "/sign-in",
        {"email": "ada@firm.test", "password": "correct horse battery", "next": "/"},
        {},
    )


def follow_up(firm, verb, fields):
    from models.care import FollowUp
    from models.core.clock import today

    row = FollowUp.plan(firm.li, firm.a, "问试用情况", today())
    return "li", f"/follow-ups/{row.id}/{verb}", fields, {}


def soon():
    from models.core.clock import today

    return (today() + dt.timedelta(days=30)).isoformat()


def finding(firm, who, verb, fields, state="open"):
    from models.governance import Finding

    row = Finding.find("tax_id_missing", "k", firm.a, "甲", firm.li, 3, False, {})
    state == "open" or row.correct(firm.li, "x")
    return who, f"/findings/{row.id}/{verb}", fields, {}


def contact_plan(firm):
    from models.care import ContactPlan

    return ContactPlan.put(
        firm.wang,
        None,
        name="月访",
        tag="VIP",
        every_days=30,
        kind="visit",
        what="拜访",
        active=True,
    )


def _several(firm, who="anna", path="/portal/documents/zip"):
    own, other = firm.issued(price="10"), firm.issued(price="10", customer=firm.b, by=firm.chen)
    return who, path, {"ids": [str(own.id)]}, {"ids": other.id}


def scan(firm, by=None, customer=None):
    """A file from outside that lies in the archive."""
    from models.archive import ExternalFile

    return ExternalFile.take_in(
        by or firm.li,
        base64.b64decode(PNG.split(",")[1]),
        "a.png",
        "contract",
        title="合同",
        customer=customer or firm.a,
    )


def document_of(path):
    return Document.get_by_id(int(path.split("/")[2]))


def filled(fields):
    """The fields as a browser sends them, an upload with a stream of its own each time."""
    fresh = {
        k: UPLOADS[v]() if isinstance(v, str) and v in UPLOADS else v for k, v in fields.items()
    }
    return {**fresh, "idempotency_key": KEY}


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

    paper = firm.issued(price="10")
    Document.update(due_on="2026-01-01").where(Document.id == paper.id).execute()
    return "fang", "/reminders/run", {"ids": [f"{firm.a.id}-CNY"]}, {}


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


def statement(firm):
    """A statement of A's over one invoice, sent."""
    from models.receivables.statement import Statement

    firm.issued(price="10")
    made = Statement.make(firm.fang, firm.a, "CNY", today(), today())
    made.send(firm.fang)
    return made


def bank_line(firm):
    """A bank line of an unknown payer."""
    from models.bank.line import BankLine

    BankLine.take_in(
        firm.fang,
        "x.csv",
        f"date,amount,payer,payer_account,description\n{today()},11.30,Someone,,\n".encode(),
        "CNY",
    )
    return BankLine.get()


def book_line(firm):
    from models.payments import Payment

    own, other = firm.issued(price="10"), firm.issued(price="10", customer=firm.b, by=firm.chen)
    report, strange = (
        Payment.report(firm.anna, "CNY", 1130, today()),
        Payment.report(firm.bob, "CNY", 1130, today()),
    )
    return (
        "fang",
        f"/bank-lines/{bank_line(firm).id}/booking",
        {
            "customer": str(firm.a.id),
            "charges": "0.50",
            "reported": str(report.id),
            f"part-{own.id}": "1.30",
        },
        {f"part-{other.id}": "1.00", "reported": strange.id},
    )


def certain_line(firm):
    from models.bank.line import BankLine

    paper = firm.issued(price="10")
    BankLine.take_in(
        firm.fang,
        "x.csv",
        f"date,amount,description\n{today()},11.30,{paper.number}\n".encode(),
        "CNY",
    )
    return "fang", "/bank-lines/bookings", {"ids": [str(BankLine.get().id)]}, {}


PICTURE, OTHER_PICTURE, TAX_INVOICE = "the file a.png", "the file b.xml", "the file c.xml"


def einvoice(firm):
    from models.archive import EInvoice

    papers = [firm.issued(price="100"), firm.issued(price="100")]
    row = EInvoice.drop(firm.fang, einvoices.xml(), "a.xml")
    return "fang", f"/archive/einvoices/{row.id}/assignment", {"document": str(papers[0].id)}, {}


def matched_einvoice(firm):
    from models.archive import EInvoice

    firm.issued(price="100")
    row = EInvoice.drop(firm.fang, einvoices.xml(), "a.xml")
    return "fang", f"/archive/einvoices/{row.id}/release", {"reason": "是另一张"}, {}


def unread_einvoice(firm):
    from models.archive import EInvoice, tax_invoice

    EInvoice.drop(firm.fang, einvoices.scanned(), "a.pdf")
    return (
        "fang",
        f"/archive/einvoices/files/{tax_invoice.waiting().get().id}/description",
        {
            "number": einvoices.NUMBER,
            "seller": einvoices.OURS,
            "buyer": einvoices.THEIRS,
            "day": "2026-02-28",
            "total": "113.00",
        },
        {},
    )


def aged(firm):
    """A file whose term is over: its day is long ago."""
    from models.archive import ExternalFile

    return ExternalFile.take_in(
        firm.li, b"<old/>", "a.xml", "other", title="旧件", customer=firm.a, day=dt.date(2001, 5, 6)
    )


def held(firm):
    from models.archive import LegalHold

    row = LegalHold.place(firm.fang, "诉讼", "案号", customer=firm.a)
    return "fang", f"/archive/holds/{row.id}/lifting", {"reason": "结案"}, {}


def listed(firm, verb, who, fields, came="proposed"):
    from models.archive import DestructionList

    row = DestructionList.propose(firm.zhao, [aged(firm).filing], "无续存价值")
    if came == "approved":
        row.approve(firm.wang)
    elif came == "returned":
        row.recall(firm.zhao)
    return who, f"/archive/destructions/{row.id}/{verb}", fields, {}


OF_PLACE = ("name", "rhythm", "hour", "hourly", "daily", "weekly", "monthly", "yearly")
PLACE = {
    "name": "硬盘",
    "path": "/nowhere/backups",
    "secret": "",
    "rhythm": "daily",
    "hour": "3",
    "hourly": "24",
    "daily": "14",
    "weekly": "8",
    "monthly": "12",
    "yearly": "10",
    **dict.fromkeys(
        ("endpoint", "region", "bucket", "prefix", "key_id", "host", "port", "user", "url"), ""
    ),
}


def place(firm):
    from models.operations.backup import Place

    row = Place.add(firm.ada, "disk", "folder", {"path": "/nowhere/backups"}, "")
    return "ada", f"/backups/places/{row.id}/edit", PLACE, {}


def quiz(firm):
    from models.core.clock import today
    from models.governance import Training, course

    row = Training.assign(firm.wang, firm.li, "course-sales", today())
    given = {
        f"question-{i}": str(q.right)
        for i, q in enumerate(course.course("course-sales", "en").questions)
    }
    return "li", f"/training/{row.id}/quiz", given, {}


def batch(firm, verb, fields):
    from models.care import Occasion, greeting
    from models.core.clock import today

    firm.anna.revise(firm.li, birthday=today().replace(year=1988))
    Occasion.keep(firm.wang, "birthday", True, 7)
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
    "setup.new": lambda f: (
        None,
        "/setup",
        {
            "firm": "甲",
            "name": "Ada",
            "email": "a@b.test",
            "password": PASSWORD,
            **COMPANY,
            "demo": "",
        },
        {},
    ),
    "auth.sign_in": sign_in,
    "auth.language": lambda f: ("li", "/language", {"language": "en", "next": "/"}, {}),
    "auth.forgotten": lambda f: (
        None,
        "/forgotten",
        {"email": "li@firm.test", "how": "password"},
        {},
    ),
    "auth.redeem": link,
    "sessions.password": change_password,
    "people.new": lambda f: ("ada", "/people/new", PERSON, {}),
    "people.edit": lambda f: (
        "ada",
        f"/people/{f.li.id}/edit",
        {**PERSON, "superior": str(f.wang.id)},
        {"superior": f.chen.id},
    ),
    "customers.new": lambda f: ("fang", "/customers/new", CUSTOMER, {"owner": f.fang.id}),
    "customers.edit": lambda f: (
        "wang",
        f"/customers/{f.a.id}/edit",
        CUSTOMER,
        {"owner": f.fang.id},
    ),
    "customers.note": lambda f: ("li", f"/customers/{f.a.id}/notes", {"text": "讲价"}, {}),
    "contacts.new": lambda f: ("li", f"/customers/{f.a.id}/contacts/new", CONTACT, {}),
    "contacts.edit": lambda f: ("li", f"/contacts/{f.anna.id}/edit", CONTACT, {}),
    "products.new": lambda f: ("fang", "/products/new", PRODUCT, {}),
    "products.edit": lambda f: ("fang", f"/products/{f.pen.id}/edit", PRODUCT, {}),
    "settings.edit": lambda f: ("ada", "/settings/", SETTINGS, {}),
    "flows.new": flow,
    "flows.edit": lambda f: flow(f, "/flows/1/edit"),
    "flows.ready": lambda f: ("ada", "/flows/ready", {"size": "5"}, {}),
    "calendar.index": lambda f: (
        "ada",
        "/calendar/",
        {"day": "2027-02-06", "until": "2027-02-08", "works": "off", "name": "春节"},
        {},
    ),
    "calendar.hours": lambda f: ("ada", "/calendar/hours", {"begins": "8", "ends": "17"}, {}),
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
    "settings.patterns": lambda f: (
        "ada",
        "/settings/patterns",
        {"pattern-invoice": "I{year}-{n:5}"},
        {},
    ),
    "documents.create": lambda f: (
        "li",
        "/documents/",
        {"kind": "invoice", "customer": str(f.a.id)},
        {"customer": f.b.id},
    ),
    "documents.edit": edit,
    "autosaves.create": lambda f: edit(f, "autosave"),
    "conversions.create": lambda f: on_issued(
        f, "li", "/documents/{}/conversion", {"kind": "invoice"}, "order"
    ),
    "sendings.preview": lambda f: on_issued(
        f,
        "li",
        "/documents/{}/sending/preview",
        {"contacts": [str(f.anna.id)], "message": "请查收"},
        strangers={"contacts": f.bob.id},
    ),
    "sendings.create": lambda f: on_issued(
        f,
        "li",
        "/documents/{}/sending",
        {"contacts": [str(f.anna.id)], "message": "请查收"},
        strangers={"contacts": f.bob.id},
    ),
    "imports.create": lambda f: ("fang", "/imports/", {"target": "customers", "file": UPLOAD}, {}),
    "imports.check": upload,
    "tax_rates.new": lambda f: ("ada", "/tax-rates/new", TAX_RATE, {}),
    "tax_rates.edit": lambda f: ("ada", f"/tax-rates/{f.tax.id}/edit", TAX_RATE, {}),
    "messages.create": lambda f: on_issued(f, "li", "/documents/{}/messages", {"text": "你好"}),
    "voidings.create": lambda f: on_issued(f, "fang", "/documents/{}/void", {"reason": "开错"}),
    "decisions.approve": lambda f: decide(f, "approval"),
    "decisions.reject": lambda f: decide(f, "rejection"),
    "payments.create": pay,
    "payments.reverse": reverse,
    "payments.confirm": lambda f: of_payment(
        f,
        "/payments/{}/confirmation",
        {"amount": "11.30", "received_on": "2026-11-20", "charges": "0.10", "part": 1},
        True,
    ),
    "payments.decline": lambda f: of_payment(
        f, "/payments/{}/refusal", {"reason": "没有到账"}, True
    ),
    "payments.allocate": lambda f: of_payment(f, "/payments/{}/allocations", {"part": 1}),
    "refunds.of_payment": lambda f: of_payment(
        f,
        "/refunds/of-payment/{}",
        {"amount": "1.00", "paid_on": "2026-11-20", "reference": "退款"},
    ),
    "credit_notes.refund": lambda f: of_note(
        f,
        "/credit-notes/{}/refunds",
        {"amount": "1.00", "paid_on": "2026-11-20", "reference": "退款"},
    ),
    "credit_notes.set_off": lambda f: of_note(f, "/credit-notes/{}/allocations", {"part": 1}),
    "refunds.reverse": of_refund,
    "write_offs.create": lambda f: on_issued(
        f, "fang", "/write-offs/of-invoice/{}", {"amount": "1.00", "reason": "尾差"}
    ),
    "write_offs.decline": lambda f: of_write_off(f, "wang", "/write-offs/{}/refusal"),
    "write_offs.reverse": lambda f: of_write_off(f, "fang", "/write-offs/{}/reversal", True),
    "portal_payments.create": report,
    "portal_confirmations.create": lambda f: on_issued(
        f, "anna", "/portal/documents/{}/confirmation", {"name": "Anna", "signature": PNG}, "order"
    ),
    "portal_messages.create": lambda f: on_issued(
        f, "anna", "/portal/documents/{}/messages", {"text": "你好"}
    ),
    "portal_documents.several": lambda f: _several(f),
    "documents.several": lambda f: _several(f, "li", "/documents/zip"),
    "documents.bulk": lambda f: (
        "li",
        "/documents/bulk",
        {"act": "submit", "ids": [str(f.draft(price="10").id)], "next": "/documents/"},
        {"ids": f.draft(price="10", customer=f.b, by=f.chen).id},
    ),
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
    "products.bulk": lambda f: (
        "fang",
        "/products/bulk",
        {"act": "off", "ids": [str(f.pen.id)], "next": "/products/"},
        {},
    ),
    "archive.tag": lambda f: (
        "li",
        f"/archive/{scan(f).filing_id}/tags",
        {"tag": "年审, 重要"},
        {},
    ),
    "archive.several": lambda f: (
        "li",
        "/archive/zip",
        {"ids": [str(scan(f).filing_id)]},
        {"ids": scan(f, f.chen, f.b).filing_id},
    ),
    "filing_rules.create": lambda f: (
        "zhao",
        "/archive/rules/",
        {"kind": "invoice", "pattern": "{number}_{date}", "days": "30", "settled": "on"},
        {},
    ),
    "external_files.create": lambda f: (
        "li",
        "/archive/files/",
        {
            "file": PICTURE,
            "kind": "contract",
            "title": "合同",
            "number": "HT-7",
            "customer": str(f.a.id),
            "document": str(f.issued(price="10").id),
            "day": "2026-11-20",
            "note": "原件在柜",
        },
        {"customer": f.b.id, "document": f.issued(price="10", customer=f.b, by=f.chen).id},
    ),
    "external_files.correct": lambda f: (
        "zhao",
        f"/archive/files/{scan(f).id}/correction",
        {
            "kind": "correspondence",
            "day": "2026-11-20",
            "customer": str(f.a.id),
            "title": "来函",
            "number": "7",
            "belongs": "y",
            "reason": "手滑",
        },
        {},
    ),
    "external_files.renew": lambda f: (
        "li",
        f"/archive/files/{scan(f).id}/versions",
        {"file": OTHER_PICTURE, "note": "更清楚"},
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
    "contact_plans.new": lambda f: ("wang", "/contact-plans/new", PLAN, {}),
    "contact_plans.edit": lambda f: ("wang", f"/contact-plans/{contact_plan(f).id}/edit", PLAN, {}),
    "findings.correct": lambda f: finding(f, "li", "correction", {"note": "已补开"}),
    "findings.close": lambda f: finding(
        f, "wang", "closing", {"act": "reopen", "note": "还没好"}, "corrected"
    ),
    "findings.accept": lambda f: finding(
        f, "wang", "acceptance", {"reason": "客户停业", "until": soon()}
    ),
    "findings.give": lambda f: finding(f, "wang", "owner", {"person": str(f.wang.id)}),
    "filters.create": lambda f: (
        "li",
        "/filters/",
        {"page": "documents", "name": "Late", "query": "state=overdue"},
        {},
    ),
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
    "bank_lines.create": lambda f: (
        "fang",
        "/bank-lines/",
        {"file": UPLOAD, "currency": "CNY", "date_order": "dmy"},
        {},
    ),
    "bank_lines.book_certain": certain_line,
    "bank_lines.book": book_line,
    "bank_lines.set_aside": lambda f: (
        "fang",
        f"/bank-lines/{bank_line(f).id}/aside",
        {"reason": "利息"},
        {},
    ),
    "statements.create": lambda f: (
        "fang",
        "/statements/",
        {"customer": str(f.a.id), "currency": "CNY", "since": "2026-01-01", "until": "2026-10-31"},
        {},
    ),
    "statements.remind": lambda f: (
        "fang",
        "/statements/reminders",
        {"ids": [str(statement(f).id)], "next": "/statements/"},
        {},
    ),
    "statement_runs.create": lambda f: (
        f.issued(price="10")
        and (
            "fang",
            "/statement-runs/",
            {"since": "2026-01-01", "until": today().isoformat(), "send": "1"},
            {},
        )
    ),
    "portal_statements.confirm": lambda f: (
        "anna",
        f"/portal/statements/{statement(f).id}/confirmation",
        {
            "name": "Anna",
            "missing": "少一笔",
            "mark-0": "1",
            "amount-0": "9.00",
            "reason-0": "价格不对",
        },
        {},
    ),
    "einvoices.create": lambda f: ("fang", "/archive/einvoices/", {"file": TAX_INVOICE}, {}),
    "einvoices.assign": einvoice,
    "einvoices.release": matched_einvoice,
    "einvoices.describe": unread_einvoice,
    "packages.file": lambda f: (
        "zhao",
        "/archive/packages/filings",
        {"year": str(f.issued(price="10").issued_on.year)},
        {},
    ),
    "packages.create": lambda f: (
        "zhao",
        "/archive/packages/",
        {"year": str(scan(f).filing.folder.year)},
        {},
    ),
    "retention.define": lambda f: (
        "zhao",
        "/archive/retention/rules",
        {"kind": "quote", "years": "7"},
        {},
    ),
    "retention.propose": lambda f: (
        "zhao",
        "/archive/retention/lists",
        {"ids": [str(aged(f).filing_id)], "opinion": "无续存价值"},
        {},
    ),
    "legal_holds.create": lambda f: (
        "fang",
        "/archive/holds/",
        {"name": "诉讼", "reason": "案号 7", "customer": "", "number": "", "query": "华信"},
        {},
    ),
    "legal_holds.lift": held,
    "destructions.witnesses": lambda f: listed(
        f, "witnesses", "zhao", {"first": str(f.fang.id), "second": str(f.ada.id)}, came="approved"
    ),
    "backups.create": lambda f: ("ada", "/backups/places/new", PLACE, {}),
    "backups.edit": place,
    "announcements.create": lambda f: (
        "ada",
        "/announcements/",
        {"day": "2099-12-31", "hour": "20", "minutes": "30", "text": "升级"},
        {},
    ),
    "restoring.create": lambda f: (
        None,
        "/setup/restore",
        {**{k: PLACE[k] for k in PLACE if k not in OF_PLACE}, "backup": "", "key": "AGE"},
        {},
    ),
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
        "wang",
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
    "greetings.leave_out": lambda f: batch(
        f, "leaving-out", lambda b: {"ids": [str(b.greetings.get().id)]}
    ),
    "greetings.keep": lambda f: (
        "wang",
        "/greetings/occasions/birthday",
        {"active": "y", "lead_days": "5"},
        {},
    ),
    "greetings.words": lambda f: (
        "wang",
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
    "insights.set_target": lambda f: (
        "wang",
        "/insights/targets",
        {"person": str(f.li.id), "month": "2026-11", "amount": "100,000", "currency": "CNY"},
        {"person": f.chen.id},
    ),
    "acts.create": lambda f: act(f),
    "acts.decline": lambda f: asked_act(f),
    "acts.preview": lambda f: ("li", "/insights/acts/preview", act(f)[2], {"ids": f.b.id}),
    "destructions.submit": lambda f: listed(
        f, "submission", "zhao", {"opinion": "期满，再报"}, came="returned"
    ),
    "destructions.recall": lambda f: listed(f, "recall", "zhao", {}),
    "destructions.withdraw": lambda f: listed(f, "withdrawal", "zhao", {}, came="returned"),
    "settings.accounts": lambda f: (
        "ada",
        "/settings/accounts",
        {
            f"{name}-{c}": "US Bank 1"
            for name in ("bank_name", "bank_branch", "bank_account", "bank_code")
            for c in ("USD", "GBP")
        },
        {},
    ),
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
UPLOADS = {
    UPLOAD: lambda: (io.BytesIO("code,name,date,amount\nQ1,新,2026-11-02,5\n".encode()), "x.csv"),
    PICTURE: lambda: (io.BytesIO(base64.b64decode(PNG.split(",")[1])), "a.png"),
    OTHER_PICTURE: lambda: (io.BytesIO(b"<slip><number>7</number></slip>"), "b.xml"),
    TAX_INVOICE: lambda: (io.BytesIO(einvoices.xml()), "c.xml"),
}


# What a field is, where neither its form class nor its name says it.
KINDS = {
    ("customers.bulk", "owner"): "free",
    ("auth.sign_in", "email"): "login",
    ("follow_ups.new", "hour"): "choice",
    ("settings.edit", "reminder_days"): "days",
    ("portal_confirmations.create", "signature"): "choice",
    ("imports.create", "file"): "file",
    **{(f"flows.{verb}", name): "choice" for verb in ("new", "edit") for name in ("owner", "team")},
    **{(f"flows.{verb}", "version"): "free" for verb in ("new", "edit")},
    **{(f"flows.{verb}", "least"): "number" for verb in ("new", "edit")},
    ("delegations.index", "kinds"): "choice",
    ("delegations.index", "most"): "number",
    ("imports.check", "tax"): "choice",
    ("auth.sign_in", "password"): "old",
    ("people.edit", "roles"): "choice",
    ("people.new", "roles"): "choice",
    **{
        (e, "reason"): "choice"
        for e in ("disputes.create", "portal_disputes.create", "holds.create")
    },
    ("reminders.run", "ids"): "choice",
    **{(e, "line"): "id" for e in ("disputes.create", "portal_disputes.create")},
    ("disputes.answer", "how"): "choice",
    **{(f"levels.{verb}", "days"): "days" for verb in ("new", "edit")},
    ("bank_lines.create", "file"): "file",
    **{("settings.edit", name): "pattern" for name in ("iban", "bic", "payment_link")},
    ("legal_holds.create", "number"): "choice",
    ("legal_holds.create", "query"): "line",
    ("announcements.create", "text"): "line",
    **{
        (f"backups.{verb}", name): "mail" if name == "path" else "free"
        for verb in ("create", "edit")
        for name in (
            "path",
            "endpoint",
            "region",
            "bucket",
            "prefix",
            "key_id",
            "host",
            "port",
            "user",
            "url",
        )
    },
    ("handbook.edit", "after"): "free",
    ("insights.set_target", "month"): "choice",
    ("handbook.edit", "text"): "free",
    **{
        (f"acts.{verb}", name): kind
        for verb in ("create", "preview")
        for name, kind in (
            ("what", "line"),
            ("due_on", "day"),
            ("subject", "line"),
            ("list_name", "free"),
            ("discount", "number"),
            ("days", "number"),
            ("terms_days", "number"),
            ("control", "free"),
            ("cause", "choice"),
        )
    },
    ("handbook.create", "folder"): "free",
    ("handbook.create", "roles"): "choice",
    **{("handbook.create", f"text_{code}"): "free" for code in ("zh", "en")},
    **{("handbook.create", f"title_{code}"): "free" for code in ("zh", "en")},
    **{("einvoices.describe", name): "choice" for name in ("number", "seller", "buyer")},
    ("einvoices.describe", "total"): "amount",
    **{
        ("settings.accounts", f"{name}-{c}"): "line"
        for name in ("bank_name", "bank_branch", "bank_account", "bank_code")
        for c in ("USD", "GBP")
    },
}
NAMES = {
    "title": "line",
    "number": "line",
    "document": "id",
    "day": "day",
    "days": "number",
    "file": "file",
    "settled": "bool",
    "act": "choice",
    "page": "choice",
    "query": "free",
    "owner": "id",
    "tag": "line",
    "person": "id",
    "to": "id",
    "step": "choice",
    "when": "choice",
    "size": "choice",
    "steps-0-name": "line",
    **{
        f"steps-0-{n}": "choice"
        for n in ("who", "role", "people", "rule", "late", "late_to", "fallback", "copy_to")
    },
    "steps-0-needed": "number",
    "steps-0-hours": "number",
    "text": "prose",
    "note": "prose",
    "message": "prose",
    "reason": "prose",
    "name": "line",
    "reference": "line",
    "kind": "choice",
    "customer": "id",
    "target": "choice",
    "key": "choice",
    "date_order": "choice",
    "same_number": "choice",
    "create_customers": "free",
    "fallback": "line",
    "credit_prefix": "line",
    "column": "choice",
    "contacts": "id",
    "ids": "id",
    "amount": "number",
    "currency": "choice",
    "received_on": "day",
    "paid_on": "day",
    "charges": "number",
    "oldest": "free",
    "slip": "file",
    "part": "number",
    "least": "number",
    "pattern": "pattern",
    "language": "choice",
    "how": "free",
    "next": "free",
    "old": "old",
    "rows": "free",
    "line-code": "line",
    "line-name": "line",
    "line-note": "line",
    "line-unit": "line",
    "line-quantity": "number",
    "line-price": "number",
    "line-discount": "number",
    "line-tax": "id",
    "line-product": "id",
    "line-source": "id",
    "rating": "choice",
    "hour": "choice",
    "automatic": "free",
    "digest": "free",
    "answer": "choice",
    "settle": "choice",
    "internal": "free",
    "mail": "id",
    "line": "id",
    "invoice": "id",
    "until": "day",
    "reported": "id",
    "since": "day",
    "send": "free",
    "mark": "free",
    "missing": "prose",
    "belongs": "free",
    "year": "choice",
    "years": "number",
    "opinion": "prose",
    "first": "id",
    "second": "id",
    "score": "choice",
    "comment": "prose",
    "edition": "choice",
    "question": "free",
}
# Fields whose text no page shows: they go into a mail, or nowhere.
UNSEEN = {
    ("flows.edit", "tag"),
    ("flows.edit", "steps-0-name"),
    ("decisions.send_back", "note"),
    ("decisions.hand_over", "note"),
    ("decisions.ask", "note"),
    ("requests.comment", "text"),
    ("calendar.index", "name"),
    ("auth.forgotten", "email"),
    ("sendings.create", "message"),
    ("imports.check", "fallback"),
    ("imports.check", "credit_prefix"),
    ("decisions.approve", "note"),
    ("auth.sign_in", "email"),
    ("payments.create", "reference"),
    ("external_files.renew", "note"),
    ("einvoices.release", "reason"),
    ("external_files.create", "number"),
    ("levels.edit", "text_zh"),
    ("levels.edit", "text_en"),
    ("levels.edit", "title_zh"),
    ("levels.edit", "title_en"),
    ("opt_outs.answer", "comment"),
    ("contact_plans.edit", "tag"),
    ("acts.create", "what"),
    ("handbook.edit", "reason"),
    ("acts.preview", "what"),
}
