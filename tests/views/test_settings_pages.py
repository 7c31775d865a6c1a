"""The settings page by page: each group is saved by itself; a live document shows what is typed."""

import base64
import io
import re

import pytest
from PIL import Image

from models.adapters import blobs
from models.adapters.outbox import Mail
from models.company import Company
from models.core.journal.event import Event
from tests.support.forms import Forms
from views.staff.settings_form import PAGES, SettingsForm
from views.web.navigation import SETTINGS

GREEN, RED = (0, 160, 0), (200, 0, 0)
OWN = [place.page for place in SETTINGS if place.page]


def path_of(page):
    return "/settings/" if page == "firm" else f"/settings/{page}"


def picture(color):
    out = io.BytesIO()
    Image.new("RGB", (60, 40), color).save(out, format="PNG")
    return out.getvalue()


def colors(text):
    data = base64.b64decode(re.search(r"base64,([^\"]+)", text)[1])
    image = Image.open(io.BytesIO(data)).convert("RGB")
    return {color for count, color in image.getcolors(2**24) if count > 1000}


def group_of(browser, page, key):
    """The fields that a browser would send of this group."""
    for _address, controls in Forms(path_of(page), browser.get(path_of(page)).text).found:
        sent = {c.name: c.sent()[0] for c in controls if c.name and c.sent()}
        if sent.get("group") == key:
            return sent
    raise AssertionError(key)


def test_every_field_stands_in_one_group():
    shown = [name for groups in PAGES.values() for group in groups for name in group.names]
    fields = {f for f in dir(SettingsForm) if hasattr(getattr(SettingsForm, f), "field_class")}
    assert sorted(shown) == sorted(fields) and set(PAGES) == set(OWN)


@pytest.mark.parametrize("page", OWN)
def test_each_page_shows_its_groups_and_lights_its_place(firm, sign_in, page):
    text = sign_in(firm.ada).get(path_of(page)).text
    assert all(f'id="{group.key}"' in text for group in PAGES[page])
    assert re.findall(r'href="([^"]+)" aria-current="page"', text.partition("places")[2]) == [
        path_of(page)
    ]
    assert sign_in(firm.fang).get(path_of(page)).status_code == 403


def test_a_group_writes_its_own_fields_and_leaves_the_others(firm, sign_in):
    browser = sign_in(firm.ada)
    Company.current().revise(firm.ada, phone="1", settings={"prices_include_tax": True})
    sent = group_of(browser, "firm", "region")
    shown = {"csrf_token", "shown", "group", "language", "zone", "fiscal_month", "date_format"}
    assert set(sent) == shown
    answer = browser.post("/settings/", data={**sent, "zone": "Europe/Berlin", "language": "en"})
    assert answer.location == "/settings/#region"
    saved = Company.current()
    assert (saved.zone, saved.language, saved.phone) == ("Europe/Berlin", "en", "1")
    assert saved.setting("prices_include_tax")
    sent = group_of(browser, "money", "prices")
    sent.pop("prices_include_tax")
    assert browser.post("/settings/money", data=sent).status_code == 303
    assert not Company.current().setting("prices_include_tax")


def test_a_refused_group_keeps_what_was_typed_and_says_that_it_is_not_saved(firm, sign_in):
    browser = sign_in(firm.ada)
    assert 'data-touched="yes"' not in browser.get("/settings/").text
    for page, key, name in (("money", "euro", "iban"), ("firm", "company", "email")):
        sent = {**group_of(browser, page, key), name: "no such thing"}
        answer = browser.post(path_of(page), data=sent)
        forms = re.findall(r"<form .*?</form>", answer.text, re.S)
        typed = [form for form in forms if 'data-touched="yes"' in form]
        assert answer.status_code == 422 and len(typed) == 1
        assert f'id="{key}"' in typed[0] and 'value="no such thing"' in typed[0]
    assert Company.current().setting("iban") == "" and Company.current().email == ""


def test_logo_and_seal_are_shown_replaced_and_removed(firm, sign_in):
    browser = sign_in(firm.ada)
    assert browser.get("/settings/logo.png").status_code == 404
    browser.post(
        "/settings/", data={"group": "look", "logo": (io.BytesIO(picture(GREEN)), "l.png")}
    )
    kept = Company.current().logo
    shown = Image.open(io.BytesIO(browser.get("/settings/logo.png").data)).convert("RGB")
    assert shown.getcolors() == [(60 * 40, GREEN)]
    text = browser.get("/settings/").text
    assert 'src="/settings/logo.png"' in text and 'name="remove_seal"' not in text
    browser.post("/settings/", data={"group": "look", "logo": (io.BytesIO(picture(RED)), "l.png")})
    assert Company.current().logo not in (None, kept)
    browser.post("/settings/", data={"group": "look", "remove_logo": "y"})
    assert Company.current().logo is None and blobs.is_intact(kept)
    assert sign_in(firm.fang).get("/settings/logo.png").status_code == 403


@pytest.mark.real_pdf
def test_the_preview_prints_what_is_typed_and_saves_nothing(firm, sign_in):
    browser, events = sign_in(firm.ada), Event.select().count()
    files = {"logo": (io.BytesIO(picture(GREEN)), "l.png"), "email": "no address"}
    answer = browser.post("/settings/preview", data={"kind": "invoice", "name": "Moon", **files})
    assert answer.status_code == 200 and GREEN in colors(answer.text)
    Company.current().revise(firm.ada, logo=blobs.keep(picture(RED)))
    assert RED in colors(browser.post("/settings/preview", data={"kind": "order"}).text)
    gone = browser.post("/settings/preview", data={"kind": "order", "remove_logo": "y"})
    assert RED not in colors(gone.text)
    assert Company.current().name != "Moon" and Event.select().count() == events + 1
    assert sign_in(firm.fang).post("/settings/preview", data={"kind": "order"}).status_code == 403


def test_a_test_email_goes_to_whoever_asks_for_it_and_tells_how_it_went(firm, sign_in):
    browser = sign_in(firm.ada)
    assert "test email" not in browser.get("/settings/mail").text.partition("<footer>")[0]
    answer = browser.post("/settings/test-mail", data={"idempotency_key": "k" * 20})
    mail = Mail.select().get()
    assert answer.status_code == 303 and (mail.recipient, mail.template) == (
        firm.ada.email,
        "test_mail",
    )
    assert Company.current().name in mail.compose()["Subject"]
    assert "is waiting" in browser.get("/settings/mail").text
    Mail.update(state="sent").execute()
    assert "was sent" in browser.get("/settings/mail").text


@pytest.mark.parametrize(
    "path, active",
    [
        ("/settings/money", "/settings/money"),
        ("/tax-rates/new", "/tax-rates/"),
        ("/people/", "/people/"),
        ("/people/invitations", "/people/"),
        ("/flows/try", "/flows/"),
        ("/flows/new", "/flows/"),
        ("/calendar/", "/calendar/"),
        ("/reminders/levels/new", "/reminders/levels/"),
        ("/backups/", "/backups/"),
        ("/backups/sheet", "/backups/"),
    ],
)
def test_each_page_of_the_settings_keeps_their_places(firm, sign_in, path, active):
    text = sign_in(firm.ada).get(path, follow_redirects=True).text
    nav = re.search(r'<div class="places">\s*<nav.*?</nav>', text, re.S)[0]
    assert re.findall(r'href="([^"]+)" aria-current="page"', nav) == [active]


def test_who_may_not_configure_sees_no_places(firm, sign_in):
    assert 'class="places"' not in sign_in(firm.wang).get("/reminders/levels/").text
    assert 'class="places"' not in sign_in(firm.ada).get("/reminders/").text
