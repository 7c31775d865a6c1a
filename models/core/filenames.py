"""Names of uploaded files: shown and sent back to people, never used as a path."""

import re

HIDDEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff]")
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
