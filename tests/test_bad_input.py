"""Every field of every POST route, spoiled in every way, in both languages: generated from the
routes themselves."""

import re

import pytest

from tests.spoiling import (
    ANY,
    BAD,
    SCRIPT,
    SPOILS,
    WIRED,
    Page,
    dump,
    enter,
    family,
    fields_read,
    form_classes,
    give_cookies,
    kind_of,
    posts,
    send,
    spoiled,
    unbound,
)
from tests.support.sets import FULL, one_in
from tests.support.undo import undone
from tests.valid_forms import CASES
from tests.valid_forms.fields import UNSEEN, filled
from views.staff.settings_form import SettingsForm

# Only some kinds of document show these; the settings only those of the page that was sent.
ONLY_SOME = {"valid_until", "delivery_on", *unbound(SettingsForm)}
# No good form can be written down: a device must sign. tests/browser/test_passkeys.py sends one.
SIGNED = {"second_factor.add_passkey"}
CHINESE = re.compile("[\u4e00-\u9fff]")
# What no missing or repeated field can be the cause of.
MISTOLD = re.compile(r"\bNone\b|already in use")


def test_every_post_that_reads_fields_has_a_good_form(app):
    missing = []
    for endpoint in posts(app):
        read = fields_read(app.view_functions[endpoint])
        if read and endpoint not in CASES.keys() | SIGNED:
            missing.append(f"{endpoint} reads {sorted(read)}")
    assert not missing, "give these a good form in tests/valid_forms"
    assert not set(CASES) - set(posts(app))


def complaints(browser, path, data, name, kinds, how, language, before):
    """What is wrong with the answer to a form that must be refused."""
    answer = send(browser, path, data, how)
    if not 400 <= answer.status_code < 500:
        return [f"answered {answer.status_code}"]
    page, found = Page(answer.get_data(as_text=True)), []
    for sentence in page.sentences():
        told = sentence.replace(str(data.get(name)), "")
        if bool(CHINESE.search(told)) != (language == "zh"):
            found.append(f"says {told.strip()[:60]!r} in {language}")
    if dump() != before:
        found.append("changed something")
    if answer.status_code in (409, 422):
        found += lost(page, data, name, kinds)
    return found


def lost(page, data, name, kinds):
    """What was typed and does not stand in the form that comes back; passwords must not."""
    held = {text.replace("\r\n", "\n").strip("\n").lower() for text in page.held}
    secrets = [data[k] for k in data if kinds[k] in ("secret", "old")]
    typed = [
        v
        for k, v in data.items()
        if kinds[k] in ("line", "prose", "number", "day", "mail", "login", "days", "pattern")
        and v.strip()
        and k not in ONLY_SOME
    ]
    return [f"lost {v[:20]!r}" for v in typed if v.lower() not in held] + [
        "writes a password back" for v in secrets if v and v.lower() in held
    ]


def first_of_its_kind(fields, kinds, name):
    """Whether no field above it takes the same kind of value; lines are read by a way of their own
    and count apart."""
    return name == next(
        (
            other
            for other in fields
            if kinds[other] == kinds[name] and other.startswith("line-") == name.startswith("line-")
        ),
        name,
    )


def share(app, endpoint, fields, kinds, read, name):
    """One in how many ways this field is spoiled: all on the first of a kind, an eighth where a
    route above it reads a field of this name too, 0 (the three of WIRED) on the others and where
    one above shows the same form, as making and changing a thing do."""
    if not first_of_its_kind(fields, kinds, name):
        return 0
    if FULL:
        return 1
    cls = read.get(name)
    for other in CASES:
        if other == endpoint:
            return 1
        view = app.view_functions[other]
        if cls and cls in form_classes(view):
            return 0
        if not cls and name in fields_read(view):
            return 8
    return 1


def tried(endpoint, name, how, part, bad):
    """Whether the field is spoiled in this way; of what is legal there an eighth. In full all."""
    if FULL or how in WIRED | {"stranger"}:
        return True
    return part and one_in(part if bad or how == "script" else 8, endpoint, name, how)


def in_chinese_too(endpoint, name, how, part):
    """In full each way on the first field of a kind and on each field of a line; else a sixteenth
    of that, another one for each form."""
    if how == "stranger":
        return True
    return part and one_in(16, endpoint, name, how) or FULL and name.startswith("line-")


def try_one(browsers, path, fields, name, part, kinds, how, value, endpoint, before, cookies):
    """Post the spoiled form, judge the answer and take it back; in Chinese too where that is
    meant."""
    data, bad = spoiled(fields, name, how, value), how in BAD[kinds[name]] or how == "stranger"
    if endpoint == "autosaves.create":
        bad = False
    if not tried(endpoint, name, how, part, bad):
        return
    for language, browser in browsers.items():
        if language == "zh" and not in_chinese_too(endpoint, name, how, part):
            continue
        give_cookies(browser, language, *cookies)
        with undone():
            if bad:
                found = complaints(browser, path, data, name, kinds, how, language, before)
            else:
                found = taken(browser, path, data, name, kinds[name], how, before, endpoint)
        yield from (f"{name} {how} [{language}]: {text}" for text in found)
        if not bad:
            return


def taken(browser, path, data, name, kind, how, before, endpoint):
    """What is wrong with the answer to a form that may be taken."""
    answer = send(browser, path, data, how)
    if (
        endpoint
        in (
            "autosaves.create",
            "lines.paste",
            "documents.several",
            "portal_documents.several",
            "archive.several",
            "sendings.preview",
            "acts.preview",
        )
        and answer.status_code == 200
    ):
        return [] if dump() == before else ["changed something"]
    if how in ANY or kind not in ("line", "prose"):
        good = answer.status_code == 303 or 400 <= answer.status_code < 500 and dump() == before
        told = " ".join(Page(answer.get_data(as_text=True)).sentences())
        other = MISTOLD.search(told) if answer.status_code != 303 else None
        return [f"tells of another field: {told}"] * bool(other) + (
            [] if good else [f"answered {answer.status_code} or changed something"]
        )
    if answer.status_code != 303:
        return [
            (
                f"legal text answered {answer.status_code}: "
                f"{Page(answer.get_data(as_text=True)).sentences()}"
            )
        ]
    if how != "script":
        return []
    pages = [
        browser.get(p).get_data(as_text=True)
        for p in {answer.location, path if "/new" not in path else "/"}
    ]
    shown = (
        any("&lt;script&gt;alert(1)" in page for page in pages)
        or "/new" in path
        or (endpoint, name) in UNSEEN
    )
    return ["shows the raw tag"] * any(SCRIPT in page for page in pages) + ["is shown nowhere"] * (
        not shown
    )


@pytest.mark.parametrize(
    "endpoint", [e for e in CASES if e not in ("setup.new", "restoring.create")]
)
@pytest.mark.asvs("1.2.1", "1.3.3", "2.2.1", "2.2.2")
def test_a_good_form_is_taken_and_a_spoiled_field_changes_nothing(app, firm, sign_in, endpoint):
    """Refused plainly; the good one fills every field. On one firm, which is most of the work."""
    who, path, fields, strangers, *rest = CASES[endpoint](firm)
    read, found = fields_read(app.view_functions[endpoint]), []
    for name in read:
        assert any(given.startswith(name) for given in fields), f"{name} is not filled"
    kinds = {name: kind_of(endpoint, name, read.get(name)) for name in [*fields, *strangers]}
    part = {name: share(app, endpoint, fields, kinds, read, name) for name in fields}
    browsers = {
        language: enter(app, firm, sign_in, who, language, *rest) for language in ("en", "zh")
    }
    with undone():
        assert browsers["en"].post(path, data=filled(fields)).status_code in (200, 303)
    before = dump()
    for name in {family(name): name for name in reversed(fields)}.values():
        for how, value in {
            **SPOILS,
            **({"stranger": str(strangers[name])} if name in strangers else {}),
        }.items():
            found += try_one(
                browsers, path, fields, name, part[name], kinds, how, value, endpoint, before, rest
            )
    for name, value in strangers.items():
        if name not in fields:
            found += try_one(
                browsers,
                path,
                fields,
                name,
                0,
                {**kinds, name: "id"},
                "stranger",
                value,
                endpoint,
                before,
                rest,
            )
    assert not found, "\n".join(found)


# What no field tells
# -------------------------------------------------------------------------------------------


@pytest.fixture
def empty(app, client):
    """A portal that no firm has set up yet."""
    who, path, fields, _strangers = CASES["setup.new"](None)
    client.set_cookie("language", "zh")
    return client, path, fields


@pytest.mark.parametrize("name", ["firm", "name", "email", "password", "currency"])
def test_setup_refuses_spoiled_fields_and_founds_nothing(app, empty, name):
    client, path, fields = empty
    cls = fields_read(app.view_functions["setup.new"])[name]
    kinds = {k: kind_of("setup.new", k, cls) for k in fields}
    before = dump()
    for how in BAD[kinds[name]] | {"missing"}:
        found = complaints(
            client, path, spoiled(fields, name, how, SPOILS[how]), name, kinds, how, "zh", before
        )
        assert not found, f"{how}: {found}"
    assert client.post(path, data=fields).status_code == 303
