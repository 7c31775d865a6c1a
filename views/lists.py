"""What every list shares: sorting by a named column, keyset paging, kept filters, and the same rows
as a file."""

import base64
import datetime as dt
import io
import json
import tempfile
import zipfile
from urllib.parse import urlencode

from flask import request, send_file
from peewee import fn

from models.adapters import spreadsheets
from views.forms import parse_id
from views.web.scope import sees

SIZE, MOST_EXPORTED = 50, 100_000
KINDS = {"text": str, "int": int, "day": str}
NOTHING = {"text": "", "int": 0, "day": dt.date(1, 1, 1)}


class Listing:
    """One page of `query`. `sorts`: {name: (expression, "text" | "int" | "day")}; nothing else of
    the request is sorted by."""

    def __init__(self, name, query, sorts, default):
        self.name, self.query, self.chosen = (
            name,
            query,
            {k: v for k, v in request.args.items() if k != "after" and v},
        )
        sort = request.args.get("sort", "")
        self.sort = sort if sort.lstrip("-") in sorts and not sort.startswith("--") else default
        expression, self.kind = sorts[self.sort.lstrip("-")]
        self.filled = fn.COALESCE(expression, NOTHING[self.kind])
        self.way = "desc" if self.sort.startswith("-") else "asc"
        # A column that is never empty is sorted by itself, so that its index serves.
        self.key = expression if getattr(expression, "null", True) is False else self.filled
        self._read()

    @property
    def keys(self):
        """What the list is sorted by: the column, and the id where the column does not decide."""
        last = self.query.model.id
        return [(key, self.way) for key in ([last] if self.key is last else [self.key, last])]

    def _read(self):
        after = self._after()
        rows = self.query.model.page(
            self.query.select_extend(self.filled.alias("sort_key")),
            self.keys,
            after and after[-len(self.keys) :],
            SIZE,
        )
        self.rows, more = rows[:SIZE], len(rows) > SIZE
        self.next_url = (
            "?" + urlencode({**self.chosen, "after": self._mark(self.rows[-1])}) if more else None
        )

    def _mark(self, row):
        value = row.sort_key.isoformat() if isinstance(row.sort_key, dt.date) else row.sort_key
        return base64.urlsafe_b64encode(
            json.dumps([value, row.id], ensure_ascii=False).encode()
        ).decode()

    def _after(self):
        """The key behind which this page begins; a mark that is not ours begins at the start."""
        try:
            value, ident = json.loads(base64.urlsafe_b64decode(request.args["after"]))
            if (
                type(value) is not KINDS[self.kind]
                or type(ident) is not int
                or "\0" in str(value)
                or abs(ident) > 2**31
                or self.kind == "int"
                and abs(value) > 2**62
            ):
                return None
            return [dt.date.fromisoformat(value) if self.kind == "day" else value, ident]
        except (KeyError, ValueError, TypeError):
            return None

    def ordered(self):
        """All rows in the chosen order, for a file."""
        return self.query.order_by(*(getattr(key, way)() for key, way in self.keys)).limit(
            MOST_EXPORTED
        )

    @property
    def kept(self):
        """The person's kept filters of this list."""
        return list(sees().filters(self.name))

    @property
    def as_query(self):
        return urlencode(self.chosen)

    def as_file(self, form, heads, line):
        """The rows as CSV or XLSX, one `line(row)` each."""
        rows = [line(row) for row in self.ordered()]
        made = (
            spreadsheets.csv_bytes(heads, rows)
            if form == "csv"
            else spreadsheets.xlsx_bytes(heads, rows, self.name)
        )
        return send_file(io.BytesIO(made), as_attachment=True, download_name=f"{self.name}.{form}")


def query_text(name, most=100):
    return request.args.get(name, "").replace("\0", "").strip()[:most]


def query_id(name):
    return parse_id(query_text(name))


def query_day(name):
    """The day in the query string, or None."""
    try:
        day = dt.date.fromisoformat(query_text(name))
    except ValueError:
        return None
    return day if 1900 <= day.year < 3000 else None


def between(query, column, since="since", until="until"):
    """The query narrowed to the days named in the query string."""
    first, last = query_day(since), query_day(until)
    query = query.where(column >= first) if first else query
    return query.where(column <= last) if last else query


def zipped(papers, name):
    """The papers' PDFs as one zip."""
    return zipped_files(
        [(p.number.replace("/", "-").replace("\\", "-") + ".pdf", p.pdf_bytes) for p in papers],
        name,
    )


def zipped_files(files, name):
    """[(name, bytes())] as one zip, written to disk beyond a few megabytes; names that repeat get a
    number."""
    out = tempfile.SpooledTemporaryFile(4 * 2**20)  # noqa: SIM115  send_file closes it
    seen = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as box:
        for called, data in files:
            seen[called] = seen.get(called, 0) + 1
            stem, _dot, ending = called.rpartition(".")
            box.writestr(f"{stem}-{seen[called]}.{ending}" if seen[called] > 1 else called, data())
    out.seek(0)
    return send_file(out, mimetype="application/zip", as_attachment=True, download_name=name)
