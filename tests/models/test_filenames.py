"""A file that leaves has a name without a slash, whatever the pattern of its number."""

import ast
from pathlib import Path

import pytest

from models import dunning
from models.adapters.outbox import Mail
from models.core import filenames
from models.core.clock import today
from models.documents import Document
from models.numbering import DEFAULTS, NumberPattern
from models.receivables import due_item
from models.receivables.statement import Statement
from tests.support.kinds import KINDS  # noqa: F401  every table is loaded


@pytest.mark.parametrize(
    "number, name",
    [
        ("SO/2026/001", "SO-2026-001.pdf"),
        ("../001", "-001.pdf"),
        ("CON", "_CON.pdf"),
        ("QT-2026-0001", "QT-2026-0001.pdf"),
        ("a\\b", "a-b.pdf"),
    ],
)
def test_a_number_becomes_one_name(number, name):
    assert filenames.pdf_of(number) == name


def test_every_mail_names_its_file_without_a_slash(app, firm):
    for kind in DEFAULTS:
        NumberPattern.define(firm.ada, kind, f"{kind[:3].upper()}/{{year}}/{{n:3}}")
    paper = firm.issued()
    paper.send(firm.li, [firm.anna], "", "")
    Document.update(due_on=today().replace(year=2020)).where(Document.id == paper.id).execute()
    due_item.rebuild()
    dunning.run_due()
    statement = Statement.make(firm.fang, firm.a, "CNY", today(), today())
    statement.send(firm.fang, base_url="")
    names = {m.filename for m in Mail.select() if m.filename}
    assert {name[:3] for name in names} >= {"INV", "REM", "STA"} and not any(
        "/" in n for n in names
    )


def test_a_mail_that_waits_since_an_earlier_version_has_no_slash_either(app, firm):
    paper = firm.printed()
    paper.send(firm.li, [firm.anna], "", "")
    mail = Mail.get(Mail.document == paper.id)
    mail.filename = "../SO/1.pdf"
    parts = mail.compose().iter_attachments()
    assert [part.get_filename() for part in parts] == ["-SO-1.pdf"]


def test_no_name_of_a_file_is_put_together_from_a_number_by_hand():
    """Of every mail and download: `filename=` and `download_name=` use filenames for a number."""
    by_hand = [
        f"{path}:{node.lineno}"
        for top in ("models", "views")
        for path in Path(top).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.keyword)
        and node.arg in ("filename", "download_name")
        and isinstance(node.value, ast.JoinedStr)
        and any(
            isinstance(part, ast.FormattedValue)
            and isinstance(part.value, ast.Attribute)
            and part.value.attr in ("number", "name", "certificate")
            and ast.unparse(part.value) != "self.name"  # of a list, a word of ours
            for part in node.value.values
        )
    ]
    assert by_hand == []
