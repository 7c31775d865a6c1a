"""Settings from the environment or one .env file, typed, named when wrong."""

import ipaddress
import logging
import os
import secrets
import time
from pathlib import Path
from urllib.parse import urlsplit

import click
from dotenv import load_dotenv

VERSION = "1.0.0"  # as the CHANGELOG names it
PAPER = ("192.0.2.", "198.51.100.", "203.0.113.")  # numbers of examples, which Python calls private
UNSEEN = {code: repr(chr(code))[1:-1] for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}


class OneLine(logging.Formatter):
    """A log line in UTC on which nothing that was sent to us can begin another, or move a
    terminal's cursor."""

    converter = time.gmtime

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def formatMessage(self, record):
        record.message = record.message.translate(UNSEEN)
        return super().formatMessage(record)


class BadSetting(click.ClickException):
    """A setting that cannot be used; the message names it, and a command ends with it in one
    line."""


def secret(name, default=""):
    """The variable, or what the file named by NAME_FILE holds."""
    path = os.environ.get(f"{name}_FILE")
    try:
        return Path(path).read_text().strip() if path else os.environ.get(name, default)
    except (OSError, UnicodeDecodeError) as error:
        raise BadSetting(f"{name}_FILE cannot be read: {path}") from error


def number(name, default, most):
    """The variable as a whole number from 1 to `most`."""
    text = os.environ.get(name) or str(default)
    if not (text.isascii() and text.isdecimal() and len(text) < 9 and 1 <= int(text) <= most):
        raise BadSetting(f"{name} must be a number from 1 to {most}")
    return int(text)


def address(name, value, *kinds):
    """The variable, empty or of one of these kinds."""
    if value and not value.startswith(kinds):
        raise BadSetting(
            f"{name} must begin with {', '.join(kinds[:-1])}{' or ' * (len(kinds) > 1)}{kinds[-1]}"
        )
    return value


def proxy(value):
    """The proxy's address, as the server sees it: a name would never be that."""
    try:
        if value not in ("", "*"):
            ipaddress.ip_address(value)
    except ValueError as error:
        raise BadSetting(
            "TRUSTED_PROXY must be an IP address, or * when only the proxy reaches the port"
        ) from error
    return value


def data_folder(path):
    """The folder for everything, made on first use."""
    folder = Path(path).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadSetting(f"DATA_DIR cannot be made: {folder}") from error
    return folder


def at_home(base):
    """Whether the address is one of this machine or this house: a name without a dot or under
    .local, or a private number."""
    host = urlsplit(base).hostname or ""
    try:
        return ipaddress.ip_address(host).is_private and not host.startswith(PAPER)
    except ValueError:
        return "." not in host or host.endswith(".local")


def settings(**given):
    """All settings as a dict, `given` first."""
    load_dotenv()
    env = os.environ.get
    folder = data_folder(given.get("DATA_DIR") or env("DATA_DIR") or "data")
    port = number("PORT", 8000, 65535)
    number("PDF_WORKERS", 2, 64)  # models/adapters/pdf.py reads it
    base = address(
        "BASE_URL", env("BASE_URL") or f"http://localhost:{port}", "http://", "https://"
    ).rstrip("/")
    if not urlsplit(base).hostname:
        raise BadSetting("BASE_URL must name a host")
    smtp = address("SMTP_URL", secret("SMTP_URL"), "smtp://", "smtp+tls://", "smtps://")
    imap = address("IMAP_URL", secret("IMAP_URL"), "imap://", "imap+tls://", "imaps://")
    files = address("FILES_URL", secret("FILES_URL"), "s3://")
    database = (
        address(
            "DATABASE_URL", secret("DATABASE_URL"), "sqlite:///", "postgresql://", "postgres://"
        )
        or f"sqlite:///{folder / 'danju.db'}"
    )
    sender = env("MAIL_FROM") or "danju@localhost"
    if "@" not in sender:
        raise BadSetting("MAIL_FROM must be a mail address")
    key = secret("SECRET_KEY")
    if key and len(key) < 16:
        raise BadSetting("SECRET_KEY must have 16 characters or more")
    return {
        "PORT": port,
        "HOST": env("HOST") or "127.0.0.1",
        "DATA_DIR": folder,
        "BASE_URL": base,
        "SMTP_URL": smtp,
        "IMAP_URL": imap,
        "MAIL_FROM": sender,
        "TRUSTED_PROXY": proxy(env("TRUSTED_PROXY", "")),
        "DATABASE_URL": database,
        "FILES_URL": files,
        "AT_HOME": at_home(base),
        "DEMO_OPEN": at_home(base) or env("DEMO_OPEN", "") == "yes",
        "SECRET_KEY": key or kept(folder, "secret_key", 32),
        **given,
    }


def kept(folder, name, size):
    """The secret in this file of the data folder, drawn on first use and read by its owner
    alone."""
    path = folder / name
    # written beside and then linked: killed or on a full disk, half a secret would be taken for a
    # whole one
    if not path.exists():
        fresh = folder / f".{name}.{os.getpid()}"
        try:
            with os.fdopen(
                os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w"
            ) as out:
                out.write(secrets.token_hex(size))
                out.flush()
                os.fsync(out.fileno())
            _name(fresh, path)
        finally:
            fresh.unlink(missing_ok=True)
    return path.read_text().strip()


def _name(fresh, path):
    """Give it its name unless another process was quicker."""
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    except OSError:  # a disk without links
        if not path.exists():
            os.replace(fresh, path)
