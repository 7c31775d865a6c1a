"""A document as pictures of its pages, for screens: of the PDF that is given out today, or of what
a draft would be if it were issued now."""

import functools
import hashlib

from models.adapters.printing import pictures
from models.core.fields import canonical


class Picturing:
    def pictures(self, content):
        """The pictures, or None while they are made. `content`: what shown_content() returned."""
        return pictures.of(self._picture_key(self.picture_hash(content)), self._printer(content))

    def pictures_shown(self, shown):
        """Those that a page showed under this hash; those of today, made at once, where they are
        no longer kept."""
        found = pictures.kept(self._picture_key(shown))
        if found:
            return found
        content = self.shown_content()
        key = self._picture_key(self.picture_hash(content))
        return pictures.kept(key) or pictures.make(key, self._printer(content))

    def picture_hash(self, content):
        """Another one whenever its pages look different."""
        facts = [content, self.state == "voided" and self.voided_on]
        return hashlib.sha256(canonical(facts).encode()).hexdigest()

    def _picture_key(self, shown):
        return f"document-{self.id}-{shown}"

    def _printer(self, content):
        """What lays it out: a draft with exactly this content, whatever is saved meanwhile."""
        return self.stamped_pdf if self.number else functools.partial(self.preview, content)
