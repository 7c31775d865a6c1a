"""Optional virus scanning: a file from outside is shown to clamd (INSTREAM) before anything of it
is kept."""

import logging
import re
import socket
import struct
from typing import NamedTuple
from urllib.parse import urlsplit

from models.core import database
from models.core.errors import refuse

log = logging.getLogger("danju.scanner")
PATIENCE = 30  # seconds for each step; a large file is looked through in a few
PART = 2**18  # bytes that are sent together
MOST_ANSWER = 4096
_settings = {"address": "", "takes_unchecked": False}


class Away(Exception):
    """It is not reached, does not answer in time, or says that it cannot look at the file."""


class TooLarge(Away):
    """The file is larger than its StreamMaxLength."""


class Verdict(NamedTuple):
    checked: bool
    found: str  # the name of what it found; empty for a clean file


def use(config):
    _settings.update(address=config["CLAMD"], takes_unchecked=config["CLAMD_AWAY"] == "take")


def is_set():
    return bool(_settings["address"])


def takes_unchecked():
    """Whether files are taken while it is away, and checked later."""
    return _settings["takes_unchecked"]


def checked(data):
    """Whether the bytes were looked at: False only where files are taken without it. Refused when
    something was found, or when nothing can be found at the moment."""
    if not is_set() or not data:
        return True
    database.check_no_transaction("a file is checked for viruses")
    try:
        found = scan(data)
    except Away as error:
        log.warning("a file of %s bytes was not checked: %s", len(data), error)
        if takes_unchecked():
            return False
        refuse("scanner_size" if isinstance(error, TooLarge) else "scanner_away")
    found and refuse("file_infected", name=found)
    return True


def scan(data):
    """The name of what clamd finds in the bytes, empty when it finds nothing. Raises Away."""
    try:
        with _connected() as link:
            try:
                link.sendall(b"zINSTREAM\0")
                for begin in range(0, len(data), PART):
                    part = data[begin : begin + PART]
                    link.sendall(struct.pack(">I", len(part)) + part)
                link.sendall(struct.pack(">I", 0))
            except (BrokenPipeError, ConnectionResetError):
                pass  # it has stopped reading, and says why
            answer = _answer(link)
    except OSError as error:
        raise Away(f"{type(error).__name__}: {error}") from error
    return _found(answer)


def trouble():
    """Why it cannot be used, empty when it can: for whoever looks after the machine."""
    try:
        with _connected() as link:
            link.sendall(b"zPING\0")
            answer = _answer(link)
    except OSError as error:
        return f"{type(error).__name__}: {error}"
    return "" if answer == "PONG" else f"it answers {answer[:100]!r}"


def _connected():
    place = urlsplit(_settings["address"])
    if place.scheme == "tcp":
        return socket.create_connection((place.hostname, place.port), PATIENCE)
    link = socket.socket(socket.AF_UNIX)
    link.settimeout(PATIENCE)
    try:
        link.connect(place.path)
    except OSError:
        link.close()
        raise
    return link


def _answer(link):
    """What it says, up to the NUL that ends it."""
    said = b""
    while b"\0" not in said and len(said) < MOST_ANSWER:
        part = link.recv(MOST_ANSWER)
        if not part:
            break
        said += part
    return said.partition(b"\0")[0].decode(errors="replace").strip()


def _found(answer):
    if answer == "stream: OK":
        return ""
    found = re.fullmatch(r"stream: (.+) FOUND", answer, re.DOTALL)
    if found:
        return re.sub(r"[^\w.:-]", "_", found[1], flags=re.ASCII)[:100]
    if answer.startswith("INSTREAM size limit exceeded"):
        raise TooLarge(answer)
    raise Away(f"it answers {answer[:100]!r}")
