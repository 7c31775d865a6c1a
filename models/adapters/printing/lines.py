"""The long tables of a page, those that repeat their head, drawn cell by cell: through xhtml2pdf a
line of seven cells takes 6 ms and five hundred take longer for each, here a twentieth of that.

What they look like is what templates/pdf/_page.html says of .lines; tests/models/test_lines.py
holds the pages of both side by side."""

import hashlib
import re
from collections import namedtuple
from html.parser import HTMLParser

from reportlab.lib.colors import HexColor
from reportlab.pdfbase import pdfmetrics
from reportlab.platypus.flowables import Flowable

TABLE = re.compile(r'<table [^>]*repeat="1"[^>]*>.*?</table>', re.S)
# Scripts whose signs are joined or run from right to left are left to xhtml2pdf.
JOINED = re.compile("[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0fff\ufb1d-\ufdff\ufe70-\ufefc]")
WIDE = "\u2e80"  # from this sign on a line may end before and after each
NOT_FIRST = set("、。，．：；！？）】》」』〉％…,.:;!?)%")
NOT_LAST = set("（【《「『〈(")
PAD_X, PAD_TOP, PAD_BOTTOM = 3, 3, 2
Style = namedtuple("Style", "size leading color bold")
TEXT = Style(9, 12.6, HexColor("#1d2733"), False)
MUTED = TEXT._replace(size=8, color=HexColor("#66727f"))
HEAD = Style(8, 12.6, HexColor("#45525f"), True)
RULE, HEAD_RULE = (0.4, HexColor("#d5dbe1")), (1, HexColor("#14507a"))
Cell = namedtuple("Cell", "span right width lines")  # lines: [[(text, style), …], …]
Glyph = namedtuple("Glyph", "font width")
Run = namedtuple("Run", "x font style text")


def taken_out(html):
    """(the page with a mark for each long table, {mark: its HTML}); nothing is taken out of a page
    with scripts that need more than to be put side by side."""
    if JOINED.search(html):
        return html, {}
    found = {}

    def mark(table):
        name = f"table {hashlib.sha256(table[0].encode()).hexdigest()}"
        found[name] = table[0]
        return f"<p>{name}</p>"

    return TABLE.sub(mark, html), found


def put_back(story, tables, families):
    """The story of reportlab's with the tables where their marks stood."""
    return [
        Lines(*rows_of(tables[name]), families) if name in tables else flowable
        for flowable in story
        for name in [_text_of(flowable)]
    ]


def _text_of(flowable):
    return "".join(frag.text for frag in getattr(flowable, "frags", ()) if frag.text).strip()


class Rows(HTMLParser):
    """Reads rows, cells, line breaks, bold and muted words; the templates use no more in them."""

    def __init__(self):
        super().__init__()
        self.rows, self.styles = [], []

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            width = re.search(r"width: (\d+)%", attributes.get("style") or "")
            right = "right" in (attributes.get("class") or "")
            span = int(attributes.get("colspan") or 1)
            self.rows[-1].append(Cell(span, right, int(width[1]) if width else 0, [[]]))
            self.styles = [HEAD if tag == "th" else TEXT]
        elif tag == "br":
            self.rows[-1][-1].lines.append([])
        elif tag == "span" and attributes.get("class") == "muted":
            self.styles.append(MUTED)
        elif tag == "b":
            self.styles.append(self.styles[-1]._replace(bold=True))

    def handle_endtag(self, tag):
        if tag in ("td", "th"):
            self.styles = []
        elif tag in ("span", "b"):
            self.styles.pop()

    def handle_data(self, data):
        if self.styles and (text := re.sub(r"\s+", " ", data)):
            self.rows[-1][-1].lines[-1].append((text, self.styles[-1]))


def rows_of(html):
    """(the cells of the head, those of each row)."""
    parser = Rows()
    parser.feed(html)
    return parser.rows[0], parser.rows[1:]


class Glyphs(dict):
    """{(character, bold): its font and the width at size 1}, of the first family that has it."""

    def __init__(self, families):
        super().__init__()
        self.families = families

    def __missing__(self, key):
        character, bold = key
        names = [f"{family}_{int(bold)}0" for family in self.families]
        fonts = [pdfmetrics.getFont(name) for name in names]
        font = next((f for f in fonts if ord(character) in f.face.charToGlyph), fonts[0])
        width = font.face.charWidths.get(ord(character), font.face.defaultWidth) / 1000
        found = self[key] = Glyph(font.fontName, width)
        return found


class Lines(Flowable):
    """A table whose head is repeated on each page."""

    MOST = 40  # lines of one row that stay together

    def __init__(self, head, rows, families):
        super().__init__()
        self.head, self.rows, self.glyphs = head, rows, Glyphs(families)
        self.laid = None  # [(height, runs, its rule or None, whether it is a heading), …]

    def wrap(self, width, _height):
        if self.laid is None:
            self.width = width
            self.columns = self._columns()
            [self.top] = self._row(self.head, HEAD_RULE)
            self.laid = [part for row in self.rows for part in self._row(row, RULE)]
        self.height = self.top[0] + sum(part[0] for part in self.laid)
        return width, self.height

    def split(self, _width, height):
        count, left = 0, height - self.top[0]
        while count < len(self.laid) and self.laid[count][0] <= left:
            left -= self.laid[count][0]
            count += 1
        while count and self.laid[count - 1][3]:  # a heading goes with what is below it
            count -= 1
        return [self._part(self.laid[:count]), self._part(self.laid[count:])] if count else []

    def _part(self, laid):
        part = Lines(self.head, (), self.glyphs.families)
        part.glyphs, part.width, part.top, part.laid = self.glyphs, self.width, self.top, laid
        return part

    def draw(self):
        y = self.height
        for height, runs, rule, _heading in (self.top, *self.laid):
            for x, down, run in runs:
                self.canv.setFillColor(run.style.color)
                self.canv.setFont(run.font, run.style.size)
                self.canv.drawString(x, y - down, run.text)
            y -= height
            if rule:
                self.canv.setLineWidth(rule[0])
                self.canv.setStrokeColor(rule[1])
                self.canv.line(0, y, self.width, y)

    def _columns(self):
        """The left edge of each column, and of the end."""
        rest = 100 - sum(cell.width for cell in self.head)
        free = sum(not cell.width for cell in self.head)
        edges = [0]
        for cell in self.head:
            edges.append(edges[-1] + self.width * (cell.width or rest / free) / 100)
        return edges

    def _row(self, cells, rule):
        """The row as one part, or several where it is long."""
        column, placed, deepest = 0, [], 1
        for cell in cells:
            left, right = self.columns[column] + PAD_X, self.columns[column + cell.span] - PAD_X
            lines = []
            for pieces in cell.lines:  # an empty one counts where another follows
                lines += list(self._lines(pieces, right - left)) or [(0, [])]
            placed.append((left, right, cell.right, lines))
            column, deepest = column + cell.span, max(deepest, len(lines))
        heading = len(cells) == 1
        for begin in range(0, deepest, self.MOST):
            last = begin + self.MOST >= deepest
            height = PAD_TOP + TEXT.leading * min(self.MOST, deepest - begin) + PAD_BOTTOM
            yield height, list(_runs(placed, begin, begin + self.MOST)), last and rule, heading

    def _lines(self, pieces, width):
        """[(width, runs)] of the text, cut where it is full."""
        characters = [(c, style) for text, style in pieces for c in text]
        at = 0
        while at < len(characters):
            while at < len(characters) and characters[at][0] == " ":
                at += 1
            end = self._end(characters, at, width)
            if at < end:
                yield self._together(characters[at:end])
            at = end

    def _end(self, characters, at, width):
        """Where the line ends that begins at this character."""
        used, fits = 0, at
        for n in range(at, len(characters)):
            character, style = characters[n]
            used += self.glyphs[character, style.bold].width * style.size
            if used > width + 0.01 and character != " ":
                return fits if fits > at else max(n, at + 1)
            if n + 1 == len(characters) or _may_end(character, characters[n + 1][0]):
                fits = n + 1
        return len(characters)

    def _together(self, characters):
        while characters[-1][0] == " ":
            characters.pop()
        runs, x = [], 0
        for character, style in characters:
            font, width = self.glyphs[character, style.bold]
            if runs and (runs[-1].font, runs[-1].style) == (font, style):
                runs[-1] = runs[-1]._replace(text=runs[-1].text + character)
            else:
                runs.append(Run(x, font, style, character))
            x += width * style.size
        return x, runs


def _may_end(before, after):
    """Whether a line may end between these characters."""
    if before in " -/":
        return after != " " or before == " "
    wide = before >= WIDE or after >= WIDE
    return wide and after not in NOT_FIRST and before not in NOT_LAST


def _runs(placed, begin, end):
    """(x, how far below the top, run) of these lines of each cell."""
    for left, right, to_the_right, lines in placed:
        for n, (width, runs) in enumerate(lines[begin:end]):
            start = right - width if to_the_right else left
            for run in runs:
                yield start + run.x, PAD_TOP + n * TEXT.leading + TEXT.size, run
