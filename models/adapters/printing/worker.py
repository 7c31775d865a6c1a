"""Runs in a process of its own: HTML to PDF. Imports little, since fonts register process-wide."""

import datetime as dt
import functools
import io
import logging
import multiprocessing
import os
import threading
from pathlib import Path

import pypdfium2
from reportlab.lib.fonts import addMapping
from reportlab.pdfbase import pdfmetrics, ttfonts
from xhtml2pdf import pisa
from xhtml2pdf.config.resources import ResourceAccessPolicy
from xhtml2pdf.default import DEFAULT_FONT

STATIC = Path(__file__).resolve().parents[3] / "static"


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
def fonts():
    """Make "Noto" known once for each worker. Named by @font-face, every paper would read and hash
    20 MB of fonts anew."""
    for bold, name in enumerate(("Regular", "Bold")):
        pdfmetrics.registerFont(
            ttfonts.TTFont(f"Noto_{bold}0", STATIC / "fonts" / f"NotoSansSC-{name}.ttf")
        )
        for italic in (0, 1):
            addMapping("Noto", bold, italic, f"Noto_{bold}0")
    DEFAULT_FONT["noto"] = "Noto"


def convert(html, day=""):
    """(PDF bytes, warnings). Nothing outside static/ and no remote address is read. The file bears
    the ISO date `day`, so that the same page gives the same bytes on any day."""
    fonts()
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
