"""A person signs in over HTTP."""

import re

from app import write_mail
from tests.models.test_sessions import GOOD

SID = "danju_sid"
TOKEN = re.compile(r'(?<=CSRFToken": ")[^"]*|(?<=csrf_token" value=")[^"]*')


def enter(client, email, password=GOOD, **more):
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def enter_in_english(app, person):
    browser = app.test_client()
    browser.set_cookie("language", "en")
    return enter(browser, person.email).get_data(as_text=True)


def link_in(mail):
    """The path of the one-time link, as the reader's mail program opens it."""
    text = write_mail(mail)[1]
    return next(word for word in text.split() if "/links/" in word).removeprefix(
        "http://localhost:8000"
    )


def bring(browser, link, **more):
    """Open the link of a mail. What follows the # goes to no server: the page's script sends it
    by a form, as here."""
    path, code = link.split("#")
    assert browser.get(path, **more).status_code in (200, 410)
    return browser.post(f"{path}/code", data={"code": code}, **more)
