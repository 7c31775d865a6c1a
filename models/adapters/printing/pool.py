"""A small pool of warm worker processes: xhtml2pdf holds one lock for all threads of a process, and
a page or file that hangs can only be ended with its process."""

import atexit
import concurrent.futures
import multiprocessing
import os
import threading

from models.adapters.printing import fonts
from models.core import optional

LONGEST = 45  # seconds for one page or file
WORKERS = int(os.environ.get("PDF_WORKERS") or 2)
WORKER = "models.adapters.printing.worker"
STAMPING = "models.adapters.printing.stamping"
_pool = {"made": None}
_lock = threading.Lock()


class PdfFailed(Exception):
    """The PDF could not be made or read; nothing else happened."""


def _workers():
    with _lock:
        if _pool["made"] is None:
            _pool["made"] = concurrent.futures.ProcessPoolExecutor(
                WORKERS,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=optional.call,
                initargs=(WORKER, "begin"),
            )
        return _pool["made"]


@atexit.register
def end_workers():
    """Kill the workers with what they are at; the next page starts new ones."""
    with _lock:
        pool, _pool["made"] = _pool["made"], None
    if pool is None:
        return
    for process in list((pool._processes or {}).values()):
        process.kill()
    pool.shutdown(wait=False, cancel_futures=True)


def warm():
    """Let every worker load its fonts while something else is done."""
    for _worker in range(WORKERS):
        _workers().submit(optional.call, WORKER, "register", fonts.BASE)


def call(function, *args, tries=1, module=WORKER):
    """What this function of the module returns. A worker that dies or hangs says nothing about the
    page, so that fresh ones may get another try. Raises PdfFailed."""
    for left in reversed(range(tries)):
        try:
            return _workers().submit(optional.call, module, function, *args).result(LONGEST)
        except (concurrent.futures.TimeoutError, concurrent.futures.BrokenExecutor) as error:
            end_workers()
            if not left:
                raise PdfFailed(str(error) or "took too long") from error
        except Exception as error:  # whatever the engine stumbled over, the worker lives on
            raise PdfFailed(str(error)[:500]) from error
