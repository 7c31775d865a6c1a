"""Complaints, holds and promises of the demo firm."""

import datetime as dt

from models import dunning
from models.core.clock import today
from models.disputes import Dispute
from models.documents import Document
from models.payments import open_balance
from models.receivables.balance import by_money


def add_claims(customers, people, admin):
    """Disputes in each state, a prevention, a hold and a promise."""
    li, fang, anna = people["li"], people["fang"], customers[0].contacts.get()
    final = dunning.ReminderLevel.ladder()[-1]
    final.revise(admin, interest=500, copy_owner=True)
    open_invoices = [
        d
        for state in ("overdue", "open")
        for d in by_money(Document.standing(), state).order_by(Document.due_on.desc()).limit(14)
    ]
    own_invoices = [d for d in open_invoices if d.customer_id == customers[0].id] or open_invoices
    first = own_invoices[0]
    line = first.ordered_lines()[0]
    waiting = Dispute.raise_(
        anna if first.customer_id == customers[0].id else li,
        customer=first.customer,
        document=first,
        line=line,
        amount=max(1, line.gross // 4),
        reason="quantity",
        text="实收数量比送货单少，请核对。",
    )
    waiting.say(li, "仓库盘点：当日确实少装。", internal=True)
    waiting.say(li, "您好，我们正在与仓库核对，明天给您答复。")
    others = [d for d in open_invoices if d.id != first.id]
    for document, reason, text, answer in zip(
        others,
        ("price", "damaged", "invoice_data"),
        ("The price differs from our order.", "外包装破损，两盒受潮。", "发票抬头有误。"),
        ("explain", "adjust", "correct"),
        strict=False,
    ):
        row = Dispute.raise_(
            li if document.customer.language == "zh" else people["chen"],
            customer=document.customer,
            document=document,
            reason=reason,
            text=text,
        )
        by = row.owner
        if answer == "adjust":
            Dispute.get_by_id(row.id).hand_over(by, people["wang"])
        else:
            row.explain(
                by,
                "The order of the 3rd says so; see the attached confirmation."
                if reason == "price"
                else "已更正。",
            )
            row = Dispute.get_by_id(row.id)
            row.settle(by, "Two weeks without a word." if reason == "price" else "客户电话确认。")
            Dispute.get_by_id(row.id).learn(by, "报价单与订单增加合同价核对步骤。")
    for document in others[4:5]:
        dunning.Hold.place(
            fang,
            document.customer,
            reason="agreement",
            until=today() + dt.timedelta(days=20),
            note="分三期付款",
        )
    for document in others[6:7]:
        dunning.Promise.give(
            fang,
            document,
            open_balance(document) // 2,
            today() + dt.timedelta(days=6),
            "电话：月底前付一半",
        )
