"""Readers of what a request brings outside a form class. `form_…` refuses what cannot be used;
`query_…` falls back, as people keep and edit addresses."""

import datetime as dt
import re
from functools import wraps

from flask import g, request

from models.adapters import blobs
from models.core.errors import Refused, refuse
from models.core.money import SYMBOLS, parse_money, parse_scaled
from views.web.days import read_day
from views.web.scanning import content
from views.web.scope import get_or_404

CONTROLS = r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff"
# Direction marks make "gpj.exe" read "exe.jpg": never in a name; in a text only the two that force
# a direction.
IN_LINE = re.compile(rf"[{CONTROLS}\t\n\r\u2028\u2029\u202a-\u202e\u2066-\u2069]")
IN_TEXT = re.compile(rf"[{CONTROLS}\u202d\u202e]")
REQUIRED = object()  # the `empty` of a field that must be filled in


def marked(reader):
    """The page shows the refusal at the field whose reader refused."""

    @wraps(reader)
    def read(name, *args, **kwargs):
        try:
            return reader(name, *args, **kwargs)
        except Refused:
            g.wrong_field = name
            raise

    return read


@marked
def form_text(name, most, lines=True):
    """Refused when too long or not printable, never cut."""
    text = _typed(name)
    len(text) <= most or refuse("text_too_long", most=most)
    if unprintable(text, lines):
        refuse("text_unprintable")
    return text


@marked
def form_choice(name, choices):
    """One of the choices."""
    chosen = request.form.get(name, "")
    return chosen if chosen in choices else refuse("choice_unknown")


@marked
def form_choices(name, choices):
    """Those of the choices that are ticked."""
    chosen = request.form.getlist(name)
    return chosen if set(chosen) <= set(choices) else refuse("choice_unknown")


def form_id(name):
    """An id or another whole number, 0 where there is none."""
    return parse_id(_typed(name))


def form_chosen(name, rows):
    """The one of the rows that the field names, None where it is empty; 404 for any other."""
    return get_or_404(rows, form_id(name)) if request.form.get(name) else None


def page_of(count, size):
    """(the page that the query string asks for, how many there are) of so many rows."""
    pages = max(1, -(-count // size))
    return min(max(query_id("page"), 1), pages), pages


def form_ids(name, most=None):
    """The ids of what is ticked, at most the first `most`."""
    return {parse_id(text) for text in request.form.getlist(name)[:most]}


@marked
def form_amount(name, currency, empty=REQUIRED):
    """In minor units."""
    text = _typed(name)
    return empty if not text and empty is not REQUIRED else parse_amount(text, currency)


@marked
def form_number(name, scale, least, most, empty):
    """A decimal number within bounds, as an integer of 1/10**scale."""
    text = _typed(name)
    if not text:
        return empty
    try:
        value = parse_scaled(text, scale)
    except ValueError:
        refuse("amount_unreadable")
    return value if least <= value <= most else refuse("amount_unreadable")


def form_currency(empty=""):
    """A currency we keep books in; `empty` where the field was not sent."""
    return parse_currency(request.form.get("currency", empty))


@marked
def form_day(name, empty=REQUIRED):
    """A day of business."""
    text = _typed(name)
    return empty if not text and empty is not REQUIRED else parse_day(text)


@marked
def form_file(name, most):
    """(bytes, file name) of an upload, empty where there is none; one byte more than `most` is
    read, so that it is refused. Refused too when the virus scanner finds something."""
    upload = request.files.get(name)
    if not upload or not upload.filename:
        return b"", ""
    blobs.check_room()
    return content(upload, most), upload.filename


def form_files(names, most, most_bytes):
    """[(bytes, file name)] of the uploads of these fields."""
    found = [u for name in names for u in request.files.getlist(name) if u and u.filename]
    found or refuse("file_missing")
    len(found) <= most or refuse("files_many", most=most)
    blobs.check_room()
    return [(content(upload, most_bytes), upload.filename) for upload in found]


def query_text(name, most=100):
    return request.args.get(name, "").replace("\0", "").strip()[:most]


def query_id(name):
    return parse_id(query_text(name))


def query_day(name):
    """The day, or None."""
    return read_day(query_text(name))


def query_month(name):
    """The first day of the month, or None."""
    return _month(query_text(name))


def unprintable(text, lines=False):
    """True when the text holds control characters or hidden turns of direction; `lines` allows
    several lines."""
    return bool((IN_TEXT if lines else IN_LINE).search(text))


def parse_id(text):
    """An id as typed, or 0. `isdigit` would let "²" pass, which is no number."""
    return int(text) if text.isdecimal() and len(text) < 10 else 0


def parse_amount(text, currency):
    """In minor units. Refused when it is no number."""
    try:
        return parse_money(text, currency)
    except ValueError:
        refuse("amount_unreadable")


def parse_currency(text):
    """Refused when we keep no books in it."""
    return text if text in SYMBOLS else refuse("currency_unknown")


def parse_day(text):
    """Refused when it is no day of business."""
    return read_day(text) or refuse("day_unreadable")


def parse_month(text):
    """The first day of the month. Refused when it is none."""
    return _month(text) or refuse("month_unreadable")


def _typed(name):
    return request.form.get(name, "").strip()


def _month(text):
    try:
        first = dt.datetime.strptime(text, "%Y-%m").date()
    except ValueError:
        return None
    return first if 1900 < first.year < 2999 else None
