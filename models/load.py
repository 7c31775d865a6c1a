"""Imports every file that holds a table, so that tables() sees them all."""
import importlib
import importlib.util

for name in ("company people customers products numbering events documents.document documents.line "
             "documents.message documents.draft approvals payments outbox dunning once lease imports.importing").split():
    if importlib.util.find_spec(f"models.{name}"):
        importlib.import_module(f"models.{name}")
