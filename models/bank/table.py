"""CSV and XLSX as banks write them: heads in Chinese or English, often below lines about the
account."""

from models.adapters import cells, tables
from models.bank.row import Row
from models.core.errors import Refused, refuse
from models.core.money import digits

HEADS = {
    "booked_on": (
        "交易日期 记账日期 入账日期 日期 交易时间 入账时间 date booking_date booked_on "
        "transaction_date "
        "payment_date paymentdate value_date buchungstag"
    ),
    "amount": "金额 交易金额 发生额 交易额 amount transaction_amount betrag",
    "credit": (
        "收入 收入金额 贷方发生额 贷方金额 贷方 转入金额 转入 存入 存入金额 credit "
        "credit_amount paid_in deposit deposits "
        "money_in"
    ),
    "debit": (
        "支出 支出金额 借方发生额 借方金额 借方 转出金额 转出 支取 支取金额 debit "
        "debit_amount paid_out withdrawal "
        "withdrawals money_out"
    ),
    "payer": (
        "对方户名 对方名称 对方账户名称 对方账户名 付款人 付款人名称 付款方 交易对方 "
        "对手户名 counterparty counterparty_name payer "
        "payer_name name from auftraggeber"
    ),
    "payer_account": (
        "对方账号 对方账户 对方卡号 付款账号 付款人账号 对手账号 counterparty_account "
        "payer_account payer_iban "
        "counterparty_iban"
    ),
    "text": (
        "摘要 附言 用途 备注 交易附言 交易摘要 客户附言 description text details purpose "
        "memo narrative "
        "remittance_information verwendungszweck"
    ),
    "currency": "币种 币别 交易币种 currency ccy",
    "reference": (
        "流水号 交易流水号 凭证号 银行流水号 交易编号 reference transaction_id "
        "bank_reference check_number "
        "checknumber"
    ),
    "balance": (
        "余额 账户余额 当前余额 本次余额 可用余额 balance account_balance running_balance "
        "balance_after saldo"
    ),
    "account": "本方账号 账号 本方账户 account account_number own_account",
}
FIELD_OF_HEAD = {head: name for name, heads in HEADS.items() for head in heads.split()}

WORDS = {tables.plain(head) for head in FIELD_OF_HEAD}


def rows(data, currency, date_order):
    try:
        table = tables.parse(data, "", WORDS, head_rows=1)
    except Refused as error:
        return [] if error.code == "no_rows" else refuse(error.code, **error.facts)
    uneven = [(number, row) for number, row, why in table.left_out if why == "uneven"]
    records = [(table.choices["head_row"], table.heads), *sorted(table.rows + uneven)]
    header_index, columns = _find_header(records)
    dates = [_cell(r, columns["booked_on"][0]) for _, r in records[header_index + 1 :]]
    order = date_order or cells.day_order([d for d in dates if d])[0]
    movements = []
    for number, record in records[header_index + 1 :]:
        date = _cell(record, columns["booked_on"][0])
        if not date or not any(c.isdigit() for c in date):
            continue  # a sum or a remark below the rows
        try:
            movements.append(_row(record, columns, currency, order))
        except Refused as error:
            refuse(
                "bank_row",
                row=number,
                value=next((str(v) for v in error.facts.values()), date)[:40],
            )
    return movements


def _find_header(records):
    """(index of the head row, {name: [columns]}) among the first thirty rows."""
    for i, (_, record) in enumerate(records[:30]):
        columns = {}
        for column, cell in enumerate(record):
            name = FIELD_OF_HEAD.get(
                "_".join(cell.lower().replace("(", " ").replace("（", " ").split()[:3])
            ) or FIELD_OF_HEAD.get(cell.lower().split("(")[0].split("（")[0].strip())
            if name:
                columns.setdefault(name, []).append(column)
        if "booked_on" in columns and ("amount" in columns or "credit" in columns):
            return i, columns
    refuse("bank_heads")


def _cell(record, column):
    return record[column].strip() if column < len(record) else ""


def _row(record, columns, currency, order):
    value = lambda name: " ".join(filter(None, (_cell(record, c) for c in columns.get(name, ()))))  # noqa: E731
    row_currency = _currency(value("currency")) or currency
    places = digits(row_currency)
    if value("amount"):
        amount = cells.number(value("amount"), places)
    else:
        amount = (cells.number(value("credit"), places) if value("credit") else 0) - (
            abs(cells.number(value("debit"), places)) if value("debit") else 0
        )
    day = cells.day(_cell(record, columns["booked_on"][0]), order or "")
    return Row(
        day,
        amount,
        row_currency,
        value("payer"),
        value("payer_account"),
        value("text"),
        value("reference"),
        value("account"),
        _balance(value("balance"), places),
    )


def _balance(cell, places):
    """The account's balance after the row; None where it cannot be read, as it is not needed."""
    try:
        return cells.number(cell, places) if cell else None
    except Refused:
        return None


def _currency(cell):
    return {
        "人民币": "CNY",
        "人民币元": "CNY",
        "RMB": "CNY",
        "美元": "USD",
        "欧元": "EUR",
        "英镑": "GBP",
        "港币": "HKD",
        "港元": "HKD",
        "日元": "JPY",
    }.get(cell, cell.upper())
