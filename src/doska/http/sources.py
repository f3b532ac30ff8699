"""Where a request comes from: the connected peer, or the client that a trusted proxy names."""

from collections.abc import MutableMapping, Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

UNKNOWN = "unknown"  # a peer without an address, as behind a Unix socket
HOUSEHOLD_BITS = 64  # of IPv6: what one customer gets, and may choose addresses from


def source_of_request(scope: MutableMapping[str, Any], trusted: Sequence[Network]) -> str:
    """Return the source of a request."""
    peer, _ = scope.get("client") or (None, None)
    told = dict(scope["headers"]).get(b"x-forwarded-for", b"")
    return source_of(peer, told.decode("latin-1"), trusted)


def source_of(peer: str | None, forwarded: str, trusted: Sequence[Network]) -> str:
    """Return the source of a request: an IPv4 address, or an IPv6 network of 64 bits.

    ``forwarded`` is X-Forwarded-For. Each proxy appends the address of its client, so it is read
    from the right, and no further than trusted proxies have written: anybody can forge what is left
    of that.
    """
    found = _address(peer or "")
    for hop in reversed(forwarded.split(",")):
        if found is None or not _is_in(found, trusted):
            break
        told = _address(hop.strip())
        if told is None:
            break
        found = told
    return UNKNOWN if found is None else _household(found)


def _address(text: str) -> Address | None:
    """Read an address, also with a port, as some proxies write it."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _is_in(address: Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)


def _household(address: Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((int(address), HOUSEHOLD_BITS), strict=False))
