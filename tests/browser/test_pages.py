"""Every page of a lively firm, at both widths, in both languages, light and dark; with
PICTURES=folder the manual's pictures."""

import io
import os
import shutil
from pathlib import Path

import pytest
from PIL import Image

from models.core.lease import Lease
from models.customers import Contact
from models.documents import Document
from models.people import Session, User
from tests.browser.conftest import serve
from tests.support.sets import FULL

PICTURES = os.environ.get("PICTURES")
LOOKS = (
    ("zh", "light", 1280, 900),
    ("en", "dark", 390, 844),
    ("en", "light", 1280, 900),
    ("zh", "dark", 390, 844),
)
OUT_OF_PANEL = """[...document.querySelectorAll("main .panel table")].filter(
  t => !t.closest(".table-wrap")
    && t.getBoundingClientRect().right > t.closest("aside, main").getBoundingClientRect().right + 1
).map(t => t.tHead?.innerText)"""
MANUAL = {
    "/": "today",
    "/documents/": "documents",
    "/numbers/": "number-book",
    "/portal/": "portal",
}
# A head that sticks to its panel instead of the window lies over the first row.
COVERED = """[...document.querySelectorAll('table')].some(
  t => t.tHead && t.tBodies[0]?.rows.length && t.tHead.offsetHeight > 2
    && t.tHead.rows[0].cells[0].getBoundingClientRect().bottom
      > t.tBodies[0].rows[0].getBoundingClientRect().top + 2
)"""
TWICE = """[...document.querySelectorAll("[id]")].map(e => e.id)
  .filter((id, n, all) => all.indexOf(id) !== n)"""
NO_PAGE = {
    "tasks.count",
    "duplicates.alike",
    "duplicates.alike_contact",
    "flows.step",
    "home.month",
    "insights.preview",
    "portal_home.logo",
}  # pieces and pictures


def addresses(app, contact):
    """Paths of the pages that one may open without naming a thing, and a few that name one."""
    for rule in app.url_map.iter_rules():
        audience = getattr(app.view_functions[rule.endpoint], "audience", ())
        if (
            "GET" in rule.methods
            and not rule.arguments
            and rule.endpoint not in NO_PAGE
            and "." not in rule.rule
            and not {"public", "setup"} & set(audience)
            and ("contact" in audience if contact else set(audience) - {"contact"})
        ):
            yield rule.rule


def things(contact):
    invoice = (
        Document.select()
        .where(Document.kind == "invoice", Document.state == "issued", Document.customer == 1)
        .order_by(Document.id.desc())
        .get()
    )
    if contact:
        return [f"/portal/documents/{invoice.id}"]
    draft, asked = (
        Document.get(Document.state == "draft"),
        Document.get(Document.state == "submitted"),
    )
    return [
        f"/documents/{invoice.id}",
        f"/documents/{draft.id}",
        f"/documents/{draft.id}/edit",
        f"/documents/{asked.id}",
        "/customers/1",
        "/customers/1/edit",
        "/customers/1/contacts/new",
        "/products/1/edit",
        "/people/2/edit",
        "/flows/2/edit",
    ]


@pytest.fixture
def lively(demo_home, tmp_path, mailbox):
    """The demo firm, served."""
    shutil.copytree(demo_home / "data", tmp_path, dirs_exist_ok=True)
    with serve(tmp_path, mailbox) as made:
        yield made


def keep(page, path):
    """The window as a small picture for the manual."""
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(page.screenshot())).convert(
        "P", palette=Image.Palette.ADAPTIVE, colors=96
    ).save(path, optimize=True)


def look_at(browser, portal, person, paths, troubles, shown):
    for n, (language, theme, width, height) in enumerate(LOOKS):
        context = browser.new_context(
            base_url=portal, color_scheme=theme, viewport={"width": width, "height": height}
        )
        context.add_cookies(
            [
                {"name": "danju_sid", "value": Session.start(person), "url": portal},
                {"name": "language", "value": language, "url": portal},
            ]
        )
        page = context.new_page()
        page.on(
            "console",
            lambda m, page=page: m.type == "error" and troubles.append(f"{page.url} {m.text}"),
        )
        page.on("pageerror", lambda e, page=page: troubles.append(f"{page.url} {e}"))
        for path in (
            paths if FULL or PICTURES else paths[n :: len(LOOKS)]
        ):  # each page in one look, in all by `make test-all`
            Lease.hold("scheduler", "the test")  # as while the portal is served
            answer = page.goto(path)
            page.wait_for_load_state()
            wide = page.evaluate("document.documentElement.scrollWidth")
            out, hidden = page.evaluate(OUT_OF_PANEL), page.evaluate(COVERED)
            twice = page.evaluate(TWICE)
            if (
                answer.status != 200
                or hidden
                or out
                or twice
                or wide > width
                or not page.locator("h1").count()
            ):
                troubles.append(
                    f"{path} {language} {theme} {width}: {answer.status}, {wide} px wide, "
                    f"out of their panel: {out}, ids given twice: {twice}"
                    f"{', a head over the row below' * hidden}"
                )
            if PICTURES and theme == "light" and path in shown:
                keep(page, Path(PICTURES) / language / f"{shown[path]}.png")
        context.close()


def test_every_page_fits_in_both_languages_light_and_dark(browser, lively):
    troubles, portal = [], lively.config["BASE_URL"]
    for person, contact in (
        (User.get(User.email == "admin@demo.test"), False),
        (Contact.with_password(1)[0], True),
    ):
        named = things(contact)
        shown = MANUAL if contact else {**MANUAL, named[0]: "document", named[2]: "editor"}
        look_at(browser, portal, person, [*addresses(lively, contact), *named], troubles, shown)
    look_at(
        browser,
        portal,
        User.get(User.email == "wang@demo.test"),
        ["/tasks/"],
        troubles,
        {"/tasks/": "approvals"},
    )  # something waits there
    assert not troubles, "\n".join(troubles)
