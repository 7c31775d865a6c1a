"""Many rows of everything, made from the few that are there."""

import peewee as pw

from models.approvals.step import FlowStep
from models.company import Company
from models.core.database import db
from models.core.imported_range import ImportedRange
from models.core.model import tables
from models.customers import Contact, Customer
from models.people import User

STEP = 1_000_000  # between the id of a row and those of its copies
KEPT_ONCE = {Company, ImportedRange, FlowStep}  # a flow takes only so many steps
PERSONS = {Customer, Contact}
MEANT = {"kind", "year", "code_kind"}  # a copy of these would name nothing
NAMED = {"document": None, "subject_id": None, "customer": Customer, "contact": Contact}


def multiply(times):
    """So many copies of every row: one in three beside it under the same parents, one with parents
    of its own but for the customer, one of another customer. People stay those who did it."""
    db.execute_sql("PRAGMA foreign_keys = OFF")
    with db.atomic():
        for model in tables():
            if model not in KEPT_ONCE and model._meta.primary_key:
                _copy(model, times)
    db.execute_sql("PRAGMA foreign_keys = ON")


def _copy(model, times):
    meta = model._meta
    unique = {f.name for f in meta.sorted_fields if f.unique or f.primary_key}
    for index in meta.fields_to_index():
        unique |= {f.name for f in index._expressions if index._unique and isinstance(f, pw.Field)}
    columns = [f'"{f.column_name}"' for f in meta.sorted_fields]
    values = [_value(f, f.name in unique) for f in meta.sorted_fields]
    db.execute_sql(
        f"WITH RECURSIVE copy(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM copy WHERE n < {times}) "
        f'INSERT OR IGNORE INTO "{meta.table_name}" ({", ".join(columns)}) '
        f'SELECT {", ".join(values)} FROM "{meta.table_name}", copy'
    )


def _value(field, unique):
    """What stands in the column of a copy, in SQL."""
    column, shifted = f'"{field.column_name}"', f'"{field.column_name}" + copy.n * {STEP}'
    if field.primary_key and not isinstance(field, (pw.CharField, pw.ForeignKeyField)):
        return shifted
    if isinstance(field, pw.ForeignKeyField) or field.name in NAMED:
        parent = getattr(field, "rel_model", NAMED.get(field.name))
        if parent in KEPT_ONCE | {User}:
            return column
        when = "copy.n % 3 = 2" if parent in PERSONS else "copy.n % 3 > 0"
        return f"CASE WHEN {when} THEN {shifted} ELSE {column} END"
    if unique and isinstance(field, (pw.IntegerField, pw.CharField)) and field.name not in MEANT:
        return shifted if isinstance(field, pw.IntegerField) else f"{column} || '-' || copy.n"
    return column
