"""Rows with frozen content and a PDF of it, which is made after the transaction that froze the
content: by a worker, or at once when somebody downloads it earlier."""

import concurrent.futures
import contextlib
import contextvars
import hashlib
import logging
import math
import threading
import time

import peewee as pw

from models.adapters import blobs
from models.adapters.outbox import Mail
from models.adapters.printing import pdf, pictures, pool
from models.core import disk
from models.core.database import SHORT, db
from models.core.errors import refuse
from models.core.fields import canonical
from models.core.journal import Event, label

log = logging.getLogger("danju.printing")
WAIT_SECONDS = 10  # of a download for a PDF that another thread is making
MOST_AT_ONCE = 200
RETRY_SECONDS = 600  # after which a PDF that could not be made is tried again
_in_progress, _lock = {}, threading.Lock()  # {(model, id, column): threading.Event}
_failed = {}  # {name of a PDF that could not be made: (error, time of the attempt)}


class Printed:
    """Mixin for a row with frozen content. `pdf_sha256` is empty until its PDF is made; a model
    with a second PDF names its column in `printed_columns` and overrides `printable`."""

    printed_columns = ("pdf_sha256",)
    mail_keys = None  # prefix of the keys of mails with its PDF, such as "statement-{id}-"
    registry = []

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if issubclass(cls, pw.Model):
            Printed.registry.append(cls)

    @classmethod
    def unprinted(cls, column):
        """A query of the rows whose PDF in this column is still to be made."""
        raise NotImplementedError

    def printable(self, column):
        """The frozen content, from which alone the PDF is made."""
        return self.snapshot

    def keep_pdf(self, column="pdf_sha256"):
        """Make and store the PDF, with one event, unless it is there already. Never call it inside
        a transaction, which would block all other writers meanwhile. Raises PdfFailed."""
        if getattr(self, column):
            return
        with _exclusive(self, column):
            made = type(self).get_by_id(self.id)
            if not getattr(made, column):
                made._keep(column, laid_out(made.printable(column)))
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
        """The stored PDF, made now if it is not there yet; while nothing can be stored it is made
        without. Refused while another thread is still making it after WAIT_SECONDS."""
        with disk.if_free(SHORT):
            self.keep_pdf(column)
        if getattr(self, column):
            return blobs.fetch(getattr(self, column))
        return laid_out(self.printable(column))

    def shown_content(self):
        """What its pages are made of."""
        return self.snapshot

    def pictures(self, content):
        """Its pages for screens, or None while they are made. `content`: of shown_content()."""
        return pictures.of(self._picture_key(self.picture_hash(content)), self._printer(content))

    def pictures_shown(self, shown):
        """Those that a page showed under this hash; those of today, made at once, where they are
        no longer kept."""
        found = pictures.kept(self._picture_key(shown))
        if found:
            return found
        content = self.shown_content()
        key = self._picture_key(self.picture_hash(content))
        return pictures.kept(key) or pictures.make(key, self._printer(content))

    def picture_hash(self, content):
        """Another one whenever its pages look different."""
        return hashlib.sha256(canonical(content).encode()).hexdigest()

    def _picture_key(self, shown):
        return f"{type(self).__name__}-{self.id}-{shown}"

    def _printer(self, content):
        """What gives the PDF of this content."""
        return self.pdf_bytes


@contextlib.contextmanager
def _exclusive(row, column):
    """Let other threads that need the same PDF wait for the first one."""
    key = (type(row).__name__, row.id, column)
    with _lock:
        own = threading.Event()
        first = _in_progress.setdefault(key, own)
    if first is not own:
        first.wait(WAIT_SECONDS) or refuse("being_printed")
        yield
        return
    try:
        yield
    finally:
        with _lock:
            del _in_progress[key]
        own.set()


def _keep_pdfs(targets):
    """Make the PDFs of [(row, column)] in parallel. Returns {(row, column): error} of those that
    could not be made."""
    assert not db.in_transaction(), "the threads would not see what it has not committed"

    def make(target):
        row, column = target
        with db.connection_context():
            row.keep_pdf(column)

    failed = {}
    # One more than workers: none idles while a PDF is stored.
    with concurrent.futures.ThreadPoolExecutor(pool.WORKERS + 1) as threads:
        for target, future in [
            (target, threads.submit(contextvars.copy_context().run, make, target))
            for target in targets
        ]:
            try:
                future.result()
            except Exception as error:  # of any kind: the other PDFs are still made
                log.warning("%s cannot be printed: %s", label(target[0]), error)
                failed[target] = error
    return failed


def print_waiting():
    """Make every PDF that is still to be made; called by a worker. Raises PdfFailed at the end if
    some could not be made: they are tried again at the next call, and those that could not be laid
    out after RETRY_SECONDS."""
    tried = set()
    while due := [t for t in waiting() if _name(*t) not in tried and _may_try(_name(*t))]:
        failed = _keep_pdfs(due)
        for target in due:
            tried.add(_name(*target))
            _failed.pop(_name(*target), None)
        for target, error in failed.items():
            at = time.monotonic() if isinstance(error, pool.PdfFailed) else -math.inf
            _failed[_name(*target)] = (str(error), at)
    for name in _failed.keys() - {_name(*target) for target in waiting()}:
        del _failed[name]
    if _failed:
        raise pool.PdfFailed("; ".join(f"{name}: {error}" for name, (error, _) in _failed.items()))


def waiting():
    """[(row, column)] of PDFs that are still to be made, at most MOST_AT_ONCE of a kind."""
    return [
        (row, column)
        for cls in Printed.registry
        for column in cls.printed_columns
        for row in cls.unprinted(column).limit(MOST_AT_ONCE)
    ]


def queue():
    """(how many PDFs are still to be made, since when the oldest of them waits, or None)."""
    targets = [(cls, column) for cls in Printed.registry for column in cls.printed_columns]
    waiting = [cls.unprinted(column) for cls, column in targets]
    columns = [rows.order_by().select(pw.fn.COUNT(pw.SQL("1"))) for rows in waiting]
    [counts] = pw.Select(columns=columns).bind(db).tuples()
    oldest = [row for rows, n in zip(waiting, counts, strict=True) if n for row in rows.limit(1)]
    frozen = [event.at for row in oldest for event in row.events.order_by(Event.id.desc()).limit(1)]
    return sum(counts), min(frozen, default=None)


def _name(row, column):
    return f"{label(row)} {column}"


def _may_try(name):
    return name not in _failed or _failed[name][1] + RETRY_SECONDS < time.monotonic()


def laid_out(content, draft=False, images=None):
    """The PDF of frozen content, with the seller's logo and seal; `images`: bytes of others than
    those that are stored. Raises PdfFailed."""
    seller, images = content["seller"], dict(images or {})
    for name in ("logo", "seal"):
        if seller.get(name) and name not in images:
            images[name] = blobs.fetch(seller[name])
    return pdf.render(content, images, draft=draft)
