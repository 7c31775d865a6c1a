"""Pictures of the pages of our PDFs, for screens. They are kept in memory by the hash of what they
show: each can be made again in a tenth of a second, so none is stored, backed up, or has to be
erased with its document."""

import collections
import logging
import struct
import threading
import time
from typing import NamedTuple

from models.adapters.printing import reading
from models.core.wake import wake

log = logging.getLogger("danju.printing")
MOST_PAGES = 10  # of one PDF
MOST_BYTES = 64 * 2**20  # of all that are kept
MOST_WAITING = 100
RETRY_SECONDS = 60  # after which what could not be made is tried again
_kept, _waiting = collections.OrderedDict(), collections.OrderedDict()
_lock = threading.Lock()


class Page(NamedTuple):
    data: bytes
    width: int
    height: int


class Pictures(NamedTuple):
    """The first pages of a PDF of so many; none where they could not be made."""

    pages: tuple
    total: int
    at: float

    @property
    def failed(self):
        return not self.pages

    @property
    def size(self):
        return sum(len(page.data) for page in self.pages)


def of(key, pdf):
    """The pictures under this key, or None while a worker makes them of the bytes that pdf()
    returns."""
    found = kept(key)
    if found and not (found.failed and found.at + RETRY_SECONDS < time.monotonic()):
        return found
    with _lock:
        _kept.pop(key, None)
        _waiting[key] = pdf
        while len(_waiting) > MOST_WAITING:
            _waiting.popitem(last=False)
    wake("pictures")


def kept(key):
    """The pictures under this key, if they are still here."""
    with _lock:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def make_waiting():
    """Make those that are asked for, the last one first: somebody looks at it now. Returns how many
    were made."""
    count = 0
    while True:
        with _lock:
            if not _waiting:
                return count
            key, pdf = _waiting.popitem()
        if not kept(key):
            make(key, pdf)
            count += 1


def make(key, pdf):
    """Make and keep the pictures; without pages where something fails."""
    try:
        total, *pages = reading.pages(pdf(), MOST_PAGES)
    except Exception as error:  # of any kind: the PDF itself says more
        log.warning("no pictures of %s: %s", key, error)
        total, pages = 0, []
    made = Pictures(tuple(Page(data, *_size(data)) for data in pages), total, time.monotonic())
    with _lock:
        _kept[key] = made
        while sum(pictures.size for pictures in _kept.values()) > MOST_BYTES:
            _kept.popitem(last=False)
    return made


def _size(png):
    """(width, height) in pixels."""
    return struct.unpack(">II", png[16:24])
