"""Whom a comment mentions."""

import pytest

from api import Api, Person
from casts import add
from comments import a_comment, a_task, comment_at
from doska.comments.mentions import handles_in

TEXTS = {
    "@anna": ["anna"],
    "Hello, @anna. And @Boris.K!": ["anna", "Boris.K"],
    "(@anna), @anna-maria: @анна...": ["anna", "anna-maria", "анна"],
    "a@anna 1@anna /@anna .@anna": [],
    "@ anna, @@anna": ["anna"],
    "`@anna` ``a ` @boris`` @clara": ["clara"],
    "` @anna": ["anna"],
    "```\n@anna\n```\n@boris": ["boris"],
    "~~~ py\n@anna\n```\n@clara\n~~~~\n@boris": ["boris"],
    "```\n@anna": [],
    "    @anna\n\n@boris\n    @clara": ["boris", "clara"],
    "> ```\n> @anna\n> ```\n> @boris": ["boris"],
    "@anna @ANNA @anna": ["anna"],
    "@" + "x" * 41: [],
    "`" * 20_000: [],
    " ".join(f"@p{n}" for n in range(60)): [f"p{n}" for n in range(50)],
}


@pytest.mark.parametrize(("body", "handles"), TEXTS.items(), ids=range(len(TEXTS)))
def test_a_text_names(body: str, handles: list[str]) -> None:
    assert handles_in(body) == handles


async def people(api: Api) -> tuple[Person, Person, dict[str, object], dict[str, object]]:
    anna, board, task = await a_task(api)
    return anna, await add(api, anna, board, "OBSERVER"), board, task


def name_of(person: Person) -> str:
    return str((person.me or {})["username"])


async def test_who_is_on_the_board_is_mentioned_once_and_strangers_are_text(api: Api) -> None:
    """Seen to fail when everybody who may see a public board was mentioned."""
    anna, boris, board, task = await people(api)
    await anna.patch(f"/boards/{board['id']}", is_public=True)
    stranger, name = await api.user(), name_of(boris)
    body = f"@{name.upper()}, @{name}. @{name_of(stranger)} @nobody"
    comment = await a_comment(anna, task, body)
    (mention,) = comment["mentions"]
    assert (mention["handle"], mention["user"]["id"]) == (name.upper(), boris.id)
    assert await boris.read(comment_at(comment)) == comment
    (event,) = (await boris.items(f"/boards/{board['id']}/events", after=0))[-1:]
    assert event["payload"]["comment"] == comment


async def test_a_mention_shows_who_it_was_as_they_are_called_today(api: Api) -> None:
    anna, boris, board, task = await people(api)
    name = name_of(boris)
    comment = await a_comment(anna, task, f"@{name}")
    await boris.patch(f"/users/{boris.id}", username=f"{name}x")
    edited = (await anna.patch(comment_at(comment), body=f"Hi @{name}")).json()
    (mention,) = edited["mentions"]
    assert (mention["handle"], mention["user"]["username"]) == (name, f"{name}x")
    await boris.delete(f"/users/{boris.id}")
    await api.work_off()
    shown = await anna.read(comment_at(comment))
    assert shown["mentions"] == [{"handle": name, "user": None}]
    events = await anna.items(f"/boards/{board['id']}/events", after=0)
    told = [e["payload"]["comment"] for e in events if e["type"].startswith("comment.")]
    assert [c["mentions"] for c in told if "mentions" in c] == [shown["mentions"]]
