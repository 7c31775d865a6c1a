"""The button for single sign-on in a real browser, to a real provider and back."""

import pytest

from models.adapters import provider
from tests.firm import Firm
from tests.support.portal import portal_on
from tests.support.provider import running
from tests.web import free_port, serving

WORDS = {"en": ("Sign in with Keycloak", "canceled"), "zh": ("用 Keycloak 登录", "已取消")}


@pytest.fixture(scope="module")
def op():
    with running() as talk:
        yield talk


@pytest.fixture
def site(tmp_path, op, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", op.certificate)
    port = free_port()
    home = f"http://localhost:{port}"
    with (
        portal_on(tmp_path, BASE_URL=home, WTF_CSRF_ENABLED=True, **op.settings) as made,
        serving(made, host="localhost", port=port, threads=4),
    ):
        Firm()
        yield home
    provider.use({**made.config, "OIDC_ISSUER": ""})


@pytest.mark.parametrize("language, width", [("en", 1280), ("zh", 390)])
def test_the_button_leads_in_and_out(browser, site, op, language, width):
    context = browser.new_context(
        base_url=site, ignore_https_errors=True, viewport={"width": width, "height": 800}
    )
    context.add_cookies([{"name": "language", "value": language, "url": site}])
    page, (button, canceled) = context.new_page(), WORDS[language]
    op.set(home=site, error="access_denied")
    page.goto("/customers/")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.get_by_text(button).click()
    assert canceled in page.locator("[role=alert]").inner_text()
    op.set(home=site)
    page.get_by_text(button).click()
    page.wait_for_url(f"{site}/customers/")
    form = page.locator("form[action='/sign-out']").first
    form.evaluate("form => form.submit()")
    page.wait_for_url(f"{site}/sign-in")
    page.locator("a[href='/sign-in/provider/out']").click()
    page.wait_for_url(f"{op.issuer}/out**")
    context.close()
