"""Every page that a test opens, made once more by the templates of an earlier revision: both must
say the same. For changes of templates that should change nothing that one sees:

    SAME_TEXT_AS=<revision> pytest -n 3 tests/views tests/test_audience.py

What differs lies in .venv/same-text, a file for each template. EXPECTED names the words that have
changed on purpose."""

import difflib
import re
import subprocess
import tempfile
from html.parser import HTMLParser
from pathlib import Path

import flask.templating
import jinja2

INLINE = set(
    "a abbr b bdi cite code em i kbd label mark q s small span strong sub sup time u wbr".split()
)
SHOWN = ("placeholder", "title", "aria-label", "alt", "value", "data-tip")
# (as it was said, as it is said): since 1.0.0 a document is called by one word
EXPECTED = ((r"\bpaper(s?)\b", r"document\1"), (r"\bPaper(s?)\b", r"Document\1"))
DIFFERENCES = Path(__file__).resolve().parents[2] / ".venv" / "same-text"


class Text(HTMLParser):
    """What one sees of a page: words, where links and forms lead, names of fields, labels."""

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.parts = []

    def handle_starttag(self, tag, attrs):
        if tag not in INLINE:
            self.parts.append("\n")
        attrs = dict(attrs)
        for name in ("href", "action", "formaction", "name", "hx-get", "hx-post", *SHOWN):
            is_random = name == "value" and attrs.get("name") == "idempotency_key"
            if attrs.get(name) and not is_random:
                self.parts.append(f"\n<{tag} {name}={attrs[name]}>\n")
        for name in ("checked", "selected", "disabled", "required", "open", "readonly"):
            if name in attrs:
                self.parts.append(f"\n<{tag} {name}>\n")

    def handle_endtag(self, tag):
        self.lasttag = ""
        if tag not in INLINE:
            self.parts.append("\n")

    def handle_data(self, data):
        keeps_lines = self.lasttag in ("pre", "textarea")
        self.parts.append(data.replace("\n", "¶" if keeps_lines else " "))


def text_of(html):
    """Lines of what one sees, blanks run together."""
    reader = Text()
    reader.feed(html)
    lines = (re.sub(r"\s+", " ", line).strip() for line in "".join(reader.parts).split("\n"))
    return [line for line in lines if line]


def reworded(line):
    """The line with the words of today; addresses are left as they are."""
    if not line.startswith("<"):
        for old, new in EXPECTED:
            line = re.sub(old, new, line)
    return line


def earlier(revision):
    """The folder of the templates of that revision."""
    folder = Path(tempfile.mkdtemp(prefix="templates-"))
    archive = subprocess.run(
        ["git", "archive", revision, "templates"], check=True, capture_output=True
    )
    subprocess.run(["tar", "x", "-C", str(folder)], input=archive.stdout, check=True)
    return folder / "templates"


def watch(revision):
    """Compare every page from now on."""
    DIFFERENCES.mkdir(parents=True, exist_ok=True)
    loader = jinja2.FileSystemLoader(earlier(revision))
    render_template = flask.templating._render
    environments = {}

    def render(app, template, context):
        out = render_template(app, template, context)
        if template.name and template.name.endswith(".html"):
            if id(app) not in environments:
                environments[id(app)] = app.jinja_env.overlay(loader=loader, cache_size=400)
                environments[id(app)].globals = app.jinja_env.globals
                environments[id(app)].translated = {}
            try:
                before = environments[id(app)].get_template(template.name)
            except jinja2.TemplateNotFound:
                return out
            text_before = [reworded(line) for line in text_of(before.render(dict(context)))]
            text_now = [reworded(line) for line in text_of(out)]
            if text_before != text_now:
                lines = difflib.unified_diff(
                    text_before, text_now, "before", "now", n=1, lineterm=""
                )
                (DIFFERENCES / template.name.replace("/", "_")).write_text("\n".join(lines))
        return out

    flask.templating._render = render
