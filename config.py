"""Settings from the environment or one .env file, typed, named when wrong."""
import os
import secrets
from pathlib import Path

from dotenv import load_dotenv


class BadSetting(Exception):
    """A setting that cannot be used; the message names it."""


def secret(name, default=""):
    """The variable, or what the file named by NAME_FILE holds."""
    path = os.environ.get(f"{name}_FILE")
    return Path(path).read_text().strip() if path else os.environ.get(name, default)


def settings(**given):
    """All settings as a dict, `given` first."""
    load_dotenv()
    env = os.environ.get
    folder = Path(given.get("DATA_DIR") or env("DATA_DIR", "data")).resolve()
    folder.mkdir(parents=True, exist_ok=True)
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
    return {"PORT": port, "HOST": env("HOST", "127.0.0.1"), "DATA_DIR": folder, "BASE_URL": base, "SMTP_URL": smtp, "IMAP_URL": imap,
            "MAIL_FROM": env("MAIL_FROM", "danju@localhost"), "TRUSTED_PROXY": env("TRUSTED_PROXY", ""),
            "DATABASE_URL": secret("DATABASE_URL") or f"sqlite:///{folder / 'danju.db'}",
            "SECRET_KEY": secret("SECRET_KEY") or _kept_key(folder), **given}


def _kept_key(folder):
    path = folder / "secret_key"
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text().strip()
    with os.fdopen(handle, "w") as out:
        out.write(secrets.token_hex(32))
    return path.read_text().strip()
