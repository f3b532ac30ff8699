"""Files that come in by an import take room of the same limits as those that are uploaded."""

import base64
import json
from typing import Any

import asyncpg
import pytest

from api import Api, Json
from apps import another_api
from attaching import PNG, attached
from importing import imported
from people import moved

FILE = {"id": 1, "data": "plan.png", "contentBase64": base64.b64encode(PNG).decode()}
CARD = {"id": 1, "title": "Card", "order": 0, "attachments": [FILE]}
DECK = {
    "boards": [
        {"id": 1, "title": "Deck", "stacks": {"1": {"id": 1, "title": "A", "cards": [CARD]}}}
    ]
}
GB_LIMITS = [({"files_gb_max": 1}, "this server"), ({"files_per_user_gb_max": 1}, "a person")]


@pytest.mark.parametrize(("settings", "whose"), GB_LIMITS, ids=["server", "person"])
@pytest.mark.parametrize("is_tried", [True, False], ids=["dry run", "import"])
async def test_an_import_whose_files_do_not_fit_is_refused(
    api: Api,
    db: asyncpg.Connection,
    database_url: str,
    settings: Json,
    whose: str,
    *,
    is_tried: bool,
) -> None:
    """Seen to fail: an import brought in what an upload may not."""
    anna = await api.user()
    await attached(anna, await anna.task(await anna.column(await anna.board())))
    await db.execute("update blobs set size = 1::bigint << 30")
    async with another_api(database_url, **settings) as other:
        person = moved(anna, other)
        found = await imported(person, json.dumps(DECK).encode(), dry_run=str(is_tried).lower())
        assert (found["status"], found["problem"]["type"]) == ("failed", "/problems/limit-reached")
        assert found["problem"]["of"] == f"GB of files of {whose}"
    assert await db.fetchval("select count(*) from blobs") == 1


IDLE = """select count(*) from pg_stat_activity
    where datname = current_database() and state like 'idle in transaction%'"""


async def test_while_the_files_of_an_import_are_stored_no_transaction_waits_for_them(
    api: Api, db: asyncpg.Connection, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store can be slow, and PostgreSQL ends who is silent. Seen to fail with files stored within."""
    store, waiting = api.app.state.store, []
    keep = store.keep

    async def looked(*given: Any) -> None:
        waiting.append(await db.fetchval(IDLE))
        await keep(*given)

    monkeypatch.setattr(store, "keep", looked)
    found = await imported(await api.user(), json.dumps(DECK).encode())
    assert found["status"] == "done", found["problem"]
    assert waiting == [0, 0]  # the file as it came, and what is attached
