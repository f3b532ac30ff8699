"""The history of a load: who asked for what, and whether it was answered."""

import math
import secrets
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx

Json = dict[str, Any]
METHODS = {"task.created": "POST", "task.updated": "PATCH", "task.deleted": "DELETE"}
HANG_SECONDS = 5.5  # the statement timeout, and half a second for a busy machine


class Outcome(StrEnum):
    """What a client knows of a write."""

    OK = "acknowledged"
    REFUSED = "refused"
    UNSENT = "not even sent"
    UNKNOWN = "unknown"


@dataclass
class Call:
    """A write: what was asked for, and what its client knows of it."""

    kind: str
    path: str
    body: Json
    expected: Json  # what the event must tell, if there is one
    headers: dict[str, str] = field(default_factory=dict)
    outcome: Outcome = Outcome.UNKNOWN
    status: int = 0
    tries: int = 0
    answer: Json = field(default_factory=dict)

    @property
    def method(self) -> str:
        """Name how it is sent; all else are moves, or in a batch."""
        return "POST" if self.path.endswith("/batch") else METHODS.get(self.kind, "POST")

    @property
    def has_key(self) -> bool:
        """Whether repeating it tells the truth."""
        return "idempotency-key" in self.headers

    def with_key(self) -> "Call":
        """Let it act once however often it is sent."""
        self.headers["idempotency-key"] = secrets.token_hex(8)
        return self

    def learn(self, response: httpx.Response) -> None:
        """Take an answer to heart; a 503 may have been written or not."""
        self.status = response.status_code
        if response.status_code >= 500 or is_key_in_use(response):
            return
        self.outcome = Outcome.OK if response.is_success else Outcome.REFUSED
        self.answer = response.json() if response.content else {}

    def could_be(self, event: Json) -> bool:
        """Tell whether an event may be what came of it."""
        if event["type"] != self.kind:
            return False
        row = next((c["after"] for c in event["changes"] if c["id"] == event["task_id"]), None)
        return all((row or {}).get(name) == value for name, value in self.expected.items())


def is_key_in_use(response: httpx.Response) -> bool:
    """Tell whether an earlier try of the same request is still at work."""
    return response.status_code == 409 and "key-in-use" in response.text


@dataclass
class Thing:
    """One task, that one client only writes to: its calls are its history."""

    mark: str
    id: str = ""
    calls: list[Call] = field(default_factory=list)
    places: set[str] = field(default_factory=set)  # the columns where it may be


@dataclass
class History:
    """All that was asked, and all that must not be."""

    things: list[Thing] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    slowest: float = 0
    seconds_max: float = math.inf  # for an answer; who connects early waits for a server's start

    @property
    def calls(self) -> Iterator[Call]:
        """All writes."""
        return (call for thing in self.things for call in thing.calls)

    def count(self, outcome: Outcome) -> int:
        """Count the writes of which this is known."""
        return sum(call.outcome is outcome for call in self.calls)

    def took(self, started: float, response: httpx.Response | None, what: str) -> None:
        """Note how an answer was: late ones, and errors that a client cannot act on."""
        seconds = time.monotonic() - started
        self.slowest = max(self.slowest, seconds)
        if seconds > self.seconds_max:
            self.faults.append(f"{what} was not answered for {seconds:.1f} s")
        if response is None:
            return
        self.statuses[response.status_code] += 1
        if response.status_code >= 500 and response.status_code != 503:
            self.faults.append(f"{what}: {response.status_code} {response.text[:200]}")

    def told(self) -> str:
        """Sum it up."""
        counts = ", ".join(f"{self.count(outcome):,} {outcome}" for outcome in Outcome)
        repeated = sum(call.tries > 1 and call.outcome is Outcome.OK for call in self.calls)
        return f"{counts} writes; {repeated:,} repeated by key and then known"
