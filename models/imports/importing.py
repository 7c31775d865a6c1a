"""Import: uploaded → checked → done, or undone. A worker does the long steps and reports its
progress."""

from functools import partial

import peewee as pw

from models.adapters import blobs, sheet
from models.company import Company
from models.core import filenames, progress
from models.core.clock import now
from models.core.database import db
from models.core.errors import Refused, refuse
from models.core.fields import JSONField
from models.core.imported_range import ImportedRange
from models.core.journal import Journaled, class_name
from models.core.long_work import LongWork
from models.core.model import Model
from models.core.portions import Portions, insert_instances
from models.imports import fields, publishing, undoing, written_customers, written_documents
from models.imports.customers import CustomerPlan
from models.imports.documents import DocumentPlan
from models.imports.products import ProductPlan
from models.imports.writing import Writer
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
}


WRITERS = {
    "customers": written_customers.write,
    "products": written_customers.write_products,
    "documents": written_documents.write,
}
# {phase of writing: from which to which part of the whole}
PHASES = {
    "reading": (0, 0.15),
    "writing": (0.15, 0.7),
    "summing": (0.7, 0.85),
    "finding": (0.85, 1),
    "removing": (0, 1),
}


class Import(LongWork, Journaled, Model):
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
    error = pw.CharField(max_length=500, default="")
    unhashed = ("claimed_at",)
    UNFINISHED = ("checking", "running", "undoing")
    progress_name = "import"

    @classmethod
    @db.atomic()
    def upload(cls, by, target, filename, data, **options):
        """Keep the file and guess what its columns mean. Refused when it is no table."""
        by.must("import")
        assert target in fields.FIELDS
        blobs.check_size(data)
        table, firm = sheet.read(data, filename), Company.current()
        mapping = {
            str(column): field for column, field in fields.guess(target, table.heads).items()
        }
        key = next(
            (k for k in fields.KEYS[target] if k in mapping.values()), fields.KEYS[target][0]
        )
        row = cls.create(
            target=target,
            filename=filenames.clean(filename) or "file",
            file=blobs.keep(data),
            mapping=mapping,
            by=by,
            at=now(),
            options={
                **OPTIONS,
                "currency": firm.currency,
                "language": firm.language,
                "key": key,
                **options,
            },
        )
        row.record("uploaded", by, filename=row.filename)
        return row

    def sheet(self):
        return sheet.read(blobs.fetch(self.file), self.filename)

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
            "uploaded",
            "checked",
            "failed",
            "undone",
            to="checking",
            mapping=mapping,
            options=options,
            findings={},
            error="",
            claimed_at=None,
            by=by,
        )
        self.record("checking", by)

    @db.atomic()
    def start(self, by):
        """Let a worker write it, all or nothing. Refused while a row has a fault."""
        by.must("import")
        self.clean or refuse("import_faults")
        self.move("checked", to="running", claimed_at=None, by=by)
        self.record("started", by)

    @db.atomic()
    def undo(self, by):
        """Let a worker remove everything this import created. It fails if any of it is in use."""
        by.must("import")
        self._waiting_changes().exists() and refuse("import_unfinished")
        self.move("done", to="undoing", claimed_at=None, by=by, error="")
        self.record("undoing", by)

    def plan(self):
        kind = {"customers": CustomerPlan, "products": ProductPlan, "documents": DocumentPlan}[
            self.target
        ]
        return kind(self.sheet(), self.mapping, self.options, self.by)

    def work(self):
        """Do the step that the state names; a failure leaves nothing half done."""
        {"checking": self._check, "running": self._run, "undoing": self._undo}[self.state]()

    @classmethod
    def run_waiting(cls):
        """Do everything that waits; first end what a process that was killed had begun."""
        for row in cls.select().where(cls.id.in_(ImportedRange.hidden_imports())):
            if row.state not in cls.UNFINISHED:
                row._sweep()
        for row in cls.select().where(cls.state == "done", cls.id.in_(ImportedRow.waiting())):
            row.apply_changes()
        super().run_waiting()

    def mark_failed(self, error):
        """Fail; an import that could not be undone remains done, or is removed later where that
        has begun."""
        if self.state == "undoing" and publishing.is_hidden(self.id):
            return
        self.finish("done" if self.state == "undoing" else "failed", error=error)

    def give_up(self):
        """What was being written is removed, and what was being removed goes on being removed."""
        self.note_progress(self.part)  # so that no other process does the same
        if self.state == "undoing" and publishing.is_hidden(self.id):
            return self.run()
        self._sweep()
        super().give_up()

    @property
    def phase(self):
        """The phase of writing that it has come to, or None."""
        return progress.facts(self.watch).get("phase")

    def note_phase(self, phase, part):
        """Tell that so much of this phase of writing is done."""
        begins, ends = PHASES[phase]
        progress.note(self.watch, begins + (ends - begins) * part, phase=phase)

    @staticmethod
    def error_text(error):
        if isinstance(error, Refused):
            return f"{error.code} {error.facts.get('name', '')}".strip()
        return f"unexpected {type(error).__name__}"

    def record_end(self, state, changes):
        self.record(state, self.by, **{k: v for k, v in changes.items() if k == "error"})

    def _check(self, error=""):
        plan = self.plan().compute(self.note_progress)
        self.finish("checked", findings=plan.findings(), error=error)

    def _run(self):
        """Write everything in portions, hidden until the last step."""
        if not publishing.begin(self.id):
            return self._wait()
        try:
            self._write_rows()
        except Exception as error:
            self._sweep()
            if not publishing.is_overtaken(error):
                raise
            return self._check(error="import_overtaken")
        self.apply_changes()

    def _write_rows(self):
        plan = self.plan().compute(partial(self.note_phase, "reading"))
        if plan.faults:
            self._sweep()
            return self.finish("checked", findings=plan.findings())
        writer = Writer(self, len(plan.steps), partial(self.note_phase, "writing"))
        WRITERS[self.target](plan, writer)
        self._remember_changes(writer)
        publishing.prepare(self, writer.portions, self.note_phase)
        publishing.publish(self, plan.findings(), writer.settled)

    def _sweep(self):
        """Remove what was written and not published."""
        publishing.remove(self.id, note=partial(self.note_phase, "removing"))
        self._forget()

    def _wait(self):
        """Let another import end first."""
        Import.update(claimed_at=None).where(Import.id == self.id).execute()

    def _remember_changes(self, writer):
        rows = (
            ImportedRow(
                import_=self,
                model=class_name(type(row)),
                row=row.get_id(),
                action="waiting",
                before={name: row.__data__[name] for name in changes},
                after=changes,
            )
            for row, changes in writer.changes
        )
        writer.portions.write(rows, lambda some: insert_instances(ImportedRow, some))

    @db.atomic()
    def _forget(self):
        """There are no rows of it any more."""
        publishing.forget(self.id)
        ImportedRow.delete().where(ImportedRow.import_ == self.id).execute()

    def apply_changes(self):
        """Change the rows that existed before, once the import is published, a few at a time."""
        Portions().write(self._waiting_changes(), lambda some: [row.apply(self.by) for row in some])

    def _waiting_changes(self):
        return self.rows.where(ImportedRow.action == "waiting").order_by(ImportedRow.id)

    def _undo(self):
        if not ImportedRange.of(self.id):
            return self._undo_of_old()
        if not undoing.hide(self):
            return self._wait()
        changed = self.rows.order_by(ImportedRow.id.desc())
        Portions().write(changed, lambda some: [row.take_back(self.by) for row in some])
        publishing.remove(self.id, self.by, partial(self.note_phase, "removing"))
        with db.atomic():
            self._forget()
            self.finish("undone", findings={})

    def _undo_of_old(self):
        """Undo an import of 0.9, whose rows each have an event of their own."""
        rows = list(self.rows.order_by(ImportedRow.id.desc()))
        with db.atomic():
            for i, row in enumerate(rows):
                row.take_back(self.by)
                if not (i % 20):
                    self.note_progress(i / len(rows))
            self._forget()
            self.finish("undone", findings={})


class ImportedRow(Model):
    """A row that an import changed, for undo: waiting until the import is published, then updated.
    Of imports of 0.9 also a row that it created."""

    import_ = pw.ForeignKeyField(Import, backref="rows", column_name="import_id")
    model = pw.CharField(max_length=30)
    row = pw.IntegerField()
    action = pw.CharField(max_length=10)
    before = JSONField(null=True)
    after = JSONField(null=True)

    @classmethod
    def waiting(cls):
        """The ids of imports that still have to change rows."""
        return cls.select(cls.import_).where(cls.action == "waiting")

    def apply(self, by):
        """Change the row, but for what somebody has changed since."""
        if type(self).get_by_id(self.id).action != "waiting":
            return
        self._set(by, old=self.before, new=self.after)
        type(self).update(action="updated").where(type(self).id == self.id).execute()

    def take_back(self, by):
        """Remove a created row; give changed fields their old value unless someone changed them
        since."""
        if self.action == "created":
            row = self._row()
            return row and row.take_back(by)
        if self.action == "updated":
            self._set(by, old=self.after, new=self.before)

    def _row(self):
        cls = Journaled.registry[self.model]
        return cls.get_or_none(cls._meta.primary_key == self.row)

    def _set(self, by, old, new):
        """Give those columns that still have the old value the new one."""
        row = self._row()
        fields = row._meta.fields if row else {}
        values = {
            name: new[name]
            if isinstance(fields[name], JSONField)
            else fields[name].python_value(new[name])
            for name in (old if row else ())
            if _as_json(row.__data__[name]) == old[name]
        }
        if values:
            row.revise(by, **values)


def _as_json(value):
    return value.isoformat() if hasattr(value, "isoformat") else value
