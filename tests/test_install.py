"""`make run` says how far the installation is, and installs what the lock fixes."""

import json
import re
from pathlib import Path

import pytest

from deploy.install import named, steps
from deploy.sbom import bill, packages

PIP = """Collecting flask==3.1.3 (from -r requirements.txt (line 3))
  Downloading flask-3.1.3-py3-none-any.whl (103 kB)
Collecting Pillow==13.0.0 (from -r requirements.txt (line 14))
Collecting jinja2>=3.1 (from flask==3.1.3->-r requirements.txt (line 3))
Requirement already satisfied: click in ./.venv
Installing collected packages: jinja2, pillow, flask
Successfully installed flask-3.1.3""".splitlines()


def test_each_package_is_told_with_how_many_there_are(tmp_path):
    path = tmp_path / "requirements.txt"
    path.write_text("# what runs\nflask==3.1.3\n\nPillow==13.0.0  # pictures\n-r more.txt\n")
    assert named(path) == ["flask", "pillow"]
    assert list(steps(PIP, {"flask", "pillow"})) == [
        "fetching 1 of 2: flask",
        "fetching 2 of 2: pillow",
        "fetching what they need: jinja2",
        "installing 3 packages",
    ]
    assert list(steps(["Requirement already satisfied: flask"], {"flask"})) == []


@pytest.mark.asvs("15.1.2")
@pytest.mark.parametrize(
    "lock, wanted",
    [
        ("requirements.lock", ["requirements.txt"]),
        ("requirements-stores.lock", ["requirements.txt", "requirements-stores.txt"]),
    ],
)
def test_the_lock_holds_what_is_required_and_a_hash_of_each(lock, wanted):
    """Else: make lock."""
    locked = {name: (version, hashes) for name, version, hashes in packages(Path(lock).read_text())}
    for path in wanted:
        for line in Path(path).read_text().splitlines():
            if found := re.match(r"([\w.-]+)(?:\[.*\])?==(\S+)", line):
                assert locked[found[1].lower()][0] == found[2], line
    assert [name for name, (_version, hashes) in locked.items() if not hashes] == []


@pytest.mark.asvs("15.1.2")
def test_the_bill_of_materials_names_every_package_and_what_is_carried_along():
    lock = Path("requirements-stores.lock").read_text()
    made = bill(lock, Path("static/LICENSES.md").read_text(), "1.0.0")
    names = [part["name"] for part in made["components"]]
    assert (made["bomFormat"], made["specVersion"]) == ("CycloneDX", "1.6")
    assert {"flask", "jinja2", "boto3", "htmx", "Pico CSS", "Lucide"} <= set(names)
    refs = [part["bom-ref"] for part in made["components"]]
    assert len(refs) == len(set(refs)) and json.loads(json.dumps(made)) == made
