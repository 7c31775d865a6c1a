"""A document as pictures of its pages: of the PDF that is given out today, or of what a draft would
be if it were issued now."""

import functools


class Picturing:
    def picture_hash(self, content):
        return super().picture_hash([content, self.state == "voided" and self.voided_on])

    def _printer(self, content):
        """A draft with exactly this content, whatever is saved meanwhile."""
        return self.stamped_pdf if self.number else functools.partial(self.preview, content)
