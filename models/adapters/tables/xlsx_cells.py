"""What an XLSX says about its cells beside their values: formats that show zeros or percents, and
formulas whose result was never stored."""

import io
import re
import zipfile
from decimal import Decimal

from defusedxml.ElementTree import fromstring

from models.adapters.tables.cell import text_of

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
BLOCK = 4 * 2**20
PERCENTS = {9, 10}
ZEROS = re.compile(r'((?:"[^"]*"|\\.|[A-Za-z_-])*)(0{2,}|0)')
WITHOUT_RESULT = re.compile(
    rb"<c\b([^>]*)>\s*<f\b(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>)?\s*</c>"
)
FAILED = re.compile(
    rb'<c\b(?=[^>]*\bt="e")([^>]*)>\s*(?:<f\b[^>]*(?:/>|>[^<]*</f>))?\s*<v>([^<]*)</v>'
)
PLACE = re.compile(rb'\br="([A-Z]{1,3})(\d{1,7})"')


def styled(data, sheet, notes):
    """(row, column, how to show the value) of each cell whose format changes what one reads, from
    0 and in the order of the sheet. When it ends, `notes` tells of formulas without a result
    and of those that failed."""
    archive = zipfile.ZipFile(io.BytesIO(data))
    shows, path = _formats(archive), _path(archive, sheet)
    wanted = None
    if shows:
        ids = b"|".join(b"%d" % i for i in shows)
        wanted = re.compile(rb'<c\b(?=[^>]*\bs="(%s)")[^>]*>' % ids)
    count, first, failed = 0, "", {}
    for block in _blocks(archive, path) if path else ():
        for match in WITHOUT_RESULT.finditer(block) if b"<f" in block else ():
            count += 1
            place = PLACE.search(match[1])
            first = first or (place and (place[1] + place[2]).decode()) or ""
        for match in FAILED.finditer(block) if b't="e"' in block else ():
            _count_failed(failed, match)
        for match in wanted.finditer(block) if wanted else ():
            place = PLACE.search(match[0])
            if place and b't="s"' not in match[0] and b't="inlineStr"' not in match[0]:
                yield int(place[2]) - 1, column_of(place[1].decode()), shows[int(match[1])]
    if count:
        notes.append(("formulas_empty", {"count": count, "cell": first}))
    if failed:
        notes.append(("errors_empty", failed))


def _count_failed(failed, match):
    place = PLACE.search(match[1])
    failed.setdefault("value", match[2].decode())
    failed.setdefault("row", int(place[2]) if place else "")
    failed["count"] = failed.get("count", 0) + 1


def column_of(letters):
    index = 0
    for letter in letters:
        index = index * 26 + ord(letter) - 64
    return index - 1


def show_of(code):
    """How a number format shows a number, None where it is the number itself."""
    code = code.split(";")[0].strip()
    if code.replace('"', "").endswith("%") and not re.search(r"[A-Za-z]", code):
        return percent
    match = ZEROS.fullmatch(code)
    if not match or (len(match[2]) < 2 and not re.search(r'"[^"]*[A-Za-z]', match[1])):
        return None
    prefix = re.sub(r'"([^"]*)"|\\(.)', r"\1\2", match[1])
    return lambda value: _zeros(value, prefix, len(match[2]))


def percent(value):
    if not isinstance(value, int | float) or isinstance(value, bool):
        return text_of(value)
    return f"{(Decimal(f'{value:.12g}') * 100).normalize():f}%"


def _zeros(value, prefix, width):
    if not isinstance(value, int | float) or value != int(value) or value < 0:
        return text_of(value)
    return prefix + str(int(value)).zfill(width)


def _formats(archive):
    """{index of a cell's style: how it shows}, for the styles that change what one reads."""
    if "xl/styles.xml" not in archive.namelist():
        return {}
    root = fromstring(archive.read("xl/styles.xml"))
    codes = {int(f.get("numFmtId")): f.get("formatCode", "") for f in root.iter(f"{MAIN}numFmt")}
    shows = {}
    for index, style in enumerate(root.iterfind(f"{MAIN}cellXfs/{MAIN}xf")):
        number = int(style.get("numFmtId", 0))
        show = percent if number in PERCENTS else show_of(codes.get(number, ""))
        if show:
            shows[index] = show
    return shows


def _path(archive, sheet):
    relations = {
        r.get("Id"): r.get("Target") for r in fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    for found in fromstring(archive.read("xl/workbook.xml")).iter(f"{MAIN}sheet"):
        if found.get("name") == sheet:
            target = relations.get(found.get(RELATION), "").lstrip("/")
            path = target if target.startswith("xl/") else f"xl/{target}"
            return path if path in archive.namelist() else None
    return None


def _blocks(archive, path):
    """The sheet's XML in pieces that end with a whole row."""
    rest = b""
    with archive.open(path) as file:
        while piece := file.read(BLOCK):
            whole, end, rest = (rest + piece).rpartition(b"</row>")
            yield whole + end
    yield rest
