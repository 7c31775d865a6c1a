"""A table's rows as text cells, wherever the heads may be among them."""

from models.adapters import tables
from models.core.errors import Refused, refuse

SAID = ("encoding", "separator", "sheet")


def records(data, filename, choices):
    """([(row number, cells)] of every row that holds anything, columns in which a workbook holds
    numbers, questions). Which row has the heads and which are sums is judged by what banks write,
    so nothing is left out here."""
    said = {name: choices[name] for name in SAID if name in choices}
    try:
        table = tables.parse(data, filename, head_rows=1, totals="keep", **said)
    except Refused as error:
        error.code != "no_rows" or refuse("bank_no_rows")
        raise
    rows = table.rows + [(number, cells) for number, cells, _why in table.left_out]
    if table.choices["head_row"]:
        rows.append((table.choices["head_row"], table.heads))
    rows = sorted((row for row in rows if any(row[1])), key=lambda row: row[0])
    return rows, set(table.stored), [q for q in table.questions if q["name"] in SAID]
