"""Our edges of waitress: what it answers by itself is guarded as our pages are, and one request
names one host; what a proxy sent stays known."""

import re

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import BaseWSGIServer
from waitress.task import ErrorTask, WSGITask

from models.core.network import MARK, PEER, SCHEME, is_forwarded

# Several Host headers arrive here joined by a comma.
HOST = re.compile(r"([\w.-]+|\[[0-9A-Fa-f:.]+\])?(:\d{1,5})?", re.ASCII)


class Parser(HTTPRequestParser):
    def parse_header(self, header_plus):
        super().parse_header(header_plus)
        if not HOST.fullmatch(self.headers.get("HOST", "")):
            raise ParsingError("Host names no host")
        if is_forwarded(self.headers):
            self.headers[MARK.upper().replace("-", "_")] = "yes"


class Task(WSGITask):
    """Tells who sent the request here before waitress puts the visitor in the place of the
    proxy."""

    def get_environment(self):
        environ = super().get_environment()
        environ[PEER] = self.channel.addr[0]
        environ[SCHEME] = environ.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip()
        return environ


def guard(connections, headers):
    """Let the servers among the connections send these headers with what they refuse themselves."""

    class Refusal(ErrorTask):
        def execute(self):
            self.response_headers += [*headers.items(), ("Cache-Control", "no-store, private")]
            super().execute()

    class Channel(HTTPChannel):
        parser_class = Parser
        error_task_class = Refusal
        task_class = Task

    for one in connections.values():
        if isinstance(one, BaseWSGIServer):
            one.channel_class = Channel
