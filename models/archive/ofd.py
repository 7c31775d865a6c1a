"""OFD (GB/T 33190) is a zip of XML: opened with care for bombs, foreign paths and locked parts."""

import io
import zipfile

from models.core.errors import refuse

MOST_PARTS, MOST_PART, MOST_UNPACKED = 2000, 10 * 2**20, 100 * 2**20


def looks_like(data):
    """True when the bytes are a zip with OFD.xml at its root."""
    if data[:4] != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            return any(name.lower() == "ofd.xml" for name in box.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def parts(data):
    """[(name, bytes)] of its XML parts. Refused when it unpacks to too much, leads outside, or is
    locked."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as box:
            infos = [info for info in box.infolist() if not info.is_dir()]
            len(infos) <= MOST_PARTS and sum(i.file_size for i in infos) <= MOST_UNPACKED or refuse(
                "file_too_large"
            )
            for info in infos:
                if (
                    info.flag_bits & 1
                    or info.filename.startswith(("/", "\\"))
                    or ".." in info.filename.replace("\\", "/").split("/")
                    or ":" in info.filename
                ):
                    refuse("file_damaged")
            return [
                (i.filename, _unpacked(box, i))
                for i in infos
                if i.filename.lower().endswith(".xml")
            ]
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        ValueError,
        NotImplementedError,
        OSError,
    ):
        refuse("file_damaged")


def _unpacked(box, info):
    """The part's bytes, however large its head says it is."""
    with box.open(info) as source:
        data = source.read(MOST_PART + 1)
    len(data) <= MOST_PART or refuse("file_too_large")
    return data
