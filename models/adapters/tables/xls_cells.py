"""What an XLS of Excel 97 and later says about its cells beside their values: formats that show
zeros or percents. The file is a small file system (MS-CFB) whose stream Workbook holds records
(MS-XLS): number, length, content."""

import contextlib
import struct

from models.adapters.tables.xlsx_cells import PERCENTS, percent, show_of

BOUNDSHEET, FORMAT, XF, END = 0x85, 0x41E, 0xE0, 0x0A
NUMBER, RK, MULTIPLE, FORMULA = 0x203, 0x27E, 0xBD, 0x06
LEAST = 4096  # smaller streams stand elsewhere; Excel writes none
LAST_SECTOR = 0xFFFFFFFA


def styled(data, sheet):
    """(row, column, how to show the value) of each number whose format changes what one reads, from
    0 and in the order of the sheet. It ends where the file is not as it should be."""
    with contextlib.suppress(struct.error, ValueError, IndexError):
        yield from _styled(data, sheet)


def _styled(data, sheet):
    book = _workbook(data)
    shows, places = _globals(book)
    if not shows or sheet not in places:
        return
    for kind, content in _records(book, places[sheet]):
        if kind in (NUMBER, RK, FORMULA):
            row, column, style = struct.unpack_from("<HHH", content)
            if style in shows:
                yield row, column, shows[style]
        elif kind == MULTIPLE:
            row, first = struct.unpack_from("<HH", content)
            for i in range((len(content) - 6) // 6):
                (style,) = struct.unpack_from("<H", content, 4 + 6 * i)
                if style in shows:
                    yield row, first + i, shows[style]


def _globals(book):
    """({index of a style: how it shows}, {name of a sheet: where it begins})."""
    codes, styles, places = {}, [], {}
    for kind, content in _records(book, 0):
        if kind == FORMAT:
            number, count, wide = struct.unpack_from("<HHB", content)
            codes[number] = _text(content[5:], count, wide)
        elif kind == XF:
            styles.append(struct.unpack_from("<H", content, 2)[0])
        elif kind == BOUNDSHEET:
            place, _, count, wide = struct.unpack_from("<IHBB", content)
            places[_text(content[8:], count, wide)] = place
    shows = {
        index: percent if number in PERCENTS else show_of(codes.get(number, ""))
        for index, number in enumerate(styles)
    }
    return {index: show for index, show in shows.items() if show}, places


def _text(content, count, wide):
    return (
        content[: count * 2].decode("utf-16-le") if wide & 1 else content[:count].decode("latin-1")
    )


def _records(book, at):
    while at + 4 <= len(book):
        kind, length = struct.unpack_from("<HH", book, at)
        if kind == END:
            return
        yield kind, book[at + 4 : at + 4 + length]
        at += 4 + length


def _workbook(data):
    """The bytes of the stream Workbook; none where there is no such stream."""
    size = 1 << struct.unpack_from("<H", data, 30)[0]
    sectors = [s for s in struct.unpack_from("<109I", data, 76) if s < LAST_SECTOR]
    more, count = struct.unpack_from("<II", data, 68)
    for _ in range(min(count, len(data) // size)):
        table = struct.unpack_from(f"<{size // 4}I", data, (more + 1) * size)
        sectors += [s for s in table[:-1] if s < LAST_SECTOR]
        more = table[-1]
    following = b"".join(
        data[(s + 1) * size : (s + 2) * size] for s in sectors[: len(data) // size]
    )
    following = memoryview(following[: len(following) // 4 * 4]).cast("I")
    folder = _chain(data, size, following, struct.unpack_from("<I", data, 48)[0])
    for at in range(0, len(folder), 128):
        name = folder[at : at + 64].decode("utf-16-le", "ignore").rstrip("\0")
        start, length = struct.unpack_from("<II", folder, at + 116)
        if name == "Workbook" and length >= LEAST:
            return _chain(data, size, following, start)[:length]
    return b""


def _chain(data, size, following, sector):
    """The sectors from this one on, as one."""
    found, seen = [], 0
    while sector < len(following) and seen <= len(following):
        found.append(data[(sector + 1) * size : (sector + 2) * size])
        sector, seen = following[sector], seen + 1
    return b"".join(found)
