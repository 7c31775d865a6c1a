"""Names of files, as they are kept, mailed and downloaded; never used as a path."""

import re
import unicodedata

HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff]")
RESERVED = {"con", "prn", "aux", "nul", *(f"{n}{i}" for n in ("com", "lpt") for i in range(1, 10))}
MOST_BYTES = 180
SAME = {"jpg": {"jpg", "jpeg"}, "tif": {"tif", "tiff"}}


def clean(name, most=200):
    """The last part of the path as given, without invisible characters and those that change the
    direction of writing."""
    return HIDDEN.sub("", re.split(r"[/\\]", name or "")[-1]).strip(" .")[-most:]


def of_kind(name, extension, most=200):
    """The name with the extension of its content, so that nobody opens a program for a picture."""
    name = clean(name, most - 8) or "file"
    return (
        name
        if name.rpartition(".")[2].lower() in SAME.get(extension, {extension}) and "." in name
        else f"{name}.{extension}"
    )


def safe(text):
    """The text as a file name for Windows, macOS and Linux: at most 180 bytes, never empty, hidden
    or the name of a device."""
    text = unicodedata.normalize(
        "NFC", re.sub(r"[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff]", "", str(text))
    )
    text = re.sub(r'[\\/:*?"<>|]+', "-", text)
    text = re.sub(r"\s+", " ", text).strip(" .")
    while len(text.encode()) > MOST_BYTES:
        text = text[:-1].rstrip(" .")
    return f"_{text}" if not text or text.split(".")[0].lower() in RESERVED else text


def pdf_of(number):
    """The name of the PDF of a document: numbers may contain a slash."""
    return f"{safe(number)}.pdf"
