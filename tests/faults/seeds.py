"""Faults planted on purpose, by name, in a process of the test's own: `python -m tests.faults.seeds
NAME serve` is `flask serve` with that fault."""

import os
import sys


def no_fsync_of_files():
    """A kept file is written, but nobody waits for the disk."""
    from models.adapters import blobs

    def put_back(sha, data):
        path = blobs.path_of(sha)
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)

    blobs.put_back = put_back


def row_before_file():
    """The row is committed first and the file written a while later."""
    import threading

    from models.adapters import blobs

    real = blobs.keep

    def keep(data):
        import hashlib

        threading.Timer(0.4, real, [data]).start()
        return hashlib.sha256(data).hexdigest()

    blobs.keep = keep


def number_lost():
    """Every third number of a payment is drawn and then not used, as when it is drawn outside the
    deed's transaction."""
    from models.numbering import NumberSeries

    real, drawn = NumberSeries.draw.__func__, []

    def draw(cls, kind, day=None):
        drawn.append(kind)
        if kind == "payment" and drawn.count(kind) % 3 == 0:
            real(cls, kind, day)
        return real(cls, kind, day)

    NumberSeries.draw = classmethod(draw)


def answer_before_commit():
    """The answer leaves first: payments are booked a second and a half after they were promised."""
    import io
    import threading

    import app

    real = app.create_app

    def create_app(**given):
        made = real(**given)
        answer = made.wsgi_app

        def hasty(environ, start):
            if environ["REQUEST_METHOD"] != "POST" or environ["PATH_INFO"] != "/payments/":
                return answer(environ, start)
            body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            later = {**environ, "wsgi.input": io.BytesIO(body)}
            threading.Timer(1.5, lambda: b"".join(answer(later, lambda *a: None))).start()
            start("303 SEE OTHER", [("Location", "/payments/"), ("Content-Length", "0")])
            return [b""]

        made.wsgi_app = hasty
        return made

    app.create_app = create_app


def no_lock():
    """SQLite begins to write only when it writes: two who have read stand in each other's way."""
    from models.core import database

    real = database.database_of

    def database_of(url):
        made = real(url)
        made._lock_type = "DEFERRED"
        made._timeout = 0.05
        return made

    database.database_of = database_of


def no_queue():
    """PostgreSQL lets all write at once: numbers and the journal are drawn by several together."""
    from models.core import database

    database.Postgres._begin = lambda self, level: database.pw.PostgresqlDatabase.begin(self, level)


def piecemeal():
    """Rows are kept as they come, not all at once."""
    from contextlib import contextmanager

    from models.operations.backup import dump

    @contextmanager
    def writing(self):
        for table, name in self.link.execute(
            "SELECT conrelid::regclass::text, conname FROM pg_constraint WHERE contype = "
            "'f' AND connamespace = 'public'::regnamespace"
        ).fetchall():
            self.link.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}"')
        yield

    dump.Postgres.writing = writing


def key_forgotten():
    """A form that is sent again is done again."""
    from models.core.idempotency import IdempotencyKey

    IdempotencyKey.first = classmethod(lambda cls, who, key: None)
    IdempotencyKey.remember = classmethod(lambda cls, *args: None)


def halves_left():
    """A write that fails leaves its half."""
    import os as system

    from models.adapters import blobs

    class Os:
        def __getattr__(self, name):
            return getattr(system, name)

        def unlink(self, path):
            """Nothing."""

    blobs.os = Os()


def disk_not_named():
    """Any fall is as good as another."""
    from models.core import disk

    disk.note_failure = lambda error: None


PLANTS = {
    f.__name__: f
    for f in (
        halves_left,
        disk_not_named,
        no_fsync_of_files,
        row_before_file,
        number_lost,
        answer_before_commit,
        no_lock,
        no_queue,
        key_forgotten,
        piecemeal,
    )
}


def main():
    os.environ.setdefault("FLASK_APP", "app:create_app")
    PLANTS[sys.argv[1]]()
    sys.argv = ["flask", *sys.argv[2:]]
    from flask.cli import main as flask

    flask()


if __name__ == "__main__":
    main()
