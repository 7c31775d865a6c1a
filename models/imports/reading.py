"""How a file to import comes in and is read: a small one at once, a large one by the worker, while
its page tells how far that is."""

import hashlib

from models.adapters import blobs
from models.company import Company
from models.core import filenames, progress
from models.core.clock import now
from models.core.database import db
from models.core.errors import refuse
from models.imports import fields, outline, staging
from models.imports.import_mapping import meanings

# Until it is written, a file can be read and checked again.
BEFORE_CHECK = ("uploaded", "checked", "failed", "undone")
PACKED = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
LARGE, LARGE_PACKED, MANY_ROWS = 2 * 2**20, 256 * 2**10, 5000
TRIES = 3  # of a worker that was killed each time


def is_large(data):
    """Whether reading takes longer than a person should wait for an answer."""
    most = LARGE_PACKED if data[:4] in PACKED else LARGE
    return len(data) > most or data.count(b"\n") > MANY_ROWS


class Reading:
    """For Import."""

    @classmethod
    def upload(cls, by, target, filename, data, table=None, later=False, file=None, **options):
        """Keep the file and guess what its columns mean. Refused when it is no table. `table` was
        read, and `file` kept, before, if the caller is in a transaction; `later`: a worker reads
        it."""
        by.must("import")
        table = None if later else table or cls.read(target, data, filename)
        firm = Company.current()
        row = cls(
            target=target,
            state="reading",
            filename=filenames.harmless(filename, but=("html", "htm")),
            by=by,
            at=now(),
            options={**cls.OPTIONS, "currency": firm.currency, "language": firm.language},
        )
        if table:
            row.state = "uploaded"
            for name, value in row.as_read(table).items():
                setattr(row, name, value)
        row.options = {**row.options, **options}
        with db.atomic():
            row.file = file or blobs.keep(data)
            row.save(force_insert=True)
            row.record("uploaded", by, filename=row.filename)
        return row

    @classmethod
    def read(cls, target, data, filename, **choices):
        """The table of a file for such an import."""
        cls.check_size(target, data)
        sha = hashlib.sha256(data).hexdigest()
        return staging.StagedTable(_staged(target, sha, filename, choices, lambda: data))

    @staticmethod
    def most_mb():
        """How large the firm lets a file be."""
        return Company.current().setting("import_mb")

    @classmethod
    def check_size(cls, target, data):
        """Refused when the file is larger than that."""
        assert target in fields.FIELDS
        most = cls.most_mb()
        len(data) <= most * 2**20 or refuse("attachment_too_large", most=most)

    def as_read(self, table):
        """{field: value} of what the table of the file says."""
        in_two_rows = table.choices.get("head_rows") == 2
        mapping, kept, recognised = meanings(self.target, table.heads, in_two_rows)
        key = fields.key_of(self.target, mapping)
        return {
            "mapping": mapping,
            "options": {**self.options, "key": key, **kept},
            "outline": {
                **outline.of(table, self.outline),
                "recognised": recognised,
                "likelier": not recognised and fields.likelier(self.target, table.heads),
            },
        }

    def is_quickly_read(self, choices):
        """Whether it need not be left to a worker to read the file so."""
        if staging.path_of(self._staged_name(choices)).exists():
            return True
        return not is_large(blobs.fetch(self.file))

    def read_again(self, by, choices, table=None, later=False):
        """Read the file as a person says that it is meant, and guess its columns anew; also where
        another `target` was given to it."""
        by.must("import")
        table = None if later else table or self.table(choices)
        changes = self.as_read(table) if table else {"options": self.options}
        changes["options"] = {**changes["options"], "reading": choices}
        with db.atomic():
            model = self.corrections.model
            model.delete().where(model.import_ == self.id).execute()
            self.move(
                *BEFORE_CHECK,
                to="uploaded" if table else "reading",
                target=self.target,
                **changes,
                findings={},
                error="",
                claimed_at=None,
                by=by,
            )
            self.record("read_again", by)

    def table(self, choices=None, note=lambda rows, part: None):
        """The table as the person said that it is meant, with what is corrected; it is read again
        where its rows are not at hand."""
        choices = self.options.get("reading", {}) if choices is None else choices
        path = _staged(
            self.target, self.file, self.filename, choices, lambda: blobs.fetch(self.file), note
        )
        defaults = self.options.get("defaults", {})
        return staging.StagedTable(
            path,
            self.corrected(),
            {int(c): defaults[name] for c, name in self.mapping.items() if defaults.get(name)},
        )

    @property
    def staged_name(self):
        return self._staged_name(self.options.get("reading", {}))

    def _staged_name(self, choices):
        return _staged_name(self.target, self.file, self.filename, choices)

    @property
    def rows_read(self):
        """How many rows the worker has read so far."""
        return progress.facts(self.watch).get("rows", 0)

    def _note_reading(self, rows, part):
        progress.note(self.watch, part, rows=rows)

    def _read(self):
        """Read the file, in the worker."""
        changes = self.as_read(self.table(note=self._note_reading))
        with db.atomic():
            self.move("reading", to="uploaded", **changes)
            self.record("read", self.by)

    def _begin_again(self):
        """After a worker was killed; not for ever, as the file may be what kills it."""
        cls, tries = type(self), self.outline.get("tries", 1)
        if tries >= TRIES:
            return False
        again = {"claimed_at": None, "outline": {**self.outline, "tries": tries + 1}}
        cls.update(again).where(cls.id == self.id, cls.state == "reading").execute()
        return True


def _staged(target, sha, filename, choices, data, note=lambda rows, part: None):
    """The file of the staged rows."""
    name, setting = _staged_name(target, sha, filename, choices), Company.current().setting
    limits = staging.Limits(setting("import_rows"), setting("import_cells") * 10**6)
    words, choices = fields.WORDS[target], {**choices, "related": target == "documents"}
    return staging.staged(name, data, filename, words, choices, limits, note)


def _staged_name(target, sha, filename, choices):
    ending = filename.rpartition(".")[2].lower()  # it tells apart what the bytes do not
    return staging.name_of(sha, target, {**choices, "ending": ending})
