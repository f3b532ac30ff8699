"""What many do together in memory is what each does by itself."""

import asyncpg
import pytest
from hypothesis import given

from api import Api
from batch_twins import TEMPLATES, Deed
from doska.tasks import places
from joint_twins import begin, check, do
from log_board import log_of
from stories import DEEDS, FEW, SETTINGS, STORY

MANY = 20  # in a column, of which a small group reads some at the ends, or around one
AT_ONCE = 4

pytestmark = pytest.mark.parametrize("lock", ["free", "locked"])


@pytest.fixture
def few_keys_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let keys be dealt anew by every move between two others."""
    monkeypatch.setattr(places, "KEY_CHARS_MAX", 2)


@pytest.mark.usefixtures("few_keys_fit")
@SETTINGS
@given(DEEDS)
async def test_it_answers_writes_and_logs_the_same(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str, story: list[Deed]
) -> None:
    twins = await begin(api, db)
    begun = len(await log_of(db, twins.first.id))
    for deed in story:
        await twins.do(deed)
    await check(twins, begun, database_url, is_locked=lock == "locked")


@pytest.mark.usefixtures("few_keys_fit")
async def test_it_does_the_same_with_every_kind_of_action(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str
) -> None:
    twins = await begin(api, db)
    begun = len(await log_of(db, twins.first.id))
    for deed in STORY:
        await twins.do(deed)
    assert {operation["op"] for operation in twins.operations} == {t["op"] for t in TEMPLATES}
    await check(twins, begun, database_url, is_locked=lock == "locked")


@SETTINGS
@given(FEW)
async def test_a_few_do_the_same_among_many_that_they_do_not_read(
    api: Api, db: asyncpg.Connection, database_url: str, lock: str, story: list[Deed]
) -> None:
    twins = await begin(api, db, MANY)
    begun = len(await log_of(db, twins.first.id))
    await do(twins, story, AT_ONCE)
    await check(twins, begun, database_url, is_locked=lock == "locked", at_once=AT_ONCE)
