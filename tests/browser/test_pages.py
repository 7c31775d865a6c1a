"""Every page of a lively firm at three widths, in both languages, light and dark: nothing runs
over, nothing is said on the console, axe (WCAG A and AA, best practice) finds nothing; with
PICTURES=folder the manual's pictures."""

import io
import itertools
import os
import shutil
from pathlib import Path

import axe_playwright_python
import pytest
from peewee import fn
from PIL import Image

from models.adapters.printing import pictures
from models.core.lease import Lease
from models.customers import Contact
from models.disputes import Dispute
from models.documents import Document
from models.payments import Payment
from models.people import Session, User
from tests.browser.conftest import serve
from tests.support.sets import FULL

PICTURES = os.environ.get("PICTURES")
LOOKS = list(itertools.product(("zh", "en"), ("light", "dark"), (1280, 390, 1024)))
AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text()
VIOLATIONS = """axe.run({
  resultTypes: ["violations"], rules: {"label-content-name-mismatch": {enabled: true}}
}).then(found => found.violations.flatMap(
  rule => rule.nodes.map(node => `${rule.id}: ${node.html.slice(0, 120)}`)))"""
OUT_OF_PANEL = """[...document.querySelectorAll("main .panel table")].filter(
  t => !t.closest(".table-wrap")
    && t.getBoundingClientRect().right > t.closest("aside, main").getBoundingClientRect().right + 1
).map(t => t.tHead?.innerText)"""
MANUAL = {
    "/": "today",
    "/archive/": "archive",
    "/backups/": "backups",
    "/customers/": "customers",
    "/customers/1": "customer",
    "/documents/": "documents",
    "/imports/": "imports",
    "/insights/": "insights",
    "/manual/": "manual",
    "/numbers/": "number-book",
    "/payments/": "payments",
    "/people/": "users",
    "/portal/": "portal",
    "/receivables/": "receivables",
    "/reminders/": "reminders",
    "/settings/": "settings",
}  # with those that have a name below, the pictures of docs/pictures
# A head that sticks to its panel instead of the window lies over the first row.
COVERED = """[...document.querySelectorAll('table')].some(
  t => t.tHead && t.tBodies[0]?.rows.length && t.tHead.offsetHeight > 2
    && t.tHead.rows[0].cells[0].getBoundingClientRect().bottom
      > t.tBodies[0].rows[0].getBoundingClientRect().top + 2
)"""
WEIGHT = """["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind))
  .filter(one => !/\\.(woff2?|ttf)/.test(one.name))
  .reduce((sum, one) => sum + one.encodedBodySize, 0)"""
HEAVIEST = 150 * 1024  # what a first visit loads, without the fonts
# A table that must be moved sideways to be read, and a number or a day in two lines.
CUT = """[...document.querySelectorAll('.table-wrap')]
  .filter(w => w.scrollWidth > w.clientWidth + 1).map(w => w.querySelector('thead')?.innerText)"""
BROKEN = r"""(() => {
  const broken = [], texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  const figure = /^[-−–]?[\d,.]*\d%?$|^[A-Z]{2,}(-\d+)+$|^\d{4}-\d\d-\d\d( \d\d:\d\d)?$/
  while (texts.nextNode()) {
    const range = document.createRange(), text = texts.currentNode.data.trim()
    if (!figure.test(text)) continue
    range.selectNodeContents(texts.currentNode)
    const ends = [...range.getClientRects()].filter(box => box.width > 1).map(box => box.bottom)
    if (Math.max(...ends) - Math.min(...ends) > 4) broken.push(text)
  }
  return broken
})()"""
TWICE = """[...document.querySelectorAll("[id]")].map(e => e.id)
  .filter((id, n, all) => all.indexOf(id) !== n)"""
NO_PAGE = {
    "days.show",
    "customer_choice.index",
    "tasks.count",
    "documents.tabs",
    "duplicates.alike",
    "duplicates.alike_contact",
    "flows.step",
    "home.month",
    "insights.preview",
    "insights.suggestion",
    "portal_home.logo",
}  # pieces and pictures


def addresses(app, contact):
    """Paths of the pages that one may open without naming a thing, with each word where the path
    takes only some."""
    for rule in app.url_map.iter_rules():
        audience = getattr(app.view_functions[rule.endpoint], "audience", ())
        if (
            "GET" in rule.methods
            and all(hasattr(c, "items") for c in rule._converters.values())
            and rule.endpoint not in NO_PAGE
            and "." not in rule.rule
            and not {"public", "setup"} & set(audience)
            and ("contact" in audience if contact else set(audience) - {"contact"})
        ):
            for words in itertools.product(*(sorted(c.items) for c in rule._converters.values())):
                yield rule.build(dict(zip(rule._converters, words, strict=True)))[1]


def in_each_state(contact):
    """The pages of one document of each kind and state, and of one dispute and payment of each."""
    for path, model in (("documents", Document), ("disputes", Dispute), ("payments", Payment)):
        wanted = (
            (model.customer == 1) & model.state.not_in(("draft", "submitted")) if contact else True
        )
        what = [model.kind, model.state] if model is Document else [model.state]
        if not contact or model is not Payment:
            for (id,) in model.select(fn.MAX(model.id)).where(wanted).group_by(*what).tuples():
                yield f"{'/portal' if contact else ''}/{path}/{id}"


def things(contact):
    invoice = (
        Document.select()
        .where(Document.kind == "invoice", Document.state == "issued", Document.customer == 1)
        .order_by(Document.id.desc())
        .get()
    )
    if contact:
        return [f"/portal/documents/{invoice.id}", *in_each_state(contact)]
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
        "/customers/1?tab=money",
        "/customers/1?tab=files",
        "/customers/1?tab=history",
        *(f"/documents/{invoice.id}?tab={tab}" for tab in ("related", "messages", "history")),
        *in_each_state(contact),
    ]


@pytest.fixture
def lively(demo_home, tmp_path, mailbox):
    """The demo firm, served."""
    shutil.copytree(demo_home / "data", tmp_path, dirs_exist_ok=True)
    with serve(tmp_path, mailbox) as made:
        yield made


def keep(page, path):
    """The window as a small picture for the manual, with the pictures of its document made."""
    if pictures.make_waiting():
        page.reload()
        page.evaluate(AXE)
    page.wait_for_load_state("networkidle")
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.open(io.BytesIO(page.screenshot())).convert(
        "P", palette=Image.Palette.ADAPTIVE, colors=96
    ).save(path, optimize=True)


def looks_of(n, language):
    """(theme, width) in which the n-th page is seen: one look for each page in the short run."""
    wanted = LOOKS if FULL or PICTURES else [LOOKS[n % len(LOOKS)]]
    return [(theme, width) for of, theme, width in wanted if of == language]


def listen(page, troubles):
    page.on("console", lambda m: m.type == "error" and troubles.append(f"{page.url} {m.text}"))
    page.on("pageerror", lambda e: troubles.append(f"{page.url} {e}"))


def look_at(browser, portal, person, paths, troubles, shown):
    for language in ("zh", "en"):
        context = browser.new_context(base_url=portal)
        context.add_cookies(
            [
                {"name": "danju_sid", "value": Session.start(person), "url": portal},
                {"name": "language", "value": language, "url": portal},
            ]
        )
        page = context.new_page()
        listen(page, troubles)
        for n, path in enumerate(paths):
            looks = looks_of(n, language)
            if looks:
                Lease.hold("scheduler", "the test")  # as while the portal is served
                answer = page.goto(path)
                page.wait_for_load_state()
                page.evaluate(AXE)
                if answer.status != 200 or not page.locator("h1").count():
                    troubles.append(f"{path} {language}: {answer.status}")
                if (weight := page.evaluate(WEIGHT)) > HEAVIEST:
                    troubles.append(f"{path} {language}: {weight // 1024} KB to load")
            for theme, width in looks:
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                page.set_viewport_size({"width": width, "height": 900})
                troubles += [f"{path} {language} {theme} {width}: {what}" for what in wrong(page)]
                if PICTURES and (theme, width) == ("light", 1280) and path in shown:
                    keep(page, Path(PICTURES) / language / f"{shown[path]}.png")
        context.close()


def wrong(page):
    """What is wrong with the page as it stands."""
    width = page.viewport_size["width"]
    wide = page.evaluate("document.documentElement.scrollWidth")
    if wide > width:
        yield f"{wide} px wide"
    if out := page.evaluate(OUT_OF_PANEL):
        yield f"out of their panel: {out}"
    if twice := page.evaluate(TWICE):
        yield f"ids given twice: {twice}"
    if width > 700 and (cut := page.evaluate(CUT)):
        yield f"cut at the right: {cut}"
    if broken := page.evaluate(BROKEN):
        yield f"numbers in two lines: {broken}"
    if page.evaluate(COVERED):
        yield "a head over the row below"
    yield from page.evaluate(VIOLATIONS)


def test_every_page_fits_and_can_be_used_by_everyone(browser, lively):
    troubles, portal = [], lively.config["BASE_URL"]
    for person, contact in (
        (User.get(User.email == "admin@demo.test"), False),
        (Contact.with_password(1)[0], True),
    ):
        named = things(contact)
        names = ("portal-document",) if contact else ("document", "draft", "editor")
        shown = {**MANUAL, **dict(zip(named, names, strict=False))}
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
