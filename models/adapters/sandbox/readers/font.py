"""A font that a firm adds."""

import io

from reportlab.pdfbase import ttfonts

FORBIDDEN = 0x0302  # bits of fsType: restricted, no subsets, bitmaps alone


def facts(data):
    """(name, characters) of a TrueType font. Raises when it is damaged or may not be embedded."""
    face = ttfonts.TTFontFile(io.BytesIO(data))
    if "OS/2" in face.table and int.from_bytes(face.get_table("OS/2")[8:10]) & FORBIDDEN:
        raise ValueError("may not be embedded")
    codes = [code for code, glyph in face.charToGlyph.items() if glyph and code > 32]
    face.makeSubset(codes)  # reads every outline, as printing would
    name = face.name.decode("ascii", "ignore") if isinstance(face.name, bytes) else str(face.name)
    return name, "".join(chr(code) for code in codes if not 0xD800 <= code <= 0xDFFF)
