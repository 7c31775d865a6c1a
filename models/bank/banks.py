"""Whose table it is, by its heads. What was read in a real file is `seen`; of the others only
descriptions are public, so a person should look at the first rows."""

from models.bank.heads import folded

# (name, heads that must all be there, seen)
BANKS = (
    ("ICBC 工商银行", "借/贷 借方发生额 贷方发生额 对方单位名称 个性化信息", True),
    ("ICBC 工商银行", "转入金额 转出金额 借贷标志 对方单位", False),
    ("ICBC 工商银行", "交易场所 记账金额(收入) 记账金额(支出)", True),
    ("CCB 建设银行", "借方发生额(支取) 贷方发生额(收入)", True),
    ("CCB 建设银行", "借方发生额 贷方发生额 对方开户机构 企业流水号", True),
    ("CCB 建设银行", "币别 钞汇 交易地点/附言 对方账号与户名", True),
    ("BOC 中国银行", "付款人名称[payer'sname] 收款人名称[payee'sname]", True),
    ("BOC 中国银行", "币别 交易名称 网点名称 对方账户名 对方卡号/账号", True),
    ("ABC 农业银行", "交易时间 收入金额 支出金额 账户余额 对方开户行", True),
    ("ABC 农业银行", "本次余额 对手信息 日志号", True),
    ("CMB 招商银行", "记账日期 联机余额 对手信息", True),
    ("CMB 招商银行", "借方金额 贷方金额 收/付方名称 流程实例号", True),
    ("CMB 招商银行", "借方(出账) 贷方(入账)", True),
    ("BoCom 交通银行", "会计日期 借方发生额 贷方发生额 对方行名", False),
    ("BoCom 交通银行", "借贷 交易金额 对方户名 交易地点", True),
    ("PSBC 邮储银行", "全局路由号 收入金额 支出金额", False),
    ("MYbank 网商银行", "账务流水号 借方金额(收) 贷方金额(支)", True),
    ("CEB 光大银行", "借/贷 交易金额 账户余额 对方名称 凭证号", False),
    ("SPDB 浦发银行", "存入金额 取出金额 交易对手名称", True),
    ("支付宝 Alipay", "交易分类 收/支 收/付款方式 交易状态", True),
    ("支付宝 Alipay", "交易创建时间 收/支 资金状态", True),
    ("支付宝 Alipay", "账务流水号 收入金额(+元) 支出金额(-元)", True),
    ("微信支付 WeChat Pay", "收/支 当前状态 交易单号", True),
    ("微信支付 WeChat Pay", "微信订单号 应结订单金额 退款金额", True),
    ("HSBC", "billingamount billingcurrency", True),
    ("Lloyds / Halifax", "sortcode debitamount creditamount", True),
    ("Revolut", "starteddate completeddate state", True),
    ("Wise", "transferwiseid runningbalance", True),
    ("Chase", "postingdate checkorslip#", True),
    ("Sparkasse", "auftragskonto buchungstag beguenstigter/zahlungspflichtiger", True),
    ("Volksbank Raiffeisenbank", "ibanauftragskonto saldonachbuchung", True),
    ("DKB", "zahlungspflichtige*r zahlungsempfänger*in", True),
    ("PostFinance", "avisierungstext gutschriftinchf", True),
    ("UBS", "abschlussdatum belastung gutschrift", False),
)
DECIMAL_COMMA = {"Sparkasse", "Volksbank Raiffeisenbank", "DKB"}
# The order of days where the bank always writes the same one.
DAY_FIRST = {"HSBC", "Lloyds / Halifax", "Wise", *DECIMAL_COMMA}
MONTH_FIRST = {"Chase"}
# Their bare 借方 and 贷方 are the bank's own view, as real files show.
BANKS_VIEW = {"CMB 招商银行"}


def recognised(heads):
    """(name, seen), ("", False) for a table of nobody we know."""
    there = {folded(head) for head in heads}
    return next(
        (
            (name, seen)
            for name, needed, seen in BANKS
            if {folded(head) for head in needed.split()} <= there
        ),
        ("", False),
    )


def day_order(name):
    return "dmy" if name in DAY_FIRST else "mdy" if name in MONTH_FIRST else ""


def decimal_sign(name):
    """Of a bank that we know; "" of nobody."""
    return "," if name in DECIMAL_COMMA else "." if name else ""
