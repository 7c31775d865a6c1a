"""Names of files, as they are kept, mailed and downloaded; never used as a path."""

import re
import unicodedata

HIDDEN = re.compile(
    r"[\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    r"\ud800-\udfff]"
)
RESERVED = {
    *("con", "prn", "aux", "nul", "conin$", "conout$"),
    *(f"{n}{i}" for n in ("com", "lpt") for i in "123456789¹²³"),
}
MOST_BYTES = 180
XML = "application/vnd.openxmlformats-officedocument."
KINDS = {  # of the files that are kept from outside
    "pdf": "application/pdf",
    "png": "image/png",
    "jpg": "image/jpeg",
    "gif": "image/gif",
    "webp": "image/webp",
    "tif": "image/tiff",
    "heic": "image/heic",
    "xlsx": f"{XML}spreadsheetml.sheet",
    "docx": f"{XML}wordprocessingml.document",
    "zip": "application/zip",
    "xml": "application/xml",
    "ofd": "application/ofd",
}
SAME = {"jpeg": "jpg", "tiff": "tif"}
# What a double click would run, install or open as a page: taken off, also before another ending,
# since Windows hides the last one.
RUNS = set(
    "apk app appref-ms appx bas bat bin chm cmd com command cpl desktop diagcab dll dmg exe "
    "gadget hlp hta htm html img inf iso jar jnlp js jse lnk mht mhtml msc msh msi msix msp mst "
    "pif pkg ps1 py pyw reg run scf scr sct settingcontent-ms sh shtml svg swf sys url vb vbe "
    "vbs vhd vhdx webloc website wsc wsf wsh xhtml xht xll xsl".split()
)


def clean(name, most=200):
    """The last part of the path as given, without invisible characters and those that change the
    direction of writing."""
    return HIDDEN.sub("", re.split(r"[/\\]", name or "")[-1]).strip(" .")[-most:]


def extension(name):
    """The ending in one spelling, empty where there is none."""
    ending = name.rpartition(".")[2].lower() if "." in name else ""
    return SAME.get(ending, ending)


def extension_of(mime):
    """The ending of a kept kind."""
    return next((ending for ending, kind in KINDS.items() if kind == mime), "")


def harmless(name, but=()):
    """The name as people gave it, without an ending that a double click would run, `but` these."""
    name = safe(clean(name) or "file")
    while extension(name) in RUNS.difference(but):
        name = safe(name.rpartition(".")[0] or "file")
    return name


def of_kind(name, ending):
    """The name with the ending of its content, so that nobody opens a program for a picture."""
    name, ending = harmless(name), ending or "file"
    stem = name.rpartition(".")[0] if extension(name) in KINDS else name
    return name if extension(name) == ending else f"{safe(stem, MOST_BYTES - 10)}.{ending}"


def safe(text, most=MOST_BYTES):
    """The text as a file name for Windows, macOS and Linux: at most so many bytes, never empty,
    hidden or the name of a device; a long one keeps its ending."""
    text = unicodedata.normalize("NFC", HIDDEN.sub("", str(text)))
    text = re.sub(r'[\\/:*?"<>|]+', "-", text)
    text = re.sub(r"\s+", " ", text).strip(" .")
    stem, dot, ending = text.rpartition(".")
    if not stem or len(ending) > 10:
        stem, dot, ending = text, "", ""
    while len(f"{stem}{dot}{ending}".encode()) > most:
        stem = stem[:-1].rstrip(" .")
    text = f"{stem}{dot}{ending}"
    return f"_{text}" if not text or text.split(".")[0].strip().lower() in RESERVED else text


def pdf_of(number):
    """The name of the PDF of a document: numbers may contain a slash."""
    return f"{safe(number)}.pdf"
