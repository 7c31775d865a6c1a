"""The manual inside the product: chapters, search, pictures."""

import re

from flask import abort, render_template, send_file, url_for
from flask_babel import get_locale

from models.governance import handbook, manual
from views.markdown import markdown
from views.web.auth import staff_only
from views.web.blueprints import StaffBlueprint
from views.web.fields import query_text

bp = StaffBlueprint("manual", __name__, url_prefix="/manual", menu="manual", help="01-overview")
LINK = re.compile(r"(!?)\[([^\]]*)\]\(([^)]*)\)")


def here():
    """The language the reader reads in."""
    return str(get_locale())[:2]


@bp.get("/")
@staff_only
def index():
    text = query_text("q")
    return render_template(
        "staff/manual/index.html",
        every=manual.sections(here()),
        text=text,
        found=manual.found(text, here()),
    )


@bp.get("/<key>")
@staff_only
def show(key):
    """`rule`: the section of the handbook beside it, as the help of a page names it."""
    section = manual.section(key, here()) or abort(404)
    rule = query_text("rule")
    return render_template(
        "staff/manual/show.html",
        section=section,
        text=markdown(LINK.sub(_within, section.text), pictures=True),
        every=manual.sections(here()),
        rule=rule and handbook.section(rule, here()),
    )


@bp.get("/pictures/<any(zh, en):language>/<name>")
@staff_only
def picture(language, name):
    return send_file(manual.picture(name, language) or abort(404), mimetype="image/png")


@bp.get("/pictures/<name>")
@staff_only
def shared_picture(name):
    """One for both languages."""
    return send_file(manual.picture(name) or abort(404), mimetype="image/png")


def _within(match):
    """The link as it works inside the product; what lies only beside the source is plain text."""
    mark, words, target = match.groups()
    if chapter := re.match(r"#(\d+)-", target):
        address = url_for("manual.show", key=chapter[1])
    elif target.removesuffix(".md") in manual.MORE:
        address = url_for("manual.show", key=target.removesuffix(".md"))
    elif target.startswith("../pictures/"):
        *language, name = target.removeprefix("../pictures/").split("/")
        address = (
            url_for("manual.picture", language=language[0], name=name)
            if language
            else url_for("manual.shared_picture", name=name)
        )
    elif target.startswith("http"):
        address = target
    else:
        return words
    return f"{mark}[{words}]({address})"
