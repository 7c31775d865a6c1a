"""PDFs: making one, by its number of lines, beside xhtml2pdf alone and Chromium; and the stored
one beside making it."""

import contextlib
import ctypes
import io
import multiprocessing
import os
import re
import resource
import subprocess
import tempfile
import time
from pathlib import Path

from bench.loader import opened
from bench.serving import Browser, Server, measured
from bench.tables import middle, ratio, show
from models.adapters.printing import fonts, pdf
from models.customers import Customer
from models.documents import Document
from models.people import Session, User
from tests.support import required

LINES, TIMES = (10, 500), 3
FACE = (
    "@font-face {{ font-family: Alone; font-weight: {0}; src: url({2}fonts/NotoSansSC-{1}.ttf) }}"
)
STATIC = f"{fonts.FOLDER.parent}/"
SUBREAPER = 36  # of prctl(): whom a child leaves behind comes to us


def compare(folder, lines=LINES):
    """Print what papers of the firm take."""
    with opened(folder).app_context():
        ada, customer = User.get(User.email == "ada@bench.test"), Customer.get()
        line = {"name": "钢笔 0.5 毫米 黑色", "quantity": 10_000, "price": 125_000, "rate": 1300}
        texts = {}
        for n in lines:
            draft = Document.draft(ada, "invoice", customer, [line] * n)
            texts[n] = pdf.html_of(draft.freeze(number="N-1"))
        sid = Session.start(ada)
        issued = Document.get(~Document.imported, Document.state == "issued").id
    rows = [[f"{n} lines", *(made(engine, texts[n]) for engine in ENGINES)] for n in lines]
    heads = ["paper", "Danju", "xhtml2pdf alone", "Chromium", "of xhtml2pdf", "of Chromium"]
    for row in rows:
        _, own, alone, chromium = row
        row += [ratio(own / alone), chromium and ratio(own / chromium)]
    show("A PDF, ms of processor", heads, rows)
    with Server.of_firm(folder) as server:
        browser = Browser(server.port, sid)
        address = f"/documents/{issued}/pdf"
        stored = [measured(server, browser, address) for _ in range(20)]
    assert stored[-1][2].status == 200, stored[-1][2].status
    cpu, wall, own = middle([s[0] for s in stored]), middle([s[1] for s in stored]), rows[0][1]
    heads = ["stored PDF, ms of processor", "ms", "making one of ten lines", "how many times"]
    show("A stored PDF", heads, [[cpu, wall, own, ratio(own / cpu)]])


def made(engine, text):
    """Milliseconds of processor in a process of its own; None where the engine is not there."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(engine, (text,))


def danju(text):
    from models.adapters.printing import worker

    return _times(lambda: worker.convert(text))


def xhtml2pdf_alone(text):
    from xhtml2pdf import pisa
    from xhtml2pdf.config.resources import ResourceAccessPolicy

    policy, text = ResourceAccessPolicy.server(base_dir=STATIC), _with_fonts(text, STATIC)
    more = {"encoding": "utf-8", "path": STATIC, "resource_policy": policy}
    return _times(lambda: pisa.CreatePDF(text, dest=io.BytesIO(), **more))


def chromium(text):
    """The browser starts each time, as it would for a paper; all its processes count."""
    path = required.chromium()
    if not path:
        return None
    ctypes.CDLL(None).prctl(SUBREAPER, 1, 0, 0, 0)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        page = Path(home) / "page.html"
        page.write_text(_with_fonts(text, f"file://{STATIC}"))
        command = [path, "--no-sandbox", "--disable-gpu", f"--user-data-dir={home}/profile"]
        command += [f"--print-to-pdf={home}/page.pdf", page.as_uri()]

        def run():
            subprocess.run(command, check=True, capture_output=True, timeout=120)
            with contextlib.suppress(ChildProcessError):
                while True:
                    os.waitpid(-1, 0)

        return _times(run, of_children)


def _with_fonts(text, folder):
    """The page with its font named in its style, as one without ours has to."""
    faces = (("normal", "Regular"), ("bold", "Bold"))
    style = "".join(FACE.format(*face, folder) for face in faces)
    text = text.replace(fonts.FAMILY, "font-family: Alone;")
    return re.sub("<style[^>]*>", lambda found: found[0] + style, text, count=1)


def of_children():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def _times(act, clock=time.process_time):
    """The middle of some times, after a first one that fills caches."""
    taken = []
    for _ in range(TIMES + 1):
        began = clock()
        with contextlib.redirect_stdout(io.StringIO()):
            act()
        taken.append((clock() - began) * 1000)
    return middle(taken[1:])


ENGINES = danju, xhtml2pdf_alone, chromium
