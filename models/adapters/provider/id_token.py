"""The signed statement of an OpenID provider, checked before anything in it is believed."""

import calendar
import logging

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jws import JWSRegistry

from models.core.clock import now
from models.core.errors import refuse

log = logging.getLogger("danju.provider")
# Signed by a key that the provider alone has: "none" is unsigned, and HS256 is signed by what
# everybody who verifies knows.
SIGNED = {f"{kind}{size}" for kind in ("RS", "PS", "ES") for size in (256, 384, 512)} | {"EdDSA"}
LEEWAY = 60  # seconds by which the two clocks may differ
LONGEST = 255  # characters of a subject (OpenID Connect Core, 2)
# How a provider says, by amr (RFC 8176) or acr, that more than a password was asked for.
STRONG = {
    "mfa",
    "phr",
    "phrh",
    "http://schemas.openid.net/pape/policies/2007/06/multi-factor",
    "https://refeds.org/profile/mfa",
}


def claims(tokens, keys, issuer, client, nonce, algorithms):
    """The claims of the ID token among the tokens. `keys(anew)`: the provider's published keys,
    fetched again when the token names one that is not among them. Refused when any check fails."""
    try:
        allowed = sorted(SIGNED & set(algorithms))
        decoded = _decoded(tokens.get("id_token"), keys, allowed)
        found = CodeIDToken(
            decoded.claims,
            decoded.header,
            {"iss": {"essential": True, "value": issuer}, "aud": {"essential": True}},
            {"nonce": nonce, "client_id": client, "access_token": tokens.get("access_token")},
        )
        found.validate(now=calendar.timegm(now().timetuple()), leeway=LEEWAY)
        _check(found, issuer, client, nonce)
    except (JoseError, ValueError, TypeError, KeyError) as error:
        log.warning("an ID token is refused: %s: %s", type(error).__name__, error)
        refuse("provider_untrusted")
    return found


def _decoded(token, keys, allowed):
    if not isinstance(token, str):
        raise ValueError("there is none")
    registry = JWSRegistry(algorithms=allowed, strict_check_header=False)
    try:
        return jwt.decode(token, _key_set(keys(False)), registry=registry)
    except InvalidKeyIdError:
        return jwt.decode(token, _key_set(keys(True)), registry=registry)


def _key_set(published):
    """Those that verify signatures."""
    found = [key for key in published["keys"] if key.get("use", "sig") == "sig"]
    return KeySet.import_key_set({"keys": found})


def _check(found, issuer, client, nonce):
    """What must not depend on how generously a library compares."""
    audience = found["aud"] if isinstance(found["aud"], list) else [found["aud"]]
    subject = found["sub"]
    for name, fits in (
        ("iss", found["iss"] == issuer),
        ("aud", client in audience),
        ("azp", found.get("azp", client) == client),
        ("nonce", found["nonce"] == nonce),
        ("sub", isinstance(subject, str) and 0 < len(subject) <= LONGEST and "\0" not in subject),
    ):
        if not fits:
            raise ValueError(name)


def is_strong(found):
    """Whether the provider asked for a second factor."""
    methods = found.get("amr") if isinstance(found.get("amr"), list) else []
    said = [text for text in (*methods, found.get("acr")) if isinstance(text, str)]
    return bool(STRONG & set(said))
