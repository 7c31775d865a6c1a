"""camt.053, 052 and 054 (ISO 20022), versions 2 to 13: entries, a batch as its single
transactions."""

import datetime as dt

from models.adapters.sandbox.readers import packages, xml_tree
from models.bank.row import Row, tell_difference
from models.core.errors import Refused, refuse
from models.core.money import parse_money

ROOTS = (b"camt.05", b"BkToCstmrStmt", b"BkToCstmrAcctRpt", b"BkToCstmrDbtCdtNtfctn")
STATEMENTS = ("Stmt", "Rpt", "Ntfctn")
EMPTY_REFERENCES = ("NOTPROVIDED", "NONREF", "NOTAVAILABLE")


def is_one(data):
    return any(root in data[:4096] for root in ROOTS)


def packed(data):
    """The documents in a zip of them, as banks hand out the days of a month; empty for any other
    file."""
    if data[:4] != b"PK\x03\x04" or b"[Content_Types].xml" in data or b"mimetype" in data[:100]:
        return []
    try:
        parts = [content for _name, content in packages.xml_parts(data)]
    except Refused:
        return []
    return parts if parts and all(map(is_one, parts)) else []


def rows(data, currency, choices, found):
    return [row for part in packed(data) or [data] for row in _rows(part, found)]


def _rows(data, found):
    try:
        root = xml_tree.root(data)
    except Refused as error:
        refuse("bank_unreadable" if error.code == "file_damaged" else error.code, **error.facts)
    for node in root.iter():
        node.tag = node.tag.rpartition("}")[2] if isinstance(node.tag, str) else ""
    movements = []
    for statement in (node for node in root.iter() if node.tag in STATEMENTS):
        account = _first(statement, "Acct/Id/IBAN", "Acct/Id/Othr/Id", "Acct/Id/PrtryAcct/Id")
        entries = [_entry(entry, account) for entry in statement.findall("Ntry")]
        _check_balances(statement, entries, found)
        movements += [row for rows in entries for row in rows]
    return movements


def _check_balances(statement, entries, found):
    """Tell where a whole statement's movements do not lead from its opening to its closing
    balance."""
    balances = {}
    for balance in statement.findall("Bal"):
        amount, currency = _amount(balance.find("Amt"))
        kind = _first(balance, "Tp/CdOrPrtry/Cd", "Tp/CdOrPrtry/Prtry")
        sign = -1 if _text(balance, "CdtDbtInd") == "DBIT" else 1
        balances.setdefault("OPBD" if kind == "PRCD" else kind, (sign * amount, currency))
    if "OPBD" in balances and "CLBD" in balances:
        moved = sum(row.amount for rows in entries for row in rows if row.changes_balance)
        tell_difference(found, balances["OPBD"][0] + moved, *balances["CLBD"])


def _entry(entry, account):
    """One row, or one for each transaction of a batch that gives each an amount."""
    day = _day(_first(entry, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm"))
    sign = _sign(entry) or refuse("bank_unreadable")
    amount, currency = _amount(entry.find("Amt"))
    currency or refuse("bank_unreadable")
    bank = _reference(_first(entry, "AcctSvcrRef", "NtryRef"))
    left_out = "" if (_first(entry, "Sts/Cd", "Sts") or "BOOK") == "BOOK" else "pending"
    if not left_out and _text(entry, "RvslInd") in ("true", "1") and sign > 0:
        left_out = "reversal"
    details = entry.findall("NtryDtls/TxDtls")
    parts = [
        ((_sign(d) or sign) * part, part_currency or currency)
        for d in details
        for part, part_currency in [_amount(_part(d))]
    ]
    is_batch = len(details) > 1 and all(part and c == currency for part, c in parts)
    if is_batch and sum(part for part, _ in parts) == sign * amount:
        return [
            _row(
                d, day, part, currency, account, left_out, _part_reference(d, bank, n), bank, amount
            )
            for n, (d, (part, _)) in enumerate(zip(details, parts, strict=True), 1)
        ]
    row = _row(entry, day, sign * amount, currency, account, left_out, bank)
    told = [_row(d, day, sign * amount, currency, account, "", "") for d in details]
    row.left_out = row.left_out or _only(t.left_out for t in told)
    row.payer = row.payer or _only(t.payer for t in told)
    row.payer_account = row.payer_account or _only(t.payer_account for t in told)
    row.text = " ".join(
        filter(None, [row.text, *(t.text for t in told), _text(entry, "AddtlNtryInf")])
    )
    return [row]


def _part(details):
    for path in ("Amt", "AmtDtls/TxAmt/Amt"):
        if details.find(path) is not None:
            return details.find(path)


def _part_reference(details, bank, place):
    own = _reference(_text(details, "Refs/AcctSvcrRef"))
    return own if own and own != bank else f"{bank}/{place}" if bank else ""


def _row(details, day, amount, currency, account, left_out, reference, whole="", whole_amount=0):
    """The other side is the debtor of what came in, and the creditor of what went out."""
    who = ("Dbtr", "UltmtDbtr") if amount >= 0 else ("Cdtr", "UltmtCdtr")
    names = [f"RltdPties/{w}/{name}" for w in who for name in ("Nm", "Pty/Nm")]
    accounts = [f"RltdPties/{who[0]}Acct/Id/{name}" for name in ("IBAN", "Othr/Id")]
    text = [_remittance(details), _reference(_text(details, "Refs/EndToEndId"))]
    if details.find("RtrInf") is not None:
        text.append(_first(details, "RtrInf/Rsn/Cd", "RtrInf/AddtlInf"))
        if amount > 0 and not left_out:
            left_out = "reversal"  # our own transfer came back
    return Row(
        day,
        amount,
        currency,
        _first(details, *names),
        _first(details, *accounts),
        " ".join(filter(None, text)),
        reference,
        account,
        left_out=left_out,
        whole=whole if whole != reference else "",
        whole_amount=whole_amount if whole != reference else 0,
    )


def _remittance(details):
    paths = ("Ustrd", "Strd/CdtrRefInf/Ref", "Strd/RfrdDocInf/Nb", "Strd/AddtlRmtInf")
    parts = [n.text for path in paths for n in details.findall(f"RmtInf/{path}")]
    return " ".join(p.strip() for p in parts if p)


def _reference(text):
    return "" if text in EMPTY_REFERENCES else text


def _only(values):
    """The one value that all share."""
    every = set(values)
    return every.pop() if len(every) == 1 else ""


def _first(node, *paths):
    return next((text for path in paths if (text := _text(node, path))), "")


def _text(node, path):
    found = node.findtext(path)
    return found.strip() if found else ""


def _sign(node):
    """The indicator says the direction of a reversal too; 0 without one."""
    return {"CRDT": 1, "DBIT": -1}.get(_text(node, "CdtDbtInd"), 0)


def _amount(node):
    """(minor units, currency); (0, "") without one. Refused with a sign: the indicator alone says
    the direction, and both together would turn what went out into money in."""
    if node is None or not node.text:
        return 0, ""
    currency = node.get("Ccy", "")
    try:
        amount = parse_money(node.text, currency)
    except ValueError:
        refuse("bank_unreadable")
    return (amount, currency) if amount >= 0 else refuse("bank_unreadable")


def _day(text):
    try:
        return dt.date.fromisoformat(text[:10])
    except ValueError:
        refuse("bank_unreadable")
