"""Runs in a process of its own: HTML to PDF. Imports little, since fonts register process-wide."""
import functools
import io
import logging
from pathlib import Path

STATIC = Path(__file__).resolve().parent.parent / "static"


class Heard(logging.Handler):
    def __init__(self):
        super().__init__(logging.WARNING)
        self.lines = []

    def emit(self, record):
        self.lines.append(record.getMessage())


@functools.cache
def fonts():
    """Make "Noto" known once for each worker. Named by @font-face, every paper would read and hash 20 MB of fonts anew."""
    from reportlab.lib.fonts import addMapping
    from reportlab.pdfbase import pdfmetrics, ttfonts
    from xhtml2pdf.default import DEFAULT_FONT
    for bold, name in enumerate(("Regular", "Bold")):
        pdfmetrics.registerFont(ttfonts.TTFont(f"Noto_{bold}0", STATIC / "fonts" / f"NotoSansSC-{name}.ttf"))
        for italic in (0, 1):
            addMapping("Noto", bold, italic, f"Noto_{bold}0")
    DEFAULT_FONT["noto"] = "Noto"


def convert(html):
    """(PDF bytes, warnings). Nothing outside static/ and no remote address is read."""
    from xhtml2pdf import pisa
    from xhtml2pdf.config.resources import ResourceAccessPolicy
    fonts()
    heard, out = Heard(), io.BytesIO()
    logger = logging.getLogger("xhtml2pdf")
    logger.addHandler(heard)
    try:
        policy = ResourceAccessPolicy.server(base_dir=STATIC, allow_remote=False)
        status = pisa.CreatePDF(html, dest=out, encoding="utf-8", path=str(STATIC) + "/", resource_policy=policy)
    finally:
        logger.removeHandler(heard)
    if status.err:
        raise RuntimeError("; ".join(heard.lines)[:500] or "xhtml2pdf failed")
    return out.getvalue(), heard.lines


def text(data):
    """The words of a PDF, page by page. Raises when it cannot be opened."""
    import pypdfium2
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
