"""The faults that checks find (models/operations/checks.py), in the reader's language. They are
noted in English, as the log and `flask verify` tell them."""

import functools
import re

from flask_babel import gettext as _

from views.web.language import N_

# The first that fits counts, so the specific ones come first.
FAULTS = (
    N_("%(name)s: not checked, something in it is unreadable: %(error)s"),
    N_("file %(name)s: its bytes were changed"),
    N_("%(name)s: the kept PDF is missing or was changed"),
    N_("%(name)s: the kept signature is missing or was changed"),
    N_("%(name)s: the kept slip is missing or was changed"),
    N_("%(name)s: the kept confirmed PDF is missing or was changed"),
    N_("%(name)s: the attachment %(file)s is missing or was changed"),
    N_("the company's logo: the file is missing or was changed"),
    N_("the company's seal: the file is missing or was changed"),
    N_("the company's contract_seal: the file is missing or was changed"),
    N_("the company's font: the file is missing or was changed"),
    N_("%(name)s: version %(n)s of the file is missing or was changed"),
    N_("%(name)s: the archived file is missing or was changed"),
    N_("archive %(name)s: %(n)s places given, %(count)s used"),
    N_("%(name)s: last is %(n)s, missing %(numbers)s"),
    N_("%(name)s: the total is not the sum of its lines"),
    N_("audit log: before event %(n)s something is missing or was changed"),
    N_("audit log: something up to event %(n)s is missing or was changed"),
    N_("audit log: event %(n)s (%(what)s) was changed"),
    N_("audit log: the end was cut off or rewritten since %(at)s"),
    N_("Import %(n)s: no event seals the rows that it made"),
    N_("%(name)s: a row that no event tells of"),
    N_("%(name)s: a column differs from what the audit log last saw"),
    N_("log seals: line %(n)s was changed, torn, or written with another key"),
    N_("log seals: object %(name)s was changed, torn, or written with another key"),
    N_("log seals: %(name)s was changed, torn, or written with another key"),
    N_("%(name)s: the audit log leads to %(one)s, the row says %(other)s"),
    N_("%(name)s: it was decided by someone else than the row says"),
    N_("%(name)s: the row is gone"),
    N_("backup location %(place)s: backup %(backup)s: %(name)s is missing or was changed"),
    N_("backup location %(place)s: the copy of file %(name)s is missing or was changed"),
    N_("backup location %(place)s: the copy of %(name)s is missing or was changed"),
    N_("the database file is damaged: %(words)s"),
    N_("search: %(name)s is no kind that is indexed"),
    N_("search: %(name)s is not indexed as it stands"),
    N_("search: %(name)s is indexed but gone"),
    N_("archive: %(n)s texts are kept, %(count)s stand in %(name)s"),
    N_("%(name)s says %(one)s, the documents say %(other)s"),
)


@functools.cache
def _patterns():
    return [
        (re.compile(re.sub(r"%\\\((\w+)\\\)s", r"(?P<\1>.*)", re.escape(text)), re.S), text)
        for text in FAULTS
    ]


def fault_sentence(fault):
    """The fault in the reader's language; one that we do not know as it was noted."""
    for pattern, text in _patterns():
        if found := pattern.fullmatch(fault):
            return _(text) % found.groupdict()
    return fault
