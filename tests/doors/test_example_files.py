"""Each example file, through HTTP: what its expected result names is so, and twice is once.

A file is tried as soon as its format has a reader.
"""

import json
import re
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

import doska.doors.readers  # noqa: F401  # all formats
from api import Api, Json
from doska.doors.formats import FORMATS
from doska.doors.source import Options, SourceFile
from importing import board_of, done, imported

EXAMPLES = Path(__file__).parent / "examples"
FOUND = sorted(
    path.name.removesuffix(".expected.json") for path in EXAMPLES.glob("*.expected.json")
)
# What stands in an example to show that the importer does not know it, and so keeps it aside.
UNKNOWN = {"brandNewField.nobody", "cards[].estimate"}
OF_REFUSALS = ("unknown-format", "format-mismatch", "broken-file")


def expected(name: str) -> Json:
    found: Json = json.loads((EXAMPLES / f"{name}.expected.json").read_text())
    return found


def is_ready(name: str) -> bool:
    wanted = expected(name)
    if "refused" in wanted:
        asked = wanted.get("query", {}).get("format", "trello")
        is_common = wanted["refused"]["type"].rpartition("/")[2] in OF_REFUSALS
        return asked in FORMATS and (is_common or "csv" in FORMATS)
    return wanted["format"] in FORMATS


READY = [name for name in FOUND if is_ready(name)]
GOOD = [name for name in READY if "boards" in expected(name)]
BAD = [name for name in READY if "refused" in expected(name)]


def query_of(wanted: Json) -> dict[str, Any]:
    query = dict(wanted.get("query", {}))
    if "mapping" in query:
        query["mapping"] = json.dumps(query["mapping"])
    return query


@pytest.mark.parametrize("name", GOOD)
async def test_example_becomes_what_is_expected_and_twice_is_once(api: Api, name: str) -> None:
    anna, wanted = await api.user("anna"), expected(name)
    query, data = query_of(wanted), (EXAMPLES / name).read_bytes()
    if before := wanted.get("after"):
        await done(anna, (EXAMPLES / before).read_bytes())
    report = await done(anna, data, **query)
    _check_report(report, wanted)
    zone = query.get("time_zone", "UTC")
    for board, told in zip(wanted["boards"], report["boards"], strict=True):
        shown = await board_of(anna, told["board_id"])
        _compare(shown, board, zone, name)
    await _import_again(anna, data, query, report)


async def _import_again(anna: Any, data: bytes, query: dict[str, Any], report: Json) -> None:
    ids = [told["board_id"] for told in report["boards"]]
    before = [await anna.read(f"/boards/{board_id}") for board_id in ids]
    again = await done(anna, data, **query)
    assert [told["board_id"] for told in again["boards"]] == ids
    assert [(t["created"], t["updated"]) for t in again["boards"]] == [({}, {})] * len(ids)
    assert [await anna.read(f"/boards/{board_id}") for board_id in ids] == before


@pytest.mark.parametrize("name", BAD)
async def test_bad_example_is_refused_as_expected(api: Api, name: str) -> None:
    anna, wanted = await api.user("anna"), expected(name)
    found = await imported(anna, (EXAMPLES / name).read_bytes(), **query_of(wanted))
    assert found["status"] == "failed"
    problem = found["problem"]
    assert {n: problem[n] for n in ("status", "type")} == wanted["refused"]
    assert await anna.items("/boards") == [
        b for b in await anna.items("/boards") if b["title"] == "My tasks"
    ]


@pytest.mark.parametrize("name", GOOD)
def test_example_has_no_path_that_its_table_does_not_name(name: str) -> None:
    wanted = expected(name)
    given = {k: v for k, v in wanted.get("query", {}).items() if k != "format"}
    file = SourceFile((EXAMPLES / name).read_bytes(), Options(**given))
    account = FORMATS[wanted["format"]].read(file).account
    assert set(account["unknown"]) <= UNKNOWN
    assert account["totals"]["values"] == wanted["leaves"]
    if path_of_json := name.endswith(".json"):
        assert path_of_json
        assert _leaves(json.loads(file.data.removeprefix(b"\xef\xbb\xbf"))) == wanted["leaves"]


def _leaves(value: Any) -> int:
    if isinstance(value, dict | list) and value:
        return sum(map(_leaves, value.values() if isinstance(value, dict) else value))
    return 1


def _check_report(report: Json, wanted: Json) -> None:
    assert report["format"] == wanted["format"]
    assert report["totals"]["values"] == wanted["leaves"]
    names = ("kept", "aside", "dropped")
    for line in (*report["fields"], report["totals"]):
        assert sum(line[name] for name in names) == line["values"], line
    for name in (*names, "values"):
        assert sum(line[name] for line in report["fields"]) == report["totals"][name]
    assert sorted({w["code"] for w in report["warnings"]}) == wanted["warnings"]
    secrets = sum(f["dropped"] for f in report["fields"] if f.get("reason") == "secret")
    assert secrets >= wanted.get("dropped_secrets", 0)
    for outcome, counts in wanted.get("report", {}).items():
        assert report["boards"][0][outcome].items() >= counts.items()


def _compare(shown: Json, wanted: Json, zone: str, where: str) -> None:
    """Compare all that is named; columns and tasks in their order."""
    for name, value in wanted.items():
        if name == "columns":
            assert [c["title"] for c in shown["columns"]] == [c["title"] for c in value], where
            for column, like in zip(shown["columns"], value, strict=True):
                _compare(column, like, zone, f"{where}: {like['title']}")
        elif name == "tasks":
            assert [t["title"] for t in shown["tasks"]] == [t["title"] for t in value], where
            for task, like in zip(shown["tasks"], value, strict=True):
                _compare(task, like, zone, f"{where}: {like['title']}")
        elif name == "labels" and value and isinstance(value[0], list):
            assert [label["title"] for label in shown["labels"]] == [v[0] for v in value], where
        elif name == "labels":
            assert sorted(shown["labels"]) == sorted(value), where
        elif name == "due_is_day":
            assert (shown["due_on"] is not None) == value, where
        else:
            found = _due(shown, zone) if name == "due_at" else shown[name]
            assert _same(found, value), f"{where}.{name}: {found!r} is not {value!r}"


def _due(shown: Json, zone: str) -> str | None:
    if day := shown.get("due_on"):
        end = datetime.combine(date.fromisoformat(day), time(23, 59, 59), ZoneInfo(zone))
        return end.astimezone(UTC).isoformat()
    found: str | None = shown["due_at"]
    return found


_TIME = re.compile(r"\d{4}-\d\d-\d\dT.*")


def _same(found: Any, wanted: Any) -> bool:
    if isinstance(wanted, list):
        is_long = isinstance(found, list) and len(found) == len(wanted)
        pairs = zip(found, wanted, strict=True) if is_long else ()
        return is_long and all(w is None or _same(f, w) for f, w in pairs)
    if isinstance(wanted, dict):
        return isinstance(found, dict) and all(_same(found.get(k), v) for k, v in wanted.items())
    if isinstance(wanted, str) and isinstance(found, str) and _TIME.fullmatch(wanted):
        moments = (datetime.fromisoformat(text) for text in (found, wanted))
        first, second = moments
        return abs(first - second) < timedelta(seconds=1)
    return bool(found == wanted)
