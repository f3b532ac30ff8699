"""Exactly one CREATOR: people hand over, leave, remove each other and delete their accounts at once."""

import asyncio
import secrets
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from itertools import cycle
from random import Random
from typing import Any

import asyncpg
import httpx

import checker
from calls import Json
from house import House, asking, house
from log_board import log_of
from proof import Finding, Size
from writers import made, register

PAUSE_SECONDS = 0.005
PEOPLE, DEEDS, ROUNDS, BOARDS = 12, 50, 40, 2
DELETED_MAX = 2  # accounts a round; making new ones is slow on purpose
ROLES = ("MODERATOR", "MEMBER", "COMMENTER", "OBSERVER")
SAMPLE = """select b.id::text, count(p.id) from boards b
    left join board_users p on p.board_id = b.id and p.role = 'CREATOR' group by b.id"""
WAITING = "select count(*) from tellings"
CREATORS = "select board_id::text, user_id::text from board_users where role = 'CREATOR'"


@dataclass
class Company:
    """The people, and what they share."""

    place: House
    boards: list[str] = field(default_factory=list)
    people: dict[str, httpx.AsyncClient] = field(default_factory=dict)
    statuses: Counter[int] = field(default_factory=Counter)
    done: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    samples: int = 0
    gone: set[str] = field(default_factory=set)

    async def join(self) -> None:
        """Have enough people."""
        while len(self.people) < PEOPLE:
            client, person = await register(self.place, f"person-{secrets.token_hex(5)}")
            self.people[person] = client

    async def ask(self, deed: str, person: str, method: str, path: str, **body: str) -> bool:
        """Let somebody do something; it may be refused, and must be answered."""
        client = self.people[person]
        response = await client.request(method, path, json=body or None)
        self.statuses[response.status_code] += 1
        if response.is_success:
            self.done[deed] += 1
        elif response.status_code >= 500:
            self.faults.append(f"{deed}: {response.status_code} {response.text[:200]}")
        return response.is_success

    async def delete(self, person: str) -> None:
        """Let somebody delete their account, which nobody may be kept from."""
        if await self.ask("deleted", person, "DELETE", f"/users/{person}"):
            self.gone.add(person)
        else:
            self.faults.append("an account could not be deleted")

    async def sample(self, db: asyncpg.Connection) -> None:
        """Look at what is committed, again and again, until cancelled."""
        while True:
            rows = await db.fetch(SAMPLE)
            self.samples += 1
            self.faults += [f"seen {row[1]} CREATORs" for row in rows if row[1] != 1]
            await asyncio.sleep(PAUSE_SECONDS)


async def prove(size: Size) -> Finding:
    """Do 50 such deeds at once, 40 times; look at each state that is committed."""
    rounds, chance = size.of(ROUNDS), Random(0)
    async with house() as place:
        await place.start(workers=4)
        company = Company(place)
        assert place.served
        url = place.served.database_url
        async with asking(url) as db, asking(url) as eye:
            sampling = asyncio.create_task(company.sample(eye))
            for _ in range(rounds):
                await _gather_people(company, db)
                await _deeds(company, await _creators(db), chance)
            sampling.cancel()
            await asyncio.gather(sampling, return_exceptions=True)
            found = company.faults + await _folded(company, db)
        for client in company.people.values():
            await client.aclose()
    done = ", ".join(f"{count:,} {deed}" for deed, count in sorted(company.done.items()))
    told = (
        f"{done}; {company.samples:,} looks at committed states; answers {dict(company.statuses)}"
    )
    return Finding(
        "exactly one CREATOR",
        f"{DEEDS} parallel hand-overs, leaves, removals and account deletions",
        rounds,
        len(found),
        "; ".join([told, *found[:3]]),
    )


async def _creators(db: asyncpg.Connection) -> dict[str, str]:
    return {row[0]: row[1] for row in await db.fetch(CREATORS)}


async def _all_told(db: asyncpg.Connection) -> None:
    """Wait until whose account is gone is off all boards."""
    while await db.fetchval(WAITING):
        pass


async def _gather_people(company: Company, db: asyncpg.Connection) -> None:
    """Have everybody on every board again, and boards again where the last went."""
    await _all_told(db)
    await company.join()
    creators = await _creators(db)
    company.boards = [board for board in company.boards if board in creators]
    while len(company.boards) < BOARDS:
        person, client = next(iter(company.people.items()))
        board = (await made(client, "/boards", title="Ours"))["id"]
        company.boards.append(board)
        creators[board] = person
    for board in company.boards:
        there = await db.fetch("select user_id::text from board_users where board_id = $1", board)
        missing = company.people.keys() - {row[0] for row in there}
        for person, role in zip(missing, cycle(ROLES), strict=False):
            path = f"/boards/{board}/users"
            await company.ask("added", creators[board], "POST", path, user_id=person, role=role)


async def _deeds(company: Company, creators: dict[str, str], chance: Random) -> None:
    """Do so many things at once; who is CREATOR when the round begins does the most."""
    people = list(company.people)
    gone = chance.sample(people, DELETED_MAX)
    if chance.random() < 0.5:
        gone[0] = creators[chance.choice(company.boards)]
    deeds: list[Coroutine[Any, Any, Any]] = [company.delete(person) for person in set(gone)]
    while len(deeds) < DEEDS:
        board = chance.choice(company.boards)
        path, other = f"/boards/{board}/users", chance.choice(people)
        actor = chance.choice([creators[board], chance.choice(people)])
        match chance.choice(["handed over", "handed over", "left", "removed", "role changed"]):
            case "handed over" as deed:
                deeds.append(company.ask(deed, actor, "PUT", f"{path}/{other}", role="CREATOR"))
            case "left" as deed:
                deeds.append(company.ask(deed, actor, "DELETE", f"{path}/{actor}"))
            case "removed" as deed:
                deeds.append(company.ask(deed, actor, "DELETE", f"{path}/{other}"))
            case deed:
                role = chance.choice(ROLES)
                deeds.append(company.ask(deed, actor, "PUT", f"{path}/{other}", role=role))
    chance.shuffle(deeds)
    await asyncio.gather(*deeds)
    for person in company.gone & company.people.keys():
        await company.people.pop(person).aclose()


async def _folded(company: Company, db: asyncpg.Connection) -> list[str]:
    """Fold each board's log: one CREATOR after each event, and in the end who the rows say."""
    await _all_told(db)
    found = []
    for record in await db.fetch("select id::text from boards"):
        events = await log_of(db, record[0])
        found += _wrong_counts(events)
        reader = next(iter(company.people.values()))
        found += await checker.wrong_board(db, record[0], events, reader)
    return found


def _wrong_counts(events: list[Json]) -> list[str]:
    """Count the CREATORs after each event."""
    roles: dict[str, str] = {}
    found = []
    for event in events:
        for change in event["changes"]:
            if change["table"] == "board_users":
                roles[change["id"]] = (change["after"] or {}).get("role", "")
        if (count := Counter(roles.values())["CREATOR"]) != 1:
            found.append(f"{count} CREATORs after event {event['seq']}")
    return found
