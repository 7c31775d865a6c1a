"""Names and words made to do harm on someone else's machine, or in too great a number."""

import io

import pytest

from models.adapters import spreadsheets
from models.approvals import ApprovalRequest, Comment, Task
from models.imports import Import
from tests.firm import KEY
from views.web import errors


def as_csv(text):
    out = io.BytesIO()
    spreadsheets.write_csv(out, ["a"], [[text]], "")
    return out.getvalue().decode("utf-8-sig")


PDF = b"%PDF-1.4\n%%EOF\n"


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "＝1+1",
        "＋1+1",
        "－1+1",
        "＠SUM(A1)",
    ],
)
@pytest.mark.asvs("1.2.1")
def test_no_cell_of_an_export_is_run_by_a_spreadsheet(text):
    assert as_csv(text).lstrip('a"\r\n').startswith("'")


@pytest.mark.parametrize("text", ["-12.50", "12", "plain", "钢笔"])
def test_numbers_and_words_stay_what_they_are(text):
    assert as_csv(text) == f"a\r\n{text}\r\n"


@pytest.mark.parametrize(
    "name, kept",
    [
        ("方案.pdf", "方案.pdf"),
        ("offer.exe", "offer.pdf"),
        ("page.html", "page.pdf"),
        ("gpj\u202efdp.exe", "gpjfdp.pdf"),
        ("../../etc/passwd", "passwd.pdf"),
        ("C:\\x\\a.PDF", "a.PDF"),
        ("a\r\nb.pdf", "ab.pdf"),
        ("", "file.pdf"),
    ],
)
@pytest.mark.asvs("3.2.1", "5.4.1", "5.4.2")
def test_a_file_beside_a_remark_is_given_back_as_what_it_is(firm, sign_in, name, kept):
    paper = firm.draft(price="5000")
    paper.submit(by=firm.li)
    request = ApprovalRequest.current(paper)
    row = Comment.write(firm.wang, request, "see", PDF, name)
    assert row.filename == kept and Task.select().count()
    answer = sign_in(firm.li).get(f"/requests/comments/{row.id}/file")
    assert (
        answer.headers["Content-Disposition"].startswith("attachment")
        and answer.mimetype == "application/pdf"
        and answer.data == PDF
    )


@pytest.mark.parametrize("name", ["a\u202evsc.exe", "x" * 500 + ".csv", "a\tb.csv", "../../a.csv"])
@pytest.mark.asvs("5.3.2")
def test_an_import_s_file_name_is_only_a_name(firm, sign_in, name):
    answer = sign_in(firm.fang).post(
        "/imports/",
        data={
            "idempotency_key": KEY,
            "target": "customers",
            "file": (io.BytesIO(b"code,name\n1,a\n"), name),
        },
    )
    kept = Import.get().filename
    assert (
        answer.status_code == 303
        and kept.isprintable()
        and len(kept) <= 200
        and "/" not in kept
        and "\u202e" not in kept
    )


def test_a_column_that_is_no_number_is_no_column(firm, sign_in):
    row = Import.upload(firm.fang, "customers", "x.csv", b"code,name\n1,a\n")
    answer = sign_in(firm.fang).post(
        f"/imports/{row.id}/check",
        data={
            "idempotency_key": KEY,
            "column-²": "name",
            "column-" + "9" * 5000: "code",
            "key": "code",
        },
    )
    assert answer.status_code == 303 and Import.get().mapping == {}


def test_no_page_gives_a_password_back(app, firm):
    with app.test_request_context(
        "/x", method="POST", data={"name": "Li", "password": "hidden words", "old": "hidden too"}
    ):
        assert "hidden" not in str(errors.resubmittable_fields())


def test_a_page_given_back_calls_the_name_of_a_thing_not_the_name_of_the_person(
    app, firm, monkeypatch
):
    """As when the portal is busy: a filter, a passkey, a tag are named too."""
    for who, label in ((firm.li, "Name"), (firm.anna, "Your name"), (None, "Your name")):
        with app.test_request_context("/x", method="POST", data={"name": "Late"}):
            monkeypatch.setattr(errors, "person", lambda who=who: who)
            monkeypatch.setattr(errors, "_", str)
            assert errors.resubmittable_fields() == [("name", label, "Late")]
