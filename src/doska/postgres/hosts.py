"""Connecting where a database has several hosts: each gets its share of the time.

asyncpg tries the hosts of an address in turn within one timeout, so that the first that hangs (it is
frozen, or gone without a word) takes all of it, and those behind it are never tried.
"""

from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import asyncpg

# What means that another host may do: it is away, hangs, starts, or is not of the kind asked for.
NEXT = (
    OSError,
    TimeoutError,
    asyncpg.CannotConnectNowError,
    asyncpg.TargetServerAttributeNotMatched,
)
PORT = "5432"

_last_good: dict[str, str] = {}  # where a connection was last made, by the whole address


def each_host(url: str) -> list[str]:
    """Split the address of several hosts into addresses of one each, in their order."""
    parts = urlsplit(url)
    login, _, named = parts.netloc.rpartition("@")
    query = dict(parse_qsl(parts.query, keep_blank_values=True))
    if named:
        return [urlunsplit(parts._replace(netloc=_joined(login, h))) for h in named.split(",")]
    hosts = query.pop("host", "").split(",")
    ports = (query.pop("port", "") or PORT).split(",")
    if len(hosts) == 1:
        return [url]
    ports = ports if len(ports) > 1 else ports * len(hosts)
    return [
        urlunsplit(parts._replace(query=urlencode({**query, "host": host, "port": port})))
        for host, port in zip(hosts, ports, strict=True)
    ]


def _joined(login: str, host: str) -> str:
    return f"{login}@{host}" if login else host


async def connect(url: str, *, timeout: float, **options: Any) -> Any:  # noqa: ASYNC109  # asyncpg's
    """Connect to the first host that answers in its share of ``timeout`` seconds.

    The host that was good the last time is tried first. Raises what the last one did.
    """
    hosts = each_host(url)
    if len(hosts) == 1:
        return await asyncpg.connect(url, timeout=timeout, **options)
    good = _last_good.get(url)
    for host in (ordered := sorted(hosts, key=lambda host: host != good)):
        try:
            connection = await asyncpg.connect(host, timeout=timeout / len(hosts), **options)
        except NEXT:
            if host == ordered[-1]:
                raise
        else:
            _last_good[url] = host
            return connection
    raise AssertionError  # there is a last host
