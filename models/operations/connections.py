"""The doctor's checks of what Danju is connected to: encrypted, by an account of its own, with a
certificate that others trust."""

import socket
import ssl
import time
from urllib.parse import urlsplit

import peewee as pw

import transport
from config import SPOKEN_TO
from models.core.database import db
from models.operations.backup import Place, snapshot

LEAST_DAYS = 14  # of a certificate: those that renew themselves do so earlier


def encrypted():
    """What WITHOUT_TLS lets speak to other machines in clear, and places from before it."""
    settings = [name for name in SPOKEN_TO if transport.in_clear(snapshot.config()[name])]
    names = settings + [place.name for place in Place.in_use() if place.in_clear]
    return {"found": ", ".join(names)} if names else {}


def certificate():
    """Asks the portal's own address for its certificate, as a browser does. That this machine may
    not reach it says nothing."""
    base = urlsplit(snapshot.config()["BASE_URL"])
    if base.scheme != "https":
        return {}
    try:
        trusted = ssl.create_default_context()
        with (
            socket.create_connection((base.hostname, base.port or 443), 5) as link,
            trusted.wrap_socket(link, server_hostname=base.hostname) as tls,
        ):
            ends = ssl.cert_time_to_seconds(tls.getpeercert()["notAfter"])
    except ssl.SSLCertVerificationError as error:
        return {"found": error.verify_message}
    except OSError:
        return {}
    days = int(ends - time.time()) // 86400
    return {"found": str(days), "days": days} if days < LEAST_DAYS else {}


def account():
    """Whether the account of Danju on the database server may do more than its own database
    needs."""
    if isinstance(db.obj, pw.SqliteDatabase):
        return {}
    name, *more = db.execute_sql(
        "SELECT rolname, rolsuper, rolcreaterole, rolcreatedb, rolreplication, rolbypassrls "
        "FROM pg_roles WHERE rolname = current_user"
    ).fetchone()
    return {"found": name} if any(more) else {}
