"""Forms of payments, refunds, bank lines and statements."""

from models.core.clock import today
from models.documents import Document, DocumentLink
from models.payments.refund import Refund
from tests.support.bank import read_in
from tests.valid_forms.fields import UPLOAD
from tests.valid_forms.shared import on_issued

SIGNED = {
    "name": "Anna",
    "missing": "少一笔",
    "mark-0": "1",
    "amount-0": "9.00",
    "reason-0": "价格不对",
}


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
            "oldest": "1",
            "keep": "1",
            "invoice": str(own.id),
            "received_on": "2026-11-20",
            f"part-{own.id}": "1.30",
        },
        {f"part-{other.id}": "1.00", "invoice": other.id},
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


def statement(firm):
    """A statement of A's over one invoice, sent."""
    from models.receivables.statement import Statement

    firm.issued(price="10")
    made = Statement.make(firm.fang, firm.a, "CNY", today(), today())
    made.send(firm.fang)
    return made


def by_link(firm):
    """The path of the statement that a link opens; `firm.visit`: its cookie's path and value."""
    link, _code = DocumentLink.make(statement(firm), firm.anna)
    firm.visit = f"/d/{link.id}", link.visit()
    return f"/d/{link.id}/statement"


def bank_line(firm):
    """A bank line of an unknown payer."""
    from models.bank.line import BankLine

    read_in(firm.fang, f"date,paid_in,payer,payer_account,description\n{today()},11.30,Someone,,\n")
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
    from models.bank.matching import Matching

    paper = firm.issued(price="10")
    read_in(firm.fang, f"date,paid_in,description\n{today()},11.30,{paper.number}\n")
    line = BankLine.get()
    seen = {f"seen-{line.id}": Matching().propose(line).key}
    return "fang", "/bank-lines/bookings", {"ids": [str(line.id)], **seen}, {}


def bank_file(firm):
    """A bank's file that waits for what its columns mean."""
    from models.bank.bank_file import BankFile

    row = BankFile.upload(
        firm.fang, "x.csv", "日期,借贷标志,金额,状态\n1/2/2026,甲,5,乙\n".encode(), "CNY"
    )
    return (
        "fang",
        f"/bank-files/{row.id}/columns",
        {
            "head_row": "1",
            "column-0": "date",
            "column-1": "flag",
            "column-2": "amount",
            "column-3": "status",
            "flag-0": "in",
            "status-0": "booked",
            "direction": "signed",
            "sides": "bank",
            "decimal": ".",
            "date_order": "dmy",
            "account": "6222",
            "encoding": "",
            "separator": "",
            "sheet": "",
        },
        {},
    )


def seen_file(firm):
    """A bank's file whose preview was looked at."""
    from models.bank import judging
    from models.bank.bank_file import BankFile

    row = BankFile.upload(firm.fang, "x.csv", b"date,paid_in\n2026-09-01,5\n", "CNY")
    return "fang", f"/bank-files/{row.id}/lines", {"seen": judging.key_of(row.judged())}, {}


def alike_file(firm):
    """A bank's file with a payment that looks like one of another format."""
    from models.bank.bank_file import BankFile

    read_in(firm.fang, "date,paid_in,payer\n2026-09-01,5,Alpha\n")
    data = "日期,收入,摘要\n2026-09-01,5,货款\n".encode()
    row = BankFile.upload(firm.fang, "y.csv", data, "CNY")
    ((_row, _what, line),) = row.judged()
    return "fang", f"/bank-files/{row.id}/comparison", {f"alike-0-{line.id}": "other"}, {}


CASES = {
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
        {"amount": "1.00", "paid_on": today().isoformat(), "reference": "退款"},
    ),
    "credit_notes.refund": lambda f: of_note(
        f,
        "/credit-notes/{}/refunds",
        {"amount": "1.00", "paid_on": today().isoformat(), "reference": "退款"},
    ),
    "credit_notes.set_off": lambda f: of_note(f, "/credit-notes/{}/allocations", {"part": 1}),
    "refunds.reverse": of_refund,
    "write_offs.create": lambda f: on_issued(
        f, "fang", "/write-offs/of-invoice/{}", {"amount": "1.00", "reason": "尾差"}
    ),
    "write_offs.decline": lambda f: of_write_off(f, "wang", "/write-offs/{}/refusal"),
    "write_offs.reverse": lambda f: of_write_off(f, "fang", "/write-offs/{}/reversal", True),
    "portal_payments.create": report,
    "bank_lines.create": lambda f: (
        "fang",
        "/bank-lines/",
        {"file": UPLOAD, "currency": "CNY"},
        {},
    ),
    "bank_files.answer": bank_file,
    "bank_files.compare": alike_file,
    "bank_files.take_in": seen_file,
    "bank_lines.book_certain": certain_line,
    "bank_lines.book": book_line,
    "bank_lines.ignore": lambda f: (
        "fang",
        f"/bank-lines/{bank_line(f).id}/aside",
        {"reason": "利息"},
        {},
    ),
    "statements.create": lambda f: (
        "fang",
        "/statements/",
        {
            "customer": str(f.a.id),
            "currency": "CNY",
            "since": "2026-01-01",
            "until": "2026-10-31",
            "and_send": "1",
        },
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
        SIGNED,
        {},
    ),
    "statement_links.confirm": lambda f: ("link", f"{by_link(f)}/confirmation", SIGNED, {}),
}
