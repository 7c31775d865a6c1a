"""`make bench`: the portal measured as it runs, beside its peers and beside a smaller firm.

`python -m bench [100k] [part …]`; SOAK=3600 looks at the memory for an hour. Without a part, all:
pages, peers, words, papers, issue, long, processes, soak."""

import contextlib
import functools
import os
import signal
import sys
import tempfile
import time
from pathlib import Path

from bench import issue, long_work, pages, papers, processes, soak, words
from bench.loader import firm_of, load
from bench.tables import machine, show
from tests.support import postgres

SMALL = 10_000
UNITS = {"k": 1000, "m": 10**6}


def main(*asked):
    sizes = [count_of(word) for word in asked if word[0].isdigit()]
    parts = [word for word in asked if not word[0].isdigit()] or list(PARTS)
    size, began = (sizes or [count_of("100k")])[0], time.monotonic()
    print(f"# Danju with {size:,} documents\n\n{machine()}")
    small, big = firm_of(min(SMALL, size)), firm_of(size)
    with contextlib.ExitStack() as stack:
        there = functools.cache(lambda: on_postgres(int(small.name), stack))
        for part in parts:
            PARTS[part](small, big, there)
    print(f"\n{(time.monotonic() - began) / 60:.1f} minutes. {machine()}")


def count_of(word):
    """10000, 10k or 1m as a number."""
    return int(word[:-1]) * UNITS[word[-1].lower()] if word[-1].isalpha() else int(word)


def compare_pages(small, big, postgres_firm):
    with contextlib.ExitStack() as stack:
        firms = [pages.Firm(name_of(folder), folder, stack) for folder in (small, big)]
        if there := postgres_firm():
            firms.insert(1, pages.Firm("PostgreSQL", there[0], stack, **there[1]))
        pages.compare(firms)


def beside_peers(_small, big, _there):
    with contextlib.ExitStack() as stack:
        pages.beside_peers(pages.Firm(name_of(big), big, stack))


def compare_words(_small, big, _there):
    words.compare(big)


def compare_papers(small, _big, _there):
    papers.compare(small)


def issue_figures(_small, _big, _there):
    show("Issue", ["what", "figure", "unit"], issue.figures())


def compare_long(_small, big, _there):
    long_work.compare(big)


def compare_processes(small, _big, postgres_firm):
    there = postgres_firm()
    databases = {"SQLite": (small, {}), **({"PostgreSQL": there} if there else {})}
    processes.compare(databases)


def soaked(_small, big, _there):
    with contextlib.ExitStack() as stack:
        soak.soak(pages.Firm(name_of(big), big, stack), int(os.environ.get("SOAK") or 60))


def on_postgres(documents, stack):
    """(folder, settings) of a firm on a PostgreSQL of its own; None where there is none."""
    address = stack.enter_context(postgres.server())
    if not address:
        return print("\nNo PostgreSQL here.")
    there = {"DATABASE_URL": address.rpartition("/")[0] + "/postgres"}  # which exists at once
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    load(folder, documents, **there)
    return folder, there


def name_of(folder):
    count = int(folder.name)
    return f"{count // 10**6}M" if count % 10**6 == 0 else f"{count // 1000}k"


PARTS = {
    "pages": compare_pages,
    "peers": beside_peers,
    "words": compare_words,
    "papers": compare_papers,
    "issue": issue_figures,
    "long": compare_long,
    "processes": compare_processes,
    "soak": soaked,
}

if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # the servers end too
    main(*sys.argv[1:])
