"""What the heads of banks' tables mean. The words are those of real files and of public readers of
them; docs/banks says which were seen."""

import re
import unicodedata

from models.adapters import cells

# Of several columns with one meaning the earlier word wins; all texts are joined.
WORDS = {
    "date": """
        交易日期 交易日 付款时间 记账日期 记帐日期 入账日期 会计日期 日期 记账日 交易时间
        入账时间 发生时间 提交时间 bookingdate bookedon bookedat postingdate postdate
        completeddate date transactiondate paymentdate createdon created buchungstag
        buchungsdatum buchung datum 起息日 起息日期 valuedate valutadatum valuta wertstellung
        wertstellungsdatum starteddate fecha fechaoperación data dataoperazione dateopération
        datedopération boekdatum transactiedatum""",
    "amount": """
        记账金额 金额 交易金额 发生额 交易额 amount transactionamount billingamount tradeamount
        credit/debitamount betrag umsatz brutto net importe importo
        montant bedrag""",
    "credit": """
        记账金额收入 收入 收入金额 贷方发生额 转入金额 转入 存入 存入金额 收方金额 入账金额
        交易金额收入 收方发生额 credit credits creditamount cramount paidin deposit deposits
        depositamount moneyin amountin received receipts gutschrift haben
        amountcr crédit haber abono avere 应结订单金额 贷方金额 贷方 贷""",
    "debit": """
        记账金额支出 支出 支出金额 借方发生额 转出金额 转出 支取 支取金额 取出 取出金额 付出金额
        付方金额 出账金额 交易金额支出 付方发生额 debit debits debitamount dramount paidout
        withdrawal withdrawals withdrawalamount moneyout amountout paid payments lastschrift
        belastung soll amountdr débit debe cargo dare 退款金额
        借方金额 借方 借""",
    "flag": """
        借贷标志 借贷 借/贷 借贷方向 借贷标识 交易方向 资金流向 资金方向 借贷类型
        收/支 收支 收支类型 收支标志 收付标志 收/付 收付类型 收支方向
        dcflg dc d/c c/d dr/cr cr/dr drcr crdr credit/debit debit/credit
        creditdebitindicator cdtdbtind debitcredit creditordebit +/- soll/haben s/h h/s 方向
        direction afbij""",
    "payer": """
        对方户名 对方名称 对方账号名称 对方账户户名 对手名称 对手方名称 收付款人名称 往来单位
        付款单位 付款人户名 对方账户名称 对方账户名 对方单位 对方单位名称 对方客户名称 付款人
        付款人名称 付款方 付款方名称 付款方户名 交易对方 对手户名 对方姓名 交易对手 交易对手名称
        收(付)方名称 收/付方名称 收付方名称 counterparty counterpartyname payer payername name
        from auftraggeber auftraggeber/empfänger auftraggeber/zahlungsempfänger
        beguenstigter/zahlungspflichtiger
        namezahlungsbeteiligter zahlungspflichtige*r partnername empfänger partner payee/payer payee
        naam/omschrijving
        merchantname""",
    "payer_account": """
        对方账号 对方帐号 对方账户 对方卡号 对方卡号/账号 付款账号 付款人账号 付款方账号
        对手账号 交易对手账号 收(付)方账号 收(付)方帐号 收/付方帐号 收/付方账号 收付方账号
        counterpartyaccount payeraccount payeriban counterpartyiban kontonummer/iban
        ibanzahlungsbeteiligter partneriban kontonummer debitaccountno""",
    "party": "对手信息 对方账号与户名 对方户名/账号 对方户名与账号 对方账户信息",
    "payee": "收款人名称 收款方名称 收款人 payeename zahlungsempfänger*in",
    "payee_account": "收款人账号 收款方账号 payeeaccountnumber payee'saccountnumber",
    "text": """
        摘要 附言 用途 备注 交易附言 交易摘要 客户附言 description text details purpose memo
        narrative remittanceinformation verwendungszweck 客户摘要 业务摘要 其它摘要 扩展摘要
        摘要备注 交易描述 商品 商品说明 商品名称 交易地点/附言 交易用途 附言摘要
        paymentreference transactiondescription avisierungstext buchungstext buchungs-details
        zahlungszweck beschreibung1 beschreibung2 beschreibung3 remark remarks note notes
        particulars narration libellé concepto descrizione causale omschrijving mededelingen""",
    "currency": """
        记账币种 币种 币别 交易币种 交易货币 货币 货币种类 结算币种 currency ccy billingcurrency
        waehrung währung whg tradecurrency""",
    "reference": """
        流水号 交易流水号 凭证号 银行流水号 交易编号 reference transactionid bankreference
        checknumber""",
    # Where none of the above is there: earlier versions knew lines by those alone.
    "other_reference": """
        账户明细编号-交易流水号 日志号 账务流水号 交易单号 交易订单号 支付宝交易号 交易号
        微信订单号 业务流水号 核心流水号 业务参考号 全局路由号 transferwiseid
        transactionreferencenumber transaktions-nr. buchungsreferenz zkb-referenz kundenreferenz
        balancetransactionid fitid""",
    "balance": """
        余额 账户余额 当前余额 本次余额 联机余额 账面余额 交易后余额 可用余额 balance
        accountbalance runningbalance runningbal. balanceafter saldo saldonachbuchung
        after-transactionbalance""",
    "account": """
        本方账号 账号 本方账户 本方帐号 查询账号 account accountnumber ownaccount auftragskonto
        ibanauftragskonto eigeneiban""",
    "status": """
        交易状态 当前状态 状态 资金状态 交易结果 处理结果 处理状态 支付状态 到账状态 记账状态
        执行状态 订单状态 结果 status state transactionstatus paymentstatus transactionstate
        buchungsstatus info""",
    "kind": """
        交易类型 交易分类 业务类型 业务名称 类型 type transactiontype trantype typ umsatzart""",
    "taken_back": "冲帐标志 冲账标志 冲正标志 是否冲正 红冲标志",
    "time": "记账时间 时间 交易创建时间 最近修改时间 time transactiontime 交易时刻",
}
MEANINGS = (
    "date",
    "credit",
    "debit",
    "amount",
    "flag",
    "payer",
    "payer_account",
    "party",
    "payee",
    "payee_account",
    "text",
    "reference",
    "balance",
    "currency",
    "account",
    "status",
)
RANK = {
    word: (meaning, n)
    for meaning, words in WORDS.items()
    for n, word in reversed(list(enumerate(words.split())))
}
# Banks of Germany write whether an entry is booked under this head; others a remark.
MAYBE_STATUS = {"info"}
# Of these alone nobody knows whose books they speak of: a bank writes what it owes us as credit,
# a firm's own journal as debit. At MYbank 借方 is what came in.
UNSURE = {"借方", "贷方", "借", "贷", "借方金额", "贷方金额", "方向"}
MONEY_IN = re.compile(r"收入?|入账|存入|贷方?|credit|paidin|moneyin")
MONEY_OUT = re.compile(r"支出?|支取|出账|取出|付|借方?|debit|paidout|moneyout")
# Words that change sides with the books that they are written in; 收 and 支 do not.
OF_BOOKS = re.compile(r"借|贷|debit|credit|dbit|crdt|soll|haben|^[cdhs]$|^[cd]r$")
BRACKETS = re.compile(r"\(([^()]*)\)|\[[^\[\]]*\]")
UNIT = re.compile(r"/(元|美元|港币|人民币)$|元$")
LATIN = re.compile(r"[a-z][a-z'.&]*")
IN_CURRENCY = re.compile(r"in([a-z]{3})$")
CARD = {"卡末四位", "卡号末四位", "卡号后四位", "交易地金额", "结算金额"}


def folded(head):
    """In one width and case, without blanks: Transaction Date and transaction_date are equal."""
    text = unicodedata.normalize("NFKC", head).casefold()
    return re.sub(r"[\s_\u200b\ufeff\"'`:：]+", "", text).replace("，", ",")


def meaning(head):
    """(meaning, rank, whether the direction is sure, currency that the head names), or None."""
    whole = folded(head)
    if not whole:
        return None
    if whole in RANK:
        return *RANK[whole], whole not in UNSURE, ""
    bracket = "".join(BRACKETS.findall(whole))
    bare = UNIT.sub("", BRACKETS.sub("", whole))
    named = IN_CURRENCY.search(bare)
    currency = named[1].upper() if named else _code(bracket)
    bare = IN_CURRENCY.sub("", bare)
    if bare not in RANK and not bare.isascii():  # in Chinese, and once more in English
        bare = UNIT.sub("", LATIN.sub("", bare).strip("/|-"))
    found = RANK.get(bare)
    if found is None:
        return None
    if found[0] in ("amount", "credit", "debit") and bracket and not _code(bracket):
        sided = _side(bracket)
        if sided:
            rank = RANK.get(bare + {"credit": "收入", "debit": "支出"}[sided], found)[1]
            return sided, rank, True, currency
    return *found, bare not in UNSURE, currency


def _side(bracket):
    """The direction that a bracket tells; it outranks the word before it."""
    if MONEY_IN.fullmatch(bracket):
        return "credit"
    return "debit" if MONEY_OUT.fullmatch(bracket) else ""


def _code(bracket):
    """The currency that a bracket names; (元) is a unit that several have."""
    if not bracket or bracket == "元":
        return ""
    code = cells.currency(bracket)
    return code if re.fullmatch("[A-Z]{3}", code) else ""


def columns(heads):
    """{column: meaning} as the heads say it; of a meaning that only one column can have, the one
    with the best word."""
    found = {n: meaning(head) for n, head in enumerate(heads)}
    best, told = {}, {}
    for column, known in found.items():
        if known and (known[0] not in best or known[1] < best[known[0]][1]):
            best[known[0]] = column, known[1]
    for column, known in found.items():
        if known and (known[0] in ("text", "reference") or best[known[0]][0] == column):
            told[column] = known[0]
    if "reference" not in told.values() and "other_reference" in best:
        told[best["other_reference"][0]] = "reference"
    return {
        column: name
        for column, name in told.items()
        if name in MEANINGS and not (name == "party" and "payer" in best)
    }


def in_two_rows(first, second):
    """The heads of two rows as one where the second completes the first, as 借方 and 贷方 below
    发生额; else None."""
    width = max(len(first), len(second))
    first = [*first, *[""] * (width - len(first))]
    second = [*second, *[""] * (width - len(second))]
    joined, group = [], ""
    for above, below in zip(first, second, strict=True):
        group = above or (group if below else "")
        joined.append(below + group if below and meaning(below + group) else below or above)
    known = set(columns(first).values())
    found = set(columns(joined).values()) - known
    return joined if len(known) > 1 and found & {"credit", "debit", "amount"} else None


def unsure(heads, chosen):
    """Whether a column of direction is known by a word that does not say whose books it means."""
    return any(
        (known := meaning(heads[column])) and not known[2]
        for column, name in chosen.items()
        if name in ("credit", "debit", "flag") and column < len(heads)
    )


def of_books(head):
    """Whether a head says debit or credit, without a bracket that tells the direction itself."""
    whole = folded(head)
    return bool(OF_BOOKS.search(whole)) and not any(map(_side, BRACKETS.findall(whole)))
