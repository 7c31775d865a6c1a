"""Certificates for servers of a test, signed by an authority of its own."""

import contextlib
import datetime as dt
import ipaddress
import socket
import ssl
import threading

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOUR = dt.timedelta(hours=1)


def authority_and_server(folder, days=90):
    """Files (authority, certificate, key): a server at 127.0.0.1 and localhost."""
    root, key = (ec.generate_private_key(ec.SECP256R1()) for _n in range(2))
    signed = _certificate("Tests", root.public_key(), "Tests", root, ca=True)
    server = _certificate("localhost", key.public_key(), "Tests", root, days=days)
    written = {"ca.pem": _pem(signed), "server.pem": _pem(server), "server.key": _pem(key)}
    for name, data in written.items():
        (folder / name).write_bytes(data)
    return [str(folder / name) for name in written]


def _certificate(name, public, issuer, key, ca=False, days=90):
    now = dt.datetime.now(dt.timezone.utc)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    return (
        x509.CertificateBuilder()
        .subject_name(_named(name))
        .issuer_name(_named(issuer))
        .public_key(public)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - HOUR)
        .not_valid_after(now + dt.timedelta(days=days) + HOUR)
        .add_extension(x509.BasicConstraints(ca, None), critical=True)
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .sign(key, hashes.SHA256())
    )


def _named(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])


def _pem(thing):
    if hasattr(thing, "private_bytes"):
        return thing.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    return thing.public_bytes(serialization.Encoding.PEM)


@contextlib.contextmanager
def listening(certificate=None, key=None):
    """(port, [what each visitor sent]) of a server that reads once and says nothing, over TLS
    where it has a certificate."""
    heard, context = [], None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)

    def answer():
        with contextlib.suppress(OSError):
            while True:
                link, _from = server.accept()
                with contextlib.suppress(OSError):
                    link = context.wrap_socket(link, server_side=True) if context else link
                    link.settimeout(3)
                    heard.append(link.recv(65536))
                link.close()

    with socket.create_server(("127.0.0.1", 0)) as server:
        thread = threading.Thread(target=answer, daemon=True)
        thread.start()
        yield server.getsockname()[1], heard
        server.shutdown(socket.SHUT_RDWR)
    thread.join(5)
