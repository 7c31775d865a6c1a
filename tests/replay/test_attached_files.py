"""A file that a customer attached ran in the portal's own name, or landed where no file belongs."""

import hashlib
import io
import re
import zipfile
from pathlib import Path

import pytest

from models.adapters import blobs
from tests.spoiling import enter
from tests.support.forms import post
from tests.support.sets import fully, some
from tests.valid_forms import CASES
from tests.valid_forms.fields import filled
from tests.valid_forms.firm import SETTINGS
from tests.views.test_kept_files import FILES, UPLOADING, kept_names

SVG = (
    b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(document.domain)">'
    b"<script>alert(1)</script></svg>"
)
HTML = b"<!doctype html><html><body><script>alert(1)</script></body></html>"
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj\n"
    b"trailer<</Root 1 0 R>>\n%%EOF\n"
)
HOSTILE = {
    "pwn.svg": SVG,
    "pwn.png": SVG,
    "pwn.html": HTML,
    "pwn.pdf": HTML,
    "pwn.xml": b'<?xml-stylesheet href="javascript:alert(1)"?><a xmlns:h="http://www.w3.org/1999/xhtml">'
    b"<h:script>alert(1)</h:script></a>",
    "gif.html": b"GIF89a/*" + HTML + b"*/=1;",
    "script.pdf": PDF,
    "both.pdf": PDF + HTML,
    "mime.jpg": b"\xff\xd8\xff\xe0" + HTML,
}
KEPT = ["disputes.say", "external_files.create"]  # whatever a person gives
MAY_BE_SHOWN = {"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"}


def zipped(**parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name, data in parts.items():
            box.writestr(name, data)
    return out.getvalue()


def every_address(app):
    """Addresses of the routes that hand out what people gave, with the first numbers."""
    for rule in app.url_map.iter_rules():
        if rule.endpoint.rpartition(".")[2] in ("file", "slip", "version", "download"):
            for number in range(1, fully(5, 12)):
                yield rule.rule.replace("<int:id>", str(number)).replace("<int:number>", "1")


@pytest.mark.parametrize("endpoint", fully(KEPT, sorted(UPLOADING)))
def test_multica_3022_what_came_as_a_page_never_leaves_as_one(app, firm, sign_in, endpoint):
    """SVG was given out as `image/svg+xml; inline`: opened, its script ran as the portal's own.

    Each form that takes a file is given each such file; whatever is kept leaves as a download or
    as the kind that its content is, and no browser may guess."""
    who, path, fields, _strangers, *rest = CASES[endpoint](firm)
    browser = enter(app, firm, sign_in, who, "en", *rest)
    for number, (name, data) in enumerate(some(5, [*HOSTILE.items()])):
        form = filled(fields)
        form.update({field: (io.BytesIO(data), name) for field in FILES & fields.keys() or FILES})
        form["idempotency_key"] += str(number)
        assert browser.post(path, data=form, content_type="multipart/form-data").status_code < 500
    for asks in (sign_in(firm.fang), sign_in(firm.anna), sign_in(firm.zhao)):
        for address in every_address(app):
            answer = asks.get(address)
            if answer.status_code == 200:
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                shown = not answer.headers["Content-Disposition"].startswith("attachment")
                assert not shown or answer.mimetype in MAY_BE_SHOWN
                assert "default-src 'self'" in answer.headers["Content-Security-Policy"]
                assert answer.mimetype not in ("image/svg+xml", "text/html", "text/xml")
    assert not [name for name in kept_names() if name.endswith((".svg", ".html", ".htm"))]


def test_osticket_5933_no_address_makes_a_download_a_page(app, firm, sign_in, given_out):
    """Whoever added `&s=1` to the address of an attachment had it shown in the page's own name."""
    for endpoint, (browser, address) in given_out.items():
        plain = browser.get(address)
        for query in ("?s=1", "?inline=1", "?disposition=inline", "?download=0", "?type=text/html"):
            answer = browser.get(address + query)
            for name in ("Content-Disposition", "Content-Type", "Content-Security-Policy"):
                assert answer.headers[name] == plain.headers[name], (endpoint, query)


def test_osticket_3764_what_is_shown_inline_is_a_picture_by_its_content(firm, sign_in):
    """An inline attachment was an SVG; "open image in new tab" ran it. Also idurar #1414."""
    form = {"currency": "CNY", "amount": "1.00"}
    for number, (name, data) in enumerate({"pwn.gif": SVG, "pwn.webp": HTML, **HOSTILE}.items()):
        answer = post(
            sign_in(firm.anna), "/portal/payments/", **form, slip=(io.BytesIO(data), name)
        )
        assert answer.status_code in (303, 409, 422), name
        kept = sign_in(firm.fang).get(f"/payments/{number + 1}/slip")
        assert kept.status_code == 404 or kept.mimetype in MAY_BE_SHOWN
        assert kept.status_code == 404 or not data.lstrip().startswith((b"<", b"GIF89a/*"))


def test_firefly_iii_2338_a_picture_that_is_a_script_is_none(firm, sign_in):
    """An SVG with a script was taken as an attachment and shown as a page of the portal."""
    for name, field in (("a.svg", "logo"), ("a.png", "logo"), ("a.png", "seal")):
        form = {k: v for k, v in SETTINGS.items() if k not in ("logo", "seal", "contract_seal")}
        form[field] = (io.BytesIO(SVG), name)
        answer = sign_in(firm.ada).post("/settings/", data=form, content_type="multipart/form-data")
        assert answer.status_code == 422
    assert sign_in(firm.ada).get("/portal/logo").status_code == 404


# Where it lands
# ------------------------------------------------------------------------------------------------

PATHS = [
    "../../x.pdf",
    "..\\..\\x.pdf",
    "/etc/cron.d/x.pdf",
    "C:\\Windows\\x.pdf",
    "\\\\host\\share\\x.pdf",
    "a\0../../x.pdf",
    "．．/．．/x.pdf",
    "%2e%2e%2fx.pdf",
    "....//....//x.pdf",
    "x" * 300 + ".pdf",
    "~/x.pdf",
    "x.pdf/../../y.pdf",
    "CON.pdf",
    ".",
    "..",
    "",
]


def outside(folder):
    """{path: hash} of what lies beside the data folder and in it, without what is kept by hash and
    the database."""
    kept = {"danju.db", "danju.db-wal", "danju.db-shm"}
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in kept
    }


@pytest.mark.parametrize("endpoint", ["disputes.say", "external_files.create", "imports.create"])
def test_zip_slip_no_name_of_a_file_chooses_where_it_lies(
    app, firm, sign_in, endpoint, tmp_path, monkeypatch
):
    """`../../x` in a name wrote outside the folder of uploads. Here all are kept by their hash."""
    home = tmp_path / "a" / "b"
    home.mkdir(parents=True)
    monkeypatch.chdir(tmp_path)
    who, path, fields, _strangers, *rest = CASES[endpoint](firm)
    browser = enter(app, firm, sign_in, who, "en", *rest)
    before = outside(tmp_path)
    for number, name in enumerate(some(8, PATHS)):
        form = filled(fields)
        data = b"code,name\n%d,a\n" % number if endpoint == "imports.create" else PDF
        form |= {"file": (io.BytesIO(data), name), "idempotency_key": f"{'k' * 20}{number}"}
        assert browser.post(path, data=form, content_type="multipart/form-data").status_code < 500
    new = {name for name in outside(tmp_path).keys() - before.keys()}
    assert new and {name for name in new if not is_hash(Path(name).name)} == set()
    assert {k: v for k, v in outside(tmp_path).items() if k in before} == before
    assert not [name for name in kept_names() if "/" in name or "\\" in name or name[:2] == ".."]


def is_hash(name):
    """A name that we chose: the hash of a file, or the rows of an import."""
    return re.fullmatch(r"[0-9a-f]{64}|rows-[0-9a-f]{32}\.db(-\w+)?", name)


def test_zip_slip_what_a_zip_names_is_never_laid_down(firm, sign_in, tmp_path, monkeypatch):
    """Members that climb, absolute ones, a symlink: the zip is kept as it came, and read as one."""
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as box:
        for name in PATHS[:8]:
            box.writestr(name.replace("\0", ""), "out")
        box.writestr(link, "/etc/passwd")
    monkeypatch.chdir(tmp_path)
    before = outside(tmp_path)
    form = {"title": "x", "class": "contract", "customer": str(firm.a.id), "day": "2026-11-01"}
    for name in ("x.zip", "x.docx", "x.xlsx"):
        answer = post(
            sign_in(firm.li), "/archive/files/", **form, file=(io.BytesIO(out.getvalue()), name)
        )
        assert answer.status_code < 500
    for target in ("customers", "documents"):
        post(
            sign_in(firm.fang),
            "/imports/",
            target=target,
            file=(io.BytesIO(out.getvalue()), "x.xlsx"),
        )
    new = outside(tmp_path).keys() - before.keys()
    assert {name for name in new if not is_hash(Path(name).name)} == set()
    assert not Path("/etc/cron.d/x.pdf").exists()


def test_zip_slip_a_kept_file_is_fetched_by_a_hash_and_by_nothing_else(app):
    """No caller can make a name of it that climbs."""
    for name in ("../danju.db", "/etc/passwd", "..", "a" * 63, "A" * 64, "a" * 64 + "/../x"):
        with pytest.raises((blobs.Damaged, ValueError, AssertionError, OSError)):
            blobs.fetch(name)
