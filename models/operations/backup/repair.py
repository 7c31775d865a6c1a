"""Repair: damaged files and rows are replaced by those that match the journal's hashes, from any
place that still has them."""

import contextlib
from pathlib import Path

import peewee as pw

from models.adapters import blobs, stores
from models.approvals import ApprovalRequest, replay
from models.core.database import db
from models.core.errors import Refused
from models.core.journal import REMOVED, Event, Journaled, last_contents
from models.core.model import tables
from models.operations import checks, upkeep
from models.operations.backup import (
    dump,
    keys,
    place_check,
    post_restore,
    proof,
    restore,
    run,
    snapshot,
    structure,
)
from models.operations.backup.place import Place

# Child rows that are hashed with their parent; each content_rows() needs a line here.
PARTS = {
    "Document": (("line", "document_id"),),
    "ApprovalFlow": (("flow_step", "flow_id"),),
    "ExternalFile": (("external_version", "file_id"),),
    "DestructionList": (("destruction_item", "list_id"), ("destruction_witness", "list_id")),
    "Act": (("act_member", "act_id"),),
    "PriceList": (("price_list_member", "price_list_id"),),
}


def damaged_files():
    """Files whose bytes no longer match the hash that is their name, and files that rows refer to
    but that are missing."""
    return sorted(
        {sha for sha in blobs.listing() if not blobs.is_intact(sha)}
        | {sha for _label, sha in checks.stored_files() if not blobs.is_intact(sha)}
    )


def damaged_rows():
    """[(name, id, last hash in the journal)] of rows that were changed or are missing."""
    latest = last_contents()
    found = []
    for (name, ident), content in latest.items():
        cls = Journaled.registry.get(name)
        if cls and content != REMOVED and _content(cls, ident) != content:
            found.append((name, ident, content))
    return found


def _content(cls, ident):
    try:
        row = cls.get_or_none(cls._meta.primary_key == ident)
        return row and row.content()
    except Exception:  # a damaged value
        return None


def damaged_tasks():
    """Ids of the approval requests whose tasks differ from the journal."""
    return (
        [
            ident
            for (ident,) in ApprovalRequest.select(ApprovalRequest.id).tuples()
            if replay.faults([ident])
        ]
        if replay.faults()
        else []
    )


def damaged_events():
    """Ids of events that do not match their own hash."""
    found = []
    for event in Event.select().order_by(Event.id).iterator():
        try:
            if event.seal() != event.hash:
                found.append(event.id)
        except Exception:  # a damaged value
            found.append(event.id)
    return found


def repair(address=None):
    """Repair what can be repaired; returns (repaired, still damaged) as names. First the database
    file, then rows and files, then indexes and summaries, last the backups themselves. `address`
    names a place when those that were set up cannot be read any more."""
    with contextlib.ExitStack() as stack:
        with _any_text():
            opened_stores = list(_opened(stack, address))
        done = structure.repair_structure([store for _, store in opened_stores])
        stack.enter_context(_any_text())
        repaired, remaining = _rows_and_files([store for _, store in opened_stores])
        if done:
            repaired.insert(0, f"database: {done}")
        if not remaining and upkeep.differences():
            upkeep.rebuild()
            repaired.append("search index and summaries")
        places = (
            []
            if post_restore.paused_after_restore()
            else _opened(stack, None)
            if address
            else opened_stores
        )
        for place, store in places:  # the rows of the places have been repaired by now
            newly_repaired, still_damaged = place_check.repair_place(place, store)
            repaired, remaining = repaired + newly_repaired, remaining + still_damaged
    if Place.select().where(Place.asked).exists():
        run.run_due()
    return repaired, remaining


@contextlib.contextmanager
def _any_text():
    """Allow reading texts that are no longer UTF-8; the hashes show that they changed."""
    link = None
    # a file that cannot be opened is left to repair_structure
    with contextlib.suppress(pw.DatabaseError, UnicodeError):
        link = isinstance(db.obj, pw.SqliteDatabase) and db.connection()
    if not link:
        yield
        return
    text_factory, link.text_factory = link.text_factory, lambda raw: raw.decode(errors="replace")
    try:
        yield
    finally:
        link.text_factory = text_factory


def _opened(stack, address):
    """(place, its store) of every place that answers; place is None for an address."""
    if address:
        yield (
            None,
            stack.enter_context(contextlib.closing(stores.open_store(*restore.place_of(address)))),
        )
        return
    try:
        places = list(Place.in_use())
    except (pw.DatabaseError, UnicodeError):
        return
    for place in places:
        with contextlib.suppress(stores.Unreachable, keys.WrongKey):
            yield place, stack.enter_context(contextlib.closing(place.open()))


def _rows_and_files(opened_stores):
    files, rows, events = damaged_files(), damaged_rows(), damaged_events()
    damaged = {
        *files,
        *((name, ident) for name, ident, _ in rows),
        *(("Event", ident) for ident in events),
        *(("Tasks", ident) for ident in damaged_tasks()),
    }
    remaining = set(damaged)
    for store in opened_stores if damaged else ():
        with contextlib.suppress(stores.Unreachable):
            _repair_from(store, files, rows, events, remaining)
        if not remaining:
            break
    # A repaired event is the hash of another row, and a repaired row may refer to another file than
    # the damaged one did.
    if remaining:
        still_damaged = {
            *damaged_files(),
            *((name, ident) for name, ident, _ in damaged_rows()),
            *(("Event", ident) for ident in damaged_events()),
            *(("Tasks", ident) for ident in damaged_tasks()),
        }
        repaired = remaining - still_damaged
        damaged -= {item for item in repaired if isinstance(item, str)}
        remaining &= still_damaged
    named = lambda items: sorted(t if isinstance(t, str) else f"{t[0]} #{t[1]}" for t in items)  # noqa: E731
    return named(damaged - remaining), named(remaining)


def _repair_from(store, files, rows, events, remaining):
    """Repair from the backups of this store, newest first, what is still damaged."""
    identity = keys.load(snapshot.folder())
    with run.scratch() as folder:
        under = keys.fingerprint(identity.to_public())
        for sha in [sha for sha in files if sha in remaining]:
            with contextlib.suppress(proof.Unproven, stores.Unreachable):
                blobs.put_back(
                    sha,
                    Path(proof.file_of(store, under, sha, identity, f"{folder}/file")).read_bytes(),
                )
                remaining.discard(sha)
        for facts in reversed(proof.found(store)):
            if not [item for item in remaining if not isinstance(item, str)]:
                return
            with contextlib.suppress(Refused, proof.Unproven, stores.Missing, keys.WrongKey):
                proof.restored(folder, proof.fetched(store, facts, identity, folder))
                with contextlib.closing(dump.Sqlite(folder / "scratch.db")) as old:
                    _repair_rows(old, rows, events, remaining)
                    _repair_tasks(old, remaining)


def _repair_rows(old, rows, events, remaining):
    for ident in [i for i in events if ("Event", i) in remaining]:
        if _exchange(
            old,
            [("event", "id", ident)],
            lambda ident=ident: Event.get_by_id(ident).seal() == Event.get_by_id(ident).hash,
        ):
            remaining.discard(("Event", ident))
    for name, ident, content in rows:
        if (name, ident) in remaining:
            cls = Journaled.registry[name]
            parts = [
                (cls._meta.table_name, "id", ident),
                *((table, key, ident) for table, key in PARTS.get(name, ())),
            ]
            if _exchange(
                old,
                parts,
                lambda cls=cls, ident=ident, content=content: _content(cls, ident) == content,
            ):
                remaining.discard((name, ident))


def _repair_tasks(old, remaining):
    """Tasks have no hash of their own; the events of their request define them."""
    for item in [t for t in remaining if t[0] == "Tasks"]:
        if _exchange(
            old,
            [("task", "request_id", item[1])],
            lambda item=item: not replay.faults([item[1]]),
        ):
            remaining.discard(item)


def _exchange(old, parts, is_good):
    """Replace the present rows by the old ones; roll back unless `is_good()` is then true."""
    sqlite = isinstance(db.obj, pw.SqliteDatabase)
    placeholder = "?" if sqlite else "%s"
    with db.atomic() as transaction:
        db.execute_sql(
            "PRAGMA defer_foreign_keys = ON" if sqlite else "SET CONSTRAINTS ALL DEFERRED"
        )
        for table, key, ident in parts:
            types, _ = old.columns(table)
            columns = sorted(types)
            booleans = _booleans(table)
            rows = old.link.execute(
                f'SELECT {", ".join(quoted(c) for c in columns)} FROM "{table}" WHERE "{key}" = ?',
                (ident,),
            ).fetchall()
            present_ids = {
                r[0]
                for r in db.execute_sql(
                    f'SELECT id FROM "{table}" WHERE "{key}" = {placeholder}', (ident,)
                ).fetchall()
            }
            id_index = columns.index("id")
            for extra_id in present_ids - {row[id_index] for row in rows}:
                db.execute_sql(f'DELETE FROM "{table}" WHERE id = {placeholder}', (extra_id,))
            for row in rows:
                values = [
                    bool(v) if c in booleans and v is not None else v
                    for c, v in zip(columns, row, strict=True)
                ]
                if row[id_index] in present_ids:
                    db.execute_sql(
                        f'UPDATE "{table}" SET '
                        + ", ".join(f"{quoted(c)} = {placeholder}" for c in columns)
                        + f" WHERE id = {placeholder}",
                        (*values, row[id_index]),
                    )
                else:
                    db.execute_sql(dump.insert_sql(table, columns, placeholder), values)
        if not is_good():
            transaction.rollback()
            return False
    return True


def quoted(column):
    return f'"{column}"'


def _booleans(table):
    cls = next(c for c in tables() if c._meta.table_name == table)
    return {f.column_name for f in cls._meta.sorted_fields if isinstance(f, pw.BooleanField)}
