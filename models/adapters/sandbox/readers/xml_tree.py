"""XML without entities, of limited depth and number of elements."""

from xml.etree.ElementTree import ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from models.adapters.sandbox.limits import DEPTH, ELEMENTS
from models.core.errors import refuse


def root(data):
    """The outermost element. Refused when the XML is damaged, names entities, is nested too deep or
    has too many elements."""
    parser = DefusedXMLParser(target=_Counting(), forbid_dtd=True)
    try:
        parser.feed(data)
        return parser.close()
    except (ParseError, DefusedXmlException, ValueError, LookupError):
        refuse("file_damaged")


def words(data):
    """All text in it."""
    return " ".join(text.strip() for text in root(data).itertext() if text.strip())


class _Counting(TreeBuilder):
    def __init__(self):
        super().__init__()
        self.depth, self.count = 0, 0

    def start(self, tag, attributes):
        self.depth += 1
        self.count += 1
        self.depth <= DEPTH or refuse("too_deep", most=DEPTH)
        self.count <= ELEMENTS or refuse("too_many_elements", most=ELEMENTS)
        return super().start(tag, attributes)

    def end(self, tag):
        self.depth -= 1
        return super().end(tag)
