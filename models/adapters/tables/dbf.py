"""dBase tables, as old stock and bookkeeping programs keep and export them."""

import struct

from models.adapters.tables import encodings
from models.adapters.tables.cell import clean
from models.adapters.tables.table import Records
from models.core.errors import refuse

VERSIONS = {0x02, 0x03, 0x30, 0x31, 0x43, 0x83, 0x8B, 0xF5}
# The byte that names the code page, where it is one of ours.
PAGES = {
    0x02: "cp850",
    0x03: "cp1252",
    0x4D: "gb18030",
    0x4F: "big5",
    0x7A: "gb18030",
    0x78: "big5",
}


def is_one(data, filename):
    return data[:1] and data[0] in VERSIONS and filename.lower().endswith(".dbf")


def records(data, choices):
    try:
        count, head_size, row_size = struct.unpack_from("<IHH", data, 4)
        columns = _columns(data[32:head_size])
    except struct.error:
        refuse("file_not_a_table")
    columns and row_size > 1 or refuse("file_not_a_table")
    end = min(len(data), head_size + count * row_size)
    body = [data[at : at + row_size] for at in range(head_size, end, row_size)]
    names = b"\n".join(name for name, _, _ in columns)
    page = choices.get("encoding") or PAGES.get(data[29], "")
    encoding, questions, notes = encodings.find(names + b"\n" + b"\n".join(body[:5000]), page)
    return Records(_rows(columns, body, encoding), "dbf", {"encoding": encoding}, questions, notes)


def _columns(head):
    found = []
    for at in range(0, len(head) - 31, 32):
        if head[at] == 0x0D:
            break
        found.append((head[at : at + 11].split(b"\0")[0], chr(head[at + 11]), head[at + 16]))
    return found


def _rows(columns, body, encoding):
    yield 1, [clean(encodings.decode(name, encoding)) for name, _, _ in columns]
    for number, row in enumerate(body, 2):
        if row[:1] == b"*":
            continue  # deleted
        cells, at = [], 1
        for _, kind, size in columns:
            text = clean(encodings.decode(row[at : at + size].replace(b"\0", b" "), encoding))
            if kind == "D" and len(text) == 8:
                text = f"{text[:4]}-{text[4:6]}-{text[6:]}"
            cells.append(
                {"T": "1", "F": "0", "?": ""}.get(text.upper(), text) if kind == "L" else text
            )
            at += size
        yield number, cells
