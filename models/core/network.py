"""Where a request comes from: its address, through a proxy, from this machine."""

import ipaddress
import re

# What proxies add. Our own server adds the first: waitress takes away the others.
MARK = "X-Danju-Forwarded"
# In the environment of a request: who sent it to our server, and by which scheme it says it came.
PEER, SCHEME = "danju.peer", "danju.scheme"
ADDED = re.compile(
    r"X-DANJU-FORWARDED|(X-)?FORWARDED.*|X-ORIGINAL-.*|VIA|(X-)?(REAL|CLIENT)-IP"
    r"|(X-CLUSTER|TRUE)-CLIENT-IP|CF-.*|FASTLY-.*|X-ENVOY-.*|X-AMZN-.*"
)


def is_forwarded(names):
    """Whether one of these header names, in any spelling, is a proxy's."""
    return any(ADDED.fullmatch(name.upper().replace("_", "-")) for name in names)


def is_loopback(host):
    """Whether the host, a name or an address, is the machine itself."""
    try:
        return ipaddress.ip_address(plain_address(host or "")).is_loopback
    except ValueError:
        return host == "localhost"


def plain_address(address):
    """An IPv4 address that an IPv6 socket or proxy writes as ::ffff:192.0.2.1 as what it is; any
    other text as it stands."""
    try:
        return str(getattr(ipaddress.ip_address(address), "ipv4_mapped", None) or address)
    except ValueError:
        return address
