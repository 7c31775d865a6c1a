"""Settings from the environment or one .env file, typed, named when wrong."""
import ipaddress
import logging
import os
import secrets
import time
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import load_dotenv

PAPER = ("192.0.2.", "198.51.100.", "203.0.113.")  # numbers of examples, which Python calls private
UNSEEN = {code: repr(chr(code))[1:-1] for code in (*range(32), *range(127, 160), 0x2028, 0x2029)}


class OneLine(logging.Formatter):
    """A log line in UTC on which nothing that was sent to us can begin another, or move a terminal's cursor."""
    converter = time.gmtime

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def formatMessage(self, record):
        record.message = record.message.translate(UNSEEN)
        return super().formatMessage(record)


class BadSetting(Exception):
    """A setting that cannot be used; the message names it."""


def secret(name, default=""):
    """The variable, or what the file named by NAME_FILE holds."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text().strip() if path else os.environ.get(name, default)


def at_home(base):
    """Whether the address is one of this machine or this house: a name without a dot or under .local, or a private number."""
    host = urlsplit(base).hostname or ""
    try:
        return ipaddress.ip_address(host).is_private and not host.startswith(PAPER)
    except ValueError:
        return "." not in host or host.endswith(".local")


def settings(**given):
    """All settings as a dict, `given` first."""
    load_dotenv()
    env = os.environ.get
    folder = Path(given.get("DATA_DIR") or env("DATA_DIR", "data")).resolve()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        port = int(env("PORT", "8000"))
    except ValueError as error:
        raise BadSetting("PORT must be a number") from error
    base = env("BASE_URL", f"http://localhost:{port}").rstrip("/")
    if not base.startswith(("http://", "https://")):
        raise BadSetting("BASE_URL must begin with http:// or https://")
    smtp = secret("SMTP_URL")
    if smtp and not smtp.startswith(("smtp://", "smtps://", "smtp+tls://")):
        raise BadSetting("SMTP_URL must begin with smtp://, smtp+tls:// or smtps://")
    imap = secret("IMAP_URL")
    if imap and not imap.startswith(("imap://", "imaps://", "imap+tls://")):
        raise BadSetting("IMAP_URL must begin with imap://, imap+tls:// or imaps://")
    files = secret("FILES_URL")
    if files and not files.startswith("s3://"):
        raise BadSetting("FILES_URL must begin with s3://")
    return {"PORT": port, "HOST": env("HOST", "127.0.0.1"), "DATA_DIR": folder, "BASE_URL": base, "SMTP_URL": smtp, "IMAP_URL": imap,
            "MAIL_FROM": env("MAIL_FROM", "danju@localhost"), "TRUSTED_PROXY": env("TRUSTED_PROXY", ""),
            "DATABASE_URL": secret("DATABASE_URL") or f"sqlite:///{folder / 'danju.db'}",
            "FILES_URL": files,
            "AT_HOME": at_home(base), "DEMO_OPEN": at_home(base) or env("DEMO_OPEN", "") == "yes",
            "SECRET_KEY": secret("SECRET_KEY") or kept(folder, "secret_key", 32), **given}


def kept(folder, name, size):
    """The secret in this file of the data folder, drawn on first use and read by its owner alone."""
    path = folder / name
    if not path.exists():  # written beside and then linked: killed or on a full disk, half a secret would be taken for a whole one
        fresh = folder / f".{name}.{os.getpid()}"
        try:
            with os.fdopen(os.open(fresh, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w") as out:
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
        path.exists() or os.replace(fresh, path)
