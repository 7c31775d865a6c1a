"""What every list shares: sorting by a named column, keyset paging, saved filters, export."""

import base64
import datetime as dt
import json
import tempfile
import zipfile
from urllib.parse import urlencode

from flask import request, send_file
from peewee import SQL, fn

from models.core import filenames
from models.core.database import one_snapshot
from views.web.downloads import table_file
from views.web.fields import query_day
from views.web.scope import sees

SIZE, PORTION, MOST_EXPORTED = 50, 500, 100_000
KINDS = {"text": str, "int": int, "day": str}
# What an empty one counts as, written as in the indexes by which lists are sorted.
NOTHING = {"text": SQL("''"), "int": SQL("0"), "day": SQL("'0001-01-01'")}


def filter_query():
    """What the page was narrowed by, as the beginning of an address: sorting begins anew."""
    pairs = request.args.items(multi=True)
    chosen = [(k, v) for k, v in pairs if v and k not in ("sort", "after", "before", "page")]
    return urlencode(chosen) + "&" if chosen else ""


class Listing:
    """One page of `query`. `sorts`: {name: (expression, "text" | "int" | "day", id by which equal
    values are sorted before the row's own …)}; nothing else of the request is sorted by. `ids`: a
    query of the same rows that is not joined, where many must be sorted: only their ids are, as
    whole rows are long."""

    def __init__(self, name, query, sorts, default, ids=None):
        self.name, self.query, self.ids = name, query, ids
        self.chosen = {k: v for k, v in request.args.items() if k != "after" and v}
        sort = request.args.get("sort", "")
        self.sort = sort if sort.lstrip("-") in sorts and not sort.startswith("--") else default
        expression, self.kind, *self.between = sorts[self.sort.lstrip("-")]
        self.filled = fn.COALESCE(expression, NOTHING[self.kind])
        self.way = "desc" if self.sort.startswith("-") else "asc"
        # a column that is never empty is sorted without COALESCE, so that its index is used
        self.key = expression if getattr(expression, "null", True) is False else self.filled
        self._read()

    @property
    def keys(self):
        """The sort keys: the column, and the ids where values are equal."""
        last = self.query.model.id
        keys = [last] if self.key is last else [self.key, *self.between, last]
        return [(key, self.way) for key in keys]

    def _read(self):
        rows = self._rows(self._after(), SIZE + 1)
        self.rows, more = rows[:SIZE], len(rows) > SIZE
        self.next_url = (
            "?" + urlencode({**self.chosen, "after": self._mark(self.rows[-1])}) if more else None
        )

    def _rows(self, after, count):
        """So many rows after these sort keys."""
        query = self.query.select_extend(
            self.filled.alias("sort_key"),
            *((key + 0).alias(f"sort_id{n}") for n, key in enumerate(self.between)),
        )
        model, after = self.query.model, after and after[-len(self.keys) :]
        if self.ids is None:
            return model.page(query, self.keys, after, count)
        ids = model.portion(self.ids.select(model.id), self.keys, after, count)
        return model.page(query.where(model.id.in_(ids)), self.keys, count=count)

    def _sort_keys(self, row):
        return [
            row.sort_key,
            *(getattr(row, f"sort_id{n}") for n in range(len(self.between))),
            row.id,
        ]

    def _mark(self, row):
        value, *ids = self._sort_keys(row)
        value = value.isoformat() if isinstance(value, dt.date) else value
        return base64.urlsafe_b64encode(
            json.dumps([value, *ids], ensure_ascii=False).encode()
        ).decode()

    def _after(self):
        """The sort key after which this page begins; None for the start, or when it is invalid."""
        mark = request.args.get("after")
        if not mark:
            return None
        try:
            value, *ids = json.loads(base64.urlsafe_b64decode(mark))
            if (
                type(value) is not KINDS[self.kind]
                or len(ids) != len(self.between) + 1
                or any(type(ident) is not int or abs(ident) > 2**31 for ident in ids)
                or "\0" in str(value)
                or self.kind == "int"
                and abs(value) > 2**62
            ):
                return None
            return [dt.date.fromisoformat(value) if self.kind == "day" else value, *ids]
        except (ValueError, TypeError, RecursionError):
            return None

    def portions(self):
        """All rows in the chosen order, for a file, some at a time."""
        after, left = None, MOST_EXPORTED
        while left > 0 and (rows := self._rows(after, min(PORTION, left))):
            yield rows
            after, left = self._sort_keys(rows[-1]), left - len(rows)

    @property
    def kept(self):
        """The person's saved filters of this list."""
        return sees().filters_on(self.name)

    @property
    def as_query(self):
        return urlencode(self.chosen)

    @one_snapshot()
    def as_file(self, form, heads, line, more=None):
        """The rows as CSV or XLSX, one `line(row)` each. `more(rows)`: {id: what line() gets too},
        read for many rows at once."""

        def lines():
            for rows in self.portions():
                known = more(rows) if more else None
                yield from (line(row, known[row.id]) if more else line(row) for row in rows)

        return table_file(self.name, form, heads, lines())


def between(query, column, since="since", until="until"):
    """The query, filtered by the days in the query string."""
    first, last = query_day(since), query_day(until)
    query = query.where(column >= first) if first else query
    return query.where(column <= last) if last else query


def zipped(documents, name):
    """The PDFs of the documents as one zip."""
    return zipped_files(
        [(filenames.pdf_of(p.number), p.stamped_pdf) for p in documents],
        name,
    )


def zipped_files(files, name):
    """[(name, function of its bytes)] as one zip, on disk beyond a few megabytes; equal names get a
    number."""
    out = tempfile.SpooledTemporaryFile(4 * 2**20)  # noqa: SIM115  send_file closes it
    uses_of_name = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for filename, data in files:
            uses_of_name[filename] = uses_of_name.get(filename, 0) + 1
            stem, _dot, ending = filename.rpartition(".")
            uses = uses_of_name[filename]
            archive.writestr(f"{stem}-{uses}.{ending}" if uses > 1 else filename, data())
    out.seek(0)
    return send_file(out, mimetype="application/zip", as_attachment=True, download_name=name)
