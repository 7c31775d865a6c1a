"""A real SMTP server on this machine, and the outbox sending to it."""

import email
import email.policy

import pytest
from aiosmtpd.controller import Controller

from app import write_mail
from models.adapters import outbox
from models.printed import print_waiting
from tests.web import free_port


def deliver():
    """What the workers would do now: print what waits, then send the mails."""
    print_waiting()
    outbox.deliver_waiting()


class Server:
    """What the server received, and what it answers to recipients and to data."""

    def __init__(self):
        self.mails, self.rcpt, self.data, self.hook = [], "250 ok", "250 kept", lambda: None

    async def handle_RCPT(self, server, session, envelope, address, options):
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, session, envelope):
        if self.data.startswith("250"):
            self.mails.append(
                email.message_from_bytes(envelope.content, policy=email.policy.default)
            )
        self.hook()
        return self.data

    def to(self, name):
        return [m for m in self.mails if m["To"].startswith(name)]


@pytest.fixture
def server(app):
    server = Server()
    controller = Controller(server, hostname="127.0.0.1", port=free_port())
    controller.start()
    server.stop, server.port = controller.stop, controller.port
    outbox.use(f"smtp://127.0.0.1:{controller.port}", "firm@firm.test", write_mail, "firm.test")
    yield server
    if controller._thread:
        controller.stop()
