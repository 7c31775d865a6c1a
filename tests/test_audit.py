"""`make audit`: a known hole in a library is told, and fails once it is older than docs/security.md
allows."""

import datetime as dt
import http.server
import json
import re
import threading
from pathlib import Path

import pytest

from deploy import audit
from tests.test_security_page import CHAPTERS

TODAY = dt.date(2026, 11, 30)
LOCK = "flask==3.1.3 \\\n    --hash=sha256:aa\njinja2==3.1.0 \\\n    --hash=sha256:bb\n"


def hole(days, severity="HIGH", id="GHSA-1", aliases=("CVE-1",), **more):
    known = TODAY - dt.timedelta(days=days)
    grave = {"database_specific": {"severity": severity}} if severity else {}
    return {"id": id, "published": f"{known}T00:00:00Z", "aliases": list(aliases), **grave, **more}


@pytest.fixture
def osv():
    """A server that speaks as osv.dev and as CISA, and knows these holes of Jinja."""
    known, used, asked = [], [], []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            queries = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["queries"]
            asked.extend((q["package"]["name"], q["version"]) for q in queries)
            hit = {"vulns": [{"id": one["id"]} for one in known]}
            self.answer(
                {"results": [hit if q["package"]["name"] == "jinja2" else {} for q in queries]}
            )

        def do_GET(self):
            if self.path == "/used":
                return self.answer({"vulnerabilities": [{"cveID": one} for one in used]})
            self.answer(next(one for one in known if self.path == f"/vulns/{one['id']}"))

        def answer(self, what):
            self.send_response(200), self.end_headers()
            self.wfile.write(json.dumps(what).encode())

        def log_message(self, *args):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", known, used, asked
        server.shutdown()


def audited(osv, tmp_path, capsys, lock=LOCK):
    path = tmp_path / "requirements.lock"
    path.write_text(lock)
    code = audit.main(str(path), osv, f"{osv}/used", TODAY)
    return code, capsys.readouterr().out


@pytest.mark.asvs("15.2.1")
@pytest.mark.parametrize(
    "known, used, kind, late",
    [
        (hole(14), [], "serious", False),
        (hole(15), [], "serious", True),
        (hole(15, severity=""), [], "serious", True),
        (hole(92, "MODERATE"), [], "other", False),
        (hole(93, "LOW"), [], "other", True),
        (hole(3), ["CVE-1"], "used", False),
        (hole(4, "LOW"), ["CVE-1"], "used", True),
    ],
)
def test_a_hole_fails_once_it_is_older_than_our_rule(
    osv, tmp_path, capsys, known, used, kind, late
):
    url, holes, exploited, asked = osv
    holes.append(known), exploited.extend(used)
    code, said = audited(url, tmp_path, capsys)
    assert code == late and ("TOO LATE jinja2 3.1.0: CVE-1 GHSA-1" in said) == late
    assert f"({kind}, known for" in said
    assert {("flask", "3.1.3"), ("jinja2", "3.1.0")} < set(asked)
    assert "htmx.org" in dict(asked)


@pytest.mark.asvs("15.2.1")
def test_reports_of_one_hole_are_one_and_withdrawn_ones_none(osv, tmp_path, capsys):
    url, holes, _used, _asked = osv
    holes += [
        hole(20, "", "PYSEC-1", ["CVE-1"]),
        hole(10, "LOW", "GHSA-1", ["CVE-1"]),
        hole(99, id="GHSA-2", aliases=[], withdrawn="2026-11-01T00:00:00Z"),
    ]
    code, said = audited(url, tmp_path, capsys)
    assert code == 0 and "1 known holes" in said and "known for 20 days of 92" in said


@pytest.mark.asvs("15.2.1")
def test_without_a_network_it_says_that_nothing_is_known(tmp_path, capsys):
    code, said = audited("http://127.0.0.1:9", tmp_path, capsys)
    assert code == 2 and said.startswith("Nothing is known")


@pytest.mark.asvs("15.2.1")
def test_a_lock_file_that_is_not_renewed_fails(osv, tmp_path, capsys, monkeypatch):
    for days, code in ((92, 0), (93, 1)):
        monkeypatch.setattr(audit, "renewed", lambda _p, d=days: TODAY - dt.timedelta(days=d))
        assert audited(osv[0], tmp_path, capsys)[0] == code


@pytest.mark.asvs("15.1.1", "15.2.1")
def test_the_days_are_those_of_the_page_and_every_part_is_asked_for():
    used, serious = audit.DAYS["used"], audit.DAYS["serious"]
    words = " ".join(CHAPTERS["Up to date"].split())
    assert f"within {used} days; a serious one, {serious} days" in words
    assert "every three months" in words and audit.DAYS["other"] == audit.RENEWED == 92
    parts = audit.parts(
        Path("requirements-stores.lock").read_text(), Path("static/LICENSES.md").read_text()
    )
    carried = re.findall(r"^## ", Path("static/LICENSES.md").read_text(), re.M)
    assert len([p for p in parts if p[0] == "npm"]) == len(carried)
    assert {"flask", "boto3", "cryptography"} <= {name for _system, name, _v in parts}
