"""camt.053 (ISO 20022), versions 2 to 13: booked entries, a batch as its single transactions."""

import datetime as dt

from defusedxml import ElementTree
from defusedxml.common import DefusedXmlException

from models.bank.row import Row
from models.core.errors import refuse
from models.core.money import parse_money


def rows(data, currency, date_order):
    try:
        root = ElementTree.fromstring(data, forbid_dtd=True)
    except (ElementTree.ParseError, DefusedXmlException, ValueError):
        refuse("bank_unreadable")
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
    movements = []
    for statement in root.iter("Stmt"):
        account = _text(statement, "Acct/Id/IBAN") or _text(statement, "Acct/Id/Othr/Id")
        for entry in statement.findall("Ntry"):
            if (_text(entry, "Sts/Cd") or _text(entry, "Sts") or "BOOK") == "BOOK":
                movements += _entry(entry, account)
    return movements


def _entry(entry, account):
    """One row, or one for each transaction of a batch that gives each an amount."""
    day = _day(
        _text(entry, "BookgDt/Dt") or _text(entry, "BookgDt/DtTm") or _text(entry, "ValDt/Dt")
    )
    sign = 1 if _text(entry, "CdtDbtInd") == "CRDT" else -1
    amount, currency = _amount(entry.find("Amt"))
    bank = _text(entry, "AcctSvcrRef") or _text(entry, "NtryRef")
    details = entry.findall("NtryDtls/TxDtls")
    parts = [
        _amount(d.find("Amt") if d.find("Amt") is not None else d.find("AmtDtls/TxAmt/Amt"))
        for d in details
    ]
    if len(details) > 1 and all(p[0] for p in parts) and sum(p[0] for p in parts) == amount:
        return [
            _row(
                d,
                day,
                sign * part,
                part_currency or currency,
                account,
                _text(d, "Refs/AcctSvcrRef") or (f"{bank}/{n}" if bank else ""),
            )
            for n, (d, (part, part_currency)) in enumerate(zip(details, parts, strict=False), 1)
        ]
    row = _row(details[0] if details else entry, day, sign * amount, currency, account, bank)
    row.text = " ".join(
        filter(
            None, [row.text, *(_remittance(d) for d in details[1:]), _text(entry, "AddtlNtryInf")]
        )
    )
    return [row]


def _row(details, day, amount, currency, account, reference):
    payer = _text(details, "RltdPties/Dbtr/Nm") or _text(details, "RltdPties/Dbtr/Pty/Nm")
    payer_account = _text(details, "RltdPties/DbtrAcct/Id/IBAN") or _text(
        details, "RltdPties/DbtrAcct/Id/Othr/Id"
    )
    end_to_end_id = _text(details, "Refs/EndToEndId")
    if end_to_end_id == "NOTPROVIDED":
        end_to_end_id = ""
    text = " ".join(filter(None, [_remittance(details), end_to_end_id]))
    return Row(day, amount, currency, payer, payer_account, text, reference, account)


def _remittance(details):
    parts = (
        [n.text for n in details.findall("RmtInf/Ustrd")]
        + [n.text for n in details.findall("RmtInf/Strd/CdtrRefInf/Ref")]
        + [n.text for n in details.findall("RmtInf/Strd/RfrdDocInf/Nb")]
    )
    return " ".join(p for p in parts if p)


def _text(node, path):
    found = node.findtext(path)
    return found.strip() if found else ""


def _amount(node):
    """(minor units, currency); (0, "") without one."""
    if node is None or not node.text:
        return 0, ""
    currency = node.get("Ccy", "")
    try:
        return parse_money(node.text, currency), currency
    except ValueError:
        refuse("bank_unreadable")


def _day(text):
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        refuse("bank_unreadable")
