"""Single sign-on: an OpenID provider is asked who somebody is (OpenID Connect Core 1.0, code flow
with PKCE). There is one provider, named by the settings."""

import base64
import calendar
import hashlib
import hmac
import logging
import time
from typing import NamedTuple

from authlib.oauth2.rfc6749.parameters import prepare_grant_uri, prepare_token_request
from authlib.oauth2.rfc7636 import create_s256_code_challenge

from models.adapters.provider import id_token, wire
from models.core.clock import now
from models.core.errors import refuse

log = logging.getLogger("danju.provider")
KEPT = 3600  # seconds that what the provider publishes of itself is used
RECENT = 600  # seconds since somebody proved themselves anew
_settings = {"issuer": ""}
_known = {"metadata": None, "until": 0.0, "keys": None}
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Identity(NamedTuple):
    """Whom the provider vouches for."""

    issuer: str
    subject: str
    mail: str  # empty when it was not told
    verified: bool
    name: str
    strong: bool  # the provider asked for a second factor
    proved_at: int  # by the provider's clock; 0 when it was not told

    @property
    def recent(self):
        """Whether they proved themselves there within ten minutes, and not only long ago."""
        age = calendar.timegm(now().timetuple()) - self.proved_at
        return -id_token.LEEWAY <= age <= RECENT


def use(config):
    _settings.update(
        issuer=config["OIDC_ISSUER"],
        client=config["OIDC_CLIENT_ID"],
        secret=config["OIDC_CLIENT_SECRET"],
        domains=tuple(config["OIDC_DOMAINS"]),
        name=config["OIDC_NAME"],
        back=f"{config['BASE_URL']}/sign-in/provider/return",
        home=f"{config['BASE_URL']}/sign-in",
    )
    _known.update(metadata=None, until=0.0, keys=None)


def is_set():
    return bool(_settings["issuer"])


def name():
    """What people call it."""
    return _settings["name"]


def issuer():
    return _settings["issuer"]


def names_domain(mail):
    """Whether the administrator of the machine lets in whoever has a mail address like this."""
    return mail.rpartition("@")[2] in _settings["domains"]


def begin(secret, language, anew=False):
    """The address at which the provider asks who comes. State, nonce and PKCE's verifier come from
    the secret that only this browser holds; `anew`: who was asked more than ten minutes ago is
    asked again."""
    return prepare_grant_uri(
        _metadata()["authorization_endpoint"],
        client_id=_settings["client"],
        response_type="code",
        redirect_uri=_settings["back"],
        scope="openid email profile",
        state=_part(secret, "state"),
        nonce=_part(secret, "nonce"),
        code_challenge=create_s256_code_challenge(_part(secret, "verifier")),
        code_challenge_method="S256",
        ui_locales={"zh": "zh-CN zh"}.get(language, language),
        max_age=str(RECENT) if anew else None,
    )


def identify(secret, answer):
    """The Identity that the provider's answer, the parameters of its redirect, leads to. Refused
    when it is no answer to what this browser asked, or cannot be trusted."""
    state = answer.get("state", "")
    if not secret or not hmac.compare_digest(state.encode(), _part(secret, "state").encode()):
        refuse("provider_not_begun")
    metadata = _metadata()
    _check_who_answers(answer, metadata)
    if answer.get("error"):
        refuse("provider_cancelled" if answer["error"] == "access_denied" else "provider_refused")
    tokens = _tokens(answer.get("code") or refuse("provider_refused"), secret, metadata)
    claims = id_token.claims(
        tokens,
        lambda anew: _keys(metadata, anew),
        issuer=issuer(),
        client=_settings["client"],
        nonce=_part(secret, "nonce"),
        algorithms=_listed(metadata, "id_token_signing_alg_values_supported", "RS256"),
    )
    return _identity(claims, claims if "email" in claims else _user_info(claims, tokens, metadata))


def sign_out_address():
    """Where one signs out at the provider too, or nothing when it has no such page."""
    at = _metadata().get("end_session_endpoint")
    if not at:
        return ""
    wire.check_scheme(at, issuer())
    back = {"post_logout_redirect_uri": _settings["home"]}
    return wire.with_query(at, client_id=_settings["client"], **back)


def may_sign_out():
    """Whether it has published such a page; nothing is asked for."""
    return bool(is_set() and _known["metadata"] and _known["metadata"].get("end_session_endpoint"))


def _part(secret, use):
    """What is random to everyone else, another value for each use: 43 letters, as PKCE wants."""
    found = hashlib.sha256(f"{use} {secret}".encode()).digest()
    return base64.urlsafe_b64encode(found).rstrip(b"=").decode()


def _metadata():
    """What the provider publishes of itself."""
    if _known["metadata"] is None or time.monotonic() > _known["until"]:
        found = wire.ask(f"{issuer().rstrip('/')}/.well-known/openid-configuration", issuer())
        _check(found)
        _known.update(metadata=found, until=time.monotonic() + KEPT, keys=None)
    return _known["metadata"]


def _check(metadata):
    if metadata.get("issuer") != issuer():
        log.error("OIDC_ISSUER is %s, the provider is %s", issuer(), metadata.get("issuer"))
        refuse("provider_misset")
    for each in NEEDED:
        wire.check_scheme(metadata.get(each), issuer())
    if "S256" not in _listed(metadata, "code_challenge_methods_supported", "S256"):
        log.error("the provider does not know PKCE by S256")
        refuse("provider_misset")


def _listed(metadata, name, usual):
    """The texts of a list that the provider may publish."""
    found = metadata.get(name)
    return [each for each in found if isinstance(each, str)] if isinstance(found, list) else [usual]


def _check_who_answers(answer, metadata):
    """RFC 9207: the answer is of the provider that was asked, not of another."""
    said = answer.get("iss")
    if said is None and metadata.get("authorization_response_iss_parameter_supported") is not True:
        return
    if said != issuer():
        log.warning("an answer for %s came from %.200r", issuer(), said)
        refuse("provider_untrusted")


def _tokens(code, secret, metadata):
    methods = _listed(metadata, "token_endpoint_auth_methods_supported", "client_secret_basic")
    verifier, login = _part(secret, "verifier"), {}
    fields = {"code_verifier": verifier, "client_id": _settings["client"]}
    if _settings["secret"] and "client_secret_basic" in methods:
        login = wire.basic(_settings["client"], _settings["secret"])
    elif _settings["secret"]:
        fields["client_secret"] = _settings["secret"]
    form = prepare_token_request(
        "authorization_code", code=code, redirect_uri=_settings["back"], **fields
    )
    return wire.ask(metadata["token_endpoint"], issuer(), form, login)


def _keys(metadata, anew):
    if anew or _known["keys"] is None:
        _known["keys"] = wire.ask(metadata["jwks_uri"], issuer())
    return _known["keys"]


def _user_info(claims, tokens, metadata):
    """What the provider tells beside the ID token, of the same subject."""
    at, token = metadata.get("userinfo_endpoint"), tokens.get("access_token")
    if not at or not isinstance(token, str):
        return {}
    wire.check_scheme(at, issuer())
    found = wire.ask(at, issuer(), headers={"Authorization": f"Bearer {token}"})
    if found.get("sub") != claims["sub"]:
        log.warning("the provider told of another subject than it signed")
        refuse("provider_untrusted")
    return found


def _identity(claims, told):
    mail, full_name = told.get("email"), told.get("name")
    proved_at = claims.get("auth_time")
    return Identity(
        issuer=claims["iss"],
        subject=claims["sub"],
        mail=mail if isinstance(mail, str) else "",
        verified=told.get("email_verified") is True,
        name=full_name if isinstance(full_name, str) else "",
        strong=id_token.is_strong(claims),
        proved_at=int(proved_at) if type(proved_at) in (int, float) else 0,
    )
