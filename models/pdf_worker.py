"""Runs in a process of its own: HTML to PDF. Imports little, since fonts register process-wide."""
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


def convert(html):
    """(PDF bytes, warnings). Nothing outside static/ and no remote address is read."""
    from xhtml2pdf import pisa
    from xhtml2pdf.config.resources import ResourceAccessPolicy
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
