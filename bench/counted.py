"""The portal with the number of its statements in a header of each answer: what `flask serve`
starts for `python -m bench`. With SHARED_PORT others may listen at the same port."""

import os
import socket
import threading

import peewee as pw
from waitress.server import BaseWSGIServer

import app as portal

here = threading.local()


def create_app():
    made, execute_sql = portal.create_app(), pw.Database.execute_sql
    answer = made.wsgi_app

    def counting(self, sql, *args, **kwargs):
        here.count = getattr(here, "count", 0) + 1
        return execute_sql(self, sql, *args, **kwargs)

    def answering(environ, start):
        here.count = 0

        def started(status, headers, *more):
            return start(status, [*headers, ("X-Statements", str(here.count))], *more)

        return answer(environ, started)

    pw.Database.execute_sql, made.wsgi_app = counting, answering
    if os.environ.get("SHARED_PORT"):
        BaseWSGIServer.set_reuse_addr = share_port
    return made


def share_port(server):
    server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
