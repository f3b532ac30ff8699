"""What a page may do."""

import httpx


def directives(response: httpx.Response) -> dict[str, str]:
    """Read a Content-Security-Policy."""
    parts = response.headers["content-security-policy"].split("; ")
    return {name: sources for name, _, sources in (part.partition(" ") for part in parts)}
