"""A real server, a real SMTP server, a real browser (Debian's Chromium)."""
import email
import email.policy
import os
import shutil
import socket

import pytest
from aiosmtpd.controller import Controller

from app import create_app
from models.base import db
from tests.web import serving


@pytest.fixture(scope="session")
def browser_type_launch_args():
    return {"executable_path": os.environ.get("CHROMIUM") or shutil.which("chromium"), "headless": True,
            "args": ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
                     "--disable-component-update", "--disable-sync"]}


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@pytest.fixture
def mailbox():
    """What a real SMTP server on this machine received."""
    class Box:
        def __init__(self):
            self.mails = []

        async def handle_DATA(self, server, session, envelope):
            self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
            return "250 kept"
    box = Box()
    box.port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=box.port)
    controller.start()
    yield box
    controller.stop()


@pytest.fixture
def served(tmp_path, mailbox):
    """An empty portal, served at its BASE_URL."""
    port = free_port()
    made = create_app(DATA_DIR=tmp_path, DATABASE_URL=f"sqlite:///{tmp_path / 'danju.db'}", SECRET_KEY="k" * 40,
                      SMTP_URL=f"smtp://127.0.0.1:{mailbox.port}", BASE_URL=f"http://127.0.0.1:{port}")
    with serving(made, host="127.0.0.1", port=port, threads=4), made.app_context():
        yield made
    if not db.is_closed():
        db.close()


@pytest.fixture
def portal(served):
    """Its address."""
    return served.config["BASE_URL"]
