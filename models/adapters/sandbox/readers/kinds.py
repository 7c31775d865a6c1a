"""The kind of a file by its content, not by its name."""

import filetype

from models.adapters.sandbox.readers import packages, pictures, xml_tree

DECODED, MEASURED = ("png", "jpg", "gif", "webp"), ("tif",)
NO_FILES = ("html", "svg", "script")  # XML that a browser would run


def kind_of(data, most):
    """[extension, MIME type], empty for a kind that we do not know. Pictures, OFD and XML are read
    completely. Refused when damaged, past a limit, or a picture of more than so many million
    pixels."""
    if packages.is_ofd(data):
        packages.xml_parts(data)
        return "ofd", "application/ofd"
    found = filetype.guess(data)
    if found:
        if found.extension in DECODED:
            pictures.check(data, most)
        elif found.extension in MEASURED:
            pictures.check_size(data, most)
        return found.extension, found.mime
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:1] != b"<":
        return "", ""
    tag = xml_tree.root(data).tag.lower().rpartition("}")[2]
    return ("", "") if tag in NO_FILES else ("xml", "application/xml")
