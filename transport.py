"""What is said in clear, where others on the way could read it: by the addresses of settings and
places. Imports nothing of ours, as config.py, which asks it."""

import ipaddress
import os
import re
from urllib.parse import parse_qs, urlsplit

IN_CLEAR = {"http", "imap", "smtp", "syslog", "syslog+tcp", "tcp"}
CHECKED = {"verify-ca", "verify-full"}  # by PostgreSQL's client; less takes any certificate
AT_HOME = (".home", ".home.arpa", ".internal", ".lan", ".local", ".localdomain")


def in_clear(url):
    """The other machine to which this address speaks without TLS, or nothing."""
    try:
        parts = urlsplit(url)
        query = {name: values[-1] for name, values in parse_qs(parts.query).items()}
        if parts.scheme == "s3":
            return in_clear(query.get("endpoint", ""))
        if parts.scheme in ("postgres", "postgresql"):
            return _database_in_clear(parts, query)
        host = (parts.scheme in IN_CLEAR and parts.hostname) or ""
    except ValueError:  # refused elsewhere
        return ""
    return "" if _is_this_machine(host) else host


def _database_in_clear(parts, query):
    """As PostgreSQL's client reads an address: several hosts, more in the query, the rest from the
    environment."""
    if (query.get("sslmode") or os.environ.get("PGSSLMODE")) in CHECKED:
        return ""
    named = [query.get("hostaddr", ""), query.get("host", ""), parts.netloc.rpartition("@")[2]]
    together = ",".join(filter(None, named)) or os.environ.get("PGHOST", "")
    hosts = [re.sub(r":\d*$", "", host).strip("[]").lower() for host in together.split(",")]
    return next((host for host in hosts if host[:1] != "/" and not _is_this_machine(host)), "")


def _is_this_machine(host):
    return host in ("", "localhost") or _is(host, "is_loopback")


def _is(host, what):
    try:
        found = ipaddress.ip_address(host)
    except ValueError:
        return False
    return getattr(getattr(found, "ipv4_mapped", None) or found, what)


def is_in_the_house(host):
    """Whether this name or address is one that only a network of one's own knows."""
    if any(letter.isalpha() for letter in host) and ":" not in host:
        return "." not in host or host.endswith(AT_HOME)
    return not _is(host, "is_global")


def hosts(text):
    """The names in a setting that lists some."""
    return frozenset(text.lower().replace(",", " ").split())
