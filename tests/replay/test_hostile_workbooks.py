"""Files to import that read others, or unpack to more than a machine has: refused in seconds, while
the portal's own memory stays small."""

import contextlib
import io
import struct
import time
import zipfile
import zlib

import pytest

from models.adapters import tables
from models.adapters.received import examined
from models.core.errors import Refused
from tests.models.test_bombs import laughs, little_memory, png  # noqa: F401
from tests.models.test_hostile_files import STRINGS, refusal, workbook
from tests.support.sets import fully

MB = 2**20
SOON = fully(8, 2)  # seconds; beside other tests the machine is not ours alone


@pytest.mark.parametrize(
    "entity",
    [b'<!ENTITY x SYSTEM "file:///etc/passwd">', b'<!ENTITY y "ha"><!ENTITY x "&y;&y;&y;">'],
)
@pytest.mark.asvs("1.5.1")
def test_openpyxl_cve_2017_5992_xml_entities_are_never_followed(entity):
    """A cell of a workbook named a file of the server, and got its text."""
    head = b"<!DOCTYPE a [" + entity + b"]>"
    assert (
        refusal(
            workbook(
                lambda xml: xml.replace(b"<worksheet", head + b"<worksheet", 1).replace(
                    b"<t>a<", b"<t>&x;<"
                )
            )
        )
        == "file_not_a_table"
    )
    assert "root:" not in str(tables.read(workbook(sharedStrings=head + STRINGS), "x.xlsx").rows)


@pytest.mark.parametrize("part", ["workbook", "styles", "sharedStrings", "theme1", "app"])
def test_openpyxl_cve_2017_5992_in_no_part_of_a_workbook(part, little_memory):  # noqa: F811
    """Not the sheet alone: each part is XML of a stranger, and openpyxl leaves it to who calls it
    to install what guards against a billion laughs."""
    outer = b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>'
    for xml in (outer, laughs()):
        began = time.monotonic()
        with contextlib.suppress(Refused):
            rows = tables.read(workbook(**{part: xml}), "x.xlsx").rows
            assert "root:" not in str(rows) and "lol" not in str(rows)
        assert time.monotonic() - began < SOON


def overlapping(size, times):
    """A zip whose parts are all the same bytes: `times` × `size` of zeros in a few kB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = bytes(MB)
    packed = b"".join(packer.compress(block) for _mb in range(size // MB)) + packer.flush()
    crc = 0
    for _mb in range(size // MB):
        crc = zlib.crc32(block, crc)
    facts = struct.pack("<HHHIII", 8, 0, 0, crc, len(packed), size)
    head = b"PK\3\4" + struct.pack("<HH", 20, 0) + facts + struct.pack("<HH", 1, 0) + b"a"
    listed = b"".join(
        b"PK\1\2"
        + struct.pack("<HHH", 20, 20, 0)
        + facts
        + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0)
        + name
        for name in (b"xl/%d.xml" % n for n in range(times))
    )
    count = min(times, 0xFFFF)
    end = struct.pack("<HHHHIIH", 0, 0, count, count, len(listed), len(head + packed), 0)
    return head + packed + listed + b"PK\5\6" + end


def many_parts(count):
    """A zip of so many empty parts."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for n in range(count):
            box.writestr(f"xl/{n}.xml", b"")
    return out.getvalue()


BOMBS = {
    "10 GB in parts that overlap": lambda: overlapping(100 * MB, 100),
    "more parts than a workbook has": lambda: many_parts(fully(5_000, 60_000)),
    "a zip that is a zip that is a zip": lambda: nested(workbook(), 30),
}


def nested(data, deep):
    for _n in range(deep):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as box:
            box.writestr("xl/workbook.xml", data)
        data = out.getvalue()
    return data


@pytest.fixture(scope="module", params=BOMBS)
def bomb(request):
    return BOMBS[request.param]()


def test_openpyxl_billion_laughs_a_bomb_to_import_is_refused_in_time(bomb, little_memory):  # noqa: F811
    """Its page says that it does not guard against such files: read by the portal itself, one would
    have taken it down."""
    began = time.monotonic()
    with pytest.raises(Refused):
        tables.read(bomb, "x.xlsx")
    with contextlib.suppress(Refused):
        assert examined(bomb).extension in ("zip", "xlsx", "")
    assert time.monotonic() - began < SOON


@pytest.mark.parametrize("side", fully([50_000], [50_000, 30_000]))
def test_xhtml2pdf_gzip_bomb_a_picture_of_billions_of_pixels_is_not_unpacked(firm, sign_in, side):
    """What a stream unpacks to was not counted: here a PNG of 50,000² is refused by its head."""
    head = bytearray(png(2, 2))
    head[16:24] = struct.pack(">II", side, side)
    head[29:33] = struct.pack(">I", zlib.crc32(head[12:29]))
    for path, field in (("/settings/", "logo"), ("/settings/", "seal")):
        form = {field: (io.BytesIO(bytes(head)), "a.png")}
        began = time.monotonic()
        answer = sign_in(firm.ada).post(path, data=form, content_type="multipart/form-data")
        assert answer.status_code == 422 and time.monotonic() - began < SOON
    with pytest.raises(Refused) as refused:
        examined(bytes(head))
    assert refused.value.code == "too_many_pixels"
