"""The reader's language."""

from flask import (
    g,
    request,
)

from views.web.cookies import cookie_name
from views.web.firm import firm
from views.web.scope import person


def N_(text):
    """Mark a sentence of a table for the translators: it is translated when it is chosen, where the
    reader is known."""
    return text


def chosen_language():
    """What the reader chose by the switch, or nothing."""
    chosen = request.cookies.get(cookie_name("language"))
    return chosen if chosen in ("zh", "en") else ""


def language():
    """The reader's language: the person's, else the cookie's, else the browser's, else the
    firm's."""
    if not request:
        return None
    chosen = chosen_language()
    if chosen:
        return chosen
    if person().is_authenticated:
        return person().language
    ours = None if g.get("gone") else firm()
    return request.accept_languages.best_match(["zh", "en"]) or (ours.language if ours else "zh")
