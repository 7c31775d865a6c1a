"""The text of a stored file of any type; empty when it has none or cannot be read."""

from models.adapters import sandbox
from models.adapters.blobs import Away, Damaged
from models.core.errors import Refused

MOST = 200_000


def text_of(filing):
    """Text of the newest version, at most 200 000 characters. Text in pictures is not read."""
    try:
        return words(filing.bytes(), filing.extension)[:MOST]
    except Away:  # the next run tries again
        raise
    except (Damaged, Refused) as error:
        if getattr(error, "code", "") == "reading_busy":
            raise
        return ""


def words(data, extension):
    """The text of these bytes. Refused when they do not open."""
    return sandbox.call("models.adapters.sandbox.readers.words.words", data, extension)
