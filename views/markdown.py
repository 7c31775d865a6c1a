"""Texts of the handbook and the courses as HTML: no raw HTML, no script address, no picture from
elsewhere."""

from markdown_it import MarkdownIt
from markupsafe import Markup


def _reader():
    return MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")


_plain, _with_pictures = _reader().disable("image"), _reader()


def markdown(text, pictures=False):
    """`pictures`: also those that the text names, for texts of ours alone."""
    return Markup((_with_pictures if pictures else _plain).render(text))
