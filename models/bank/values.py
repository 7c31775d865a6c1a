"""Amounts, days, currencies and directions as banks write them in the cells of a table."""

import re
import unicodedata

from models.adapters import cells
from models.core.clock import now
from models.core.errors import Refused

NOTHING = re.compile(r"[-—–/\s]*|\(空\)|null|n/?a", re.IGNORECASE)
BEHIND = re.compile(r"\((?:已|全额)+退款.*\)$")
SIDED = re.compile(r"(?<=[\d ])\s*(CR|DR|C|D)\.?$", re.IGNORECASE)
CODE = re.compile(r"^[A-Z]{3}\s*(?=[-+(\d])|(?<=[\d)+-])\s*[A-Z]{3}$", re.IGNORECASE)
ONE_NUMBER = re.compile(r"\D*\d[\d.,'’ ]*\D*")
LESS = re.compile(r"^\D*[-–(]|[-–]\D*$")
MOST = 10**15 - 1
MOST_LETTERS = 200  # of an amount with its currency, side and spaces
IN = """
    贷 收 收入 贷方 c cr credit crdt 贷cr 来账 入账 转入 存入 进账 收款 haben h in incoming
    deposit moneyin paidin gutschrift + 入 收方 贷记 received receipt 收款到账 流入 bij"""
OUT = """
    借 付 支 支出 借方 d dr debit dbit 借dr 往账 出账 转出 取出 支取 付款 soll s out outgoing
    withdrawal moneyout paidout lastschrift belastung - 出 付方 借记 paid payment 流出 af"""
# Those that say it whoever writes them; "payment" may be the customer's or our own.
PLAIN_SIDES = set(
    """
    贷 借 收 支 收入 支出 贷方 借方 贷cr 借dr 来账 往账 转入 转出 流入 流出 入账 出账 c d cr dr
    credit debit crdt dbit h s haben soll + - in out deposit withdrawal moneyin moneyout paidin
    paidout incoming outgoing 贷记 借记""".split()
)
NEITHER = "不计收支 其他 中性交易 / neutral"
SIDE_OF = {
    **dict.fromkeys(IN.split(), "in"),
    **dict.fromkeys(OUT.split(), "out"),
    **dict.fromkeys(NEITHER.split(), "none"),
    "": "none",
}


def bare(cell):
    """The cell without the marks that keep a spreadsheet from reading it as a number."""
    text = (cell if cell.isascii() else unicodedata.normalize("NFKC", cell)).strip()
    if len(text) > 2 and text.startswith('="') and text.endswith('"'):
        text = text[2:-1]
    return text.lstrip("'`").strip()


def given(cell):
    """The cell's text; empty where it holds a sign for nothing."""
    text = bare(cell)
    return "" if NOTHING.fullmatch(text) else text


def _figure(cell):
    """(text of the number, "-" or "+" where CR or DR says the direction). A code of three letters
    may be a currency that we do not know. What is longer than any amount is none: looking for what
    may stand behind it would take minutes."""
    text = bare(cell)
    if len(text) > MOST_LETTERS:
        return "", ""
    text = BEHIND.sub("", text).replace("−", "-").strip()
    side = SIDED.search(text)
    text = SIDED.sub("", text)
    sign = {"C": "+", "D": "-"}[side[1][0].upper()] if side else ""
    return CODE.sub("", text).strip().removesuffix("+").strip(), sign


def decimal_sign(amounts, otherwise=""):
    """ "." or "," as the cells show it, "" where they hold whole numbers alone; where both fit
    `otherwise`, and None where a person must say it, as where cells contradict each other."""
    figures = (_figure(cell)[0] for cell in amounts if given(cell))
    votes, unclear = cells.signs(f for f in figures if ONE_NUMBER.fullmatch(f))
    if all(votes.values()):
        return None
    shown = next((sign for sign in votes if votes[sign]), "")
    return shown or ((otherwise or None) if unclear else "")


def signed(cell):
    """Whether the cell says by a sign, brackets or a word that money went out."""
    if not given(cell):
        return False
    text, sign = _figure(cell)
    return sign == "-" or bool(LESS.search(text))


def amount(cell, places, decimal="."):
    """Minor units with their sign; None in an empty cell. Refused when it is no amount."""
    if not given(cell):
        return None
    text, sign = _figure(cell)
    minor = cells.number(text, places, most=MOST, decimal=decimal)
    return -abs(minor) if sign == "-" else minor


def day_order(days, otherwise=""):
    """ "mdy", "dmy", "ymd", "" without such days; where the days do not show it `otherwise`, and
    None where a person must say it. Of two-digit years those count that are near: nobody reads
    statements of 2001 or 2031."""
    days = [bare(day) for day in days]
    order, _odd = cells.day_order(days)
    if order is not None:
        return order
    near = [o for o in ("dmy", "mdy", "ymd") if all(_is_near(day, o) for day in days)]
    if len(near) == 1 or near and near[0] == "dmy" and all("." in day for day in days):
        return near[0]
    return otherwise or None


def _is_near(cell, order):
    return readable(cell, order) and abs(cells.day(cell, order).year - now().year) < 8


def readable(cell, *orders):
    """Whether the cell is a day in one of the orders."""
    for order in orders:
        try:
            return bool(day(cell, order))
        except Refused:
            continue
    return False


def day(cell, order=""):
    """A date, whatever time of day stands behind it."""
    return cells.day(bare(cell), order)


def currency(cell):
    """The code of the currency that the cell names; empty in an empty cell."""
    return cells.currency(given(cell))


def side(cell, told=()):
    """ "in", "out" or "none" by a cell of the column of direction, as the person said it or as
    banks write it; None where nobody knows."""
    word = _word(cell)
    return {_word(value): side for value, side in told}.get(word) or SIDE_OF.get(word)


def _word(cell):
    return re.sub(r"\s+|(?<=[a-z])\.$", "", bare(cell).casefold())


def is_plain_side(cell):
    """Whether the cell is a word for in or out that needs no head to be understood."""
    return _word(cell) in PLAIN_SIDES
