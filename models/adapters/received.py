"""A file from outside, whose content was looked at before anything is stored."""

from typing import NamedTuple

from models.adapters import blobs, sandbox
from models.adapters.sandbox.limits import SCANNED
from models.core.errors import Refused


class Received(NamedTuple):
    """The bytes, with their kind by the content; the extension is empty for one we do not know."""

    data: bytes
    extension: str
    mime: str


def examined(data, most=SCANNED):
    """The bytes as Received, None for none. Pictures, OFD and XML are read completely. Refused when
    damaged, too large, or a picture of more than so many million pixels. What is Received already
    is taken as it is: a view reads files before the transaction in which it calls a verb."""
    if isinstance(data, Received) or not data:
        return data or None
    blobs.check_size(data)
    kind = sandbox.call("models.adapters.sandbox.readers.kinds.kind_of", data, most)
    return Received(data, *kind)


def extension_of(data):
    """The ending by the content of what is kept already, empty for one we do not know."""
    try:
        file = examined(data)
        return file.extension if file else ""
    except Refused:  # kept before it was looked at
        return ""
