"""Small files that unpack to more than a machine has, or keep their reader busy for ever: refused
with a sentence that names the limit, while the portal's own memory stays small."""

import io
import re
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from flask_babel import force_locale
from openpyxl import Workbook
from PIL import Image

from models.adapters import pictures, tables
from models.adapters.received import examined
from models.adapters.sandbox.limits import SCANNED
from models.archive import reading, tax_invoice_reading
from models.core.errors import Refused
from views.refusals import sentence

MB = 2**20


def _chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(width, height):
    """A PNG of one grey, in a few kB."""
    rows = zlib.compressobj()
    packed = b"".join(rows.compress(bytes(width + 1)) for _row in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    parts = (b"IHDR", head), (b"IDAT", packed + rows.flush()), (b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*part) for part in parts)


def gif():
    out = io.BytesIO()
    Image.new("L", (8, 8)).save(out, "GIF")
    data = bytearray(out.getvalue())
    picture = data.index(b"\x2c")
    for place in (6, picture + 5):
        data[place : place + 4] = struct.pack("<HH", 60_000, 60_000)
    return bytes(data)


def tiff():
    tags = {256: 60_000, 257: 60_000, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: 60_000, 279: 9}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    return b"II*\0" + struct.pack("<IH", 8, len(tags)) + entries + bytes(4)


def zipped(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name, data in parts.items():
            made.writestr(name, data)
    return out.getvalue()


def laughs():
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE l [<!ENTITY l0 "lol">{entities}]><l>&l9;</l>'.encode()


QUADRATIC = b'<!DOCTYPE l [<!ENTITY a "' + b"a" * 50_000 + b'">]><l>' + b"&a;" * 50_000 + b"</l>"
MANY = b"<l>" + b"<b/>" * 4_900_000 + b"</l>"
BOMBS = {
    "a picture of 144 million pixels": (png(12_000, 12_000), "too_many_pixels"),
    "a GIF": (gif(), "too_many_pixels"),
    "a TIFF": (tiff(), "too_many_pixels"),
    "ten billion laughs": (laughs(), "file_damaged"),
    "an entity said often": (QUADRATIC, "file_damaged"),
    "deep XML": (b"<a>" * 200_000, "too_deep"),
    "19.6 MB of elements": (MANY, "too_many_elements"),
    "an OFD": (zipped({"OFD.xml": b" " * 11 * MB}), "unpacked_too_large"),
}


@pytest.fixture
def little_memory():
    """Fails when this process took more than 80 MB in between."""
    peak, reset = Path("/proc/self/status"), Path("/proc/self/clear_refs")

    def kilobytes(name):
        line = next(x for x in peak.read_text().splitlines() if x.startswith(name))
        return int(line.split()[1])

    reset.write_text("5")
    before = kilobytes("VmRSS")
    yield
    assert kilobytes("VmHWM") - before < 80_000


@pytest.mark.parametrize("kind", BOMBS)
@pytest.mark.asvs("5.2.1", "5.2.3", "5.2.6")
def test_a_bomb_is_refused_with_its_sentence(app, little_memory, kind):
    data, code = BOMBS[kind]
    with pytest.raises(Refused) as refused:
        examined(data)
    assert refused.value.code == code
    for language in ("zh", "en"):
        with app.test_request_context(), force_locale(language):
            assert str(refused.value.facts.get("most", "")) in sentence(refused.value)


def test_the_sentence_names_what_was_found_and_what_is_read(app):
    with pytest.raises(Refused) as refused:
        examined(BOMBS["a picture of 144 million pixels"][0])
    with app.test_request_context(), force_locale("en"):
        assert sentence(refused.value) == (
            f"This picture has 144 million pixels; at most {SCANNED} million are read."
        )


def test_a_workbook_with_a_cell_at_the_end_of_the_sheet_takes_no_memory_here(little_memory):
    book, cells = io.BytesIO(), b'<row r="1048576"><c r="XFD1048576"><v>2</v></c></row></sheetData>'
    Workbook().save(book)
    with zipfile.ZipFile(book) as made:
        parts = {name: made.read(name) for name in made.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    first = b'<sheetData><row r="1"><c r="A1"><v>1</v></c></row>' + cells
    parts["xl/worksheets/sheet1.xml"] = re.sub(b"<sheetData.*?/>", first, sheet)
    with pytest.raises(Refused) as refused:
        tables.read(zipped(parts), "x.xlsx")
    assert refused.value.code == "reading_memory"


@pytest.mark.asvs("5.2.3")
def test_a_zip_in_a_zip_is_kept_unopened_and_read_as_nothing():
    inner = zipped({"zeros": bytes(20 * MB)})
    outer = zipped({f"{n}.zip": inner for n in range(500)})
    assert examined(outer).extension == "zip" and reading.words(outer, "zip") == ""


@pytest.mark.asvs("5.2.6")
def test_a_logo_may_have_less_pixels_than_a_scan():
    with pytest.raises(Refused) as refused:
        pictures.for_print(png(5000, 4000))
    assert refused.value.facts == {"found": 20, "most": 16}
    assert examined(png(5000, 4000)).extension == "png"


def test_a_tax_invoice_that_is_a_bomb_is_refused(little_memory):
    for data in (laughs(), b"<a>" * 200_000):
        with pytest.raises(Refused):
            tax_invoice_reading.read(data)
