"""What a test that is not about it need not do again: lay the same page out, start Python for each
proof of a backup."""

import concurrent.futures
import functools
import hashlib
import json
import multiprocessing
from pathlib import Path

import pytest

from models.adapters.printing import pdf
from models.core import database
from models.operations.backup import proof, scratch

_pdfs = {}


@pytest.fixture(autouse=True)
def remembered_pdfs(request, monkeypatch):
    """The same HTML gives the same PDF, so it is laid out once a process; tests marked `real_pdf`
    do it each time."""
    if request.node.get_closest_marker("real_pdf"):
        return
    convert = pdf._convert

    def convert_once(html, day="", font=None):
        database.check_no_transaction("a PDF is laid out")
        key = hashlib.sha256(f"{day} {font} {html}".encode()).digest()
        if key not in _pdfs:
            _pdfs[key] = convert(html, day, font)
        return _pdfs[key]

    monkeypatch.setattr(pdf, "_convert", convert_once)


@pytest.fixture
def quick_paper(monkeypatch):
    """Where a race is about numbers, one made PDF serves for all."""
    made = b"%PDF-1.4 stands for the paper"
    monkeypatch.setattr(pdf, "render", lambda *args, **kwargs: made)


@functools.cache
def _process_pool():
    """Forks a process for each proof from one that has already imported all it needs."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(
        ["models.operations.backup.scratch", "models.load", "models.operations.checks"]
    )
    return concurrent.futures.ProcessPoolExecutor(1, mp_context=context, max_tasks_per_child=1)


@pytest.fixture(autouse=True)
def warm_proofs(request, monkeypatch):
    """A backup is proven in a process forked from a warm one; tests marked `real_proof`, and
    commands, start Python for it."""
    if request.node.get_closest_marker("real_proof"):
        return

    def restored(folder, manifest, tick=lambda part: None):
        Path(folder, "manifest").write_text(json.dumps(manifest))
        try:
            return json.loads(
                json.dumps(_process_pool().submit(scratch.prove, str(folder)).result())
            )
        except (Exception, SystemExit) as error:
            raise proof.Unproven(str(error)[:400]) from error

    monkeypatch.setattr(proof, "restored", restored)
