"""Import: uploaded → checked → done, or undone. A worker does the long steps and reports its
progress."""

import peewee as pw

from models.core import disk
from models.core.clock import now
from models.core.database import db
from models.core.errors import Refused, refuse
from models.core.fields import JSONField
from models.core.imported_range import ImportedRange
from models.core.journal import Journaled
from models.core.long_work import LongWork
from models.core.model import Model
from models.documents import Document
from models.imports import check_file, fields, outline, staging
from models.imports.changing import Change
from models.imports.correcting import Correcting
from models.imports.customers import CustomerPlan
from models.imports.documents import DocumentPlan
from models.imports.import_mapping import ImportMapping
from models.imports.keeping import Keeping
from models.imports.products import ProductPlan
from models.imports.reading import BEFORE_CHECK, Reading
from models.imports.running import Running
from models.people import User

OPTIONS = {
    "key": "",
    "kind": "invoice",
    "currency": "",
    "language": "",
    "date_order": "",
    "tax": 0,
    "include_tax": False,
    "create_customers": True,
    "create_products": True,
    "fallback": "",
    "credit_prefix": "",
    "same_number": "refuse",
    "settled": True,
    "line_name": "",
    "difference": "refuse",
    "difference_name": "",
    "reading": {},
    "decimal": "",
    "discount": "",
    "rounding": "",
    "status_out": None,
    "status_known": None,
    "fill_down": False,
    "defaults": {},
    "existing": "refuse",
    "twins": {},
}


class Import(Reading, Correcting, Keeping, Running, LongWork, Journaled, Model):
    """The import of one file. Nothing of it is written while any row has a fault."""

    target = pw.CharField(max_length=12)
    state = pw.CharField(max_length=10, default="uploaded", index=True)
    filename = pw.CharField()
    file = pw.CharField(max_length=64)
    mapping = JSONField(default=dict)
    options = JSONField(default=dict)
    findings = JSONField(default=dict)
    by = pw.ForeignKeyField(User)
    at = pw.DateTimeField()
    claimed_at = pw.DateTimeField(null=True)
    finished_at = pw.DateTimeField(null=True)
    kept_at = pw.DateTimeField(null=True)
    error = pw.CharField(max_length=500, default="")
    outline = JSONField(default=dict)
    unhashed = ("claimed_at", "kept_at", "outline")
    # What the archive does when documents leave again: see models/archive/withdrawing.py.
    withdraw = erase = None
    OPTIONS = OPTIONS
    UNFINISHED = ("reading", "checking", "running", "undoing")
    progress_name = "import"

    @property
    def outlined(self):
        """The outline; an empty one for an import from before outlines were kept, which is to be
        read again."""
        return {**outline.EMPTY, **self.outline}

    @property
    def states(self):
        """The states of rows that a person may leave out: those asked about, or named before."""
        asked = [q for q in self.findings.get("questions", []) if q["name"] == "status_out"]
        return {value for q in asked for value, _ in q["alternatives"]}

    @property
    def name(self):
        return self.filename

    @property
    def clean(self):
        return self.state == "checked" and not self.findings.get("fault_count")

    @db.atomic()
    def check(self, by, mapping, options):
        """Accept the mapping and the options; a worker then checks the whole file without
        writing."""
        by.must("import")
        known = fields.FIELDS[self.target]
        set(mapping.values()) <= set(known) or refuse("choice_unknown")
        len(set(mapping.values())) == len(mapping) or refuse("field_twice")
        options = {**self.options, **{k: v for k, v in options.items() if k in OPTIONS}}
        options["key"] in fields.KEYS[self.target] or refuse("key_unknown")
        self.move(
            *BEFORE_CHECK,
            to="checking",
            mapping=mapping,
            options=options,
            findings={},
            error="",
            claimed_at=None,
            by=by,
        )
        self.record("checking", by)
        ImportMapping.remember(by, self)

    @db.atomic()
    def start(self, by):
        """Let a worker write it, all or nothing. Refused while a row has a fault."""
        by.must("import")
        self.clean or refuse("import_faults")
        self.move("checked", to="running", claimed_at=None, by=by)
        self.record("started", by)

    @db.atomic()
    def undo(self, by):
        """Let a worker remove everything this import created. It fails if any of it is in use.
        Refused once it is kept."""
        by.must("import")
        self.kept_at is None or refuse("import_kept")
        self._waiting_changes().exists() and refuse("import_unfinished")
        self.move("done", to="undoing", claimed_at=None, by=by, error="")
        self.record("undoing", by)

    @classmethod
    def sweep_staged(cls):
        """Remove staged rows that no import needs any more."""
        wanted = set()
        for row in cls.select().where(cls.state.in_((*BEFORE_CHECK, *cls.UNFINISHED))):
            wanted |= {row.staged_name, check_file.name_of(row.id, row.findings.get("check", ""))}
        staging.sweep(wanted)

    def plan(self, recording=None, table=None):
        kind = {"customers": CustomerPlan, "products": ProductPlan, "documents": DocumentPlan}[
            self.target
        ]
        return kind(table or self.table(), self.mapping, self.options, self.by, recording)

    def work(self):
        """Do the step that the state names; a failure leaves nothing half done."""
        steps = {
            "reading": self._read,
            "checking": self._check,
            "running": self._run,
            "undoing": self._undo,
        }
        steps[self.state]()

    @staticmethod
    def error_text(error):
        if isinstance(error, Refused):
            fact = error.facts.get("name", error.facts.get("most", ""))
            return f"{error.code} {fact}".strip()
        if disk.note_failure(error) in ("full", "read_only"):
            return "disk_takes_nothing"
        return f"unexpected {type(error).__name__}"

    def record_end(self, state, changes):
        self.record(state, self.by, **{k: v for k, v in changes.items() if k == "error"})

    def _check(self, error=""):
        with check_file.recorded(self.id) as recording:
            findings = self.plan(recording).compute(self.note_progress).findings()
        self.finish("checked", findings=findings, error=error)


class ImportedRow(Change, Model):
    """A row that an import changed, for undo: waiting until the import is published, then updated.
    Of imports of 0.9 also a row that it created."""

    import_ = pw.ForeignKeyField(Import, backref="rows", column_name="import_id")
    model = pw.CharField(max_length=30)
    row = pw.IntegerField()
    action = pw.CharField(max_length=10)
    before = JSONField(null=True)
    after = JSONField(null=True)
    code = pw.CharField(null=True, index=True)  # that the row is given

    class Meta:
        indexes = ((("action", "model", "row"), False),)

    def take_back(self, by):
        """Give changed fields their old value unless someone changed them since, or it is refused
        by now. False where the row stays as the import changed it."""
        if self.action == "updated":
            return self._set_or_leave(self.after, self.before, by, "revise")


class ImportCorrection(Model):
    """What a person changed in a row of the file; without cells the row is left out."""

    import_ = pw.ForeignKeyField(Import, backref="corrections", column_name="import_id")
    number = pw.IntegerField()
    cells = JSONField(null=True)

    class Meta:
        indexes = ((("import_", "number"), True),)


def is_of_unkept():
    """The condition that the import of a document may still be undone."""
    unkept = Import.select(Import.id).where(Import.kept_at.is_null() | (Import.kept_at > now()))
    ranges = ImportedRange.select(ImportedRange.id).where(
        ImportedRange.name == "document",
        ImportedRange.import_id.in_(unkept),
        Document.id.between(ImportedRange.first, ImportedRange.last),
    )
    return pw.fn.EXISTS(ranges)


Document.is_of_unkept_import = is_of_unkept
