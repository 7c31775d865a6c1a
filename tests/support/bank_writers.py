"""Writes movements as banks do, in every format; tests read them back."""

import csv
import io
from xml.sax.saxutils import escape

from models.core.money import digits


def figure(amount, currency="EUR", point="."):
    places = digits(currency)
    whole, part = divmod(abs(amount), 10**places)
    return (
        f"{whole}{point}{part:0{places}d}" if places else f"{whole}{point if point == ',' else ''}"
    )


def mt940(rows, currency="EUR", opening=100000):
    head = [":20:START", ":25:DE11/1001234509", ":28C:1/1"]
    body, balance, day = [], opening, f"{rows[0].booked_on:%y%m%d}"
    for row in rows:
        mark = "C" if row.amount > 0 else "D"
        body.append(
            f":61:{row.booked_on:%y%m%d}{row.booked_on:%m%d}{mark}"
            f"{figure(row.amount, currency, ',')}NTRFNONREF//{row.reference}"
        )
        body.append(f":86:166?00X?20{row.text}?31{row.payer_account}?32{row.payer}")
        balance += row.amount
    ends = [
        f":{tag}:{'C' if b >= 0 else 'D'}{day}{currency}{figure(b, currency, ',')}"
        for tag, b in (("60F", opening), ("62F", balance))
    ]
    return "\n".join([*head, ends[0], *body, ends[1], "-", ""]).encode()


def camt(rows, currency="EUR", kind="Stmt", version="08"):
    roots = {
        "Stmt": "BkToCstmrStmt",
        "Rpt": "BkToCstmrAcctRpt",
        "Ntfctn": "BkToCstmrDbtCdtNtfctn",
    }
    party = "<Pty><Nm>{}</Nm></Pty>" if version == "08" else "<Nm>{}</Nm>"
    entries = []
    for row in rows:
        who = "Dbtr" if row.amount > 0 else "Cdtr"
        entries.append(
            f'<Ntry><Amt Ccy="{currency}">{figure(row.amount, currency)}</Amt>'
            f"<CdtDbtInd>{'CRDT' if row.amount > 0 else 'DBIT'}</CdtDbtInd>"
            f"<Sts>{'<Cd>BOOK</Cd>' if version == '08' else 'BOOK'}</Sts>"
            f"<BookgDt><Dt>{row.booked_on}</Dt></BookgDt><AcctSvcrRef>{row.reference}</AcctSvcrRef>"
            f"<NtryDtls><TxDtls><RltdPties><{who}>{party.format(escape(row.payer))}</{who}>"
            f"<{who}Acct><Id><Othr><Id>{row.payer_account}</Id></Othr></Id></{who}Acct></RltdPties>"
            f"<RmtInf><Ustrd>{escape(row.text)}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>"
        )
    name = {"Stmt": "053", "Rpt": "052", "Ntfctn": "054"}[kind]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:'
        f'camt.{name}.001.{version}"><{roots[kind]}><{kind}><Id>1</Id>{"".join(entries)}'
        f"</{kind}></{roots[kind]}></Document>"
    ).encode()


def ofx(rows, currency="EUR", xml=False):
    def tag(name, value):
        return f"<{name}>{escape(str(value))}" + (f"</{name}>" if xml else "\r\n")

    entries = "".join(
        "<STMTTRN>"
        + tag("TRNTYPE", "CREDIT" if row.amount > 0 else "DEBIT")
        + tag("DTPOSTED", f"{row.booked_on:%Y%m%d}233000.000[-5:EST]")
        + tag("TRNAMT", ("-" if row.amount < 0 else "") + figure(row.amount, currency))
        + tag("FITID", row.reference)
        + tag("NAME", row.payer)
        + tag("MEMO", row.text)
        + "</STMTTRN>"
        for row in rows
    )
    head = (
        '<?xml version="1.0" encoding="UTF-8"?><?OFX OFXHEADER="200" VERSION="211"?>'
        if xml
        else "OFXHEADER:100\r\nDATA:OFXSGML\r\nENCODING:UTF-8\r\nCHARSET:NONE\r\n\r\n"
    )
    return (
        f"{head}<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>{tag('CURDEF', currency)}<BANKACCTFROM>"
        f"{tag('ACCTID', '99')}</BANKACCTFROM><BANKTRANLIST>{entries}</BANKTRANLIST></STMTRS>"
        "</STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode()


def qif(rows, currency="EUR"):
    out = ["!Type:Bank"]
    for row in rows:
        sign = "-" if row.amount < 0 else ""
        out += [f"D{row.booked_on:%Y-%m-%d}", f"T{sign}{figure(row.amount, currency)}"]
        out += [f"P{row.payer}", f"M{row.text}", "^"]
    return "\n".join([*out, ""]).encode()


def bai2(rows, currency="EUR"):
    """All rows on one day, as the group has it."""
    control = sum(abs(row.amount) for row in rows)
    entries = [
        f"16,{195 if row.amount > 0 else 495},{abs(row.amount)},Z,{row.reference},,{row.text}"
        for row in rows
    ]
    return "\n".join(
        [
            "01,BANK,FIRM,260901,0800,1,80,,2/",
            f"02,FIRM,BANK,1,{rows[0].booked_on:%y%m%d},2359,{currency},2/",
            "03,99,,,,,/",
            *entries,
            f"49,{control},{len(rows) + 2}/",
            f"98,{control},1,{len(rows) + 4}/",
            f"99,{control},1,{len(rows) + 6}/",
            "",
        ]
    ).encode()


HEADS = {
    "pair": ["交易日期", "收入金额", "支出金额", "对方户名", "对方账号", "摘要", "交易流水号"],
    "flag": ["交易日期", "借贷标志", "交易金额", "对方户名", "对方账号", "摘要", "交易流水号"],
    "sign": ["Date", "Amount", "Payer", "Payer account", "Description", "Reference"],
}


def table(rows, how, separator=",", point=".", encoding="utf-8", day="%Y-%m-%d", above=()):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=separator)
    for line in above:
        writer.writerow([line])
    writer.writerow(HEADS[how])
    for row in rows:
        amount = figure(row.amount, "EUR", point)
        money = {
            "pair": [amount, ""] if row.amount > 0 else ["", amount],
            "flag": ["贷" if row.amount > 0 else "借", amount],
            "sign": [("-" if row.amount < 0 else "") + amount],
        }[how]
        rest = [row.payer, row.payer_account, row.text, row.reference]
        writer.writerow([row.booked_on.strftime(day), *money, *rest])
    return out.getvalue().encode(encoding)
