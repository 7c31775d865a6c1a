"""Reading OFD (GB/T 33190), a zip of XML; zip bombs, unsafe paths and encrypted parts are
refused."""

import io
import zipfile

from models.core.errors import refuse

MOST_PARTS, MOST_PART, MOST_UNPACKED = 2000, 10 * 2**20, 100 * 2**20


def looks_like(data):
    """True when the bytes are a zip with OFD.xml at its root."""
    if data[:4] != b"PK\x03\x04":
        return False
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return any(name.lower() == "ofd.xml" for name in archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        return False


def parts(data):
    """[(name, bytes)] of its XML parts. Refused when it is too large unpacked, has unsafe paths, or
    is encrypted."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = [info for info in archive.infolist() if not info.is_dir()]
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
                (i.filename, _unpacked(archive, i))
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


def _unpacked(archive, info):
    """The bytes of the part; the size in its header is not trusted."""
    with archive.open(info) as source:
        data = source.read(MOST_PART + 1)
    len(data) <= MOST_PART or refuse("file_too_large")
    return data
