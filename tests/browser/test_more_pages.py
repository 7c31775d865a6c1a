"""The pages whose addresses test_pages does not know: each that names a thing, that comes back
after a form, or that refuses. They come from the routes and from the good forms, so that no new one
escapes. This process answers the browser, so that whatever it does can be taken back."""

import copy

import pytest

from tests.browser.test_pages import AXE, LOOKS, listen, wrong
from tests.spoiling import enter
from tests.support.house import house_in
from tests.support.sets import FULL, one_in
from tests.support.undo import undone
from tests.support.walking import Shown
from tests.test_audience import NOT_YET, ROLES, browser_of, expected, path_of, questions
from tests.valid_forms import CASES
from tests.valid_forms.fields import filled

HOME = "http://localhost"
BEFORE_SETUP = {"setup.new", "restoring.create"}
# A secret opens these, or a row with a fault, which the good forms have; the old feed leads on.
OPENED_BY_FORMS = {
    "auth.link",
    "follow_ups.old_feed",
    "import_rows.show",
    "links.greet",
    "opt_outs.show",
    "opt_outs.survey",
}


class Window:
    """A browser that shows one answer of the portal, and asks the same portal for all else."""

    def __init__(self, browser):
        self.page = browser.new_context(base_url=HOME, reduced_motion="reduce").new_page()
        self.page.route("**/*", self._answer)
        self.kept, self.troubles, self.shown = {}, [], 0
        listen(self.page, self.troubles)

    def look(self, name, client, path, data=None, looks=()):
        """Ask for it, by POST where data are given, and look at the page that is answered; does
        nothing where none is."""
        looks = looks or [LOOKS[self.shown % len(LOOKS)]]
        for language in dict.fromkeys(look[0] for look in looks):
            client.set_cookie("language", language)
            with undone():
                answer, at = _followed(client, path, data)
                if not is_page(answer):
                    return
                self.client, self.given = client, answer
                self.page.goto(at)
                self.page.evaluate(AXE)
                for of, theme, width in looks:
                    if of == language:
                        self._judge(f"{name} {of} {theme} {width}", theme, width)
                self.page.goto("about:blank")  # what it asks for later would meet the next thing
        self.shown += 1

    def _judge(self, name, theme, width):
        self.page.emulate_media(color_scheme=theme)
        self.page.set_viewport_size({"width": width, "height": 900})
        self.troubles += [f"{name}: {what}" for what in wrong(self.page)]
        if not self.page.locator("h1").count():
            self.troubles.append(f"{name}: no heading")

    def _answer(self, route):
        asked = route.request
        if asked.is_navigation_request():  # of another status the console would tell
            return route.fulfill(headers=dict(self.given.headers), body=self.given.data)
        path = asked.url.removeprefix(HOME)
        answer = self.kept.get(path) or self.client.open(
            path,
            method=asked.method,
            data=asked.post_data_buffer,
            headers={name: words for name, words in asked.headers.items() if name[:3] == "hx-"},
        )
        if path.startswith("/static/"):
            self.kept[path] = answer
        route.fulfill(status=answer.status_code, headers=dict(answer.headers), body=answer.data)


def is_page(answer):
    return answer.mimetype == "text/html" and b"<html" in answer.data[:200]


def _followed(client, path, data):
    """(the answer, where it stands)"""
    answer = client.get(path) if data is None else client.post(path, data=data)
    while answer.status_code == 303:
        path = answer.location
        answer = client.get(path)
    return answer, path


@pytest.fixture
def window(browser):
    made = Window(browser)
    yield made
    made.page.context.close()


def named(house, client, who, opened):
    """(endpoint, path) of what this person may see that names a thing, or needs no sign-in, and
    that nobody before could open."""
    for rule, view, thing, method in questions(house, who):
        if (
            method == "GET"
            and (rule.arguments or "public" in view.audience)
            and rule.endpoint not in opened
            and expected(who, view, thing) in ((), None)
        ):
            path = path_of(rule, thing and thing.id)
            with undone():
                if client.get(path).status_code == 200:
                    opened.add(rule.endpoint)
                    yield rule.endpoint, path


def test_every_page_that_names_a_thing_fits(window, tmp_path):
    opened = OPENED_BY_FORMS | NOT_YET.keys() | {"static"}
    with house_in(tmp_path) as house:
        for who in ROLES:
            client = browser_of(house, who)
            for endpoint, path in list(named(house, client, who, opened)):
                window.look(endpoint, client, path, looks=LOOKS if FULL else ())
            window.look(f"what {who} may not see", client, "/settings/")
        naming = {
            rule.endpoint
            for rule in house.url_map.iter_rules()
            if rule.arguments and "GET" in rule.methods
        }
    assert naming <= opened
    assert window.shown > 60 and not window.troubles, "\n".join(window.troubles)


def test_every_page_around_a_form_fits(window, app, firm, sign_in):
    """Where it stands, what comes back of an empty one, and what is shown after a good one."""
    for endpoint in sorted(CASES.keys() - BEFORE_SETUP):
        for when in ("before", "empty", "after"):
            if one_in(40, endpoint, when):
                with undone():
                    cast = copy.deepcopy(firm)  # what a case changes of them is taken back too
                    who, path, fields, _strangers, *cookies = CASES[endpoint](cast)
                    client = enter(app, cast, sign_in, who, "en", *cookies)
                    data = {"before": None, "empty": filled({}), "after": filled(fields)}
                    window.look(f"{endpoint} {when}", client, path, data[when])
    assert window.shown and not window.troubles, "\n".join(window.troubles)


def test_every_chapter_fits(window, firm, sign_in):
    client = sign_in(firm.ada)
    for start in ("/handbook/", "/manual/"):
        for _method, path in sorted(Shown(start, client.get(start).text).found):
            if path.startswith(start) and one_in(8, path):
                window.look(path, client, path, looks=LOOKS if FULL else ())
    assert window.shown > 2 and not window.troubles, "\n".join(window.troubles)


def test_the_first_pages_of_all_fit(window, app):
    client = app.test_client()
    for path in ("/setup", "/setup/restore"):
        for _look in LOOKS[::4]:
            window.look(path, client, path)
            window.look(f"{path} empty", client, path, filled({}))
    assert window.shown and not window.troubles, "\n".join(window.troubles)
