"""Which rows each import made, by table, and whether they are to be seen."""

import hashlib

import peewee as pw
from peewee import fn

from models.core.database import db
from models.core.model import Model
from models.core.prepared import prepared
from models.core.published import USED, with_unpublished

LENGTH = 64  # of a hash


class ImportedRange(Model):
    """The ids `first` to `last` of the table `name` are rows of one import. While they are hidden
    they exist for nobody; at most one import is hidden at a time. The import USED is none: its
    ranges end with the highest ids that imports had which are gone; no other row is given them."""

    import_id = pw.IntegerField()
    name = pw.CharField(max_length=30)
    first = pw.IntegerField()
    last = pw.IntegerField()
    hidden = pw.IntegerField(default=1)
    # The code or number that a hidden row gave up, as somebody entered it meanwhile.
    lost = pw.CharField(null=True)

    class Meta:
        indexes = ((("import_id", "name"), True),)

    @classmethod
    def of(cls, import_id):
        """{table: (first id, last id)}"""
        rows = cls.select(cls.name, cls.first, cls.last).where(cls.import_id == import_id)
        return {name: (first, last) for name, first, last in rows.tuples()}

    @classmethod
    def import_of(cls, row):
        """The query for the id of the import that made the row."""
        mine = (cls.first <= row.get_id()) & (cls.last >= row.get_id())
        return cls.select(cls.import_id).where(cls.name == row._meta.table_name, mine)

    @classmethod
    def hidden_now(cls):
        """The hidden ranges; none, or those of one import."""
        return cls.select().where(cls.hidden == 1)

    @classmethod
    def hidden_imports(cls):
        """The ids of imports that are not published."""
        return cls.hidden_now().select(cls.import_id)

    @classmethod
    def ids_hidden(cls, model):
        """The ids of the model's hidden rows."""
        for row in _hidden_in(model._meta.table_name):
            return range(row.first, row.last + 1)
        return range(0)

    @classmethod
    def reserve(cls, import_id, model, count):
        """Keep so many ids of the table for a hidden import. The caller inserts the row with the
        last of them in the same transaction, so that nobody else is given one. Returns the
        first."""
        name = model._meta.table_name
        with with_unpublished():
            newest = model.select(fn.COALESCE(fn.MAX(model.id), 0)).scalar()
        first = max(int(newest), cls._used(name)) + 1
        last = first + count - 1
        cls.create(import_id=import_id, name=name, first=first, last=last)
        if not isinstance(db.obj, pw.SqliteDatabase):  # SQLite gives the id after the highest
            numbers = f"pg_get_serial_sequence('{name}', 'id')"
            db.execute_sql(f"SELECT setval({numbers}, GREATEST(nextval({numbers}), {last}))")
        return first

    @classmethod
    def _used(cls, name):
        return cls.of(USED).get(name, (0, 0))[1]

    @classmethod
    def use_up(cls, model, last):
        """Give no row of the table an id up to this one from now on."""
        name = model._meta.table_name
        if last > cls._used(name):
            cls.delete().where(cls.import_id == USED, cls.name == name).execute()
            cls.create(import_id=USED, name=name, first=last, last=last, hidden=0)

    @classmethod
    def show(cls, import_id):
        """From now on the rows of the import exist."""
        cls.update(hidden=0).where(cls.import_id == import_id).execute()

    @classmethod
    def hide(cls, import_id):
        """From now on they exist for nobody. No other import may be hidden."""
        cls.update(hidden=1).where(cls.import_id == import_id).execute()

    @classmethod
    def forget(cls, import_id):
        """There are no rows of the import any more."""
        cls.delete().where(cls.import_id == import_id).execute()

    @classmethod
    def forget_rows(cls, import_id, model):
        """There are none in this table any more."""
        name = model._meta.table_name
        cls.use_up(model, cls.of(import_id)[name][1])
        cls.delete().where(cls.import_id == import_id, cls.name == name).execute()


@prepared
def _hidden_in(name):
    return ImportedRange.hidden_now().where(ImportedRange.name == name)


def give_way(column, value):
    """Who enters a code or number gets it, though a row of an unpublished import has it: that
    import finds out when it is to be published."""
    model = column.model
    hidden = ImportedRange.ids_hidden(model)
    if value and hidden:
        mine = model.id.between(hidden[0], hidden[-1])
        given_up = pw.Expression("~", pw.OP.CONCAT, model.id.cast("TEXT"))
        if model.update({column: given_up}).where(mine, column == value).execute():
            of_model = ImportedRange.name == model._meta.table_name
            ImportedRange.update(lost=value).where(ImportedRange.hidden == 1, of_model).execute()


class ImportedContent(Model):
    """The hashes of the content of rows that an import made, as they were when it was published: of
    the row `first` of the table and of those after it. The event of the import seals them all."""

    import_id = pw.IntegerField(index=True)
    name = pw.CharField(max_length=30)
    first = pw.IntegerField()
    hashes = pw.TextField()

    @classmethod
    def seal(cls, import_id, rows, hashes):
        """Keep the hashes of these rows, whose ids follow one another."""
        name, first = rows[0]._meta.table_name, rows[0].id
        cls.create(import_id=import_id, name=name, first=first, hashes="".join(hashes))

    @staticmethod
    def sealed(row):
        """What the seal of an import covers of {name, first, hashes}."""
        return f"{row['name']} {row['first']} {row['hashes']}\n".encode()

    @classmethod
    def seal_of(cls, import_id):
        """(the hash over all hashes of an import, how many there are)."""
        seal, count = hashlib.sha256(), 0
        for row in cls._of(import_id):
            seal.update(cls.sealed(row))
            count += len(row["hashes"]) // LENGTH
        return seal.hexdigest(), count

    @classmethod
    def rows_of(cls, import_id):
        """Each (table, id, hash) of an import."""
        for row in cls._of(import_id):
            for i in range(0, len(row["hashes"]), LENGTH):
                yield row["name"], row["first"] + i // LENGTH, row["hashes"][i : i + LENGTH]

    @classmethod
    def _of(cls, import_id):
        rows = cls.select().where(cls.import_id == import_id).order_by(cls.id).dicts()
        return rows.iterator()
