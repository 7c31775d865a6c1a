"""What a plan has computed of a large file: more than memory should hold, and for nobody else."""

import contextlib
import pickle
import secrets
import sqlite3

from models.imports import staging

PORTION = 200
PRAGMAS = """
    PRAGMA journal_mode=OFF;
    PRAGMA synchronous=OFF;
    PRAGMA locking_mode=EXCLUSIVE;
    PRAGMA cache_size=-8000;
"""


def opened():
    """An SQLite file that is gone when it is closed, or its process is killed; on Windows it stays
    until staging.sweep()."""
    path = staging.path_of(f"scratch-{secrets.token_hex(8)}.db")
    here = sqlite3.connect(path, check_same_thread=False)
    here.executescript(PRAGMAS)
    here.execute("CREATE TABLE opened (at INTEGER)")
    with contextlib.suppress(OSError):
        path.unlink()
    return here


class KeptList:
    """A list in a table of such a file. Only this process reads and writes it, so that its values
    may be pickled."""

    columns = "content BLOB"

    def __init__(self, here, name):
        self.here, self.name, self.waiting, self.count = here, name, [], 0
        here.execute(f"CREATE TABLE {name} (place INTEGER PRIMARY KEY, {self.columns})")

    def append(self, value, *keys):
        content = pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
        self.waiting.append((self.count, content, *keys))
        self.count += 1
        if len(self.waiting) == PORTION:
            self._flush()

    def _flush(self):
        if self.waiting:
            marks = ", ".join("?" * len(self.waiting[0]))
            self.here.executemany(f"INSERT INTO {self.name} VALUES ({marks})", self.waiting)
            self.waiting = []

    def __len__(self):
        return self.count

    def __iter__(self):
        return self._having("1 = 1")

    def __getitem__(self, place):
        self._flush()
        query = f"SELECT content FROM {self.name} WHERE place = ?"
        return pickle.loads(self.here.execute(query, (place,)).fetchone()[0])

    def _having(self, condition, *values):
        self._flush()
        query = f"SELECT content FROM {self.name} WHERE {condition} ORDER BY place"
        for (content,) in self.here.execute(query, values):
            yield pickle.loads(content)


class KeyedList(KeptList):
    """Values with a key each, which may come in any order."""

    columns = "content BLOB, key TEXT"

    def by_key(self):
        """[the values of one key], in the order in which the keys came."""
        self._flush()
        self.here.execute(f"CREATE INDEX {self.name}_key ON {self.name} (key)")
        twice = f"SELECT 1 FROM {self.name} GROUP BY key HAVING COUNT(*) > 1"
        if not self.here.execute(twice).fetchone():
            yield from ([value] for value in self)
            return
        keys = f"SELECT MIN(place), COUNT(*), key FROM {self.name} GROUP BY key ORDER BY 1"
        for place, count, key in self.here.execute(keys):
            yield [self[place]] if count == 1 else list(self._having("key = ?", key))
