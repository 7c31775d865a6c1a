"""What is in the journal, by the names of its kinds."""

import peewee as pw

import models.load  # noqa: F401  every kind is entered
from models.approvals import FlowStep
from models.archive import (
    DestructionItem,
    DestructionWitness,
    ExternalVersion,
)
from models.core.database import db
from models.core.journal import Event, Journaled
from models.documents import Line

PARTS = {
    "Line": Line,
    "FlowStep": FlowStep,
    "ExternalVersion": ExternalVersion,
    "DestructionItem": DestructionItem,
    "DestructionWitness": DestructionWitness,
}
KINDS = {**Journaled.registry, **PARTS, "Event": Event}


def without_foreign_keys():
    sqlite = isinstance(db.obj, pw.SqliteDatabase)
    db.execute_sql(
        "PRAGMA foreign_keys = 0" if sqlite else "SET session_replication_role = replica"
    )
