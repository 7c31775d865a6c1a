"""Runs in a process of its own: HTML to PDF. Imports little, since fonts register process-wide."""

import datetime as dt
import functools
import hashlib
import io
import logging
import multiprocessing
import os
import threading

import pypdfium2
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics, ttfonts
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.default import DEFAULT_FONT

from models.adapters.printing import fonts

STATIC = fonts.FOLDER.parent
FORBIDDEN = 0x0302  # bits of fsType: restricted, no subsets, bitmaps alone


def end_with_parent():
    """Let this process end when the portal does, however that ends: its queue would never say so,
    for each worker holds an end of the queue itself."""

    def watch():
        multiprocessing.parent_process().join()
        os._exit(1)

    threading.Thread(target=watch, name="end with parent", daemon=True).start()


class Warnings(logging.Handler):
    """Collects what xhtml2pdf complains of."""

    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


@functools.cache
def register(family):
    """Make a family of fonts/ known, once for each worker. Named by @font-face, every document
    would read and hash its fonts anew."""
    for bold, weight in enumerate(("Regular", "Bold")):
        file = fonts.FOLDER / f"{family}-{weight}.ttf"
        if not file.exists():
            file = fonts.FOLDER / f"{family}-Regular.ttf"
        _register(family, bold, file)


def register_own(data):
    """Make the firm's own font known, for both weights. Returns its family."""
    family = f"Own{hashlib.sha256(data).hexdigest()[:16]}"
    if family.lower() not in DEFAULT_FONT:
        for bold in (0, 1):
            _register(family, bold, io.BytesIO(data))
    return family


def _register(family, bold, file):
    pdfmetrics.registerFont(ttfonts.TTFont(f"{family}_{bold}0", file))
    for italic in (0, 1):
        addMapping(family, bold, italic, f"{family}_{bold}0")
    DEFAULT_FONT[family.lower()] = family


def font_facts(data):
    """(name, characters) of a TrueType font. Raises when it is damaged or may not be embedded."""
    face = ttfonts.TTFontFile(io.BytesIO(data))
    if "OS/2" in face.table and int.from_bytes(face.get_table("OS/2")[8:10]) & FORBIDDEN:
        raise ValueError("may not be embedded")
    codes = [code for code, glyph in face.charToGlyph.items() if glyph and code > 32]
    face.makeSubset(codes)  # reads every outline, as printing would
    name = face.name.decode("ascii", "ignore") if isinstance(face.name, bytes) else str(face.name)
    return name, "".join(chr(code) for code in codes if not 0xD800 <= code <= 0xDFFF)


def _to_unicode(font, subset):
    """reportlab's table from glyphs to characters, in which those beyond U+FFFF are pairs of
    UTF-16, as readers expect it: else another character would be found and copied."""
    table = _to_unicode_bmp(font, subset)
    for place, code in enumerate(subset):
        if code > 0xFFFF:
            pair = chr(code).encode("utf-16-be").hex().upper()
            table = table.replace(f"<{place:02X}> <{code:04X}>", f"<{place:02X}> <{pair}>")
    return table


_to_unicode_bmp, ttfonts.makeToUnicodeCMap = ttfonts.makeToUnicodeCMap, _to_unicode


def convert(html, day="", own=None):
    """(PDF bytes, warnings). Nothing outside static/ and no remote address is read. The file bears
    the ISO date `day`, so that the same page gives the same bytes on any day; `own` is the firm's
    font where the page needs it."""
    own = [register_own(own)] if own else []
    html, families = fonts.prepared(html, own)
    for family in families[: len(families) - len(own)]:
        register(family)
    warnings, out = Warnings(), io.BytesIO()
    moment = dt.datetime.fromisoformat(f"{day or '2000-01-01'}T00:00:00+00:00")
    os.environ["SOURCE_DATE_EPOCH"] = str(int(moment.timestamp()))  # reportlab reads it
    logger = logging.getLogger("xhtml2pdf")
    logger.addHandler(warnings)
    try:
        policy = ResourceAccessPolicy.server(base_dir=STATIC, allow_remote=False)
        status = pisa.CreatePDF(
            html, dest=out, encoding="utf-8", path=str(STATIC) + "/", resource_policy=policy
        )
    finally:
        logger.removeHandler(warnings)
    if status.err:
        raise RuntimeError("; ".join(warnings.lines)[:500] or "xhtml2pdf failed")
    return out.getvalue(), warnings.lines


def text(data):
    """The words of a PDF, page by page. Raises when it cannot be opened."""
    found = pypdfium2.PdfDocument(data)
    try:
        pages = []
        for page in found:
            words = page.get_textpage()
            pages.append(words.get_text_bounded())
            words.close()
            page.close()
        return "\n".join(pages)
    finally:
        found.close()


def first_page(data, width):
    """The first page as a PNG picture, so many pixels wide."""
    document = pypdfium2.PdfDocument(data)
    try:
        page, out = document[0], io.BytesIO()
        page.render(scale=width / page.get_width()).to_pil().save(out, format="PNG")
        return out.getvalue()
    finally:
        document.close()


def rows(data, pages=2, most=4000):
    """The words of the first pages, put together to rows by where they stand, each from left to
    right."""
    document = pypdfium2.PdfDocument(data)
    try:
        return [row for page in list(document)[:pages] for row in _rows_of(page, most)]
    finally:
        document.close()


def _rows_of(page, most):
    words = page.get_textpage()
    boxes = [words.get_rect(i) for i in range(min(words.count_rects(), most))]
    parts = [
        (
            left,
            (bottom + top) / 2,
            top - bottom,
            words.get_text_bounded(left, bottom, right, top).strip(),
        )
        for left, bottom, right, top in boxes
    ]
    grouped = []
    for left, middle, height, word in sorted(
        (part for part in parts if part[3]), key=lambda part: -part[1]
    ):
        if grouped and grouped[-1][0] - middle < max(2, height / 2):
            grouped[-1][1].append((left, word))
        else:
            grouped.append((middle, [(left, word)]))
    return [
        " ".join(word for _, word in sorted(row)).replace("\r", "").replace("\n", " ")
        for _, row in grouped
    ]
