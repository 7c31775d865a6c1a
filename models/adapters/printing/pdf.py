"""Frozen content as a PDF: the same content gives the same bytes."""

import base64
import io

import segno

from models import payment_details
from models.adapters.printing import own_font, pool
from models.adapters.printing.environment import html
from models.core import database
from models.core.dates import FORMATS

OWN_PAGE = ("reminder", "statement", "certificate")


def render(content, images=None, draft=False):
    """The PDF's bytes. Raises PdfFailed when it cannot be made or twice takes too long."""
    return render_with_warnings(content, images, draft)[0]


def render_with_warnings(content, images=None, draft=False):
    """(bytes, what the renderer complained of)"""
    day = content.get("issued_on") or content.get("date") or ""
    return _convert(html_of(content, images, draft), day, content["seller"].get("font"))


def page(template, language, font=None, **facts):
    """Another page of ours as PDF bytes, such as a certificate; nothing is kept. `font` is the
    SHA-256 of the firm's own, `dates` among the facts how it writes dates."""
    return _convert(html(f"pdf/{template}.html", language, **facts), font=font)[0]


def stamped(data, across="", note=""):
    """The PDF with big words across each page, and a note in the upper margin of the first."""
    database.check_no_transaction("a PDF is laid out")
    return pool.call("stamp", data, across, note, tries=2, module=pool.STAMPING)


def html_of(content, images=None, draft=False):
    """The content as HTML in its own language."""
    pictures = {name: _data_url(data) for name, data in (images or {}).items()}
    if content.get("portal_url"):
        pictures["qr"] = _data_url(_qr(content["portal_url"]))
    if content.get("pay") and not draft:
        pictures["pay"] = _data_url(payment_details.epc_png(content["pay"]))
    return html(
        f"pdf/{content['kind'] if content['kind'] in OWN_PAGE else 'document'}.html",
        content["language"],
        paper=content,
        draft=draft,
        images=pictures,
        dates=content["seller"].get("dates", FORMATS["iso"]),
    )


def _convert(text, day="", font=None):
    """(bytes, warnings) of the HTML; `day` is the date that the file bears, `font` the SHA-256 of
    the firm's own."""
    database.check_no_transaction("a PDF is laid out")
    return pool.call("convert", text, day, own_font.needed_for(text, font), tries=2)


def _data_url(data):
    kind = "png" if data[:4] == b"\x89PNG" else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _qr(address):
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="png", scale=4, border=1)
    return out.getvalue()
