"""Waking live streams and followers, in this process and in others, of what has been committed."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from tortoise import Tortoise

from doska.postgres.database import CHANNEL, Connection, Sender


async def notify(connection: Connection, message: str) -> None:
    """Wake live streams when the transaction commits; after a rollback nothing is sent.

    In a process that sends notices by itself (``background.notices``), after the commit; else by the
    transaction.
    """
    if sender := sender_of_notices():
        sender.tell(message)
    else:
        await connection.execute("select pg_notify($1, $2)", CHANNEL, message)


def sender_of_notices() -> Sender | None:
    """Tell who sends the notices of what is committed by way of the pool."""
    client: Any = Tortoise.get_connection("default")  # within a transaction: that
    found: Sender | None = getattr(client, "_parent", client).sender
    return found


@contextmanager
def notices_sent_by(sender: Sender) -> Iterator[None]:
    """Let this send the notices of what is committed by way of the pool."""
    client: Any = Tortoise.get_connection("default")
    client.sender = sender
    try:
        yield
    finally:
        client.sender = None
