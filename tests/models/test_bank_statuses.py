"""Rows whose money never moved, or came back, are no payments of customers; what a state says is
asked where nobody knows."""

import pytest

from models.bank.bank_file import BankFile
from models.bank.layout import BankLayout
from tests.models.test_bank_files import judged, upload

HEADS = "交易时间,交易类型,交易对方,收/支,金额,摘要,交易状态\n"
STATES = {
    "": "支付成功 交易成功 已收钱 已到账 Success COMPLETED Posted Gebucht 已入账 成功",
    "closed": """已退款 已全额退款 退款成功 failed reversed Refunded 支付失败 交易关闭 已冲正 退票
        未支付 未成功 returned unsuccessful Storniert rejected 已撤回""",
    "pending": "处理中 pending 待复核 审批中 在途 Vorgemerkt authorised 等待付款",
}


def one(firm, state, kind="转账", side="收入", text="货款"):
    return upload(firm, f"{HEADS}2026-09-01,{kind},甲,{side},250.00,{text},{state}\n")


@pytest.mark.parametrize(
    "state, left_out", [(s, why) for why, states in STATES.items() for s in states.split()]
)
def test_the_states_that_banks_write(firm, state, left_out):
    (row,) = one(firm, state).rows
    assert (row.amount, row.left_out) == (25000, left_out)


@pytest.mark.parametrize("state", ["已受理", "not completed", "部分退款", "incomplete", "甲乙"])
def test_a_state_that_nobody_knows_is_asked_beside_its_row(firm, state):
    file = one(firm, state)
    assert (file.state, file.found["questions"], file.rows) == ("uploaded", ["status"], [])
    value, verdict, sample = file.found["table"]["statuses"][0]
    assert (value, verdict) == (state, "") and "甲 · 收入 · 250.00" in sample
    file.answer(firm.fang, {"statuses": {state: "booked"}})
    assert judged(file) == [("new", 25000)]
    assert BankLayout.get().choices["statuses"] == {state: "booked"}
    assert judged(one(firm, state)) == [("new", 25000)], "it is remembered"
    file.answer(firm.fang, {"statuses": {state: "pending"}})
    assert judged(file) == [("left_out", 25000)]


def test_the_state_of_what_went_out_is_not_asked(firm):
    assert judged(one(firm, "已受理", side="支出")) == [("outgoing", -25000)]


@pytest.mark.parametrize(
    "kind, text, left_out",
    [("商户消费-退款", "", "reversal"), ("转账", "退汇", "reversal"), ("转账", "退款协议货款", "")],
)
def test_our_own_money_that_came_back_is_no_payment(firm, kind, text, left_out):
    (row,) = one(firm, "成功", kind, text=text).rows
    assert (row.amount, row.left_out) == (25000, left_out)


def test_a_state_that_tells_the_whole_amount_back_is_closed(firm):
    assert [r.left_out for r in one(firm, "已退款(￥250.00)").rows] == ["closed"]
    partly = one(firm, "已退款(￥1.00)")
    assert [r.left_out for r in partly.rows] == [""] and partly.found["notes"]


def test_a_column_that_may_hold_states_but_holds_remarks_is_text(firm):
    text = "Datum;Betrag;Info;Empfänger\n01.09.2026;5,00;INV-1 danke;Alpha\n02.09.2026;-1,00;x;B\n"
    file = BankFile.upload(firm.fang, "x.csv", text.encode(), "EUR")
    assert (file.state, file.rows[0].text) == ("checked", "INV-1 danke")
