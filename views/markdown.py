"""Texts of the handbook and the courses as HTML: no raw HTML, no script address, no picture from
elsewhere."""

from markdown_it import MarkdownIt
from markupsafe import Markup

_reader = (
    MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table").disable("image")
)


def markdown(text):
    return Markup(_reader.render(text))
