"""The networks from which staff work; empty: from everywhere."""

import ipaddress

from models.core.network import plain_address

_named = {"networks": ()}


def use(networks):
    _named["networks"] = tuple(networks)


def named():
    return _named["networks"]


def inside(address):
    """Whether staff may come from this address."""
    if not _named["networks"]:
        return True
    try:
        found = ipaddress.ip_address(plain_address(address))
    except ValueError:
        return False
    return any(found in network for network in _named["networks"])
