"""The largest table of an HTML page, as programs write it that name it .xls."""

import re
from html.parser import HTMLParser

from models.adapters.tables import encodings
from models.adapters.tables.cell import clean
from models.adapters.tables.table import MOST_CELLS, MOST_COLUMNS, Records, question
from models.core.errors import refuse

CHARSET = re.compile(rb'charset\s*=\s*["\']?([\w-]+)', re.I)
NAMES = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "windows-1252": "cp1252"}


def records(data, choices):
    encoding, questions, notes = _encoding(data, choices.get("encoding", ""))
    parser = _Tables()
    parser.feed(encodings.decode(data, encoding))
    parser.close()
    tables = [t for t in parser.tables if any(any(row) for row in t)]
    tables or refuse("file_not_a_table")
    names = [f"{i}" for i in range(1, len(tables) + 1)]
    ranked = sorted(range(len(tables)), key=lambda i: -len(tables[i]))
    chosen = choices.get("sheet") or names[ranked[0]]
    chosen in names or refuse("choice_unknown")
    large = [i for i in ranked if len(tables[i]) > 2]
    if len(large) > 1 and not choices.get("sheet"):
        shown = [(names[i], [r for r in tables[i] if any(r)][:3]) for i in large]
        questions.append(question("sheet", chosen, shown))
    used = {"encoding": encoding, "sheet": chosen}
    rows = enumerate(tables[int(chosen) - 1], 1)
    return Records(rows, "html", used, questions, notes)


def _encoding(data, chosen):
    """What the page says, if it can be true."""
    named = CHARSET.search(data[:4096])
    name = named and named[1].decode().lower()
    name = NAMES.get(name, name)
    if not chosen and name in encodings.CODECS and not encodings.find(data, name)[2]:
        return name, [], []
    return encodings.find(data, chosen)


class _Tables(HTMLParser):
    """Rows of each table; a cell over several rows is filled down, one over several columns leaves
    the others empty."""

    def __init__(self):
        super().__init__()
        self.tables, self.open, self.cell, self.count = [], [], None, 0

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.open.append({"rows": [], "row": None, "down": {}})
            self.tables.append(self.open[-1]["rows"])
        elif self.open and tag == "tr":
            self._end_row()
            self.open[-1]["row"] = []
        elif self.open and tag in ("td", "th"):
            self._end_cell()
            if self.open[-1]["row"] is None:
                self.open[-1]["row"] = []
            attrs = dict(attrs)
            self.cell = [[], _span(attrs.get("colspan")), _span(attrs.get("rowspan"))]
        elif tag == "br" and self.cell:
            self.cell[0].append(" ")

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "table" and self.open:
            self._end_row()
            self.open.pop()

    def handle_data(self, text):
        if self.cell:
            self.cell[0].append(text)

    def close(self):
        super().close()
        while self.open:
            self.handle_endtag("table")

    def _end_cell(self):
        if not self.cell or not self.open:
            self.cell = None
            return
        texts, across, down = self.cell
        self.cell, table = None, self.open[-1]
        self._fill_down()
        text = clean(" ".join("".join(texts).split()))
        if down > 1:
            table["down"][len(table["row"])] = [down - 1, text]
        table["row"] += [text] + [""] * (across - 1)
        self.count += across
        self.count <= MOST_CELLS or refuse("file_too_large")

    def _fill_down(self):
        table = self.open[-1]
        while (left := table["down"].get(len(table["row"]))) and left[0]:
            left[0] -= 1
            table["row"].append(left[1])

    def _end_row(self):
        self._end_cell()
        if self.open and self.open[-1]["row"] is not None:
            self._fill_down()
            self.open[-1]["rows"].append(self.open[-1]["row"])
            self.open[-1]["row"] = None


def _span(text):
    return min(int(text), MOST_COLUMNS) if text and text.isdecimal() and int(text) else 1
