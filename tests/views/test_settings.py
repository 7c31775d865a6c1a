"""Settings come from the environment or .env; a wrong one ends every command with its name, and
nothing is made."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

import config

WRONG = {
    "PORT": ("abc", "0", "99999", "8000.5", "-1"),
    "BASE_URL": (
        "ftp://x",
        "danju.example.com",
        "https://",
        "https://x/danju",
        "http://x:y",
        "http://[x",
    ),
    "SMTP_URL": ("http://x", "mail.test", *(f"smtp://u:p{c}ss@x:25" for c in "#?/[")),
    "IMAP_URL": ("pop3://x", "imaps://", *(f"imaps://u:p{c}ss@x/INBOX" for c in "#?/")),
    "FILES_URL": ("/mnt/files",),
    "DATABASE_URL": ("mysql://x/y", "danju.db"),
    "TRUSTED_PROXY": ("nginx", "10.0.0.0/8"),
    "MAIL_FROM": ("nobody",),
    "PDF_WORKERS": ("x", "0"),
    "WORK": ("never", "No"),
    "SECRET_KEY": ("short",),
    "SECRET_KEY_FILE": ("/nowhere/at/all",),
    "DATA_DIR": ("/dev/null/x",),
}


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch, tmp_path):
    for name in WRONG:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))


@pytest.mark.parametrize(
    "name, value", [(name, value) for name, values in WRONG.items() for value in values]
)
def test_a_wrong_setting_is_named(monkeypatch, tmp_path, name, value):
    from config import BadSetting, settings

    monkeypatch.setenv(name, value)
    with pytest.raises(BadSetting, match=name):
        settings()
    assert not list(tmp_path.rglob("*.db")) and not list(tmp_path.rglob("secret_key"))


def test_a_command_ends_with_one_line_and_no_traceback(tmp_path):
    env = {
        **os.environ,
        "DATABASE_URL": "mysql://x/y",
        "DATA_DIR": str(tmp_path),
        "FLASK_APP": "app:create_app",
    }
    done = subprocess.run(
        [sys.executable, "-m", "flask", "serve"],
        env=env,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 1 and done.stdout == ""
    assert (
        done.stderr
        == "Error: DATABASE_URL must begin with sqlite:///, postgresql:// or postgres://\n"
    )


def test_a_file_of_settings_that_cannot_be_read_is_named(tmp_path, monkeypatch):
    (tmp_path / ".env").write_bytes("MAIL_FROM=发票@example.com".encode("gbk"))
    for name in ("config.py", "transport.py"):
        (tmp_path / name).write_text(Path(name).read_text())
    done = subprocess.run(
        [sys.executable, "-c", "import config; config.settings()"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert "BadSetting: .env must be saved as UTF-8" in done.stderr

    def not_ours():
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(config, "load_dotenv", not_ours)
    monkeypatch.delenv("INVOCATION_ID", raising=False)
    with pytest.raises(config.BadSetting, match=r"\.env cannot be read: Permission denied"):
        config.settings()
    monkeypatch.setenv("INVOCATION_ID", "as systemd sets it, which has read the file")
    assert config.settings()["PORT"]


def test_dot_env_is_read_and_the_environment_comes_first(monkeypatch, tmp_path):
    look = (
        "import config; s = config.settings(); print(s['PORT'], s['MAIL_FROM'], s['DATA_DIR'].name)"
    )
    (tmp_path / ".env").write_text("PORT=8123\nMAIL_FROM=firm@example.com\nDATA_DIR=kept\n")
    for name in ("config.py", "transport.py"):
        (tmp_path / name).write_text(Path(name).read_text())
    env = {k: v for k, v in os.environ.items() if k not in ("PORT", "MAIL_FROM", "DATA_DIR")}

    def run(**more):
        return subprocess.run(
            [sys.executable, "-c", look],
            cwd=tmp_path,
            env={**env, **more},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.split()

    assert run() == ["8123", "firm@example.com", "kept"]
    assert run(PORT="9000") == ["9000", "firm@example.com", "kept"]


@pytest.mark.parametrize("mode", [0o755, 0o750, 0o777])
def test_a_data_folder_made_by_hand_is_closed_to_others(monkeypatch, tmp_path, mode):
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    folder = tmp_path / "data"
    folder.mkdir()
    folder.chmod(mode)
    config.settings(DATA_DIR=folder)
    assert folder.stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("holds", ["the home", "a program", "everybody's files"])
def test_a_folder_that_holds_more_than_the_data_is_left_as_it_is(monkeypatch, tmp_path, holds):
    folder = tmp_path / "shared"
    folder.mkdir()
    folder.chmod(0o1777 if holds == "everybody's files" else 0o755)
    if holds == "the home":
        monkeypatch.setenv("HOME", str(folder / "home"))
    if holds == "a program":
        monkeypatch.setattr(config, "__file__", str(folder / "config.py"))
    config.settings(DATA_DIR=folder)
    assert config.is_open_to_others(folder)
