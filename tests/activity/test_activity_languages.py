"""A board's activity: in which language, and in which time zone."""

from datetime import UTC, datetime

import asyncpg
import pytest

from activity_scene import SET_AT, asked, path_of
from api import Api
from checks import invalid
from works import a_task

WANTED = {
    "": "en", "ru": "ru", "RU": "ru", "ru-RU": "ru", "ru-Cyrl-RU": "ru", "en-GB": "en", "*": "en",
    "en, ru": "en", "ru, en": "ru", "ru;q=0.8, en;q=0.9": "en", "en;q=0.8,ru;q=0.9": "ru",
    "ru-RU, ru;q=0.9, en-US;q=0.8, en;q=0.7": "ru", "de": "en", "de, ru;q=0.1": "ru",
    "de, *;q=0.5": "en", "*, ru": "ru", "en;q=0": "en", "en;q=0, *": "ru", "ru;q=0, *": "en",
    "ru ; q=1.0 , en": "ru", "ru;q=x": "en", "ru;q=2": "en", "ru;q=nan": "en", "ru;q=": "en",
    ";;,,=": "en", "rus": "en", "ru_RU": "en",
}  # fmt: skip


@pytest.mark.parametrize("header", WANTED)
async def test_the_language_is_the_one_wanted_most(api: Api, header: str) -> None:
    """Seen to fail when weights were not looked at."""
    anna = await api.user("anna")
    response = await asked(anna, (await anna.board())["id"], header)
    english, russian = "anna created the board “Website”", "anna: доска «Website» создана"
    language = WANTED[header]
    text = response.json()["items"][0]["text"]
    assert text == {"en": english, "ru": russian}[language]
    assert response.headers["content-language"] == language
    assert "accept-language" in response.headers["vary"].lower().replace(" ", "").split(",")


async def test_without_a_wanted_language_it_is_english(api: Api) -> None:
    anna = await api.user()
    response = await anna.get(path_of(await anna.board()))
    assert response.headers["content-language"] == "en"


TIMES = {
    "UTC": ("2 March 2026, 21:05", "2 марта 2026 г., 21:05"),
    "Europe/Moscow": ("3 March 2026, 00:05", "3 марта 2026 г., 00:05"),
    "Asia/Kolkata": ("3 March 2026, 02:35", "3 марта 2026 г., 02:35"),
    "America/St_Johns": ("2 March 2026, 17:35", "2 марта 2026 г., 17:35"),
}


@pytest.mark.parametrize("zone", TIMES)
async def test_times_are_those_of_the_time_zone_in_words_of_the_language(
    api: Api, db: asyncpg.Connection, zone: str
) -> None:
    anna, board, task = await a_task(api)
    moment = datetime(2026, 3, 2, 21, 5, 59, tzinfo=UTC)
    await anna.patch(f"/tasks/{task['id']}", due_at=moment.isoformat())
    await db.execute(SET_AT, board["id"], moment)
    for language, time in zip(("en", "ru"), TIMES[zone], strict=True):
        item = (await asked(anna, board["id"], language, time_zone=zone)).json()["items"][0]
        assert item["when"] == time
        assert item["text"].endswith(time)


async def test_time_zones_have_their_summer(api: Api, db: asyncpg.Connection) -> None:
    anna = await api.user()
    board = await anna.board()
    for month, hour in ((1, "13:00"), (7, "14:00")):
        await db.execute(SET_AT, board["id"], datetime(2026, month, 1, 12, tzinfo=UTC))
        (item,) = await anna.items(path_of(board), time_zone="Europe/Paris")
        assert item["when"].endswith(hour)


async def test_the_first_and_the_last_moment_are_told_everywhere(api: Api) -> None:
    """Seen to fail when a moment that has no date in the time zone was an error."""
    anna, board, task = await a_task(api)
    for due_at, due in (("0001-01-01", "1 January 1"), ("9999-12-31", "31 December 9999")):
        for zone in ("America/New_York", "Europe/Moscow"):
            await anna.patch(f"/tasks/{task['id']}", due_at=f"{due_at}T00:00:00Z")
            await anna.patch(f"/tasks/{task['id']}", due_at=f"{due_at}T23:59:59Z")
            response = await anna.get(path_of(board), time_zone=zone)
            assert response.status_code == 200
            assert f" {due}" in str(response.json())


BAD_ZONES = (
    "", "Mars", "Europe", "europe/moscow\x00", "../UTC", "/etc/passwd", "UTC\n", "x" * 65,
    "zone.tab", "tzdata.zi", "__init__/x", "+03:00", "٣", "Europe/", ".",
)  # fmt: skip


@pytest.mark.parametrize("zone", BAD_ZONES)
async def test_a_time_zone_that_there_is_not_is_refused(api: Api, zone: str) -> None:
    """Seen to fail, with a TypeError of zoneinfo's, before names had a pattern."""
    anna = await api.user()
    invalid(await anna.get(path_of(await anna.board()), time_zone=zone), "/query/time_zone")
