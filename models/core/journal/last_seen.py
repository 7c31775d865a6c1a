"""What the journal last saw of each row, while all of it is verified: too much for memory."""

import sqlite3
from collections.abc import MutableMapping


class LastSeen(MutableMapping):
    """{(class, row id): hash of its content}, in a file without a name that goes with the process.
    No column has a type, so that a damaged key stays as it is."""

    def __init__(self):
        self._link = sqlite3.connect("", isolation_level=None)
        self._link.execute("CREATE TABLE seen (name, id, content, UNIQUE (name, id))")
        self._link.execute("BEGIN")

    def __setitem__(self, key, content):
        self._link.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", (*key, content))

    def __getitem__(self, key):
        found = "SELECT content FROM seen WHERE name IS ? AND id IS ?"
        for (content,) in self._link.execute(found, key):
            return content
        raise KeyError(key)

    def __delitem__(self, key):
        self._link.execute("DELETE FROM seen WHERE name IS ? AND id IS ?", key)

    def __iter__(self):
        yield from self._link.execute("SELECT name, id FROM seen ORDER BY rowid")

    def __len__(self):
        return self._link.execute("SELECT COUNT(*) FROM seen").fetchone()[0]
