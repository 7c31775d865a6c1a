"""A real server, a real SMTP server, a real browser (Debian's Chromium)."""

import contextlib
import email
import email.policy

import pytest
from aiosmtpd.controller import Controller

from tests.browser.test_walk import enter, new_context  # noqa: F401  fixtures
from tests.support import required
from tests.support.portal import portal_on
from tests.web import free_port, serving


@pytest.fixture(scope="session")
def browser_type_launch_args():
    path = required.chromium() or required.missing(required.BROWSER)
    return {
        "executable_path": path,
        "headless": True,
        "args": [
            "--no-sandbox",
            "--disable-gpu",
            "--disable-quic",
            "--no-first-run",
            "--disable-background-networking",
            "--disable-component-update",
            "--disable-sync",
        ],
    }


@pytest.fixture
def mailbox():
    """What a real SMTP server on this machine received."""

    class Box:
        def __init__(self):
            self.mails = []

        async def handle_DATA(self, server, session, envelope):
            self.mails.append(
                email.message_from_bytes(envelope.content, policy=email.policy.default)
            )
            return "250 kept"

    box = Box()
    box.port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@contextlib.contextmanager
def serve(folder, mailbox):
    """The portal of this data folder, served at its BASE_URL, its mail going to this mailbox."""
    port = free_port()
    with (
        portal_on(
            folder,
            SMTP_URL=f"smtp://127.0.0.1:{mailbox.port}",
            BASE_URL=f"http://127.0.0.1:{port}",
            WTF_CSRF_ENABLED=True,
        ) as made,
        serving(made, host="127.0.0.1", port=port, threads=4),
    ):
        yield made


@pytest.fixture
def served(tmp_path, mailbox):
    """An empty portal."""
    with serve(tmp_path, mailbox) as made:
        yield made


@pytest.fixture
def portal(served):
    """Its address."""
    return served.config["BASE_URL"]
