"""Files of every kind that we read, changed at random: each is read or refused with a sentence,
soon, and by the way that the product reads it, sandbox and all."""

import datetime as dt
import gzip
import io
import json
import time
from collections import namedtuple
from pathlib import Path

import pytest
from PIL import Image

from models.adapters import bounces, pictures, sandbox, tables
from models.adapters.printing import own_font, reading
from models.adapters.received import examined
from models.approvals.flow import import_flows
from models.archive import reading as archive_reading
from models.archive import tax_invoice_reading
from models.bank.bank_file import READ
from models.core.errors import Refused
from models.core.journal.anchors import anchor, anchors, unreadable
from models.operations.backup import dump, keys, proof
from models.people import User
from tests import einvoices
from tests.fuzz.hostile import Hostile, mutated_file
from tests.fuzz.watching import MOST_SECONDS, Watch, numbers
from tests.support import bank_writers
from tests.support import own_font as fonts
from tests.support.ods import ods_of
from tests.support.undo import undone
from tests.support.workbooks import saved, xlsx

DATA = Path(__file__).resolve().parent.parent / "data"
Moved = namedtuple("Moved", "booked_on amount payer payer_account text reference")
ROWS = [
    Moved(
        dt.date(2026, 11, day), amount, "Muster GmbH", "DE89370400440532013000", "RE-1", f"R{day}"
    )
    for day, amount in ((2, 12345), (3, -500), (4, 99999999))
]
REPORT = b"""Content-Type: multipart/report; report-type=delivery-status; boundary=b

--b
Content-Type: text/plain

It did not arrive.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.test

Final-Recipient: rfc822; anna@a.test
Action: failed
Status: 5.1.1
Diagnostic-Code: smtp; 550 no such user
--b
Content-Type: message/rfc822

Message-ID: <1.2@danju.test>
Subject: x

x
--b--
"""


def files(*folders):
    return [
        (path.name, path.read_bytes()) for f in folders for path in sorted((DATA / f).iterdir())
    ]


def picture(kind, mode="RGB"):
    out = io.BytesIO()
    Image.new(mode, (40, 30), 3 if mode == "P" else None).save(out, kind)
    return (f"a.{kind.lower()}", out.getvalue())


ROW = "<table:table-row><table:table-cell><text:p>x</text:p></table:table-cell></table:table-row>"
XML = b"""<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"
 xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet"><Worksheet ss:Name="A"><Table>
<Row><Cell><Data ss:Type="String">name</Data></Cell><Cell ss:Index="3"><Data ss:Type="Number">1
</Data></Cell></Row><Row><Cell><Data ss:Type="String">b</Data></Cell></Row></Table></Worksheet>
</Workbook>"""
HTML = b"<html><table><tr><td colspan=2>name<td>code<tr><td>a<br>b<td rowspan=2>2</table>"


def tables_seen():
    return [
        *files("import", "exports", "tables"),
        ("a.xlsx", saved(xlsx(("A", [["name", "code"], ["a", 1]]), ("B", [["x"], [2.5]])))),
        ("a.ods", ods_of(ROW * 3)),
        ("a.xls", HTML),
        ("a.xml", XML),
    ]


def bank_files():
    written = (bank_writers.mt940, bank_writers.camt, bank_writers.ofx, bank_writers.qif)
    return [
        *files("bank"),
        *((f"a.{make.__name__}", make(ROWS)) for make in (*written, bank_writers.bai2)),
        *((f"{how}.csv", bank_writers.table(ROWS, how)) for how in bank_writers.HEADS),
    ]


def invoices():
    return [
        ("a.xml", einvoices.xml()),
        ("a.ofd", einvoices.ofd(attached=einvoices.older())),
        ("a.pdf", einvoices.pdf()),
    ]


def scans():
    return [
        *(picture(kind) for kind in ("PNG", "JPEG", "GIF", "TIFF", "BMP", "WEBP")),
        picture("PNG", "P"),
        picture("PNG", "RGBA"),
        ("s.pdf", einvoices.scanned()),
        *invoices(),
    ]


def flows():
    row = {
        "name": "x",
        "kind": "invoice",
        "least": 1,
        "steps": [{"who": "role", "role": "manager", "rule": "one", "hours": 8, "late": "remind"}],
        "conditions": {"tag": "VIP"},
        "active": True,
    }
    return [("f.json", json.dumps([row]).encode())]


def read_flows(data, _name):
    """As views/staff/flows.py does."""
    with undone():
        try:
            rows = json.loads(data.decode("utf-8-sig"))
        except (ValueError, RecursionError):
            return
        if isinstance(rows, list):
            import_flows(User.get(User.email == "ada@firm.test"), rows)


def dumps():
    with dump.opened() as here:
        dump.write(here, "whole.gz")
    return [("d.gz", Path("whole.gz").read_bytes())]


def read_dump(data, _name):
    Path("torn.gz").write_bytes(data)
    with dump.opened() as here:
        dump.load(here, "torn.gz")


def manifests():
    made = {"name": "x", "tables": {"event": {"rows": 1, "sha256": "0"}}, "files": ["a", "b"]}
    return [("m.gz", gzip.compress(json.dumps(made).encode()))]


def read_manifest(data, _name):
    Path("m").write_bytes(data)
    proof.unpacked("m")


def journal_marks():
    anchor(Path("."), "k" * 40, {})
    return [("a", Path("anchors.jsonl").read_bytes())]


def read_marks(data, _name):
    Path("anchors.jsonl").write_bytes(data)
    anchors(Path("."), "k" * 40), unreadable(Path("."), "k" * 40)


def read_bank_file(data, name):
    sandbox.call(READ, data, name, "EUR", {}, [])


def read_words(data, _name):
    examined(data)
    archive_reading.words(data, _name.rpartition(".")[2])


def read_picture(data, _name):
    pictures.for_print(data), pictures.small(data)


def read_pages(data, _name):
    reading.text(data), reading.rows(data), list(reading.pages(data, 2))


def read_font(data, _name):
    own_font.columns_of(data)


def read_key(data, _name):
    keys.read(data.decode("utf-8", "replace"))


# {what: (files to begin with, how it is read, inputs in full, what else may be raised)}
KINDS = {
    "tables": (tables_seen, tables.read, 9000, ()),
    "bank files": (bank_files, read_bank_file, 7000, ()),
    "tax invoices": (invoices, lambda data, _name: tax_invoice_reading.read(data), 3500, ()),
    "scans": (scans, read_words, 3000, ()),
    "pictures": (lambda: scans()[:8], read_picture, 3000, ()),
    "pages": (lambda: [("a.pdf", einvoices.pdf())], read_pages, 700, ()),
    "mails": (lambda: [("m", REPORT)], lambda data, _name: bounces.parse(data), 3000, ()),
    "fonts": (
        lambda: [("f", fonts.font())],
        lambda data, _name: own_font.columns_of(data),
        700,
        (),
    ),
    "flows": (flows, read_flows, 3000, ()),
    "dumps": (dumps, read_dump, 250, (dump.InvalidDump,)),
    "manifests": (manifests, read_manifest, 1000, (proof.Unproven,)),
    "journal marks": (journal_marks, read_marks, 3000, ()),
    "recovery keys": (lambda: [("k", b"AGE-SECRET-KEY-1" + b"Q" * 58)], read_key, 1000, ()),
}


def tried(read, data, name, more):
    """(seconds, fault, what came of it)"""
    began, fault = time.monotonic(), ""
    try:
        read(data, name)
        outcome = "read"
    except Refused as error:
        outcome = error.code
    except more as error:
        outcome = type(error).__name__
    except Exception as error:
        outcome = type(error).__name__
        fault = f"{outcome}: {str(error)[:200]}"
    return time.monotonic() - began, fault, outcome


@pytest.mark.on_sqlite  # files are read the same there
@pytest.mark.parametrize("kind", KINDS)
def test_a_changed_file_is_read_or_refused(app, firm, tmp_path, monkeypatch, record_property, kind):
    monkeypatch.chdir(tmp_path)
    originals, read, full, more = KINDS[kind]
    originals, watch, total = originals(), Watch(), numbers(6, full)
    for number in total:
        h = Hostile(kind, number)
        name, data = h.choice(originals)
        data = mutated_file(h, data)
        seconds, fault, outcome = tried(read, data, name, more)
        if seconds > MOST_SECONDS or outcome in ("reading_time", "reading_busy"):
            seconds = min(seconds, tried(read, data, name, more)[0])  # others may be busy
        watch.note(f"{kind} {number} {name}", seconds, fault, outcome)
        if len(total) > 1 and number == len(total) // 4:
            watch.warmed_up()
    watch.over(record_property)
