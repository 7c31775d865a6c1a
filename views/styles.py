"""All style sheets in one answer: a page asks once, and a browser keeps it until one changes; and
the icon of what is no page."""

import functools
import hashlib
import re
from pathlib import Path

from flask import Blueprint, Response, current_app, url_for

from views.web.auth import before_setup

bp = Blueprint("styles", __name__)
IMPORT = re.compile(r'@import url\("([^"]+)"\) layer\((\w+)\);')


@functools.cache
def sheet(folder):
    """static/danju.css with every file that it imports written out in its layer."""

    def written(match):
        return f"@layer {match[2]} {{\n{(folder / match[1]).read_text()}\n}}"

    return IMPORT.sub(written, (folder / "danju.css").read_text())


@functools.cache
def version(folder):
    """A version that changes with any of the style sheets."""
    return hashlib.sha256(sheet(folder).encode()).hexdigest()[:12]


def address():
    """The address of this version, in the folder of the pictures that the style sheets name."""
    return url_for("styles.show", v=version(Path(current_app.static_folder)))


@bp.get("/static/all.css")
@before_setup
def show():
    answer = Response(sheet(Path(current_app.static_folder)), mimetype="text/css")
    answer.headers["Cache-Control"] = "public, max-age=31536000, immutable"
    return answer


@bp.get("/favicon.ico")
@before_setup
def icon():
    """Asked for by browsers beside a PDF or picture, which names no icon as our pages do."""
    answer = current_app.send_static_file("favicon.svg")
    answer.headers["Cache-Control"] = "public, max-age=86400"
    return answer
