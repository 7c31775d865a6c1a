"""Rows that are no data: sums, repeated heads and notes below the table."""

import functools
import re

from models.adapters.tables.heads import VALUE, is_value, usual

WORDS = re.compile(
    r"(本页|本月|本年|全部)?(合计|总计|小计|共计|累计|总和|合計|總計|小計)"
    r"([:：(（].*|金额.*|收入.*|支出.*)?"
    r"|(grand|sub|page)?[- ]?totals?( (for|of)\b.*)?[:：]?.{0,20}"
    r"|sum[:：]?|summe[:：]?|gesamt(summe)?[:：]?",
    re.I,
)
# The sum of a group, named by it: 甲公司 小计, Alpha Ltd Total.
OF_GROUP = re.compile(
    r".{1,60}(合计|总计|小计|汇总|合計|總計|小計)[:：]?|.{1,60}\s(sub-?)?total[:：]?", re.I
)
NOTE = re.compile(
    r"(制表|制單|制单|打印|导出|查询|备注|说明|注|审核|复核|经办|printed|exported|generated|page|note)"
    r".{0,12}?[:：\d ]|.{1,20}[:：]$",
    re.I,
)


@functools.lru_cache(50_000)  # most cells of a file stand there many times
def is_word(cell):
    """Whether the cell is a word for a sum."""
    if not cell or cell[0].isdigit():
        return False
    return bool(WORDS.fullmatch(cell.replace(" ", "") if cell > "\u2e80" else cell))


class Watch:
    """Learns from the first rows which columns are always filled, and judges the others by it."""

    def __init__(self, heads, first_rows):
        self.heads = [h for h in heads if h]
        rows = [
            cells
            for _, cells in first_rows
            if not self.has_word(cells) and not self._is_named_after_group(cells)
        ]
        self.usual = usual([sum(map(bool, r)) for r in rows]) or 0
        rows = [r for r in rows if sum(map(bool, r)) * 2 > self.usual]
        width = max(map(len, rows), default=0)
        missing = max(len(rows) > 2, len(rows) // 10)
        self.filled = [
            column
            for column in range(width)
            if sum(column >= len(r) or not r[column] for r in rows) <= missing
        ]

    @staticmethod
    def has_word(cells):
        return any(map(is_word, cells))

    @staticmethod
    def _is_named_after_group(cells):
        return any(map(OF_GROUP.fullmatch, cells))

    def lacks(self, cells):
        """How many of the columns that are always filled are empty here."""
        return sum(column >= len(cells) or not cells[column] for column in self.filled)

    def is_sum(self, cells):
        """A row with a word for a sum that lacks what each row has, or begins with that word, or
        has few cells at all; or one that names its group and lacks half of what each row has."""
        if not self.has_word(cells):
            lacks_half = self.filled and self.lacks(cells) * 2 >= len(self.filled)
            return bool(lacks_half) and self._is_named_after_group(cells)
        first = next(c for c in cells if c)
        rest = [c for c in cells if c and c is not first]
        alone = self.has_word([first]) and all(map(is_value, rest))
        few = (len(rest) + 1) * 2 < self.usual
        return bool(self.lacks(cells)) or alone or few

    def repeats_heads(self, cells):
        if len(self.heads) < 2 or self.heads[0] not in cells:
            return False
        return [c for c in cells if c] == self.heads

    def why_at_end(self, cells, apart):
        """Why the last row of all is no data, or "": a sum without a word below the first column,
        or a note, which stands apart or says that it is one."""
        filled = [c for c in cells if c]
        lacking, is_note = self.lacks(cells) * 2, bool(NOTE.match(filled[0]))
        if self.usual < 3 or lacking < len(self.filled) + (not is_note):
            return ""
        if not cells[0] and all(map(VALUE.fullmatch, filled)):
            return "total"
        is_note = is_note or len(filled) == 1 and apart
        return "note" if is_note and len(filled) <= max(2, self.usual // 3) else ""
