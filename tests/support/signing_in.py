"""A person signs in over HTTP."""

import re

from tests.models.test_sessions import GOOD

SID = "danju_sid"
TOKEN = re.compile(r'(?<=CSRFToken": ")[^"]*|(?<=csrf_token" value=")[^"]*')


def enter(client, email, password=GOOD, **more):
    return client.post("/sign-in", data={"email": email, "password": password, **more})


def enter_in_english(app, person):
    browser = app.test_client()
    browser.set_cookie("language", "en")
    return enter(browser, person.email).get_data(as_text=True)
