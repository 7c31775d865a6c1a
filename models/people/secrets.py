"""Hashes of what is secret, and names as a log may show them."""

import hashlib


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def named(person):
    """As the log names a person: what was typed as a name may be a password."""
    return f"{person.__class__.__name__} {getattr(person, 'id', '')}".strip()
