"""What the page shows of a file, kept so that looking at it reads nothing again."""

SHOWN = 20  # rows left out


def of(table, earlier=None):
    """Heads, samples, how many rows, what was left out, and what is not certain. What was asked
    before stays offered, so that an answer can be changed."""
    offered = {q["name"]: q for q in (earlier or {}).get("offered", ())}
    offered |= {q["name"]: q for q in table.questions}
    left_out = [row for row in table.left_out if row[2] != "uneven"]
    return {
        "heads": table.heads,
        "samples": [table.samples(column) for column in range(len(table.heads))],
        "rows": len(table.rows) + len(table.left_out) - len(left_out),
        "left_out": [
            [number, " ".join(filter(None, cells))[:200], why]
            for number, cells, why in left_out[:SHOWN]
        ],
        "left_out_count": len(left_out),
        "notes": table.notes,
        "questions": table.questions,
        "offered": list(offered.values()),
        "choices": table.choices,
        "kind": table.kind,
    }


EMPTY = {
    "heads": [],
    "samples": [],
    "rows": 0,
    "left_out": [],
    "left_out_count": 0,
    "notes": [],
    "questions": [],
    "offered": [],
    "choices": {},
    "kind": "csv",
}
