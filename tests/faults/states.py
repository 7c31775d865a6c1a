"""The allowed changes of state, written down once more by hand; the journal replayed by them must
give each row's state."""

from models.core.journal import Event
from tests.faults.oracles import rows

BEGUN = {"draft", "returned", "submitted"}
SAME = None
# kind: {action: ({allowed before}, after)}; None before means that the row begins with it.
ALLOWED = {
    "Document": {
        "created": ({None}, "draft"),
        "submitted": ({"draft", "returned"}, "submitted"),
        "approved": ({"submitted"}, "approved"),
        "recalled": ({"submitted", "approved"}, "draft"),
        "returned": ({"submitted", "approved"}, "returned"),
        "discarded": ({"draft", "returned"}, "discarded"),
        "imported": ({None, "draft"}, "issued"),
        "issued": ({"approved"}, "issued"),
        "voided": ({"issued", "archived"}, "voided"),
        "rewritten": ({"issued"}, SAME),
        "archived": ({"issued", "voided"}, SAME),
        "destroyed": ({"archived", "voided"}, "destroyed"),
    },
    "Payment": {
        "received": ({None}, "confirmed"),
        "imported": ({None, "reversed"}, "confirmed"),  # reversed by an import that said unpaid
        "rewritten": ({"confirmed"}, SAME),
        "reported": ({None}, "reported"),
        "confirmed": ({"reported"}, "confirmed"),
        "declined": ({"reported"}, "declined"),
        "reversed": ({"confirmed"}, "reversed"),
    },
    "Refund": {"refunded": ({None}, "confirmed"), "reversed": ({"confirmed"}, "reversed")},
    "WriteOff": {
        "asked_write_off": ({None}, "asked"),
        "approved_write_off": ({"asked"}, "approved"),
        "declined_write_off": ({"asked"}, "declined"),
        "reversed": ({"approved"}, "reversed"),
    },
    "Filing": {
        "filed": ({None}, "kept"),
        "moved": ({None}, "moved"),
        "destroyed": ({"kept"}, "destroyed"),
    },
    "DestructionList": {
        "proposed": ({None, "returned", "proposed", "approved"}, "proposed"),
        "approved": ({"proposed"}, "approved"),
        "rejected": ({"proposed"}, "rejected"),
        "returned": ({"proposed"}, "returned"),
        "recalled": ({"proposed"}, "returned"),
        "withdrawn": ({"returned", "approved"}, "withdrawn"),
        "destroyed": ({"approved"}, "destroyed"),
        "certified": ({"destroyed"}, "certified"),
    },
}
TABLES = {
    "Document": "document",
    "Payment": "payment",
    "Refund": "refund",
    "WriteOff": "write_off",
    "Filing": "filing",
    "DestructionList": "destruction_list",
}


# One event tells of all rows that an import made, which begin so.
IMPORTED = {"Document": "issued", "Payment": "confirmed", "Refund": "confirmed"}


def changes():
    """One event per change of state and only allowed changes: the journal replayed gives the state
    that each row has."""
    state = {
        (name, ident): begun
        for name, begun in IMPORTED.items()
        for first, last in rows(
            "SELECT first, last FROM imported_range WHERE import_id > 0 "
            f"AND name = '{TABLES[name]}'"
        )
        for ident in range(first, last + 1)
    }
    for event in (
        Event.select(Event.id, Event.subject_type, Event.subject_id, Event.action, Event.content)
        .where(Event.subject_type.in_(list(ALLOWED)))
        .order_by(Event.id)
    ):
        who = event.subject_type, event.subject_id
        if set(event.content) == {"-"}:  # taken back: the id may come again
            state.pop(who, None)
            continue
        before = state.get(who)
        if event.action == "revised" and who[0] == "Document":
            state[who] = (
                "draft"
                if before in ("submitted", "approved") and not _kept_approval(event, who)
                else before
            )
        elif event.action in ALLOWED[who[0]]:
            allowed, after = ALLOWED[who[0]][event.action]
            if before not in allowed:
                yield f"{who[0].lower()} {who[1]}: {event.action} after {before}"
            state[who] = after or ("archived" if before == "issued" else before)
    for name, table in TABLES.items():
        for ident, now in rows(f"SELECT id, state FROM {table}"):
            told = state.pop((name, ident), None)
            if told != now:
                yield f"{name.lower()} {ident}: is {now}, the journal says {told}"
    yield from (
        f"{name.lower()} {ident}: the journal says {told}, there is none"
        for (name, ident), told in state.items()
    )


def _kept_approval(event, who):
    """Whether the approval outlived this revision, as it does when nothing of the content changed:
    no "dropped" came with it."""
    last = rows(
        "SELECT e.action FROM event e JOIN approval_request r ON e.subject_type = "
        "'ApprovalRequest' AND e.subject_id = r.id "
        f"WHERE r.document_id = {who[1]} AND e.id < {event.id} ORDER BY e.id DESC LIMIT 1"
    )
    return not last or last[0][0] != "dropped"
