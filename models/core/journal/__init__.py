"""The journal: one event per verb, each with a hash over the event before and over its row."""

from models.core.journal.anchors import (
    anchor,
    anchor_lines,
    anchors,
    begin_anew,
    last_proof,
    lines_here,
    note_proof,
    share,
)
from models.core.journal.changes import changed_fields
from models.core.journal.event import GENESIS, REMOVED, VERSION, Event, origin, origin_from
from models.core.journal.journaled import (
    Journaled,
    columns_of,
    followers,
    label,
    plain_name,
    watchers,
)
from models.core.journal.migration import migrate_rows
from models.core.journal.names import attribute_name, class_name
from models.core.journal.verify import examine, last_contents, read_some, verify

__all__ = [
    "Event",
    "GENESIS",
    "Journaled",
    "REMOVED",
    "VERSION",
    "anchor",
    "anchor_lines",
    "anchors",
    "attribute_name",
    "begin_anew",
    "changed_fields",
    "examine",
    "class_name",
    "columns_of",
    "followers",
    "label",
    "plain_name",
    "share",
    "last_contents",
    "last_proof",
    "lines_here",
    "migrate_rows",
    "note_proof",
    "origin",
    "origin_from",
    "read_some",
    "verify",
    "watchers",
]
