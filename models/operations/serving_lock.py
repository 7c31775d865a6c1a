"""Who serves this data folder: a lock that ends with its process, whatever the clock and the
database say. Several may serve one folder; a command that exchanges the rows must be alone."""

import contextlib

from models.core.errors import refuse
from models.operations.backup import snapshot

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None

NAME = "serving.lock"


@contextlib.contextmanager
def serving():
    """Hold the lock together with others who serve. Refused while a command is alone."""
    with _locked(exclusive=False) as locked:
        locked or refuse("rows_exchanged")
        yield


@contextlib.contextmanager
def alone():
    """Hold the lock alone. Refused while the portal is served from this folder."""
    with _locked(exclusive=True) as locked:
        locked or refuse("portal_serves")
        yield


@contextlib.contextmanager
def _locked(exclusive):
    """Whether the lock was free; also true where there are no locks."""
    with contextlib.ExitStack() as opened:
        try:
            file = opened.enter_context((snapshot.folder() / NAME).open("ab"))
        except OSError:  # a full or read-only disk: nothing can be exchanged there
            file = None
        locked = True
        if fcntl and file:
            try:
                fcntl.flock(file, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
            except BlockingIOError:
                locked = False
            except OSError:  # a network disk without locks
                pass
        yield locked
