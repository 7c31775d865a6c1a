"""Where the heads of a table stand: below a title, in one row or two, or nowhere."""

import re
import unicodedata
from dataclasses import dataclass

SEARCHED = 40
# Letters of Taiwan and Hong Kong in the heads that are known, and the same of the mainland.
TRADITIONAL = str.maketrans(
    "單號戶稱電話數價額幣類別產編碼計備註業務員聯絡稅統發開訂貨狀態銀帳郵遞區應總標規實際結餘項簡負責職國"
    "詳細時間優後購銷進庫倉採條點賬縣慣團歐圓廢審駁關閉刪證營級屬筆訖沖紅讓據",
    "单号户称电话数价额币类别产编码计备注业务员联络税统发开订货状态银账邮递区应总标规实际结余项简负责职国"
    "详细时间优后购销进库仓采条点账县惯团欧圆废审驳关闭删证营级属笔讫冲红让据",
)
VALUE = re.compile(r"[-+(（]?\s*[¥￥$€£]?\s*[-+]?\d[\d.,'’ ]*[%％元)）-]?")
DATE = re.compile(r"\d{1,4}\s?[-/.年]\s?\d{1,2}(\s?[-/.月]\s?\d{1,4}.*)?")


@dataclass
class Heads:
    """`row` is the number of the (first) row of heads, 0 where the first row is data."""

    row: int
    rows: int
    texts: list
    certain: bool


def simplified(text):
    """The text in the letters of the mainland."""
    return text if text.isascii() else text.translate(TRADITIONAL)


def plain(head):
    """A head without case, width, blanks and signs, so that camelCase equals snake_case, in the
    letters of the mainland."""
    head = simplified(unicodedata.normalize("NFKC", head))
    return re.sub(r"[\s_\-./()（）:：*#]+", "", head).lower()


def is_value(cell):
    """Whether a cell can only be content: a number, a date, an address, mostly digits."""
    if not cell:
        return False
    if VALUE.fullmatch(cell) or DATE.fullmatch(cell) or "@" in cell:
        return True
    return sum(c.isdigit() for c in cell) * 2 > len(cell)


def find(rows, words=(), row=None, count=None):
    """The heads among the first rows [(number, cells)]. `row` and `count` are what a person said;
    `words` are heads that the caller knows, as plain() gives them."""
    rows = rows[:SEARCHED]
    certain = row is not None
    if row == 0:
        return Heads(0, 0, [], True)
    if certain:
        at = next((i for i, (n, _) in enumerate(rows) if n >= row), len(rows) - 1)
    else:
        at, certain = _search(rows, words)
        if at is None:
            return Heads(0, 0, [], False)
    two = count == 2 or not count and _goes_on(rows, at, words)
    if two and at + 1 < len(rows):
        return Heads(rows[at][0], 2, _joined(rows[at][1], rows[at + 1][1]), certain)
    return Heads(rows[at][0], 1, list(rows[at][1]), certain)


def _known(cells, words):
    return sum(plain(c) in words for c in cells if c)


def _search(rows, words):
    """(index of the row of heads, whether that is certain); (None, False) for a table without."""
    known = [_known(cells, words) for _, cells in rows]
    best = max(range(len(rows)), key=lambda i: (known[i], -i))
    filled = [sum(map(bool, cells)) for _, cells in rows]
    if known[best] >= 2 or known[best] == 1 and filled[best] <= 2:
        return _with_groups(rows, best, words), True
    width = usual(filled)
    for i, (_, cells) in enumerate(rows):
        if filled[i] < max(1, width * 0.6):
            continue
        values = sum(map(is_value, cells))
        if values > filled[i] * 0.1:
            return None, False
        certain = filled[i] > 1 and _differs(cells, rows[i + 1 :])
        return _with_groups(rows, i, words), certain
    return 0, False


def _with_groups(rows, at, words):
    """The row above instead, where it names groups of these heads across the table's width."""
    above = rows[at - 1][1] if at else []
    places = [i for i, cell in enumerate(above) if cell]
    named = len(places) > 1 and places[-1] >= len(rows[at][1]) * 0.4
    if not named or any(is_value(c) or c.endswith((":", "：")) for c in above):
        return at
    return at - 1 if _goes_on(rows, at - 1, words) else at


def usual(filled):
    """The width of the row in which the middle cell of all stands: titles and notes count
    little."""
    reached = 0
    for width in sorted(filled):
        reached += width
        if reached * 2 >= sum(filled):
            return width


def _differs(heads, below):
    """Whether at least two columns, or a third of them, hold values below a head of text."""
    below = below[:20]
    columns = 0
    for column, head in enumerate(heads):
        cells = [row[column] for _, row in below if column < len(row) and row[column]]
        columns += bool(head and cells) and sum(map(is_value, cells)) * 2 > len(cells)
    return columns >= min(2, max(1, len(heads) // 3))


def _goes_on(rows, at, words):
    """Whether the row below belongs to the heads: it is text alone and fills what this one leaves
    empty, while the rows below it hold values."""
    if at + 2 >= len(rows):
        return False
    first, second = rows[at][1], rows[at + 1][1]
    if any(map(is_value, second)) or not any(second):
        return False
    width = max(len(first), len(second))
    first, second = first + [""] * (width - len(first)), second + [""] * (width - len(second))
    gaps = [i for i in range(width) if second[i] and (not first[i] or first[i] in first[:i])]
    if not gaps or not any(first[i] for i in range(gaps[0])):
        return False
    if words and _known(second, words) > _known(first, words):
        return True
    below = [row for _, row in rows[at + 2 : at + 12]]
    return any(i < len(row) and is_value(row[i]) for i in gaps for row in below)


def _joined(first, second):
    """Heads in two rows as one: a group's name goes to each of its columns."""
    width, group, heads = max(len(first), len(second)), "", []
    for column in range(width):
        above = first[column] if column < len(first) else ""
        below = second[column] if column < len(second) else ""
        group = above or (group if below else "")
        heads.append(" ".join(dict.fromkeys(filter(None, (group, below)))))
    return heads
