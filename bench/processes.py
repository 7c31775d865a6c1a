"""One `flask serve` against two on one port, among which the kernel shares out the connections."""

import contextlib

from bench.pages import CLIENTS, rate
from bench.serving import Browser, Server
from bench.tables import ratio, show
from tests.web import free_port

PAGES = ("/documents/", "/", "/customers/1")


def compare(databases, seconds=3, rounds=2):
    """Print the answers a second to eight clients; `databases`: {name: (folder, settings)}."""
    rows = []
    for name, (folder, settings) in databases.items():
        found = {}
        with contextlib.ExitStack() as stack:
            servers = {n: _served(folder, n, settings, stack) for n in (1, 2)}
            browser = Browser(servers[1].port).sign_in("finance")
            for page in PAGES:
                for n in list(servers) * rounds:  # in turns
                    found.setdefault((page, n), []).append(
                        rate(servers[n], browser, seconds, path=page)
                    )
        for page in PAGES:
            one, two = max(found[page, 1]), max(found[page, 2])
            rows.append([f"{name}, {page}", one, two, ratio(two / one)])
    heads = [f"answers a second, {CLIENTS} clients", "one process", "two", "gain"]
    show("Processes", heads, rows)


def _served(folder, count, settings, stack):
    """The first of so many servers on one port."""
    port = free_port()
    env = {"PORT": port, "SHARED_PORT": "yes", **settings}
    servers = [stack.enter_context(Server.of_firm(folder, **env)) for _ in range(count)]
    return servers[0]
