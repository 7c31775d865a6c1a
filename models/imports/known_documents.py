"""The documents that are here already, looked up some at a time: a firm may have a million."""

from models.documents import Document

FIELDS = (
    "id kind state number customer date total currency imported owner due_on terms_days "
    "delivery_on reference note"
).split()


class KnownDocuments:
    """{(kind, number): document}"""

    def __init__(self, kinds):
        self.kinds, self.asked, self.found = kinds, set(), {}

    def look_up(self, numbers):
        """Read those with these numbers, and forget the others."""
        known = Document.select(*(getattr(Document, name) for name in FIELDS))
        self.asked = set(numbers)
        of_numbers = Document.kind.in_(self.kinds), Document.number.in_(list(self.asked))
        self.found = {(d.kind, d.number): d for d in known.where(*of_numbers)}

    def get(self, kind, number):
        if number not in self.asked:
            self.look_up([number])
        return self.found.get((kind, number))
