"""Addresses in the spelling of browsers."""

import re
from ipaddress import IPv6Address, ip_address
from urllib.parse import SplitResult, urlsplit

import idna

DEFAULT_PORTS = {"http": 80, "https": 443}
_NAME = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.?")
_NUMBER = re.compile(r"(?:.*\.)?(?:[0-9]+|0x[0-9a-f]*)\.?")


def split(url: str) -> SplitResult:
    """Split a URL; an invalid one has no parts."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # looks at it, and refuses what is no number
    except ValueError:
        return urlsplit("")
    return parts


def origin_of(url: str) -> str:
    """Return the origin of a URL as browsers write it in ``Origin``; empty if it has none.

    In lower case, names of other scripts in Punycode, without the default port.
    """
    parts = split(url)
    host = _host(parts.hostname or "")
    if parts.scheme not in DEFAULT_PORTS or not host or "@" in parts.netloc:
        return ""
    port = port_of(url)
    shown = "" if port == DEFAULT_PORTS[parts.scheme] else f":{port}"
    return f"{parts.scheme}://{host}{shown}"


def spelled(origin: str) -> str:
    """Write an origin as browsers do; what is more than an origin, or less, stays as it is."""
    parts = split(origin)
    is_bare = parts.path in ("", "/") and not (parts.query or parts.fragment)
    return (is_bare and origin_of(origin)) or origin


def port_of(url: str) -> int:
    """Return the port of a URL, also the default one."""
    parts = split(url)
    return DEFAULT_PORTS.get(parts.scheme, 0) if parts.port is None else parts.port


def is_loopback(url: str) -> bool:
    """Return whether a URL refers to this machine."""
    host = split(url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _host(name: str) -> str:
    try:
        address = ip_address(name)
    except ValueError:
        if not name.isascii():
            name = _in_punycode(name)
        return name if _NAME.fullmatch(name) and not _NUMBER.fullmatch(name) else ""
    return f"[{address}]" if isinstance(address, IPv6Address) else str(address)


def _in_punycode(name: str) -> str:
    try:
        return idna.encode(name, uts46=True).decode()
    except idna.IDNAError:
        return ""
