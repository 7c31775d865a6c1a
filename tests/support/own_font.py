"""A small TrueType font with letters that none of ours has, made of one of ours."""

import struct

from reportlab.pdfbase.ttfonts import TTFontFile, TTFontMaker

from models.adapters.printing import fonts

ETHIOPIC = "አማርኛ"
MADE_OF = fonts.FOLDER / "NotoSansHebrew-Regular.ttf"


def font(letters=ETHIOPIC, embedding=0):
    """The font's bytes; its letters look Hebrew. `embedding` 2 forbids it (fsType of OS/2)."""
    face, maker = TTFontFile(str(MADE_OF)), TTFontMaker()
    glyphs = [glyph for code, glyph in sorted(face.charToGlyph.items()) if code >= 0x5D0]
    for tag in face.table:
        maker.add(tag, face.get_table(tag))
    maker.tables["cmap"] = _cmap(dict(zip(sorted(map(ord, letters)), glyphs, strict=False)))
    about = maker.tables["OS/2"]
    maker.tables["OS/2"] = about[:8] + struct.pack(">H", embedding) + about[10:]
    return maker.makeStream()


def _cmap(glyph_of):
    """A table of characters of format 12."""
    groups = b"".join(struct.pack(">LLL", code, code, glyph) for code, glyph in glyph_of.items())
    head = struct.pack(">HHHHL", 0, 1, 3, 10, 12)
    return head + struct.pack(">HHLLL", 12, 0, 16 + len(groups), 0, len(glyph_of)) + groups
