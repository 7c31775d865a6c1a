"""What the check of an import found, as its page shows it: kinds of faults, rows, changes."""

from flask import request
from flask_babel import gettext as _

from models.customers import Customer
from models.imports.asking import READING
from views.refusals import explain
from views.staff.import_labels import label
from views.web.fields import query_id, query_text
from views.web.scope import sees

ROWS = 20  # with faults, on one page
CHANGED = 20
TWINS = 50
SHOWN = 6  # cells of a row that tell which one it is
# Faults of the file, not of one row.
OF_FILE = {
    "column_needed",
    "cell_number_unclear",
    "cell_day_unclear",
    "cell_discount_unclear",
    "price_too_exact",
    "status_unclear",
    *READING.values(),
}


def findings_context(row, typed=None):
    """What the pieces about findings need. `typed`: (row number, {column: text}) of a form that
    was refused."""
    if row.state != "checked":
        return {}
    check, kind = row.check_file, chosen_kind()
    return {
        **kinds_context(row, check, kind),
        **_rows_context(row, check, kind, typed),
        **_changes_context(check),
        "page_query": page_query,
        "twins": _twins(row),
        "notes": [_note(fault) for fault in row.findings.get("warnings", ())],
        "corrected": row.corrections.count(),
    }


def chosen_kind():
    """(code, head) of the address, or None."""
    code, bar, head = query_text("kind", 300).partition("|")
    return (code, head) if bar else None


def kinds_context(row, check, kind=None):
    """Kinds of faults with their counts."""
    kinds = check.kinds() if check else _kinds_kept(row)
    return {
        "kinds": [
            {
                "value": f"{code}|{head}",
                "head": label(head),
                "text": _text(fault),
                "count": count,
                "of_file": code in OF_FILE,
                "chosen": (code, head) == kind,
            }
            for code, head, count, fault in kinds
        ],
    }


def _kinds_kept(row):
    """The same of the summary, where what was found is not at hand."""
    first = {}
    for fault in row.findings.get("faults", ()):
        first.setdefault((fault[2], fault[1]), fault)
    known = {(code, head): count for code, head, count in row.findings.get("kinds", ())}
    return [
        (code, head or "", known.get((code, head), 1), fault)
        for (code, head), fault in first.items()
    ]


def _rows_context(row, check, kind, typed):
    if check is None or kind and kind[0] in OF_FILE:
        return {"at_hand": check is not None, "faulty": [], "kind": kind, "after": 0}
    after = typed[0] - 1 if typed else query_id("after")
    numbers = check.numbers(kind, after, ROWS + 1)
    later = numbers[ROWS - 1] if len(numbers) > ROWS else 0
    return {
        "at_hand": True,
        "kind": kind,
        "after": later,
        "faulty": faulty_rows(row, check, numbers[:ROWS], typed),
    }


def faulty_rows(row, check, numbers, typed=None):
    """What the piece of a row shows, for each of them."""
    table, faults = row.table(), check.faults_of(numbers)
    rows = table.numbered(numbers)
    found = []
    for number in numbers:
        own = [fault for fault in faults[number] if fault[2] not in OF_FILE]
        if number in rows and (own or not faults[number]):
            cells = rows[number]
            if typed and typed[0] == number:
                cells = [typed[1].get(str(c), text) for c, text in enumerate(cells)]
            found.append(_row(row, table.heads, number, cells, own))
    return found


def _row(row, heads, number, cells, faults):
    columns = {name: int(column) for column, name in row.mapping.items()}
    marked = {columns[f[4]] for f in faults if f[4] in columns}
    if cells is None:
        return {"number": number, "left_out": True, "faults": [], "cells": []}
    return {
        "number": number,
        "left_out": False,
        "faults": [(label(f[1]), _text(f)) for f in faults],
        "text": " · ".join([c for c in cells if c][:SHOWN]),
        "cells": [
            {"column": i, "head": head or _("(no header)"), "text": text, "marked": i in marked}
            for i, (head, text) in enumerate(zip(heads, cells, strict=True))
        ],
    }


def _changes_context(check):
    found = check.changes(query_id("changed"), CHANGED) if check else []
    return {
        "changes": [(n, name, label(f), before, after) for n, name, f, before, after in found],
        "changed_after": found[-1][0] if found and check.changes(found[-1][0], 1) else 0,
    }


def _twins(row):
    """[(twin, the customer who is here)], None for a name of the file or of somebody else."""
    found = row.findings.get("twins", ())[:TWINS]
    names = [twin["known"] for twin in found]
    here = {c.name: c for c in sees().customers().where(Customer.name.in_(names or [""]))}
    return [(twin, here.get(twin["known"])) for twin in found]


def _note(fault):
    return fault[0], label(fault[1]), _text(fault)


def _text(fault):
    return explain(fault[2], {"value": "", "row": "", **fault[3]})


def fault_text(fault):
    """One fault in words, with the head of its cell."""
    head = label(fault[1])
    return f"{head}: {_text(fault)}" if head else _text(fault)


def page_query(**changes):
    """The address of this page with other places in its lists."""
    kept = {
        name: request.args[name] for name in ("kind", "after", "changed") if name in request.args
    }
    return {name: value for name, value in (kept | changes).items() if value}
