"""A font that a firm adds for letters that ours lack: read in the sandbox before it is kept."""

from models.adapters import blobs, sandbox
from models.adapters.printing import fonts
from models.core.errors import Refused, refuse

TRUETYPE = (b"\0\1\0\0", b"true")  # how a font with TrueType outlines begins


def columns_of(data):
    """{column: value} of the firm's row with this font, which is kept. Refused when it is too
    large, has other outlines, is damaged, may not be embedded or has no letter that ours lack."""
    blobs.check_size(data)
    data[:4] in TRUETYPE or refuse("font_kind")
    try:
        name, letters = sandbox.call("models.adapters.sandbox.readers.font.facts", data)
    except Refused as error:
        refuse("font_damaged" if error.code == "reading_failed" else error.code, **error.facts)
    added = set(letters).difference(*fonts.coverage().values()) or refuse("font_adds_nothing")
    return {"font": blobs.keep(data), "font_name": name, "font_letters": fonts.ranges(added)}


def needed_for(text, sha):
    """The bytes of the firm's font where the text has a letter that ours lack, else None."""
    return blobs.fetch(sha) if sha and fonts.lacking(text) else None
