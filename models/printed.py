"""What is printed: rows with frozen content, whose PDF is made right after the transaction that
froze it. A worker makes what waits; who asks for it earlier makes it at once."""

import concurrent.futures
import contextlib
import contextvars
import logging
import threading
import time

import peewee as pw

from models.adapters import blobs
from models.adapters.outbox import Mail
from models.adapters.printing import pdf, pool
from models.core.database import db
from models.core.errors import refuse
from models.core.journal import label

log = logging.getLogger("danju.printing")
PATIENCE = 10  # seconds that a download waits for a PDF which somebody else is making
MOST_AT_ONCE = 200
PAUSE = 600  # seconds after which a PDF that could not be made is tried again
_in_hand, _guard = {}, threading.Lock()
_failed = {}  # what could not be made → (why, when it was tried)


class Printed:
    """A row with frozen content. `pdf_sha256` is empty until its PDF is made; kinds with a second
    PDF name that column too, and say what is printed there."""

    printed_columns = ("pdf_sha256",)
    mail_keys = None  # its mails with the PDF begin so, such as "statement-{id}-"
    registry = []

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if issubclass(cls, pw.Model):
            Printed.registry.append(cls)

    @classmethod
    def unprinted(cls, column):
        """Rows whose PDF in this column is still to be made."""
        raise NotImplementedError

    def printable(self, column):
        """The frozen content, of which alone the PDF is made."""
        return self.snapshot

    def keep_pdf(self, column="pdf_sha256"):
        """Make the PDF and keep it for ever, with one event; may be asked again. Never inside a
        transaction, which would hold the only writer. Raises PdfFailed."""
        if getattr(self, column):
            return
        with _one_at_a_time(self, column):
            made = type(self).get_by_id(self.id)
            if not getattr(made, column):
                content = made.printable(column)
                made._keep(column, pdf.render(content, images_of(content)))
        for name in made.changed_by_printing(column):
            setattr(self, name, getattr(made, name))
            self._dirty.discard(name)

    def changed_by_printing(self, column):
        """The columns that are written with the PDF."""
        return (column,)

    @db.atomic()
    def _keep(self, column, data):
        cls, field = type(self), getattr(type(self), column)
        setattr(self, column, blobs.keep(data))
        first = cls.update(
            {name: getattr(self, name) for name in self.changed_by_printing(column)}
        ).where(cls.id == self.id, field.is_null() | (field == ""))
        if first.execute():
            self.record("paper_made", None, paper=getattr(self, column))
            if column == "pdf_sha256" and self.mail_keys:
                Mail.attach(self.mail_keys.format(id=self.id), self.pdf_sha256)
        else:  # another process was faster
            setattr(self, column, getattr(cls.get_by_id(self.id), column))

    def pdf_bytes(self, column="pdf_sha256"):
        """The PDF as it was first given out; made now where nobody has made it yet. Refused while
        another is still making it after some seconds."""
        self.keep_pdf(column)
        return blobs.fetch(getattr(self, column))


@contextlib.contextmanager
def _one_at_a_time(row, column):
    """Let the others that want the same PDF wait for the first."""
    key = (type(row).__name__, row.id, column)
    with _guard:
        mine = threading.Event()
        first = _in_hand.setdefault(key, mine)
    if first is not mine:
        first.wait(PATIENCE) or refuse("being_printed")
        yield
        return
    try:
        yield
    finally:
        with _guard:
            del _in_hand[key]
        mine.set()


def keep_pdfs(wanted):
    """[(row, column)] made side by side by the worker processes. Returns {(row, column): error} of
    those that could not be made."""
    assert not db.in_transaction(), "the workers would not see what it has not committed"

    def make(one):
        row, column = one
        with db.connection_context():
            row.keep_pdf(column)

    failed = {}
    with concurrent.futures.ThreadPoolExecutor(pool.WORKERS) as threads:
        for one, done in [
            (one, threads.submit(contextvars.copy_context().run, make, one)) for one in wanted
        ]:
            try:
                done.result()
            except Exception as error:  # whatever it was, the others are printed
                log.warning("%s cannot be printed: %s", label(one[0]), error)
                failed[one] = error
    return failed


def print_waiting():
    """Make every PDF that waits. Raises what could not be made, when all others are done; that is
    tried again after ten minutes."""
    while due := _due():
        failed = keep_pdfs(due)
        for row, column in due:
            _failed.pop(_name(row, column), None)
        for one, why in failed.items():
            _failed[_name(*one)] = (str(why), time.monotonic())
    if _failed:
        raise pool.PdfFailed("; ".join(f"{name}: {why}" for name, (why, _) in _failed.items()))


def _due():
    """The first [(row, column)] that wait, but those that failed a moment ago."""
    waiting = [
        (row, column)
        for cls in Printed.registry
        for column in cls.printed_columns
        for row in cls.unprinted(column).limit(MOST_AT_ONCE)
    ]
    for name in _failed.keys() - {_name(*one) for one in waiting}:
        del _failed[name]
    return [one for one in waiting if _may_be_tried(_name(*one))]


def _name(row, column):
    return f"{label(row)} {column}"


def _may_be_tried(name):
    return name not in _failed or _failed[name][1] + PAUSE < time.monotonic()


def images_of(content):
    """Logo and seal of the frozen seller."""
    return {
        name: blobs.fetch(content["seller"][name])
        for name in ("logo", "seal")
        if content["seller"].get(name)
    }
