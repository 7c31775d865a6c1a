"""What people give us leaves with a name that runs nowhere, whatever it was called."""

import ast
import base64
import inspect
import io
import re
import zipfile
from pathlib import Path

import pytest
from werkzeug.http import parse_options_header

from models.approvals import ApprovalRequest
from models.approvals.comment import Comment
from models.archive import ExternalFile
from models.archive.external_file import ExternalVersion
from models.core import filenames
from models.core.clock import today
from models.core.model import tables
from models.disputes import Dispute
from models.disputes.entry import DisputeEntry
from models.payments import Payment
from tests.spoiling import enter
from tests.valid_forms import CASES
from tests.valid_forms.fields import filled
from tests.valid_forms.shared import PNG

PICTURE = base64.b64decode(PNG.split(",")[1])
HOSTILE = [
    "报价.hta",
    "invoice.pdf.exe",
    "x.html",
    "a\u202egpj.exe",
    "a\u2066\ufeffgpj\u2069.scr",
    "CON.exe",
    "nul",
    "LPT¹.js",
    "..\\..\\start.lnk",
    "x.exe. .",
    "x.vbs:ads.js",
    "long" * 80 + ".msi",
    ".url",
    "",
]
FILES = {"file", "photo", "slip", "logo", "seal", "contract_seal", "font"}
UPLOADING = {
    name
    for path in Path("templates").rglob("*.html")
    for name in re.findall(r"uploads\.most_mb\('([\w.]+)'\)", path.read_text())
} | {"settings.edit"}
UPLOADING -= {"flows.take_in"}  # JSON, whose name nobody keeps


def box():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a", "b")
    return out.getvalue()


def runs(name):
    """Whether the name may do harm where it is opened."""
    return (
        name != filenames.safe(name)
        or filenames.extension(name) in filenames.RUNS - {"html", "htm"}
        or name.split(".")[0].lower() in filenames.RESERVED
    )


def kept_names():
    return [
        getattr(row, field.name)
        for table in tables()
        for field in table._meta.sorted_fields
        if field.name in ("filename", "slip_name")
        for row in table.select()
        if getattr(row, field.name)
    ]


def test_every_field_for_a_file_is_known():
    """Each tells how large its file may be, and so which form it belongs to."""
    inputs = [
        path
        for path in Path("templates").rglob("*.html")
        for tag in re.findall(r"<input type=\"file\"[^>]*>", path.read_text())
        if "most_mb" not in tag and "data-most" not in tag
    ]
    assert len(UPLOADING) > 9 and inputs == []
    assert UPLOADING | {"imports.create"} <= set(CASES)


@pytest.mark.asvs("5.2.2")
@pytest.mark.parametrize("endpoint", sorted(UPLOADING | {"imports.create"}))
def test_no_upload_is_kept_under_a_name_that_runs(app, firm, sign_in, endpoint):
    who, path, fields, _strangers = CASES[endpoint](firm)
    browser, files = enter(app, firm, sign_in, who, "en"), FILES & fields.keys() or FILES
    for number, name in enumerate(HOSTILE):
        sent = filled(fields)
        for field in files:
            given = isinstance(sent.get(field), tuple)
            content = sent[field][0] if given else io.BytesIO(PICTURE)
            sent[field] = content, name
        sent["idempotency_key"] += str(number)
        answer = browser.post(path, data=sent, content_type="multipart/form-data")
        assert answer.status_code < 500, name
    assert not [name for name in kept_names() if runs(name)]


@pytest.fixture
def given_out(firm, sign_in):
    """{endpoint: (browser, address)} of every route that gives out what people gave us."""
    row = Dispute.raise_(firm.anna, customer=firm.a, reason="price", text="x")
    row.say(firm.anna, "see", data=box(), filename="a.zip")
    CASES["requests.comment"](firm)
    request = ApprovalRequest.select().order_by(ApprovalRequest.id.desc()).get()
    comment = Comment.write(firm.fang, request, "see", box(), "a.zip")
    payment = Payment.report(firm.anna, "CNY", 100, today(), slip=PICTURE, slip_name="a.png")
    file = ExternalFile.receive(firm.fang, box(), "a.zip", "contract", customer=firm.a)
    entry = DisputeEntry.get(DisputeEntry.filename != "")
    fang, anna = sign_in(firm.fang), sign_in(firm.anna)
    return {
        "disputes.file": (fang, f"/disputes/entries/{entry.id}/file"),
        "portal_disputes.file": (anna, f"/portal/disputes/entries/{entry.id}/file"),
        "requests.file": (fang, f"/requests/comments/{comment.id}/file"),
        "payments.slip": (fang, f"/payments/{payment.id}/slip"),
        "portal_payments.slip": (anna, f"/portal/payments/{payment.id}/slip"),
        "archive.file": (fang, f"/archive/{file.filing_id}/file"),
        "external_files.version": (fang, f"/archive/files/{file.id}/versions/1"),
    }


def test_what_an_earlier_version_kept_leaves_with_the_ending_of_its_content(app, given_out):
    for endpoint, (browser, address) in given_out.items():
        for name in HOSTILE[:-1]:
            for table, column in (
                (DisputeEntry, "filename"),
                (Comment, "filename"),
                (Payment, "slip_name"),
                (ExternalVersion, "filename"),
            ):
                field = getattr(table, column)
                table.update({column: name}).where(field != "").execute()
            answer = browser.get(address)
            assert answer.status_code == 200, (endpoint, address)
            how, options = parse_options_header(answer.headers["Content-Disposition"])
            told = how, answer.mimetype, filenames.extension(options["filename"])
            picture = "inline", "image/png", "png"
            taken_away = "attachment", "application/octet-stream", "zip"
            assert told == (picture if "slip" in endpoint else taken_away), (endpoint, name)
            assert not runs(options["filename"]), options


def test_every_route_that_gives_out_a_file_of_others_is_known(app, given_out):
    """It calls send_kept, or a function that does; all else that leaves has a name of ours."""
    calling = {"send_kept"}
    views = {name: inspect.unwrap(view) for name, view in app.view_functions.items()}
    helpers = {"file_of", "slip_of"}
    found = {
        name for name, view in views.items() if {*view.__code__.co_names} & (calling | helpers)
    }
    assert found == given_out.keys()
    theirs = [
        f"{path}:{node.lineno}"
        for path in Path("views").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.keyword)
        and node.arg == "download_name"
        and re.search(r"filename\b|slip|upload", ast.unparse(node.value))
    ]
    assert theirs == []


@pytest.mark.parametrize(
    "name, kept",
    [
        ("invoice.pdf.exe", "invoice.pdf"),
        ("报价.hta", "报价.pdf"),
        ("a\u202egpj.exe", "agpj.pdf"),
        ("Angebot 1.2", "Angebot 1.2.pdf"),
        ("scan.PDF", "scan.PDF"),
        ("scan.png", "scan.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("..\\..\\start.lnk", "start.pdf"),
        ("x.vbs:ads.js", "x.vbs-ads.pdf"),
        ("长" * 200 + ".hta", "长" * 56 + ".pdf"),
        ("", "file.pdf"),
    ],
)
def test_the_true_type_decides_the_ending(name, kept):
    assert filenames.of_kind(name, "pdf") == kept
