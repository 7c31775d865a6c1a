"""Payments of the demo firm: reports with slips, bank lines, refunds, write-offs, credit limits,
statements."""

import datetime as dt

from models.bank.bank_file import BankFile
from models.core.clock import today
from models.core.money import format_money
from models.documents import Document
from models.payments import Payment
from models.payments.refund import Refund
from models.payments.write_off import WriteOff
from models.receivables.balance import open_items
from models.receivables.statement import Statement

SLIP = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 "
    b"R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 300 200]>>endobj\ntrailer<</Root 1 0 "
    b"R>>\n%%EOF\n"
)


FOREIGN = {
    "bank_name": "Bank of China",
    "bank_branch": "Shanghai Branch",
    "bank_code": "BKCHCNBJ300",
}
BANK_ACCOUNTS = {
    "iban": "DE89370400440532013000",
    "bic": "COBADEFFXXX",
    "payment_link": "https://pay.example.com/{number}?amount={amount}&currency={currency}",
    "accounts": {
        "USD": {**FOREIGN, "bank_account": "4550 6600 1842"},
        "GBP": {**FOREIGN, "bank_account": "4550 6600 1859"},
    },
}


def fill(admin, people, customers):
    """Fill them; called after the year of trade."""
    fang, wang = people["fang"], people["wang"]
    for i, customer in enumerate(customers[:6]):
        customer.revise(
            fang,
            credit_limit=(30000, 80000, 60000, 50000, 20000, 100000)[i] * 100,
            bank_account=f"6222 0200 0000 {1000 + i}",
        )
    prepayment = Payment.receive(fang, customers[2], "CNY", 500000, reference="预付货款")
    Refund.pay(fang, prepayment, 120000, reference="退回多付款")
    open_invoices = [
        d
        for d in open_items()
        .where(Document.currency == "CNY")
        .order_by(Document.id.desc())
        .limit(4)
    ]
    for invoice, amount in zip(open_invoices[:2], (35, 120), strict=False):
        WriteOff.ask(fang, invoice, amount, "尾差，不再追收")
    if len(open_invoices) > 2:
        WriteOff.ask(fang, open_invoices[2], 88, "汇率尾差").approve(wang)
    _statements(fang, customers)


def take_in_files(fang, customers):
    """What comes with a file, which is never read inside a transaction."""
    _reports(customers)
    _bank_statement(fang, customers)


def _reports(customers):
    """Two contacts report a payment that finance has not confirmed yet."""
    for customer, slip in ((customers[0], SLIP), (customers[6], b"")):
        contact = customer.contacts.get()
        waiting = list(
            open_items(only=Document.customer == customer.id).order_by(Document.due_on).limit(1)
        )
        if waiting:
            Payment.report(
                contact,
                waiting[0].currency,
                waiting[0].left,
                today(),
                "网银转账",
                [(waiting[0], waiting[0].left)],
                slip,
                "回单.pdf",
            )


def _bank_statement(fang, customers):
    """A bank statement with lines of every tier of certainty."""
    rows = ["交易日期,收入金额,支出金额,对方户名,对方账号,摘要,币种,交易流水号"]
    for n, invoice in enumerate(
        open_items(only=Document.currency == "CNY").order_by(Document.due_on).limit(5)
    ):
        amount = format_money(invoice.left if n != 3 else invoice.left // 2, "CNY").replace(",", "")
        text = f"货款 {invoice.number}" if n in (0, 1, 3) else "货款"
        rows.append(
            f"{today() - dt.timedelta(days=n)},{amount},,"
            f"{invoice.customer.name if n != 4 else '个人汇款'},"
            f"{invoice.customer.bank_account if n == 2 else ''},{text},人民币,DEMO{n}"
        )
    rows += [
        f"{today()},,25.00,中国工商银行,,手续费,人民币,DEMO8",
        f"{today()},0.37,,中国工商银行,,结息,人民币,DEMO9",
    ]
    data = "\n".join(rows).encode()
    BankFile.upload(fang, "demo.csv", data, "CNY").take_in(fang)


def _statements(fang, customers):
    """Statements of last month: one confirmed, one differing, the others waiting."""
    last = today().replace(day=1) - dt.timedelta(days=1)
    first = (last - dt.timedelta(days=120)).replace(day=1)
    for i, customer in enumerate((customers[0], customers[1], customers[3], customers[6])):
        statement = Statement.make(fang, customer, customer.currency, first, last)
        statement.send(fang)
        contact, rows = customer.contacts.get(), statement.snapshot["rows"]
        if i == 1:
            statement.confirm(contact, contact.name, address="203.0.113.8")
        elif i == 2:
            differing = (
                {0: (max(0, (rows[0]["debit"] or rows[0]["credit"]) - 5000), "我方账面少 50 元")}
                if rows
                else {}
            )
            statement.confirm(
                contact,
                contact.name,
                differing,
                "" if rows else "缺少一笔付款",
                address="203.0.113.9",
            )
