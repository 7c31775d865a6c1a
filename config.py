"""Settings from the environment or a .env file, converted and checked."""

import contextlib
import hmac
import ipaddress
import logging
import os
import re
import secrets
import stat
import time
from pathlib import Path
from urllib.parse import urlsplit

import click
from dotenv import load_dotenv

import transport

VERSION = "1.0.0"  # as the CHANGELOG names it
AGE_KEY = re.compile(r"AGE-SECRET-KEY-1[0-9A-Z]{58}")
CONTROL_CHARACTERS = {
    code: repr(chr(code))[1:-1] for code in (*range(32), *range(127, 160), 0x2028, 0x2029)
}


class OneLineFormatter(logging.Formatter):
    """One log line in UTC. Control characters are escaped, so that what a client sends can neither
    start another line nor control a terminal."""

    converter = time.gmtime

    def __init__(self):
        super().__init__("%(asctime)s %(levelname)s %(name)s %(message)s", "%Y-%m-%dT%H:%M:%SZ")

    def formatMessage(self, record):
        record.message = record.message.translate(CONTROL_CHARACTERS)
        return super().formatMessage(record)


class BadSetting(click.ClickException):
    """A setting that cannot be used. The message names it; a command ends with it, without a
    traceback."""


# The servers that Danju speaks to; an address may hold a password.
SPOKEN_TO = ("SMTP_URL", "IMAP_URL", "SECURITY_URL", "DATABASE_URL", "FILES_URL")
DATABASES = ("sqlite:///", "postgresql://", "postgres://")
SECRETS = (*SPOKEN_TO, "SECRET_KEY", "BACKUP_KEY")  # may come from a file that a vault fills


def secret_file(name):
    """The file that holds this secret, or nothing: NAME_FILE, or a credential of systemd's, which
    decrypts it for the service alone."""
    credential = Path(os.environ.get("CREDENTIALS_DIRECTORY", "/nowhere")) / name.lower()
    return os.environ.get(f"{name}_FILE") or (str(credential) if credential.exists() else "")


def secret(name, default=""):
    """The variable, or the content of its file."""
    path = secret_file(name)
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


def one_of(name, *words):
    """The variable as one of these words, of which the first is meant without it."""
    word = os.environ.get(name) or words[0]
    if word not in words:
        raise BadSetting(f"{name} must be {', '.join(words[:-1])} or {words[-1]}")
    return word


def address(name, value, *schemes):
    """The value, empty or with one of these schemes."""
    if value and not value.startswith(schemes):
        *others, last = schemes
        raise BadSetting(
            f"{name} must begin with {', '.join(others)}{' or ' if others else ''}{last}"
        )
    return value


def server_address(name, value, *schemes):
    """The value, an address with a user and a password. What is not read as it was meant is
    refused: a # in the password would cut the address off."""
    address(name, value, *schemes)
    try:
        parts = urlsplit(value)
        path = parts.path.strip("/") if name == "IMAP_URL" else ""  # a folder of the mailbox
        fits = parts.hostname and (parts.port is None or parts.port > 0)
        fits = fits and parts.path.strip("/") == path and not set("?#") & set(value)
        fits = fits and "@" not in path
    except ValueError:  # the port is no number
        fits = False
    if value and not fits:
        raise BadSetting(
            f"{name} cannot be read. In a name or password write % as %25, # as %23, ? as %3F, "
            "/ as %2F, @ as %40 and : as %3A"
        )
    return value


def encrypted(name, value, unless):
    """The address, refused when it speaks to another machine in clear, `unless` that is named."""
    host = transport.in_clear(value)
    if host and host.lower() not in unless:
        cure = "?sslmode=verify-full" if name == "DATABASE_URL" else "a scheme with TLS"
        raise BadSetting(
            f"{name} would speak to {host} without encryption. Use {cure}, or write "
            f"WITHOUT_TLS={host} if nobody can listen between here and there"
        )
    return value


def receiver_address(value):
    """Where events that matter for security are told too: a syslog server, or a webhook with its
    path."""
    schemes = "syslog://", "syslog+tcp://", "syslog+tls://", "http://", "https://"
    address("SECURITY_URL", value, *schemes)
    try:
        parts = urlsplit(value)
        fits = parts.hostname and not parts.username and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if value and not fits:
        raise BadSetting("SECURITY_URL cannot be read: it must name a host, and no user")
    return value


def base_address(value, unless=()):
    """The address at which people come: a host, with a port where it has one. Without TLS only in
    a network of one's own, or `unless` the host is named."""
    value = address("BASE_URL", value, "http://", "https://").rstrip("/")
    try:
        parts = urlsplit(value)
        host, rest = parts.hostname, parts.path or parts.query or parts.fragment
        parts.port  # noqa: B018  raises when it is no number
    except ValueError as error:
        raise BadSetting(f"BASE_URL cannot be read: {error}") from error
    if not host:
        raise BadSetting("BASE_URL must name a host")
    if parts.scheme == "http" and not transport.is_in_the_house(host) and host not in unless:
        raise BadSetting(
            f"BASE_URL must begin with https://, as {host} is no address of a network of your "
            "own: see deploy/README.md"
        )
    if rest:
        raise BadSetting(
            "BASE_URL must end after the host: Danju cannot be served under a path. Give it a "
            "host name of its own, such as https://danju.example.com"
        )
    return value


def read_env_file():
    """Take the variables of the file .env that are not set yet."""
    try:
        load_dotenv()
    except UnicodeDecodeError as error:
        raise BadSetting(".env must be saved as UTF-8") from error
    except OSError as error:
        # systemd has read it as root (EnvironmentFile), and may be the only one who can
        if "INVOCATION_ID" not in os.environ:
            raise BadSetting(
                f".env cannot be read: {error.strerror}. Let the user read it who runs Danju: "
                "chown root:danju .env && chmod 640 .env"
            ) from error


def proxy(value):
    """The proxy's IP address, empty or *. The server compares addresses, so a host name would never
    match."""
    try:
        if value not in ("", "*"):
            found = ipaddress.ip_address(value)
            return str(getattr(found, "ipv4_mapped", None) or value)
    except ValueError as error:
        raise BadSetting(
            "TRUSTED_PROXY must be an IP address, or * when only the proxy reaches the port"
        ) from error
    return value


DOMAIN = re.compile(r"(?:[a-z0-9-]+\.)+[a-z0-9-]{2,}")
AT_HOME = ("localhost", "127.0.0.1", "::1")


def issuer(value):
    """The provider's own name, letter by letter as it writes it: tokens are compared with it."""
    address("OIDC_ISSUER", value, "https://", "http://")
    try:
        parts = urlsplit(value)
        fits = parts.hostname and not parts.username and (parts.port is None or parts.port > 0)
    except ValueError:
        fits = False
    if value and (not fits or set("?#") & set(value) or not value.isascii()):
        raise BadSetting("OIDC_ISSUER cannot be read: it is a plain address, https://host/path")
    if value.startswith("http://") and parts.hostname not in AT_HOME:
        raise BadSetting("OIDC_ISSUER must begin with https://")
    return value


def sign_in_provider():
    """The OpenID provider by which staff may sign in; all empty without one."""
    env = os.environ.get
    at, client = issuer((env("OIDC_ISSUER") or "").strip()), (env("OIDC_CLIENT_ID") or "").strip()
    if bool(at) != bool(client):
        raise BadSetting("OIDC_ISSUER and OIDC_CLIENT_ID are set together")
    domains = (env("OIDC_DOMAINS") or "").lower().replace(",", " ").split()
    for domain in domains:
        if not DOMAIN.fullmatch(domain):
            raise BadSetting(f"OIDC_DOMAINS names what is no domain of mail addresses: {domain}")
    return {
        "OIDC_ISSUER": at,
        "OIDC_CLIENT_ID": client,
        "OIDC_CLIENT_SECRET": secret("OIDC_CLIENT_SECRET"),
        "OIDC_DOMAINS": domains,
        "OIDC_NAME": (env("OIDC_NAME") or urlsplit(at).hostname or "").strip()[:40],
    }


def networks(value):
    """The networks from which staff work, such as 192.168.1.0/24 or a single address."""
    return tuple(map(network, value.replace(",", " ").split()))


def network(text):
    try:
        found = ipaddress.ip_network(text)
    except ValueError as error:
        raise BadSetting(
            f"STAFF_NETWORKS cannot be read: {error}. Write addresses and networks with commas, "
            "such as 192.168.1.0/24, 2001:db8::/48"
        ) from error
    four = getattr(found.network_address, "ipv4_mapped", None)
    return (
        ipaddress.ip_network((four, found.prefixlen - 96))
        if four and found.prefixlen >= 96
        else found
    )


def scanner():
    """Where clamd listens, and what becomes of files while it does not."""
    at, away = (os.environ.get("CLAMD") or "").strip(), os.environ.get("CLAMD_AWAY") or "refuse"
    address("CLAMD", at, "unix:/", "tcp://")
    try:
        parts = urlsplit(at)
        fits = at.startswith("unix:/") or not at or (parts.hostname and parts.port)
    except ValueError:
        fits = False
    if not fits or at and at != at.partition("?")[0].partition("#")[0]:
        raise BadSetting(
            "CLAMD cannot be read: write unix:/run/clamav/clamd.ctl or tcp://host:3310"
        )
    if away not in ("refuse", "take"):
        raise BadSetting("CLAMD_AWAY must be refuse or take")
    return {"CLAMD": at, "CLAMD_AWAY": away}


def data_folder(path):
    """The folder of all our files, created on first use."""
    folder = Path(path).resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise BadSetting(f"DATA_DIR cannot be made: {folder}") from error
    close_to_others(folder)
    return folder


def close_to_others(folder):
    """Nobody but the user that runs Danju reads the data. A folder that holds more than the data is
    left as it is, as one that is not ours: the doctor names them."""
    kept = Path(__file__).resolve(), Path(os.path.expanduser("~"), "x")
    holds_more = folder.stat().st_mode & stat.S_ISVTX or any(p.is_relative_to(folder) for p in kept)
    if is_open_to_others(folder) and not holds_more:
        with contextlib.suppress(OSError):
            folder.chmod(0o700)


def is_open_to_others(path):
    return os.name == "posix" and bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def settings(**overrides):
    """All settings as a dict; `overrides` take precedence over the environment."""
    read_env_file()
    env = os.environ.get
    folder = data_folder(overrides.get("DATA_DIR") or env("DATA_DIR") or "data")
    port = number("PORT", 8000, 65535)
    number("PDF_WORKERS", 2, 64)  # checked here; models/adapters/printing reads it
    unless = transport.hosts(env("WITHOUT_TLS", ""))
    base = base_address(env("BASE_URL") or f"http://localhost:{port}", unless)
    smtp = server_address("SMTP_URL", secret("SMTP_URL"), "smtp://", "smtp+tls://", "smtps://")
    imap = server_address("IMAP_URL", secret("IMAP_URL"), "imap://", "imap+tls://", "imaps://")
    receiver = receiver_address(secret("SECURITY_URL"))
    files = address("FILES_URL", secret("FILES_URL"), "s3://")
    database = address("DATABASE_URL", secret("DATABASE_URL"), *DATABASES)
    database = database or f"sqlite:///{folder / 'danju.db'}"
    spoken_to = dict(zip(SPOKEN_TO, (smtp, imap, receiver, database, files), strict=True))
    virus_scanner, provider = scanner(), sign_in_provider()
    spoken_to |= {"CLAMD": virus_scanner["CLAMD"], "OIDC_ISSUER": provider["OIDC_ISSUER"]}
    for name, value in spoken_to.items():
        encrypted(name, value, unless)
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
        **spoken_to,
        "MAIL_FROM": sender,
        "WITHOUT_TLS": unless,
        **provider,
        **virus_scanner,
        "STAFF_NETWORKS": networks(env("STAFF_NETWORKS") or ""),
        "TRUSTED_PROXY": proxy(env("TRUSTED_PROXY", "")),
        "WORK": one_of("WORK", "yes", "no", "only"),
        "DEMO_OPEN": env("DEMO_OPEN", "") == "yes",
        "SECRET_KEY": key or kept_secret(folder, "secret_key"),
        "BACKUP_KEY": backup_key(secret("BACKUP_KEY")),
        **overrides,
    }


def backup_key(text):
    """The key that encrypts backups, out of the lines that age-keygen writes; or nothing."""
    found = AGE_KEY.search(text.upper())
    if text and not found:
        raise BadSetting("BACKUP_KEY must be a key of age: AGE-SECRET-KEY-1…")
    return found[0] if found else ""


def kept_secret(folder, name):
    """The secret in this file of the data folder; empty before it is drawn."""
    path = folder / name
    return path.read_text().strip() if path.exists() else ""


def secret_key(folder):
    """The key of a portal that was given none."""
    return stored_secret(folder, "secret_key", secrets.token_hex(32))


def setup_code(folder, key):
    """The code that opens the first page. It comes of the key, so that it is one for all hosts of
    a portal, and stands in a file, so that it is found."""
    code = hmac.digest(key.encode(), b"setup code", "sha256").hex()[:16]
    if kept_secret(folder, "setup_code") != code:
        (folder / "setup_code").unlink(missing_ok=True)
    return stored_secret(folder, "setup_code", code)


def stored_secret(folder, name, text):
    """The secret in this file of the data folder, readable by its owner only: `text` on first
    use."""
    path = folder / name
    # Written under another name and linked when complete, since a crash or a full disk could leave
    # an incomplete secret, which would then be used.
    if not path.exists():
        temporary = folder / f".{name}.{os.getpid()}"
        try:
            with os.fdopen(
                os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600), "w"
            ) as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
            _link(temporary, path)
        finally:
            temporary.unlink(missing_ok=True)
    return path.read_text().strip()


def _link(temporary, path):
    """Give the file its name, unless another process was faster."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        pass
    except OSError:  # the file system has no hard links
        if not path.exists():
            os.replace(temporary, path)
