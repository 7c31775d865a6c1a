"""What an XLS of Excel 97 and later says about its cells beside their values: formats that show
zeros or percents."""

import struct

from models.adapters.tables import xlsx_cells

# Kinds of records.
BOF, EOF, SHEET, FORMAT, STYLE = 0x809, 0x0A, 0x85, 0x41E, 0xE0
NUMBER, SHORT, SHORTS, FORMULA = 0x203, 0x27E, 0xBD, 0x06
EXCEL_97 = 0x600
END_OF_CHAIN = 0xFFFFFFFA  # and above
ENTRY = 128  # bytes of the directory
BOOK, ROOT = "Workbook", "Root Entry"


def styled(data, sheet):
    """(row, column, how to show the value) of each cell whose format changes what one reads, from
    0 and in the order of the sheet."""
    try:
        book = _stream(data, BOOK)
        start, shows = _sheet_and_formats(book, sheet)
        found = list(_cells(book, start, shows)) if shows else []
    except (struct.error, IndexError, KeyError):  # the values can be read without their formats
        found = []
    return iter(sorted(found, key=lambda cell: cell[:2]))


def _sheet_and_formats(book, sheet):
    """(where the sheet begins, {index of a cell's style: how it shows})."""
    start, codes, styles = None, {}, []
    for kind, body in _records(book, 0):
        if kind == BOF and _numbers("<H", body) != (EXCEL_97,):
            return None, {}
        if kind == SHEET and _text(body[6:], length="B") == sheet:
            (start,) = _numbers("<I", body)
        elif kind == FORMAT:
            codes[_numbers("<H", body)[0]] = _text(body[2:], length="H")
        elif kind == STYLE:
            styles.append(_numbers("<HH", body)[1])
        elif kind == EOF:
            break
    shows = {
        index: xlsx_cells.percent
        if number in xlsx_cells.PERCENTS
        else xlsx_cells.show_of(codes.get(number, ""))
        for index, number in enumerate(styles)
    }
    return start, {index: show for index, show in shows.items() if show and start is not None}


def _cells(book, start, shows):
    depth = 0
    for kind, body in _records(book, start):
        depth += (kind == BOF) - (kind == EOF)  # a chart in the sheet is a sheet of its own
        if not depth:
            return
        if kind in (NUMBER, SHORT, FORMULA):
            row, column, style = _numbers("<HHH", body)
            places = [(column, style)]
        elif kind == SHORTS:
            row, column = _numbers("<HH", body)
            styles = struct.iter_unpack("<HI", body[4 : 4 + (len(body) - 6) // 6 * 6])
            places = [(column + i, style) for i, (style, _) in enumerate(styles)]
        else:
            continue
        yield from ((row, column, shows[style]) for column, style in places if style in shows)


def _records(book, at):
    """(kind, body) of each record from this place on."""
    while at + 4 <= len(book):
        kind, size = struct.unpack_from("<HH", book, at)
        yield kind, book[at + 4 : at + 4 + size]
        at += 4 + size


def _numbers(form, body):
    return struct.unpack_from(form, body)


def _text(body, length):
    """A text with its length before it, in one byte a letter or in two."""
    (count,) = _numbers(f"<{length}", body)
    at = struct.calcsize(length)
    wide = body[at] & 1
    letters = body[at + 1 : at + 1 + count * (1 + wide)]
    return letters.decode("utf-16-le" if wide else "latin-1", "replace")


def _stream(data, name):
    """The bytes of a stream of the compound file, empty where it has none of this name."""
    (shift,) = struct.unpack_from("<H", data, 30)
    tables, first, _transaction, cutoff, small_table, _smalls, more, _mores = struct.unpack_from(
        "<IIIIIIII", data, 44
    )
    size = 1 << shift
    sector = lambda n: data[(n + 1) * size : (n + 2) * size]  # noqa: E731
    listed = list(struct.unpack_from("<109I", data, 76))
    while more < END_OF_CHAIN and len(listed) < len(data) // size:
        *places, more = _unpacked(sector(more))
        listed += places
    chain = [n for place in listed[:tables] for n in _unpacked(sector(place))]
    directory = _joined(first, chain, sector)
    found = {}
    for at in range(0, len(directory) - ENTRY + 1, ENTRY):
        entry = directory[at : at + ENTRY]
        (length,) = struct.unpack_from("<H", entry, 64)
        start, count = struct.unpack_from("<II", entry, 116)
        found[entry[: max(length - 2, 0)].decode("utf-16-le", "replace")] = start, count
    if name not in found:
        return b""
    start, count = found[name]
    if count >= cutoff:
        return _joined(start, chain, sector)[:count]
    small = _joined(found[ROOT][0], chain, sector)
    smalls = _unpacked(_joined(small_table, chain, sector))
    return _joined(start, smalls, lambda n: small[n * 64 : (n + 1) * 64])[:count]


def _unpacked(sector):
    return list(struct.unpack(f"<{len(sector) // 4}I", sector[: len(sector) // 4 * 4]))


def _joined(at, chain, sector):
    """The sectors from this one on; a chain that runs in a circle ends with the table."""
    parts = []
    while at < len(chain) and len(parts) <= len(chain):
        parts.append(sector(at))
        at = chain[at]
    return b"".join(parts)
