"""A frozen paper as a PDF, made by a small pool of warm worker processes."""

import atexit
import base64
import concurrent.futures
import io
import multiprocessing
import os
import threading

import segno
from flask import render_template
from flask_babel import force_locale

from models import payment_details
from models.core import optional

LONGEST = 45
WORKERS = int(os.environ.get("PDF_WORKERS") or 2)
OWN_PAGE = ("reminder", "statement", "certificate")
WORKER = "models.adapters.pdf_worker"
_pool = {"made": None}
_lock = threading.Lock()


class PdfFailed(Exception):
    """The paper could not be made; nothing else happened."""


def _workers():
    with _lock:
        if _pool["made"] is None:
            _pool["made"] = concurrent.futures.ProcessPoolExecutor(
                WORKERS,
                mp_context=multiprocessing.get_context("spawn"),
                initializer=optional.call,
                initargs=(WORKER, "end_with_parent"),
            )
        return _pool["made"]


def _submit(function, *args):
    """Let a worker call this function of pdf_worker.py."""
    return _workers().submit(optional.call, WORKER, function, *args)


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


def _data_url(data):
    kind = "png" if data[:4] == b"\x89PNG" else "jpeg"
    return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"


def _qr(address):
    out = io.BytesIO()
    segno.make(address, error="m").save(out, kind="png", scale=4, border=1)
    return out.getvalue()


def html_of(paper, images=None, draft=False):
    """The paper as HTML in its own language."""
    pictures = {name: _data_url(data) for name, data in (images or {}).items()}
    if paper.get("portal_url"):
        pictures["qr"] = _data_url(_qr(paper["portal_url"]))
    if paper.get("pay") and not draft:
        pictures["pay"] = _data_url(payment_details.epc_png(paper["pay"]))
    with force_locale(paper["language"]):
        return render_template(
            f"pdf/{paper['kind'] if paper['kind'] in OWN_PAGE else 'document'}.html",
            paper=paper,
            draft=draft,
            images=pictures,
        )


def render(paper, images=None, draft=False):
    """The PDF's bytes. Raises PdfFailed when it cannot be made or twice takes too long."""
    return render_with_warnings(paper, images, draft)[0]


def warm():
    """Let every worker load its fonts while something else is done."""
    for _worker in range(WORKERS):
        _submit("fonts")


def begin(paper, images=None):
    """Let a worker begin with the PDF; what is returned waits for its bytes. Raises PdfFailed
    then."""
    made = _submit("convert", html_of(paper, images))

    def finished():
        try:
            return made.result(LONGEST)[0]
        except Exception:  # whatever it was, render tells it from a worker that died
            return render(paper, images)

    return finished


def render_with_warnings(paper, images=None, draft=False):
    """(bytes, what the renderer complained of)"""
    html = html_of(paper, images, draft)
    try:
        return _convert(html)
    except (concurrent.futures.TimeoutError, concurrent.futures.BrokenExecutor):
        # a worker that died or hangs says nothing about the paper: fresh ones get one more try
        end_workers()
    try:
        return _convert(html)
    except (concurrent.futures.TimeoutError, concurrent.futures.BrokenExecutor) as error:
        end_workers()
        raise PdfFailed(str(error) or "took too long") from error


def page(template, language, **facts):
    """Another page of ours as PDF bytes, such as a certificate; nothing is kept."""
    with force_locale(language):
        html = render_template(f"pdf/{template}.html", language=language, **facts)
    try:
        return _convert(html)[0]
    except (concurrent.futures.TimeoutError, concurrent.futures.BrokenExecutor) as error:
        end_workers()
        raise PdfFailed(str(error) or "took too long") from error


def _convert(html):
    try:
        return _submit("convert", html).result(LONGEST)
    except (concurrent.futures.TimeoutError, concurrent.futures.BrokenExecutor):
        raise
    except (
        Exception
    ) as error:  # whatever the layout engine fell over: the paper is not made, the worker lives on
        raise PdfFailed(str(error)[:500]) from error


def text(data):
    """The words in a PDF, read by a worker that may be killed. Raises PdfFailed when it does not
    open."""
    return _read("text", data)


def rows(data):
    """The words of its first pages, row by row as they stand there. Raises PdfFailed when it does
    not open."""
    return _read("rows", data)


def _read(how, data):
    try:
        return _submit(how, data).result(LONGEST)
    except (concurrent.futures.TimeoutError, concurrent.futures.BrokenExecutor) as error:
        end_workers()
        raise PdfFailed(str(error) or "took too long") from error
    except Exception as error:
        raise PdfFailed(str(error)[:500]) from error
