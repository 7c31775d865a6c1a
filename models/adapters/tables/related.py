"""Sheets of a workbook that belong together by a number: the lines of documents, or the payments of
invoices, in sheets of their own. They are read as one table."""

import re
from dataclasses import dataclass, field

from models.adapters.tables import heads
from models.adapters.tables.heads import plain
from models.core.errors import refuse

LINES, PAYMENTS = "lines", "payments"
MOST_SHEETS = 8
LOOKED_AT = 500  # rows whose numbers are looked for in another sheet
SHARE = 0.8  # of them that must be there
NUMBER = re.compile("number|no$|id$|ref|invoice|order|doc|bill|单号|编号|订单|发票|单据|号$")
OTHER = re.compile(
    "customer|client|partner|contact|account|product|item|sku|line|position|qty|quantity|amount|"
    "total|date|price|tax|客户|产品|商品|物料|货|往来|电话|手机|行号|序号|数量|金额|日期|单价|税"
)
OF_LINES = re.compile("quantity|qty|price|item|product|sku|数量|单价|品名|商品|产品|货品|物料")
OF_PAYMENTS = re.compile("pay|paid|receipt|receiv|transaction|收款|付款|回款|到账|实收")
DAY = re.compile("date|paid|day|time|when|日期|时间|日$")
AMOUNT = re.compile("amount|paid|receiv|sum|total|金额|实收|收款|付款|回款|到账")
REFERENCE = re.compile("ref|memo|note|transaction|number|备注|流水|摘要|凭证|参考|方式|method")
# Of the sheet of documents an amount is their total, of that of lines a total is an amount.
DOCUMENT_TOTALS = {"amount": "Document total", "金额": "总金额"}
LINE_TOTALS = {"total": "Line total", "合计": "小计"}


@dataclass
class Sheet:
    """`rows` are (number, cells) below the heads; `stored` the columns of numbers as numbers."""

    name: str
    heads: list
    rows: list = field(default_factory=list)
    stored: set = field(default_factory=set)
    head_row: int = 1

    @classmethod
    def of(cls, name, rows, stored, words):
        rows = [row for row in rows if any(row[1])]
        found = heads.find(rows[: heads.SEARCHED], words) if rows else None
        if not found or not found.row:
            return cls(name, [])
        places = [number for number, _cells in rows]
        below = rows[places.index(found.row) + found.rows :]
        width = max([len(found.texts), *(len(cells) for _, cells in below)])
        wide = [(number, cells + [""] * (width - len(cells))) for number, cells in below]
        texts = found.texts + [""] * (width - len(found.texts))
        return cls(name, texts, wide, stored, found.row)

    def column(self, index, most=None):
        return [cells[index] for _, cells in self.rows[:most] if cells[index]]

    def has(self, pattern):
        return any(pattern.search(plain(head)) for head in self.heads)

    @property
    def is_of_payments(self):
        named = OF_PAYMENTS.search(plain(self.name)) or self.has(OF_PAYMENTS)
        return bool(named) and not self.has(OF_LINES)


def parsed(chosen, names):
    """(sheet, {what: sheet that is read with it}) of a choice such as "Invoices:lines:Items"."""
    if chosen in names:
        return chosen, {}
    name, *rest = chosen.split(":")
    joined = dict(zip(rest[::2], rest[1::2], strict=False))
    known = {name, *joined.values()} <= set(names) and set(joined) <= {LINES, PAYMENTS}
    joined and known and len(rest) % 2 == 0 or refuse("choice_unknown")
    return name, joined


def offers(sheets):
    """The choices of sheets that belong together, the most complete first."""
    found = []
    for main in sheets:
        lines = [s for s in sheets if s is not main and _are_lines(main, s)]
        paid = [s for s in sheets if s is not main and _are_payments(main, s)]
        both = [(x, y) for x in lines[:1] for y in paid[:1] if x is not y]
        found += [f"{main.name}:{LINES}:{x.name}:{PAYMENTS}:{y.name}" for x, y in both]
        found += [f"{main.name}:{LINES}:{x.name}" for x in lines]
        found += [f"{main.name}:{PAYMENTS}:{y.name}" for y in paid]
    return sorted(found, key=lambda choice: -choice.count(":"))


def _are_lines(main, other):
    apart = other.has(OF_LINES) and not main.has(OF_LINES) and not main.is_of_payments
    return apart and _link(main, other, unique=True) is not None


def _are_payments(main, other):
    return (
        other.is_of_payments
        and not main.is_of_payments
        and _columns_of_payment(other, None) is not None
        and _link(main, other) is not None
    )


def _link(main, other, unique=False):
    """(column, column of the other) by which the other's rows belong to rows of the main sheet."""
    best = None
    for own, head in enumerate(main.heads):
        if not head or OTHER.search(plain(head)):
            continue
        values = main.column(own)
        keys = set(values)
        if not keys or unique and len(keys) < len(values):
            continue
        for their, name in enumerate(other.heads):
            score = _score(head, name, keys, other.column(their, LOOKED_AT))
            if score and (best is None or score > best[0]):
                best = score, (own, their)
    return best and best[1]


def _score(head, name, keys, values):
    if not name or not values or OTHER.search(plain(name)):
        return None
    same, numbers = plain(head) == plain(name), [NUMBER.search(plain(h)) for h in (head, name)]
    share = sum(value in keys for value in values) / len(values)
    return (same, share) if share >= SHARE and (same or all(numbers)) else None


def join(main, joined):
    """The rows [(number, cells)] of these sheets as one table, its heads first, and the columns in
    which it holds numbers as numbers, and notes."""
    notes, stored, table = [], set(main.stored), main
    if PAYMENTS in joined:
        table = _with_payments(main, joined[PAYMENTS], notes)
    if LINES in joined:
        table, stored = _with_lines(table, joined[LINES])
    return [(table.head_row, table.heads), *table.rows], stored, notes


def _with_lines(main, lines):
    """Each line with what the document's row says; a document without lines stays as a row."""
    own, their = _link(main, lines, unique=True) or refuse("choice_unknown")
    taken = {plain(head) for head in lines.heads}
    kept = [c for c, h in enumerate(main.heads) if c != own or plain(h) not in taken]
    heads_ = [LINE_TOTALS.get(plain(head), head) for head in lines.heads]
    for column in kept:
        head = DOCUMENT_TOTALS.get(plain(main.heads[column]), main.heads[column])
        heads_.append(f"{main.name} {head}" if plain(head) in map(plain, heads_) else head)
    of_number, width = {cells[own]: cells for _, cells in main.rows}, len(lines.heads)
    blank, rows, seen = [""] * len(main.heads), [], set()
    for number, cells in lines.rows:
        head = of_number.get(cells[their], blank)
        seen.add(cells[their])
        rows.append((number, cells + [head[c] for c in kept]))
    last = rows[-1][0] if rows else lines.head_row
    for number, cells in main.rows:
        if cells[own] not in seen:
            line = [""] * width
            line[their] = cells[own]
            rows.append((last + number, line + [cells[c] for c in kept]))
    stored = lines.stored | {width + kept.index(c) for c in main.stored if c in kept}
    return Sheet(lines.name, heads_, rows, stored, lines.head_row), stored


def _with_payments(main, payments, notes):
    """A column more: what was paid, in the first row of each number."""
    own, their = _link(main, payments) or refuse("choice_unknown")
    columns = _columns_of_payment(payments, their) or refuse("choice_unknown")
    texts = {}
    for _, cells in payments.rows:
        parts = [re.sub("[;|]", " ", cells[c]) if c is not None else "" for c in columns]
        texts.setdefault(cells[their], []).append(" | ".join(parts).rstrip(" |"))
    rows = []
    for number, cells in main.rows:
        rows.append((number, [*cells, "; ".join(texts.pop(cells[own], ()) if cells[own] else ())]))
    if texts:
        notes.append(("payments_of_nothing", {"count": len(texts), "value": next(iter(texts))}))
    return Sheet(main.name, [*main.heads, "Payments"], rows, main.stored, main.head_row)


def _columns_of_payment(sheet, key):
    """(day, amount, reference or None), None where it has no day or no amount."""
    days, amounts, others = [], [], []
    for column, head in enumerate(sheet.heads):
        values, name = sheet.column(column, 50), plain(head)
        if column == key or not values:
            continue
        if DAY.search(name) and all(heads.DATE.fullmatch(value[:10].strip()) for value in values):
            days.append(column)
        elif AMOUNT.search(name) and all(heads.VALUE.fullmatch(value) for value in values):
            amounts.append(column)
        elif REFERENCE.search(name):
            others.append(column)
    return (days[0], amounts[0], others[0] if others else None) if days and amounts else None
