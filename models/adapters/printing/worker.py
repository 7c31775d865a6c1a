"""Runs in a process of its own: HTML to PDF. Imports little, since fonts register process-wide."""

import datetime as dt
import functools
import hashlib
import io
import logging
import multiprocessing
import os
import threading

from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics, ttfonts
from xhtml2pdf import document, pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.default import DEFAULT_FONT

from models.adapters.printing import fonts, lines

STATIC = fonts.FOLDER.parent
NICENESS = 5


def begin():
    """Leave the processor to whoever answers people, and end with the portal."""
    if hasattr(os, "nice"):  # not on Windows
        os.nice(NICENESS)
    end_with_parent()


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


def _story_with(tables, families):
    """xhtml2pdf's step from HTML to reportlab's story, which then gets the long tables."""

    def story(*args, **kwargs):
        context = document_story(*args, **kwargs)
        context.story = lines.put_back(context.story, tables, families)
        return context

    return story


document_story = document.pisaStory


def convert(html, day="", own=None):
    """(PDF bytes, warnings). Nothing outside static/ and no remote address is read. The file bears
    the ISO date `day`, so that the same page gives the same bytes on any day; `own` is the firm's
    font where the page needs it."""
    own = [register_own(own)] if own else []
    html, families = fonts.prepared(html, own)
    for family in families[: len(families) - len(own)]:
        register(family)
    html, tables = lines.taken_out(html)
    document.pisaStory = _story_with(tables, families)
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
