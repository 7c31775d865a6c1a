"""Large files: what a row costs, and how much of a file is in memory at once."""

import json

from models.imports import Import, staging

HEADS = "Invoice No,Date,Customer,SKU,Item,Qty,Unit price,Tax rate"


def lines(count, each=5):
    """A file of so many lines, `each` to a document."""
    rows = [
        f"N-{i // each},2025-01-{1 + i // each % 28:02},C {i // each % 7},S{i % 9},Pen,{1 + i % 5},"
        f"{10 + i}.50,13%"
        for i in range(count)
    ]
    return "\n".join([HEADS, *rows]).encode()


def test_the_rows_of_a_file_are_not_parsed_again(firm, monkeypatch):
    row, parsed = Import.upload(firm.fang, "documents", "a.csv", lines(60)), []
    monkeypatch.setattr(
        staging.json, "loads", lambda text: parsed.append(1) or json.JSONDecoder().decode(text)
    )
    table = row.table()
    assert len(list(table.rows)) == 60 and table.rows[0][1][0] == "N-0"
    assert len(parsed) < 30
