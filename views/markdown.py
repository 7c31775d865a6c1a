"""Texts of the handbook and the courses as HTML: no raw HTML, no script address, no picture from
elsewhere."""

from markdown_it import MarkdownIt
from markupsafe import Markup


def _reader():
    """A wide table is moved sideways on a phone, by whoever has no finger too."""
    reader = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable("table")
    for name, html in {
        "table_open": '<div class="table-wrap" tabindex="0"><table>\n',
        "table_close": "</table></div>\n",
    }.items():
        reader.add_render_rule(name, lambda *_facts, html=html: html)
    return reader


_plain, _with_pictures = _reader().disable("image"), _reader()


def markdown(text, pictures=False):
    """`pictures`: also those that the text names, for texts of ours alone."""
    return Markup((_with_pictures if pictures else _plain).render(text))
