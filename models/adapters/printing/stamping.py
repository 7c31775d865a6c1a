"""Runs in a worker process: words laid over the pages of a PDF that is already made."""

import functools
import io

from pypdf import PdfReader, PdfWriter
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics, ttfonts
from reportlab.pdfgen.canvas import Canvas

from models.adapters.printing.worker import STATIC

FONT = "Stamp"
RED = (0.7, 0.15, 0.12)


@functools.cache
def _font():
    path = STATIC / "fonts" / "NotoSansSC-Bold.ttf"
    pdfmetrics.registerFont(ttfonts.TTFont(FONT, path))


def stamp(data, across="", note=""):
    """The PDF with `across` in big letters over each page and `note` in the upper margin of the
    first."""
    _font()
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for page in writer.pages:
        box = page.mediabox
        overlay = _overlay(float(box.width), float(box.height), across, note)
        page.merge_page(PdfReader(io.BytesIO(overlay)).pages[0])
        note = ""
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def _overlay(width, height, across, note):
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(width, height))
    if note:
        canvas.setFont(FONT, 8)
        canvas.drawRightString(width - 18 * mm, height - 10 * mm, note)
    if across:
        size = min(90, 0.9 * width / pdfmetrics.stringWidth(across, FONT, 1))
        canvas.setFillColorRGB(*RED, alpha=0.35)
        canvas.translate(width / 2, height / 2)
        canvas.rotate(40)
        canvas.setFont(FONT, size)
        canvas.drawCentredString(0, -size / 3, across)
    canvas.save()
    return out.getvalue()
