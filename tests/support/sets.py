"""How much of a generated set is run: a part in `make test`, all of it in `make test-all`
(FULL=yes)."""

import os
import zlib

FULL = bool(os.environ.get("FULL"))


def fully(part, everything):
    """`everything` in full, else only the part of it."""
    return everything if FULL else part


def some(count, cases):
    """The first `count` of the cases; in full all."""
    return fully(cases[:count], cases)


def one_in(count, *words):
    """Whether this case is among the one in `count` that are run when not all are: always the same,
    spread evenly."""
    return FULL or zlib.crc32(" ".join(map(str, words)).encode()) % count == 0
