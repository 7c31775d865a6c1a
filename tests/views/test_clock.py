"""The clock outlives whatever one tick meets."""

import peewee as pw

from jobs import backups, scheduler
from models.core.lease import Lease


def test_a_locked_database_does_not_end_the_clock(app, monkeypatch, caplog):
    done = []
    run = scheduler.guarded(app, "mail", lambda: done.append(1))
    with monkeypatch.context() as locked:
        locked.setattr(
            Lease,
            "hold",
            classmethod(
                lambda *_a: (_ for _ in ()).throw(pw.OperationalError("database is locked"))
            ),
        )
        run()
    assert not done and "job mail could not be begun or noted: database is locked" in caplog.text
    run()
    assert done == [1]


def test_nor_does_it_end_the_backups(app, monkeypatch, caplog):
    def locked(*_a, **_k):
        raise pw.OperationalError("database is locked")

    monkeypatch.setattr(Lease, "hold", locked)
    monkeypatch.setattr(Lease, "note", locked)
    backups.once(app)
    assert "backups could not be looked at" in caplog.text
