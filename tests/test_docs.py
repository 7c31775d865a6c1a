"""What the documents say of the source is true of it."""

import re
from pathlib import Path

import pytest

DOCUMENTS = [
    Path("README.md"),
    *sorted(Path("deploy").glob("*.md")),
    *sorted(Path("docs").glob("*.md")),
    *sorted(Path("docs").glob("??/*.md")),
]
FOLDERS = "models|views|jobs|tests|templates|static|migrations|bench"
PATH = re.compile(rf"(?<![\w/.-])(?:(?:{FOLDERS})/[\w./-]*\w|\w+\.(?:py|js|css))(?![\w/])")
MODULE = re.compile(rf"`((?:{FOLDERS})(?:\.\w+)+)`")


def there(name):
    """Whether it is a file or a folder of ours; a bare name may stand in any folder."""
    if "/" not in name:
        folders = (Path(folder) for folder in FOLDERS.split("|"))
        return Path(name).is_file() or any(any(folder.rglob(name)) for folder in folders)
    path = Path(name)
    # An empty folder, or one of compiled files alone, was left behind by a move.
    return path.is_file() or any(f.is_file() for f in path.glob("**/*") if f.suffix != ".pyc")


def module_there(dotted):
    """Whether it begins with a module of ours: what follows may be a name inside it."""
    parts = dotted.split(".")
    return any(Path(*parts[:n]).with_suffix(".py").is_file() for n in range(2, len(parts) + 1))


@pytest.mark.parametrize("document", DOCUMENTS, ids=str)
def test_every_file_that_a_document_names_is_there(document):
    text = document.read_text()
    assert [name for name in PATH.findall(text) if not there(name)] == []
    assert [name for name in MODULE.findall(text) if not module_there(name)] == []


def test_a_file_that_has_moved_would_be_seen():
    assert not there("models/access.py") and there("models/scopes.py") and there("tests/models/")
    assert not there("helpers2.py") and there("danju.js") and there("app.py")
    assert not module_there("models.checks.faults")
    assert module_there("models.operations.checks.faults")
