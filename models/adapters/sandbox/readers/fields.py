"""The values of named elements in XML, or in the XML of an OFD, such as those of a tax invoice."""

import unicodedata

from models.adapters.sandbox.readers import packages, xml_tree


def fields(data, extension, names):
    """[(name in small letters, text)] of every element, or OFD CustomData, whose name is among
    `names`. Refused when the file is damaged or past a limit."""
    names = set(names)
    return [
        pair
        for part in ([data] if extension == "xml" else _invoice_parts(data))
        for pair in _of_part(part, names)
    ]


def _invoice_parts(data):
    """The XML parts of an OFD with invoice data: the attachments first, then OFD.xml itself."""
    parts = dict(packages.xml_parts(data))
    first = [n for n in parts if n.lower().endswith("original_invoice.xml")] + [
        n for n in parts if "attach" in n.lower()
    ]
    return [
        parts[n] for n in [*dict.fromkeys(first), *(n for n in parts if n.lower() == "ofd.xml")]
    ]


def _of_part(data, names):
    side = {}
    for element in xml_tree.root(data).iter():
        name = element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
        if name in ("Buyer", "Seller"):  # the older OFD uses the same tag names for both
            side.update({id(child): name for child in element})
        if id(element) in side and not name.startswith(("Buyer", "Seller")):
            name = side[id(element)] + name
        name = element.get("Name", "") if name == "CustomData" else name
        text = unicodedata.normalize("NFKC", (element.text or "").strip())
        if text and name.lower() in names:
            yield name.lower(), text
