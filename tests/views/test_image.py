"""What the Dockerfile copies is enough to run: nothing that the portal reads is left out of the
image."""

import fnmatch
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

import config
from jobs import serve

LOOK = """
import sys
from app import create_app
from models.operations import first_firm
from models.governance import handbook
app = create_app(DATA_DIR=sys.argv[1])
with app.app_context():
    for language in ("zh", "en"):
        assert handbook.section("03-making", language).text
    assert app.test_client().get("/setup").status_code == 200
    first_firm.begin("Firm", "en", "EUR", "Ada", "ada@firm.test", "correct horse battery")
    assert app.test_client().get("/sign-in").status_code == 200
"""


def left_out(path, rules):
    """Whether .dockerignore hides the path: the last rule that fits it, or a folder it lies in,
    decides."""
    hidden, parts = False, path.parts
    for rule in rules:
        wanted = rule.removeprefix("!").removeprefix("**/")
        names = ["/".join(parts[:n]) for n in range(1, len(parts) + 1)] + (
            list(parts) if "**/" in rule else []
        )
        if any(
            fnmatch.fnmatchcase(name, wanted) and name.count("/") == wanted.count("/")
            for name in names
        ):
            hidden = not rule.startswith("!")
    return hidden


def test_the_image_holds_all_that_the_portal_reads(tmp_path):
    rules = Path(".dockerignore").read_text().split()
    for name in subprocess.run(
        ["git", "ls-files"], check=True, capture_output=True, text=True
    ).stdout.splitlines():
        if not left_out(Path(name), rules):
            (tmp_path / "srv" / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(name, tmp_path / "srv" / name)
    assert (
        not (tmp_path / "srv" / "tests").exists()
        and not (tmp_path / "srv" / "docs" / "pictures").exists()
    )
    done = subprocess.run(
        [sys.executable, "-c", LOOK, str(tmp_path / "data")],
        cwd=tmp_path / "srv",
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def seconds(text, name):
    return int(re.search(rf"{name}\D*(\d+)", text)[1])


@pytest.mark.parametrize("name", ["compose.yaml", "compose.hosts.yaml"])
def test_whoever_runs_it_lets_it_end_by_itself(name):
    unit, compose, image = (
        Path("deploy", name).read_text() for name in ("danju.service", name, "Dockerfile")
    )
    assert "KillMode=mixed" in unit and "init: true" in compose and "STOPSIGNAL SIGTERM" in image
    assert seconds(unit, "TimeoutStopSec") > serve.END_WITHIN + 2
    assert seconds(compose, "stop_grace_period") > serve.END_WITHIN + 2
    assert "healthcheck" in compose, "podman drops the one of the image"


def test_several_hosts_have_all_alike_but_their_folder(tmp_path):
    """What each needs of the others is given to all: the keys, the database, the files."""
    made = yaml.safe_load(Path("deploy/compose.hosts.yaml").read_text())
    one, other = made["services"]["web1"], made["services"]["web2"]
    worker = made["services"]["worker"]
    folders = [host.pop("volumes")[0] for host in (one, other, worker)]
    assert len(set(folders)) == 3 and one == other
    assert one["environment"].pop("WORK") == "no" and worker["environment"].pop("WORK") == "only"
    assert one == worker
    shared = ("SECRET_KEY", "BACKUP_KEY", "DATABASE_URL", "FILES_URL")
    for name in shared:
        assert name in config.SECRETS
        assert one["environment"][f"{name}_FILE"] == f"/run/secrets/{name.lower()}"
        assert name.lower() in one["secrets"] and name.lower() in made["secrets"]
    for secret in made["secrets"].values():
        assert secret["file"].startswith("./secrets/")
    rules = Path(".dockerignore").read_text().split()
    assert left_out(Path("deploy/secrets/secret_key"), rules), "never in the image"


def test_the_proxy_of_several_hosts_is_that_of_one_with_their_names(tmp_path):
    """By the command of its container, on the nginx.conf that test_plain_http.py serves."""
    made = yaml.safe_load(Path("deploy/compose.hosts.yaml").read_text())
    shell, flag, words = made["services"]["proxy"]["command"]
    words = words.replace("$$", "$").replace("/danju.conf", "deploy/nginx.conf")
    words = words.replace("/etc/nginx/conf.d/default.conf", str(tmp_path / "made.conf"))
    env = {**os.environ, "HOST_NAME": "papers.test"}
    subprocess.run([shell, flag, words.partition(" && ")[0]], check=True, env=env)
    text = (tmp_path / "made.conf").read_text()
    assert "server web1:8000; server web2:8000;" in text and "127.0.0.1:" not in text
    assert text.count("server_name papers.test;") == 2 and "danju.example.com;" not in text
