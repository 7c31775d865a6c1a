"""Whether the money of a row moved, by the words of a column of states; words that are not known
are asked."""

import re
import unicodedata

DONE = set(
    """
    成功 已成功 支付成功 交易成功 收款成功 付款成功 转账成功 充值成功 提现成功 代付成功 打款成功
    汇款成功 处理成功 入账成功 记账成功 退款到账 完成 已完成 交易完成 支付完成 充值完成 交易已完成
    已收钱 已收款 对方已收钱 朋友已收钱 已存入零钱 已转入零钱 已存入零钱通 已到账 已到帐 到账
    提现已到账 已转账 已支付 已付款 已付 已收 已入账 已入帐 已记账 已记帐 已过账 已结算 已清算
    正常 有效 退款 success succeeded successful completed complete posted booked book settled
    cleared paid done refund ok executed processed received credited finalised finalized normal
    gebucht umsatzgebucht verbucht abgeschlossen ausgeführt erledigt""".split()
)
PART = re.compile(r"部分|partial|partly|teil", re.I)
CLOSED = re.compile(
    r"关闭|退款|退还|退回|退票|退汇|失败|未成功|不成功|未支付|未付款|未到账|撤销|撤回|取消|冲正"
    r"|冲销|冲账|冲帐|作废|拒绝|驳回|拒付|过期|超时|无效|终止|revert|revers|fail|declin|cancel"
    r"|reject|return|refund|void|expire|bounce|unsuccess|unpaid|chargeback|charged.back|denied"
    r"|storn|abgelehnt|abgebrochen|zurück",
    re.I,
)
PENDING = re.compile(
    r"待|中$|在途|冻结|预授权|未记账|未入账|未完成|未结算|vorgem|pending|processing|authori[sz]"
    r"|scheduled|progress|hold|held|queued|submitted|initiated|uncleared|planned|geplant"
    r"|bearbeitung|^open$|^offen$|pdng",
    re.I,
)
GIVEN_BACK = re.compile(r"退款\D*\([^\d)]*([\d.,]+)\)")
# Kinds of bookings that bring our own money back, remarks that say nothing else, and flags of it.
BACK = re.compile(r"退款|退汇|退票|冲正|冲账|冲帐|抹账|refund|revers|chargeback|rückzahlung", re.I)
REMARK = re.compile(
    r"(?:汇款|转账|支付)?(?:退款|退汇|退票|退回|冲正|冲账|冲帐|抹账)|reversal|refund", re.I
)
FLAGS = {"*", "是", "y", "yes", "1", "冲正", "红字", "红冲", "冲账", "冲帐"}


def bare(cell):
    return " ".join(unicodedata.normalize("NFKC", cell).split())


def verdict(cell, told=()):
    """ "booked", "closed" or "pending", as the person said it or as banks write it; None where
    nobody knows. An empty cell says nothing against the booking."""
    word = bare(cell)
    told = dict(told)
    if word in told:
        return told[word]
    if not word or re.sub(r"\s", "", word).casefold() in DONE:
        return "booked"
    if GIVEN_BACK.search(word):
        return "booked"  # in part, which given_back() tells
    if PART.search(word):
        return None
    if CLOSED.search(word):
        return "closed"
    return "pending" if PENDING.search(word) else None


def given_back(cell):
    """The amount that a state such as 已退款(￥1.00) tells, or ""."""
    found = GIVEN_BACK.search(bare(cell))
    return found[1] if found else ""


def is_back(kinds, remarks, flags):
    """Whether the cells say that a booking was taken back or that our own money came back."""
    return (
        any(BACK.search(cell) for cell in kinds)
        or any(REMARK.fullmatch(bare(cell)) for cell in remarks)
        or any(bare(cell).casefold() in FLAGS for cell in flags)
    )
