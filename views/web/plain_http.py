"""Nobody is served over plain http where it is not to be."""

import ipaddress
from urllib.parse import urlsplit

from flask import current_app, make_response, request
from flask_babel import gettext as _

from models.core.network import PEER, SCHEME, is_loopback, plain_address
from models.people import log


def refusal():
    """403 to a request that others on its way could read, or None."""
    config = current_app.config
    peer = plain_address(request.environ.get(PEER, request.remote_addr or ""))
    https = config["BASE_URL"].startswith("https://")
    if not (_past_tls(config, peer) if https else _from_the_net(config)):
        return None
    log.warning("plain http refused: from %s by %s", request.remote_addr, peer)
    text = (
        _(
            "Your connection is not encrypted. Open %(address)s instead. Whoever runs this portal "
            "names the proxy before it in TRUSTED_PROXY.",
            address=config["BASE_URL"],
        )
        if https
        else _("From outside its own network this portal needs HTTPS.")
    )
    return make_response(f"{text}\n", 403, {"Content-Type": "text/plain; charset=utf-8"})


def _past_tls(config, peer):
    """Whether the proxy says that it was asked in clear, or somebody came past it."""
    trusted = config["TRUSTED_PROXY"] in ("*", peer) or is_loopback(peer)
    return request.environ.get(SCHEME) == "http" or not trusted


def _from_the_net(config):
    """Whether somebody came from outside to a portal that speaks plain http in its own network."""
    try:
        outside = ipaddress.ip_address(request.remote_addr).is_global
    except ValueError:
        return False
    return outside and urlsplit(config["BASE_URL"]).hostname not in config["WITHOUT_TLS"]
