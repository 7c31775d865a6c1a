"""Where a request comes from: through a proxy, from this machine."""

import ipaddress
import re

# What proxies add. Our own server adds the first: waitress takes away the others.
MARK = "X-Danju-Forwarded"
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
        address = ipaddress.ip_address(host or "")
        return (getattr(address, "ipv4_mapped", None) or address).is_loopback
    except ValueError:
        return host == "localhost"
