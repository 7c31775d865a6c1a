"""The Jinja environment of what is printed: templates, translations and money, no request, no
signed-in person, no address of a page."""

import functools
from pathlib import Path

import jinja2
from babel.support import Translations

from models.core.dates import FORMATS, written
from models.core.money import format_money

ROOT = Path(__file__).resolve().parents[3]
PIECE = 1000  # bits of text


@jinja2.pass_context
def _day(context, value):
    """A frozen day as the seller wrote dates on the day it was frozen."""
    return written(value, context.get("dates", FORMATS["iso"]))


@functools.cache
def _environment(language):
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(ROOT / "templates"),
        extensions=["jinja2.ext.i18n"],
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.install_gettext_translations(
        Translations.load(ROOT / "translations", [language]), newstyle=True
    )
    made.filters |= {"money": format_money, "day": _day}
    made.globals["N_"] = str  # marks a sentence of a table, as in app.py
    return made


def html(template, language, **facts):
    """A template under templates/, filled with these facts in this language ("zh" or "en")."""
    return _environment(language).get_template(template).render(language=language, **facts)


def pieces(template, language, **facts):
    """The same, piece by piece."""
    stream = _environment(language).get_template(template).stream(language=language, **facts)
    stream.enable_buffering(PIECE)
    return stream
