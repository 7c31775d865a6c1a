"""Zips, such as OFD (GB/T 33190), DOCX and XLSX: those that unpack to too much, have unsafe paths
or encrypted parts are refused. A zip within a zip is a part like others and never opened."""

import io
import zipfile

from models.adapters.sandbox.limits import PARTS, UNPACKED, XML_PART
from models.core.errors import refuse

MB = 2**20
DAMAGED = (
    zipfile.BadZipFile,
    zipfile.LargeZipFile,
    EOFError,
    KeyError,
    ValueError,
    NotImplementedError,
    OSError,
    zipfile.zlib.error,
)


def is_ofd(data):
    """True when the bytes are a zip with OFD.xml at its root."""
    if data[:4] != b"PK\x03\x04":
        return False
    try:
        return any(name.lower() == "ofd.xml" for name in _names(data))
    except DAMAGED:
        return False


def check(data):
    """Read what it says of its parts. Refused when it is damaged, or too large unpacked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            _parts(archive)
    except DAMAGED:
        refuse("file_damaged")


def xml_parts(data, ending=".xml"):
    """[(name, bytes)] of its parts with this ending."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return [
                (part.filename, _unpacked(archive, part))
                for part in _parts(archive)
                if part.filename.lower().endswith(ending)
            ]
    except DAMAGED:
        refuse("file_damaged")


def _names(data):
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.namelist()


def _parts(archive):
    parts = [part for part in archive.infolist() if not part.is_dir()]
    len(parts) <= PARTS or refuse("too_many_parts", most=PARTS)
    sum(part.file_size for part in parts) <= UNPACKED * MB or refuse(
        "unpacked_too_large", most=UNPACKED
    )
    any(map(_is_unsafe, parts)) and refuse("file_damaged")
    return parts


def _is_unsafe(part):
    """Encrypted, or at a path outside of its folder."""
    return (
        part.flag_bits & 1
        or part.filename.startswith(("/", "\\"))
        or ".." in part.filename.replace("\\", "/").split("/")
        or ":" in part.filename
    )


def _unpacked(archive, part):
    """The bytes of the part; the size in its header is not trusted."""
    with archive.open(part) as source:
        data = source.read(XML_PART * MB + 1)
    len(data) <= XML_PART * MB or refuse("unpacked_too_large", most=XML_PART)
    return data
