"""Secrets that are read again, encrypted in the database by a key made from SECRET_KEY."""

import base64
import hashlib

from cryptography.fernet import Fernet, InvalidToken

PLACE, FACTOR = "danju place secret", "danju factor secret"  # one key for each purpose


class WrongKey(Exception):
    """The key is another one, or what was encrypted has changed."""


def _fernet(secret_key, purpose):
    return Fernet(
        base64.urlsafe_b64encode(hashlib.sha256(f"{purpose}{secret_key}".encode()).digest())
    )


def seal(text, secret_key, purpose=PLACE):
    """The text, encrypted for the database."""
    return _fernet(secret_key, purpose).encrypt(text.encode()).decode() if text else ""


def unseal(token, secret_key, purpose=PLACE):
    """The decrypted text. Raises WrongKey when the portal has another key now."""
    try:
        return _fernet(secret_key, purpose).decrypt(token.encode()).decode() if token else ""
    except InvalidToken as error:
        raise WrongKey("the password was kept with another SECRET_KEY: enter it again") from error
