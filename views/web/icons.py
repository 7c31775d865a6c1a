"""The icons of the pages, all in one file."""

import functools

from flask import url_for
from markupsafe import Markup

OF_KINDS = {
    "quote": "file-text",
    "order": "clipboard-list",
    "delivery_note": "truck",
    "invoice": "receipt",
    "credit_note": "file-minus",
    "statement": "scale",
    "reminder": "bell",
}


def icon(name, tone=""):
    """A global of the templates and not a macro of theirs: a page has a hundred."""
    return _drawn(url_for("static", filename="icons.svg"), name, f"icon {tone}".strip())


@functools.lru_cache(1024)
def _drawn(file, name, classes):
    tag = '<svg class="%s" aria-hidden="true" focusable="false"><use href="%s#%s"></use></svg>'
    return Markup(tag) % (classes, file, name)


def kind_icon(kind):
    return icon(OF_KINDS.get(kind, "file-text"))
