"""Hashes of secrets, and persons as a log may name them."""

import hashlib


def digest(secret):
    return hashlib.sha256(secret.encode()).hexdigest()


def named(person):
    """A person as the log names them, by class and id: what was typed as a name may be a
    password."""
    return f"{person.__class__.__name__} {getattr(person, 'id', '')}".strip()
