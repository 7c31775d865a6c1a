"""A passkey in a real browser, kept by a virtual authenticator."""

import pytest

from models.core.clock import now
from models.people import Passkey, Session
from models.people.session import PROVED
from tests.firm import Firm
from tests.models.test_sessions import GOOD
from tests.support.portal import portal_on
from tests.web import free_port, serving


@pytest.fixture
def site(tmp_path):
    """The portal under a name, as browsers keep no passkey for an address of numbers."""
    port = free_port()
    with (
        portal_on(tmp_path, BASE_URL=f"http://localhost:{port}", WTF_CSRF_ENABLED=True) as made,
        serving(made, host="localhost", port=port, threads=4),
    ):
        yield made.config["BASE_URL"]


@pytest.fixture
def page(browser, site):
    made = browser.new_context(base_url=site).new_page()
    chromium = made.context.new_cdp_session(made)
    chromium.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    chromium.send("WebAuthn.addVirtualAuthenticator", {"options": options})
    return made


def come_in(page, site, person):
    cookies = {"danju_sid": Session.start(person), "language": "en"}
    page.context.add_cookies(
        [{"name": name, "value": value, "url": site} for name, value in cookies.items()]
    )


def type_password(page, person):
    page.goto("/sign-in")
    page.fill("[name=email]", person.email)
    page.fill("[name=password]", GOOD)
    page.click(".form-foot button")
    page.wait_for_url("**/sign-in/second**")


def test_a_passkey_is_made_and_opens_what_the_password_does_not(page, site):
    firm = Firm()
    firm.li.set_password(GOOD, by=firm.ada)
    come_in(page, site, firm.li)
    page.goto("/second-factor/")
    page.fill("#passkeys [name=name]", "Office laptop")
    page.click("text=Add a passkey")
    page.wait_for_selector("#recovery-codes")
    page.click("text=I have kept them")
    page.wait_for_selector("text=Office laptop")

    page.context.clear_cookies(name="danju_sid")
    type_password(page, firm.li)
    page.check("[name=remember]")
    page.click("[data-passkey=Request]")
    page.wait_for_url(f"{site}/")
    key = Passkey.get()
    assert key.used_at and key.sign_count > 0

    page.goto("/second-factor/")
    page.click("#passkeys td button")
    page.click("dialog button.primary")
    page.wait_for_selector("text=Office laptop", state="detached")
    assert not firm.li.has_second_factor


def test_a_key_of_another_person_and_a_stale_challenge_do_not_count(page, site):
    firm = Firm()
    for person in (firm.li, firm.chen):
        person.set_password(GOOD, by=firm.ada)
    come_in(page, site, firm.li)
    page.goto("/second-factor/")
    page.click("text=Add a passkey")
    page.wait_for_selector("#recovery-codes")
    page.context.clear_cookies(name="danju_sid")
    type_password(page, firm.li)
    page.evaluate("document.querySelector('form.form').requestSubmit = () => {}")
    page.click("[data-passkey=Request]")
    page.wait_for_function("document.querySelector('[name=answer]').value")
    answer = page.input_value("[name=answer]")
    type_password(page, firm.li)  # a new half sign-in, so a new challenge
    page.evaluate("answer => { document.querySelector('[name=answer]').value = answer }", answer)
    page.click("main .form-foot button:not([type=button])")
    page.wait_for_selector("[role=alert]")
    Passkey.update(user=firm.chen.id).execute()
    assert not Session.open_of(firm.chen).exists()
    type_password(page, firm.chen)
    page.evaluate("answer => { document.querySelector('[name=answer]').value = answer }", answer)
    page.click("main .form-foot button:not([type=button])")
    page.wait_for_selector("[role=alert]")
    assert not Session.open_of(firm.chen).exists()


def test_a_passkey_proves_who_sits_there_and_its_answer_counts_once(page, site):
    firm = Firm()
    come_in(page, site, firm.li)
    page.goto("/second-factor/")
    page.click("text=Add a passkey")
    page.click("text=I have kept them")
    Session.update(proved_at=None).execute()
    page.goto("/second-factor/")
    page.click("summary:has-text('Create new codes')")
    proof = page.locator("details[open]")
    page.evaluate("HTMLFormElement.prototype.requestSubmit = () => {}")
    proof.get_by_role("button", name="Use a passkey").click()
    page.wait_for_function("document.querySelector('details[open] [name=proof_answer]').value")
    answer = proof.locator("[name=proof_answer]").input_value()
    proof.locator("form").evaluate("form => form.submit()")
    page.wait_for_selector("#recovery-codes")
    assert not Session.get().needs_proof

    Session.update(proved_at=now() - PROVED).execute()  # another proof, so another challenge
    page.goto("/second-factor/")
    page.click("summary:has-text('Create new codes')")
    proof.locator("[name=proof_answer]").evaluate("(input, it) => { input.value = it }", answer)
    proof.locator("form").evaluate("form => form.submit()")
    page.wait_for_selector("#proof-page [aria-describedby], #proof-page .error")
    assert Session.get().needs_proof
