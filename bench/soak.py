"""The memory of the server while all roles read and one writes, for as long as is asked.

`make bench SOAK=3600` for an hour."""

import random
import re
import secrets
import threading
import time

from bench.pages import PAGES
from bench.serving import Browser
from bench.tables import show

CLIENTS, PARTS = 3, 6


def soak(firm, seconds):
    """Print the memory at the beginning and after each sixth of the time."""
    until, counts, failed = time.monotonic() + seconds, [0] * CLIENTS, []

    def work(client):
        rng, browsers = random.Random(client), {who: _like(firm, who) for who in firm.browsers}
        while time.monotonic() < until:
            _page, address, people = rng.choice(PAGES)
            who = rng.choice(people)
            answer = browsers[who].get(address.format(**firm.facts))
            answer.status == 200 or failed.append((who, address, answer.status))
            counts[client] += 1
            if not client and not counts[0] % 10:
                _note(browsers["seller0"], firm.facts["small"])

    threads = [threading.Thread(target=work, args=(n,)) for n in range(CLIENTS)]
    rows = [["at the beginning", firm.server.memory(), 0]]
    for thread in threads:
        thread.start()
    for _ in range(PARTS):
        time.sleep(seconds / PARTS)
        minutes = (seconds - until + time.monotonic()) / 60
        rows.append([f"after {minutes:.1f} minutes", firm.server.memory(), sum(counts)])
    for thread in threads:
        thread.join()
    rows.append(["most", firm.server.most_memory(), sum(counts)])
    assert not failed, failed[:5]
    show(f"Memory under a mixed load, {firm.name}", ["when", "MB", "requests"], rows)


def _like(firm, who):
    """Another connection of the same person."""
    browser = Browser(firm.server.port)
    browser.cookies = dict(firm.browsers[who].cookies)
    return browser


def _note(browser, customer):
    page = browser.get(f"/customers/{customer}").text
    token = re.search(r'X-CSRFToken&#34;: &#34;([^&]+)|X-CSRFToken": "([^"]+)', page)
    answer = browser.post(
        f"/customers/{customer}/notes",
        csrf_token=token[1] or token[2],
        text="电话里问过",
        idempotency_key=secrets.token_urlsafe(18),
    )
    assert answer.status in (200, 303), answer.status
