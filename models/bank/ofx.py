"""OFX 1 and 2 by the library ofxtools."""

import io

from ofxtools.Parser import OFXTree

from models.bank.row import Row
from models.core.errors import refuse
from models.core.money import digits


def rows(data, currency, date_order):
    try:
        tree = OFXTree()
        tree.parse(io.BytesIO(data))
        statements = tree.convert().statements
    except Exception:  # on a damaged file the library may raise anything
        refuse("bank_unreadable")
    movements = []
    for statement in statements:
        for t in statement.transactions or ():
            minor = t.trnamt.scaleb(digits(statement.curdef))
            minor == minor.to_integral_value() or refuse("bank_unreadable")
            payer = getattr(t, "name", None) or (t.payee.name if getattr(t, "payee", None) else "")
            movements.append(
                Row(
                    t.dtposted.date(),
                    int(minor),
                    statement.curdef,
                    payer,
                    getattr(getattr(t, "bankacctfrom", None), "acctid", ""),
                    getattr(t, "memo", "") or "",
                    t.fitid or "",
                    statement.account.acctid,
                )
            )
    return movements
