"""Tables of banks in the shapes that people bring, each to what a bookkeeper would read in it:
(amount, payer, why it is no payment), or what is asked."""

import pytest

from models.bank import reading

PAID = [(50000, "甲公司"), (-2000, "乙公司")]
EUROPE = [(50000, "Alpha"), (-2000, "Beta")]
NAMELESS = [(50000, ""), (-2000, "")]
# {name: (text, currency, rows or the question)}
CASES = {
    "date_in_footer": (
        "交易日期,收入,支出,余额,对方户名\n"
        "20260901,500.00,,1500.00,甲公司\n"
        "20260901,,20.00,1480.00,乙公司\n"
        "打印时间 2026-09-02 10:00:00,,,,\n",
        "CNY",
        PAID,
    ),
    "fullwidth": (
        "交易日期,收入,支出,余额,对方户名\n"
        "２０２６－０９－０１,５００．００,,１５００.00,甲公司\n"
        "2026-09-01,,20．00,1480.00,乙公司\n",
        "CNY",
        PAID,
    ),
    "crdr_behind2": (
        "Date,Narrative,Amount\n2026-09-01,INV,500.00Cr.\n2026-09-01,Rent,20.00Dr.\n",
        "EUR",
        NAMELESS,
    ),
    "brackets_cur": (
        "Date,Description,Amount,Payer\n"
        "2026-09-01,INV,$500.00,Alpha\n"
        "2026-09-01,Rent,($20.00),Beta\n",
        "USD",
        EUROPE,
    ),
    "fiducia": (
        "Volksbank Test\n"
        ";;;;\n"
        "Buchungstag;Valuta;Auftraggeber/Zahlungsempfänger;Vorgang/Verwendun"
        "gszweck;Währung;Umsatz; \n"
        "01.09.2026;01.09.2026;Alpha;INV;EUR;1.500,00;H\n"
        "01.09.2026;01.09.2026;Beta;Miete;EUR;20,00;S\n"
        ";;;;\n"
        "01.09.2026;;;Anfangssaldo;EUR;0,00;H\n"
        "30.09.2026;;;Endsaldo;EUR;1.480,00;H\n",
        "EUR",
        [(150000, "Alpha"), (-2000, "Beta")],
    ),
    "debit_type_positive_nobal": (
        "Date,Transaction Type,Amount,Description\n"
        "2026-09-01,CREDIT,500.00,INV\n"
        "2026-09-02,DEBIT,20.00,Rent\n",
        "EUR",
        NAMELESS,
    ),
    "only_debits": (
        "Date,Type,Amount,Description\n2026-09-02,debit,20.00,Rent\n",
        "EUR",
        [(-2000, "")],
    ),
    "type_cn_words": (
        "交易日期,交易类型,金额,对方户名\n"
        "2026-09-01,转入,500.00,甲公司\n"
        "2026-09-01,转出,20.00,乙公司\n",
        "CNY",
        PAID,
    ),
    "own_view_flag_balance": (
        "交易日期,借贷方向,金额,余额,对方户名\n"
        "2026-09-01,借,500.00,1500.00,甲公司\n"
        "2026-09-01,贷,20.00,1480.00,乙公司\n",
        "CNY",
        "sides",
    ),
    "reversal_debit_neg": (
        "交易日期,借方发生额,贷方发生额,余额,对方户名\n"
        "20260901,,500.00,1500.00,甲公司\n"
        "20260901,20.00,,1480.00,乙公司\n"
        "20260902,-20.00,,1500.00,乙公司\n",
        "CNY",
        [*PAID, (2000, "乙公司", "reversal")],
    ),
    "flag_reversal": (
        "交易日期,借贷标志,金额,余额,对方户名\n"
        "20260901,贷,500.00,1500.00,甲公司\n"
        "20260901,借,20.00,1480.00,乙公司\n"
        "20260902,借,-20.00,1500.00,乙公司\n",
        "CNY",
        [*PAID, (2000, "乙公司", "reversal")],
    ),
    "reversal_credit_neg": (
        "交易日期,借方发生额,贷方发生额,余额,对方户名\n"
        "20260901,,500.00,1500.00,甲公司\n"
        "20260902,,-500.00,1000.00,甲公司\n",
        "CNY",
        [(50000, "甲公司"), (-50000, "甲公司")],
    ),
    "accounts_two": (
        "账号,交易日期,收入,支出,余额,对方户名,币种\n"
        "1001,20260901,500.00,,1500.00,甲公司,CNY\n"
        "1002,20260901,,20.00,80.00,乙公司,USD\n"
        "1001,20260902,100.00,,1600.00,丙公司,CNY\n",
        "CNY",
        [*PAID, (10000, "丙公司")],
    ),
    "two_currencies_jpy": (
        "交易日期,收入,支出,对方户名,币种\n"
        "20260901,500.00,,甲公司,人民币\n"
        "20260901,50000,,乙公司,日元\n"
        "20260901,5.00,,丙公司,港幣\n",
        "CNY",
        [(50000, "甲公司"), (50000, "乙公司"), (500, "丙公司")],
    ),
    "minsheng": (
        "客户账号,1001,户名,测试\n"
        "交易日期,主机交易流水号,借方发生额,贷方发生额,账户余额,凭证号,摘要,对方"
        "账号,对方账号名称,对方开户行,交易时间\n"
        "2026-09-01,M1,,500.00,1500.00,,货款,6222,甲公司,X行,10:21:33\n"
        "2026-09-01,M2,20.00,,1480.00,,房租,6223,乙公司,X行,10:21:33\n",
        "CNY",
        PAID,
    ),
    "huaxia": (
        "交易日期,交易时间,借方发生额,贷方发生额,余额,对方账号,对方户名,摘要,流水号\n"
        "2026-09-01,10:21:33,0.00,500.00,1500.00,6222,甲公司,货款,H1\n"
        "2026-09-01,10:21:33,20.00,0.00,1480.00,6223,乙公司,费,H2\n",
        "CNY",
        PAID,
    ),
    "spdb_corp": (
        "汇总交易笔数,2,汇总借方发生额,20.00,汇总贷方发生额,500.00\n"
        "交易日期,交易流水号,借方金额,贷方金额,账户余额,摘要,对方账号,对方户名\n"
        "20260901,P1,,500.00,1500.00,货款,6222,甲公司\n"
        "20260901,P2,20.00,,1480.00,费,6223,乙公司\n",
        "CNY",
        PAID,
    ),
    "citic": (
        "账号：1001\n"
        "交易日期,柜员交易号,借方发生额,贷方发生额,账户余额,对方账号,对方账户名称,摘要\n"
        "2026-09-01,C1,,500.00,1500.00,6222,甲公司,货款\n"
        "2026-09-01,C2,20.00,,1480.00,6223,乙公司,费\n",
        "CNY",
        PAID,
    ),
    "cib": (
        "银行流水号,交易日期,记账日期,借方金额,贷方金额,账户余额,摘要,对方账号,"
        "对方户名,对方银行,用途\n"
        "X1,2026-09-01,2026-09-01,,500.00,1500.00,货款,6222,甲公司,X,\n"
        "X2,2026-09-01,2026-09-01,20.00,,1480.00,费,6223,乙公司,X,\n",
        "CNY",
        PAID,
    ),
    "pab": (
        "交易日期,账号,借,贷,账户余额,对方账号,对方账户名称,对方账户开户行,交易"
        "流水号,摘要,用途\n"
        "2026-09-01,1001,,500.00,1500.00,6222,甲公司,X,A1,货款,\n"
        "2026-09-01,1001,20.00,,1480.00,6223,乙公司,X,A2,费,\n",
        "CNY",
        PAID,
    ),
    "bilingual_nl": (
        '"交易日期\n'
        'Date","借方发生额\n'
        'Debit","贷方发生额\n'
        'Credit","余额\n'
        'Balance","对方户名\n'
        'Counterparty"\n'
        "20260901,,500.00,1500.00,甲公司\n"
        "20260901,20.00,,1480.00,乙公司\n",
        "CNY",
        PAID,
    ),
    "bilingual_sp": (
        "交易日期 Date,借方发生额 Debit Amount,贷方发生额 Credit Amount,余额 Ba"
        "lance,对方户名 Counterparty Name\n"
        "20260901,,500.00,1500.00,甲公司\n"
        "20260901,20.00,,1480.00,乙公司\n",
        "CNY",
        PAID,
    ),
    "wan": (
        "交易日期,收入,支出,余额,对方户名\n20260901,5万,,50000.00,甲公司\n",
        "CNY",
        [(5000000, "甲公司")],
    ),
    "swiss": (
        "Datum;Gutschrift;Belastung;Empfänger\n"
        "01.09.2026;1'500.00;;Alpha\n"
        "01.09.2026;;-20.00;Beta\n",
        "EUR",
        [(150000, "Alpha"), (-2000, "Beta")],
    ),
    "hsbc_status": (
        "Transaction date,Post date,Description,Billing amount,Billing currency"
        ",Transaction status,Merchant name,Country / region,Area / district,Cre"
        "dit / Debit\n"
        '01/09/2026,01/09/2026,PAY,"500.00\t",HKD,POSTED,X,HK,,CREDIT\n'
        '01/09/2026,01/09/2026,BUY,"-20.00\t",HKD,POSTED,X,HK,,DEBIT\n'
        '02/09/2026,,BUY,"-7.00\t",HKD,PENDING,X,HK,,DEBIT\n',
        "HKD",
        [(50000, "X"), (-2000, "X")],
    ),
    "opening_row_dated": (
        "交易日期,摘要,收入,支出,余额,对方户名\n"
        "20260831,承前页,,,1000.00,\n"
        "20260901,货款,500.00,,1500.00,甲公司\n"
        "20260901,本日合计,500.00,0.00,1500.00,\n"
        "20260901,费,,20.00,1480.00,乙公司\n",
        "CNY",
        PAID,
    ),
    "month_total": (
        "交易日期,摘要,收入,支出,余额,对方户名\n"
        "20260901,货款,500.00,,1500.00,甲公司\n"
        ",本月合计,500.00,0.00,,\n"
        "20261001,费,,20.00,1480.00,乙公司\n"
        ",本年累计,500.00,20.00,,\n",
        "CNY",
        PAID,
    ),
    "paypal": (
        "Datum,Uhrzeit,Zeitzone,Name,Typ,Status,Währung,Brutto,Gebühr,Netto"
        ",Auswirkung auf Guthaben\n"
        '01.09.2026,10:00:00,CET,Alpha,Zahlung,Abgeschlossen,EUR,"500,00","-1,0'
        '0","499,00",Haben\n'
        '01.09.2026,10:00:00,CET,Beta,Zahlung,Offen,EUR,"50,00","0,00","50,00",Memo\n'
        '02.09.2026,10:00:00,CET,Beta,Zahlung,Abgeschlossen,EUR,"-20,00","0,00"'
        ',"-20,00",Soll\n',
        "EUR",
        [(50000, "Alpha"), (5000, "Beta", "pending"), (-2000, "Beta")],
    ),
    "own_books_chain": (
        "日期,摘要,借方,贷方,方向,余额\n"
        "2026-09-01,收甲公司货款,500.00,,借,1500.00\n"
        "2026-09-02,付房租,,20.00,借,1480.00\n",
        "CNY",
        NAMELESS,
    ),
    "one_row_bare": (
        "日期,对方户名,借方,贷方,余额\n2026-09-01,甲公司,,500.00,1500.00\n",
        "CNY",
        "sides",
    ),
    "two_row_heads": (
        "交易日期,对方户名,发生额,,余额\n"
        ",,借方,贷方,\n"
        "20260901,甲公司,,500.00,1500.00\n"
        "20260901,乙公司,20.00,,1480.00\n",
        "CNY",
        PAID,
    ),
    "sections_long": (
        "账号,62220001,,,\n"
        "交易日期,收入,支出,余额,对方户名\n"
        "20260901,500.00,,1500.00,甲公司\n"
        "20260901,,20.00,1480.00,乙公司\n"
        ",,,,\n"
        "账号,62220002,,,\n"
        "交易日期,收入,支出,余额,对方户名\n"
        "20260901,7.00,,107.00,丙公司\n",
        "CNY",
        [*PAID, (700, "丙公司")],
    ),
    "flag_dots": (
        "Date,Narration,Dr/Cr,Amount,Payer\n"
        "2026-09-01,x,Cr.,500.00,Alpha\n"
        "2026-09-01,x,Dr.,20.00,Beta\n",
        "EUR",
        EUROPE,
    ),
    "ing_nl": (
        '"Datum","Naam / Omschrijving","Rekening","Tegenrekening","Code","Af Bi'
        'j","Bedrag (EUR)","Mutatiesoort","Mededelingen"\n'
        '"20260901","Alpha","NL1","NL2","OV","Bij","500,00","Overschrijving","INV"\n'
        '"20260901","Beta","NL1","NL3","OV","Af","20,00","Overschrijving","x"\n',
        "EUR",
        EUROPE,
    ),
    "french": (
        "Date;Libellé;Débit;Crédit\n01/09/2026;Alpha;;500,00\n13/09/2026;Beta;20,00;\n",
        "EUR",
        NAMELESS,
    ),
    "spanish": (
        "Fecha;Concepto;Importe;Saldo\n"
        "01/09/2026;Alpha;500,00;1.500,00\n"
        "13/09/2026;Beta;-20,00;1.480,00\n",
        "EUR",
        NAMELESS,
    ),
    "payment_desc": (
        "Date,Description,Amount\n2026-09-01,Payment,500.00\n2026-09-02,Payment,20.00\n",
        "EUR",
        "direction",
    ),
    "deposit_desc": (
        "Date,Description,Amount\n2026-09-01,Deposit,500.00\n2026-09-02,Withdrawal,20.00\n",
        "EUR",
        NAMELESS,
    ),
    "type_transfer": (
        "Date,Type,Amount\n2026-09-01,Transfer,500.00\n2026-09-01,Deposit,20.00\n",
        "EUR",
        "direction",
    ),
    "footer_inside_payer": (
        "日期,收入,支出,余额,对方户名\n"
        "20260901,500.00,,1500.00,共3笔科技公司\n"
        "20260902,,20.00,1480.00,乙公司\n",
        "CNY",
        [(50000, "共3笔科技公司"), (-2000, "乙公司")],
    ),
    "sum_in_text": (
        "日期,收入,支出,摘要\n20260901,500.00,,合计货款\n20260901,,20.00,费\n",
        "CNY",
        NAMELESS,
    ),
    "wechat_xlsx_like": (
        "微信支付账单明细,,,,,,,,,,\n"
        "交易时间,交易类型,交易对方,商品,收/支,金额(元),支付方式,当前状态,交易单"
        "号,商户单号,备注\n"
        "2026-09-01 10:00:00,二维码收款,甲公司,收款方备注:二维码收款,收入,¥5"
        "00.00,/,已收钱,1,/,/\n"
        "2026-09-01 10:00:00,零钱提现,工商银行,/,/,¥20.00,工商银行,提现已到账"
        ",2,/,服务费¥0.10\n"
        "2026-09-01 10:00:00,转账,乙公司,/,支出,¥20.00,零钱,对方已退还,3,/,/\n",
        "CNY",
        [(50000, "甲公司"), (2000, "工商银行", "neutral"), (-2000, "乙公司", "closed")],
    ),
    "alipay_wait": (
        "交易时间,交易分类,交易对方,对方账号,商品说明,收/支,金额,收/付款方式,交"
        "易状态,交易订单号\n"
        "2026-09-01 10:21:33,转账,甲公司,x,货款,收入,500.00,,等待确认收货,1\n"
        "2026-09-01 10:21:33,转账,乙公司,x,货款,收入,7.00,,解冻成功,2\n",
        "CNY",
        "status",
    ),
    "numflag": (
        "交易日期,借贷标志,金额,对方户名\n2026-09-01,2,500.00,甲公司\n2026-09-01,1,20.00,乙公司\n",
        "CNY",
        "bank_flag",
    ),
    "sum_in_payer": (
        "日期,收入,支出,对方户名\n20260901,500.00,,Total\n20260930,500.00,0.00,本月合计\n",
        "CNY",
        [(50000, "Total")],
    ),
    "refund_behind_amount": (
        "交易时间,交易对方,金额,收/支,交易状态\n2026-09-01,乙公司,20.00(全额退款),支出,交易成功\n",
        "CNY",
        [(-2000, "乙公司")],
    ),
}


def told(text, currency, encoding="utf-8", **choices):
    """The rows, or the question or fault where they cannot be read yet."""
    found = reading.read(text.encode(encoding), "x.csv", currency, choices)
    if found["questions"] or found["fault"]:
        return found["questions"][0] if found["questions"] else found["fault"][0]
    return [
        (row["amount"], row.get("payer", ""), *filter(None, [row.get("left_out")]))
        for row in found["rows"]
    ]


@pytest.mark.parametrize("name", CASES)
def test_a_bookkeeper_reads_the_same(name):
    text, currency, expected = CASES[name]
    assert told(text, currency) == expected


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16", "utf-8-sig"])
@pytest.mark.parametrize("above", [1, 12])
def test_whatever_stands_above_and_however_it_is_encoded(encoding, above):
    text, currency, expected = CASES["huaxia"]
    lines = "".join(f"说明 {n}：请注意,,,\n" for n in range(above))
    assert told(lines + text, currency, encoding) == expected
    assert told((lines + text).replace(",", "\t"), currency, encoding) == expected


def test_each_section_of_a_file_belongs_to_its_own_account():
    found = reading.read(CASES["sections_long"][0].encode(), "x.csv", "CNY", {})
    assert [row["account"] for row in found["rows"]] == ["62220001", "62220001", "62220002"]


def test_sums_with_a_date_are_told():
    found = reading.read(CASES["opening_row_dated"][0].encode(), "x.csv", "CNY", {})
    assert found["notes"] == [["bank_sum_rows", {"rows": "2, 4"}]]
