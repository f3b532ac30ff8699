"""Lists, page by page: a keyset cursor in, one page of JSON built by PostgreSQL out."""

import base64
import binascii
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, Literal, TypeVar, get_args
from urllib.parse import urlencode
from uuid import UUID

import asyncpg
from fastapi import Depends, Query, Request
from pydantic import Field
from pydantic_core import from_json

from doska.errors import Invalid
from doska.http.responses import Json, placed
from doska.schemas import Out

T = TypeVar("T")

PAGE_DEFAULT = 50
PAGE_MAX = 200
PAGE_BYTES_MAX = 4 << 20  # one more item makes it longer, and no item is too long for a page
CURSOR_CHARS_MAX = 2000
KINDS_MAX = 500  # cached statements of a list, which has as many as its filters and keys combine

SIZE = "octet_length(item::text)"

Kind = Literal["text", "timestamptz", "integer", "uuid"]


class Page(Out, Generic[T]):
    """One page of a list."""

    @classmethod
    def model_parametrized_name(cls, params: tuple[Any, ...]) -> str:
        """Name the schema after its items: ``TaskPage``, not ``Page_TaskOut_``."""
        (item,) = params
        return f"{(get_args(item) or [item])[-1].__name__.removesuffix('Out')}Page"

    items: list[T]
    next_cursor: str | None = Field(description="ask for the next page with it; null at the end")


@dataclass(frozen=True)
class Order:
    """How a list is sorted: an SQL expression that is never null, its type, and the direction."""

    key: str
    kind: Kind = "text"
    descending: bool = False

    def reversed(self) -> "Order":
        """Sort the other way round."""
        return Order(self.key, self.kind, not self.descending)


Orders = Sequence[Order]  # by several, the most important first


def within_each(group: str, rank: str) -> dict[str, Orders]:
    """Offer the order of ranks, group by group by their ids, so that an index of both serves it."""
    orders = (Order(group, "uuid"), Order(rank))
    return {"rank": orders, "-rank": tuple(order.reversed() for order in orders)}


def by_text(sql: str) -> Order:
    """Sort naturally: letters without accents and case, numbers by value."""
    return Order(f'(sort_key({sql}) collate "C")')


def found_in(*texts: str) -> str:
    """Write the SQL that checks whether a text contains ``:q``, both folded the same way."""
    return " or ".join(f"strpos(folded({text}), (select folded(:q::text))) > 0" for text in texts)


def with_reverse(**orders: Order) -> dict[str, Order]:
    """Offer each order also reversed, under its name with a minus sign."""
    return {**orders, **{f"-{name}": order.reversed() for name, order in orders.items()}}


def alone(**orders: Order) -> dict[str, Orders]:
    """Offer each order by itself, and reversed."""
    return {name: (order,) for name, order in with_reverse(**orders).items()}


@dataclass(frozen=True)
class PageRequest:
    """Which page a client asks for."""

    limit: int
    cursor: str | None

    def values(self, order: Order | Orders) -> dict[str, Any]:
        """Return the values that the SQL of ``paged`` needs."""
        keys, row_id = _decoded(self.cursor, _several(order)) if self.cursor else (None, None)
        return {"limit": self.limit, "after_keys": keys, "after_id": row_id}


async def _page_request(
    limit: Annotated[
        int,
        Query(ge=1, description=f"items per page; more than {PAGE_MAX} counts as {PAGE_MAX}"),
    ] = PAGE_DEFAULT,
    cursor: Annotated[
        str | None,
        Query(max_length=CURSOR_CHARS_MAX, description="`next_cursor` of the previous page"),
    ] = None,
) -> PageRequest:
    return PageRequest(min(limit, PAGE_MAX), cursor)


Paging = Annotated[PageRequest, Depends(_page_request)]


def paged(rows: str, item: str, order: Order | Orders, id_of: str) -> str:
    """Write the SQL expression of one page: ``{"items": […], "next_cursor": …}``.

    ``rows`` is ``from … where …``; ``item`` builds one item's JSON, or its text; ``id_of`` breaks ties. One more
    row than the page is read, to know whether there is a next page; with many bytes the page ends
    early. The cursor contains the last row's keys and id.
    """
    orders = _several(order)
    names = [f"key{n}" for n in range(1, len(orders) + 1)]
    keys = ", ".join(f"{o.key} as {name}" for o, name in zip(orders, names, strict=True))
    directions = ["desc" if o.descending else "asc" for o in (*orders, orders[-1])]
    by_place = ", ".join(f"{n} {direction}" for n, direction in enumerate(directions, 1))
    names = [*names, "row_id"]
    by_name = ", ".join(f"{name} {way}" for name, way in zip(names, directions, strict=True))
    places = f"array_agg(json_build_array({', '.join(names)}) order by n desc)"
    return f"""(
        with page as materialized (
            select {keys}, {id_of} as row_id, {item} as item {rows}
            and {from_cursor(orders, id_of)}
            order by {by_place} limit :limit::int + 1),
        numbered as (
            select *, row_number() over places as n, sum({SIZE}) over places - {SIZE} as bytes_before
            from page window places as (order by {by_name})),
        bounded as (
            select *, n <= :limit::int and bytes_before < {PAGE_BYTES_MAX} as fits from numbered)
        select concat('{{"items" : [', string_agg(item::text, ', ' order by n) filter (where fits),
            '], "next_cursor" : ', coalesce(to_json(case when not bool_and(fits) then
                {cursor(f"({places} filter (where fits))[1]")} end)::text, 'null'), '}}')
        from bounded)"""


def from_cursor(orders: Orders, id_of: str) -> str:
    """Write the SQL that checks whether a row is on this page or a later one."""
    return f"(:after_id::uuid is null or {_beyond(orders, id_of)})"


def _beyond(orders: Orders, id_of: str) -> str:
    """Write the SQL that checks whether a row comes after the cursor's."""
    keys = [o.key for o in orders] + [id_of]
    after = [f"(:after_keys::text[])[{n}]::{o.kind}" for n, o in enumerate(orders, 1)]
    after += [":after_id::uuid"]
    signs = ["<" if o.descending else ">" for o in (*orders, orders[-1])]
    if len(set(signs)) == 1:  # an index can be read from there
        return f"({', '.join(keys)}) {signs[0]} ({', '.join(after)})"
    triples = list(zip(keys, signs, after, strict=True))
    alternatives = [
        " and ".join([*(f"{k} = {a}" for k, _, a in triples[:n]), " ".join(triples[n])])
        for n in range(len(triples))
    ]
    return f"(({') or ('.join(alternatives)}))"


def _several(order: Order | Orders) -> Orders:
    return [order] if isinstance(order, Order) else order


def cursor(place: str) -> str:
    """Write the SQL of a cursor; ``place`` is SQL for a json array of a row's key and id."""
    encoded = f"encode(convert_to(({place})::text, 'UTF8'), 'base64')"
    return f"translate({encoded}, E'+/=\\n', '-_')"


def answer_page(request: Request, body: str, seq: int | None = None) -> Json[Any]:
    """Send a page, with a link to the next one, and the ``seq`` of its board."""
    cursor = from_json(body[body.rindex('"next_cursor"') + len('"next_cursor" : ') : -1])
    return with_next(request, Json(body, headers=placed(seq)), cursor)


def with_next(request: Request, response: Json[Any], cursor: str | None) -> Json[Any]:
    """Add the link to the next page, if there is one."""
    if cursor:
        query = [pair for pair in request.query_params.multi_items() if pair[0] != "cursor"]
        url = f"{request.url.path}?{urlencode([*query, ('cursor', cursor)])}"
        response.headers["link"] = f'<{url}>; rel="next"'
    return response


def _decoded(cursor: str, orders: Orders) -> tuple[list[str], str]:
    try:
        raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
        *keys, row_id = from_json(raw)
        row_id = str(asyncpg.pgproto.pgproto.UUID(row_id))
        return [_checked(key, order) for key, order in zip(keys, orders, strict=True)], row_id
    except (binascii.Error, ValueError, TypeError):
        raise Invalid.at(
            "/query/cursor", "cursor", "should be a next_cursor of this list"
        ) from None


def _checked(key: Any, order: Order) -> str:
    text = str(key)
    if order.kind == "integer":
        int(text)
    elif order.kind == "uuid":
        UUID(text)
    elif order.kind == "timestamptz" and text not in ("infinity", "-infinity"):
        datetime.fromisoformat(text)
    elif "\x00" in text:
        raise ValueError
    return text
