"""The address of a visitor, written in one way."""

import ipaddress


def plain_address(address):
    """An IPv4 address that an IPv6 socket or proxy writes as ::ffff:192.0.2.1 as what it is; any
    other text as it stands."""
    try:
        return str(getattr(ipaddress.ip_address(address), "ipv4_mapped", None) or address)
    except ValueError:
        return address
