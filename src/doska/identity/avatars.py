"""Identicons: a picture made from a username, the same each time."""

import hashlib

CELLS = 5
CELL_PX = 20
MARGIN_PX = 10


def identicon(username: str) -> str:
    """Draw a mirrored pattern of five by five cells as SVG."""
    digest = hashlib.sha256(username.casefold().encode()).digest()
    hue = int.from_bytes(digest[:2], "big") % 360
    side = CELLS * CELL_PX + 2 * MARGIN_PX
    cells = "".join(
        f'<rect x="{MARGIN_PX + column * CELL_PX}" y="{MARGIN_PX + row * CELL_PX}" '
        f'width="{CELL_PX}" height="{CELL_PX}"/>'
        for row in range(CELLS)
        for column in range(CELLS)
        if digest[2 + row * 3 + min(column, CELLS - 1 - column)] % 2
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}" '
        f'shape-rendering="crispEdges"><rect width="{side}" height="{side}" '
        f'fill="hsl({hue},30%,92%)"/><g fill="hsl({hue},55%,45%)">{cells}</g></svg>'
    )


def avatar_path(user_id: str) -> str:
    """Return the address of a user's identicon."""
    return f"/users/{user_id}/avatar.svg"
