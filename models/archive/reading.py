"""The text of a stored file of any type; empty when it has none or cannot be read."""

import io
import zipfile
from xml.etree.ElementTree import ParseError

import defusedxml.ElementTree as safe_xml
from defusedxml.common import DefusedXmlException
from openpyxl import load_workbook

from models.adapters.blobs import Away, Damaged
from models.adapters.printing import reading
from models.adapters.printing.pool import PdfFailed
from models.archive import ofd
from models.core.errors import Refused

MOST = 200_000


def text_of(filing):
    """Text of the newest version, at most 200 000 characters. Text in pictures is not read."""
    try:
        data = filing.bytes()
        return words(data, filing.extension)[:MOST]
    except Away:  # the next run tries again
        raise
    except (
        Damaged,
        Refused,
        PdfFailed,
        ParseError,
        DefusedXmlException,
        zipfile.BadZipFile,
        KeyError,
        ValueError,
        OSError,
    ):
        return ""


def words(data, extension):
    if extension == "pdf":
        return reading.text(data)
    if extension == "xml":
        return _of_xml(data)
    if extension == "ofd":
        return " ".join(_of_xml(part) for name, part in ofd.parts(data) if name.endswith(".xml"))
    if extension in ("xlsx", "docx") and not _fits_in_memory(data):
        return ""
    if extension == "xlsx":
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        return " ".join(
            str(c)
            for sheet in book.worksheets
            for row in sheet.iter_rows(values_only=True, max_row=5000)
            for c in row
            if c is not None
        )
    if extension == "docx":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            info = archive.getinfo("word/document.xml")
            return _of_xml(archive.read(info)) if info.file_size <= ofd.MOST_PART else ""
    return ""


def _fits_in_memory(data):
    """Whether its unpacked size is within our limit."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return sum(part.file_size for part in archive.infolist()) <= ofd.MOST_UNPACKED


def _of_xml(data):
    return " ".join(
        text.strip()
        for text in safe_xml.fromstring(data, forbid_dtd=True).itertext()
        if text.strip()
    )
