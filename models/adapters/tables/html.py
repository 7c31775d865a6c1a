"""The largest table of an HTML page, as programs write it that name it .xls."""

import re
from html import unescape

from models.adapters.tables import encodings
from models.adapters.tables.cell import clean
from models.adapters.tables.table import MOST_CELLS, MOST_COLUMNS, Records, question
from models.core.errors import refuse

CHARSET = re.compile(rb'charset\s*=\s*["\']?([\w-]+)', re.I)
SPAN = re.compile(r"""\b(colspan|rowspan)\s*=\s*["']?([0-9]+)""", re.I)
# A tag whose quotes may hold a >.
QUOTED = re.compile(r"""([^"'>]*+(?:"[^"]*+"[^"'>]*+|'[^']*+'[^"'>]*+)*+)>""")
NAMES = {"gb2312": "gb18030", "gbk": "gb18030", "iso-8859-1": "cp1252", "windows-1252": "cp1252"}


def records(data, choices):
    encoding, questions, notes = _encoding(data, choices.get("encoding", ""))
    parser = _Tables()
    parser.feed(encodings.decode(data, encoding))
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


class _Tables:
    """Rows of each table; a cell over several rows is filled down, one over several columns leaves
    the others empty."""

    def __init__(self):
        self.tables, self.open, self.cell, self.count = [], [], None, 0

    def feed(self, text):
        """Read the page from one < to the next, so that each letter is looked at once: the standard
        library's parser takes three times as long, and on what is never closed far longer."""
        skipped = ""  # what ends the part that is no table: a comment, a script or a style
        for piece in _pieces(text):
            if skipped:
                skipped = self._skip(piece, skipped)
            elif piece[:3] == "!--":
                skipped = self._skip(piece[3:], "-->")
            elif piece[:1].isalpha() or piece[:1] in ("/", "!", "?"):
                skipped = self._tag(piece)
            else:
                self._text("<" + piece)
        while self.open:
            self._end_table()

    def _skip(self, piece, until):
        """What is skipped after this piece."""
        inside, ended, text = piece.partition(until)
        if until != "-->" and piece[: len(until)].lower() == until:
            ended, text = until, piece.partition(">")[2]
        elif until != "-->" or not ended:
            return until
        self._text(text)
        return ""

    def _tag(self, piece):
        """The tag and the text behind it; what is skipped from there."""
        tag, _closed, text = piece.partition(">")
        if ('"' in tag or "'" in tag) and (quoted := QUOTED.match(piece)):
            tag, text = quoted[1], piece[quoted.end() :]
        name = tag if tag in self.TAGS else (tag.split(None, 1) or [""])[0].rstrip("/").lower()
        if name in ("script", "style"):
            return "/" + name
        if name in self.TAGS:
            self.TAGS[name](self, tag)
        if text:
            self._text(text)
        return ""

    def _text(self, text):
        if self.cell:
            self.cell[0].append(text)

    def _begin_table(self, _tag):
        self._end_cell()
        self.open.append({"rows": [], "row": None, "down": {}})
        self.tables.append(self.open[-1]["rows"])

    def _begin_row(self, _tag):
        if self.open:
            self._end_row()
            self.open[-1]["row"] = []

    def _begin_cell(self, tag):
        if self.open:
            self._end_cell()
            if self.open[-1]["row"] is None:
                self.open[-1]["row"] = []
            spans = {name.lower(): n for name, n in SPAN.findall(tag)} if len(tag) > 8 else {}
            self.cell = [[], _span(spans.get("colspan")), _span(spans.get("rowspan"))]

    def _end_cell(self, _tag=""):
        if not self.cell or not self.open:
            self.cell = None
            return
        texts, across, down = self.cell
        self.cell, table = None, self.open[-1]
        row = table["row"]
        if table["down"]:
            self._fill_down(table)
        text = clean(" ".join(unescape("".join(texts)).split()))
        if down > 1:
            table["down"][len(row)] = [down - 1, text]
        row.append(text)
        if across > 1:
            row += [""] * (across - 1)

    def _fill_down(self, table):
        row, down = table["row"], table["down"]
        while (left := down.get(len(row))) and left[0]:
            left[0] -= 1
            row.append(left[1])

    def _end_row(self, _tag=""):
        self._end_cell()
        if self.open and self.open[-1]["row"] is not None:
            table = self.open[-1]
            self._fill_down(table)
            self.count += len(table["row"]) or 1
            self.count <= MOST_CELLS or refuse("file_too_large")
            table["rows"].append(table["row"])
            table["row"] = None

    def _end_table(self, _tag=""):
        self._end_row()
        if self.open:
            self.open.pop()

    def _line(self, _tag):
        self._text(" ")

    TAGS = {
        "table": _begin_table,
        "tr": _begin_row,
        "td": _begin_cell,
        "th": _begin_cell,
        "br": _line,
        "/td": _end_cell,
        "/th": _end_cell,
        "/tr": _end_row,
        "/table": _end_table,
    }


def _pieces(text, size=2**20):
    """What follows each <, in portions, as all together take twenty times the memory of a page."""
    start = text.find("<")
    while 0 <= start < len(text):
        end = text.find("<", start + size)
        end = len(text) if end < 0 else end
        yield from text[start:end].split("<")[1:]
        start = end


def _span(text):
    return min(int(text), MOST_COLUMNS) if text and len(text) < 9 and int(text) else 1
