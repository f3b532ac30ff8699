"""What readers make of files beyond the examples: odd shapes, other languages, traps of a format."""

import json
import random
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

import doska.doors.readers  # noqa: F401  # all formats
from doska.doors.distinct import distinct
from doska.doors.errors import AmbiguousDates, BrokenFile, FormatMismatch, NeedsMapping
from doska.doors.formats import recognise
from doska.doors.model import Plan
from doska.doors.readers.dates import dated, order_of
from doska.doors.source import Bounds, Options, SourceFile
from doska.errors import DoskaError, TooLarge

EXAMPLES = Path(__file__).parent / "examples"


def read(
    data: Any, format_name: str = "auto", bounds: Bounds | None = None, **options: Any
) -> Plan:
    given = data if isinstance(data, str | bytes) else json.dumps(data)
    raw = given.encode() if isinstance(given, str) else given
    file = SourceFile(raw, Options(**options), bounds or Bounds())
    plan = recognise(file, format_name).read(file)
    return replace(plan, boards=tuple(map(distinct, plan.boards)))


def example(name: str) -> Any:
    return json.loads((EXAMPLES / name).read_text(encoding="utf-8-sig"))


def codes(plan: Plan) -> set[str]:
    return {warned.code for warned in plan.warnings}


def leaves(value: Any) -> int:
    if isinstance(value, dict | list) and value:
        return sum(map(leaves, value.values() if isinstance(value, dict) else value))
    return 1


# Dates


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("2026-02-01", date(2026, 2, 1)),
        ("2026-01-09T15:54:00.000+0300", datetime.fromisoformat("2026-01-09T15:54:00+03:00")),
        ("09/Jan/26 3:54 PM", datetime(2026, 1, 9, 15, 54)),  # noqa: DTZ001
        ("11/Jan/26 12:00 AM", datetime(2026, 1, 11)),  # noqa: DTZ001
        ("09/févr./26 5:00 PM", datetime(2026, 2, 9, 17)),  # noqa: DTZ001
        ("09/Sep/26", date(2026, 9, 9)),
        ("09/Sept/26", date(2026, 9, 9)),
        ("09/май/26", date(2026, 5, 9)),
        ("9 янв 2026", date(2026, 1, 9)),
        ("January 9, 2026", date(2026, 1, 9)),
        ("2026/01/09 10:00", datetime(2026, 1, 9, 10)),  # noqa: DTZ001
        ("25.03.26", date(2026, 3, 25)),
        ("3/25/2026", date(2026, 3, 25)),
        *[(text, None) for text in ("every monday", "13/13/2026", "0001-01-01T00:00:00Z", "")],
    ],
)
def test_dates_are_read_as_programs_write_them(text: str, found: Any) -> None:
    assert dated(text) == found


def test_order_of_day_and_month_is_that_which_fits_a_whole_column() -> None:
    assert order_of(["3/4/2026", "3/25/2026"]) == "mdy"
    assert order_of(["3/4/2026", "25/3/2026"]) == "dmy"
    assert order_of(["3/4/2026"]) is None
    assert order_of(["3/3/2026", "1.4.2026", "2026-01-02"]) is not None


# Tables


def test_obvious_headers_need_no_mapping() -> None:
    plan = read("Task name;Status;Tags;Due date;Estimate\nDig;Soon;a,b;2026-05-01;3\n")
    (board,) = plan.boards
    (task,) = board.tasks
    assert (task.title, task.column, task.labels) == ("Dig", "Soon", ("a", "b"))
    assert task.due_on == date(2026, 5, 1)
    assert [(f.name, f.value) for f in task.fields] == [("Estimate", "3")]


def test_mapping_that_names_no_column_is_refused_with_the_headers() -> None:
    with pytest.raises(NeedsMapping) as refused:
        read("a,b\n1,2\n", mapping={"title": "c"})
    assert refused.value.more == {"headers": ["a", "b"]}


def test_order_of_dates_can_be_told() -> None:
    text = "title,due\na,3/4/2026\n"
    with pytest.raises(AmbiguousDates):
        read(text)
    assert read(text, date_order="dmy").boards[0].tasks[0].due_on == date(2026, 4, 3)


def test_table_may_have_any_delimiter_encoding_and_loose_quotes() -> None:
    text = 'title\tnotes\nFünf\tsaid "yes" twice\n'
    plan = read(text.encode("utf-16"), "csv")
    assert plan.boards[0].tasks[0].description == 'said "yes" twice'
    plan = read(text.encode("cp1252"), "csv", delimiter="TAB")
    assert plan.boards[0].tasks[0].title == "Fünf"
    assert "encoding-assumed" in codes(plan)


def test_quote_before_a_formula_is_taken_off_only_there() -> None:
    plan = read("title,notes\n'=1+1,'tis\n''=x,'＝x\n")  # noqa: RUF001  # a full-width sign
    assert [(t.title, t.description) for t in plan.boards[0].tasks] == [
        ("=1+1", "'tis"), ("'=x", "＝x"),  # noqa: RUF001
    ]  # fmt: skip


def test_cells_beyond_the_header_are_aside() -> None:
    plan = read("title,column\na,b,c,d\n")
    assert plan.boards[0].tasks[0].extra == {"(beyond the header)": ["c", "d"]}
    assert plan.account["totals"] == {"values": 4, "kept": 2, "aside": 2, "dropped": 0}


def test_cell_named_like_a_secret_becomes_no_field() -> None:
    plan = read("title,api token\na,XYZ\n")
    assert "XYZ" not in str(asdict(plan.boards[0]))
    assert plan.account["totals"]["dropped"] == 1


@pytest.mark.parametrize(
    ("text", "bounds", "error"),
    [
        ('title,notes\na,"b\n', Bounds(), BrokenFile),
        ("title,notes\n" + "a,b\n" * 4, Bounds(rows=3), TooLarge),
        ("title,notes\na,b,c\n", Bounds(columns=2), TooLarge),
        ("title,notes\na,bbbbbbbbb\n", Bounds(cell_bytes=8), BrokenFile),
    ],
)
def test_table_that_is_cut_or_too_large_is_refused(text: str, bounds: Bounds, error: type) -> None:
    with pytest.raises(error):
        read(text, "csv", bounds)


def test_delimiter_of_several_characters_is_refused() -> None:
    with pytest.raises(BrokenFile):
        read("title,b\na,b\n", "csv", delimiter="ab")


# Markdown


@pytest.mark.parametrize(
    ("done", "archive"),
    [
        ("Complete", "Archive"), ("Fertiggestellt", "Archiv"), ("Completato", "Archivio"),
        ("Выполнено", "Архивировать"), ("完了", "アーカイブ"), ("Concluído", "Arquivado"),
        ("完成", "归档"), ("완료됨", "보관됨"),
    ],
)  # fmt: skip
def test_obsidian_speaks_eight_languages(done: str, archive: str) -> None:
    text = f"---\nkanban-plugin: basic\n---\n## X\n\n**{done}**\n- [ ] a\n\n***\n\n## {archive}\n\n- b\n"
    (board,) = read(text).boards
    assert [(c.title, c.status) for c in board.columns] == [("X", "DONE")]
    assert [(t.title, t.is_archived) for t in board.tasks] == [("a", False), ("b", True)]


def test_archive_is_a_column_where_no_rule_stands_before_it() -> None:
    plan = read(
        "---\nkanban-plugin: board\n---\n## Archive\n- [ ] a\n## B\n  loose\n**Complete**\n"
    )
    assert [c.title for c in plan.boards[0].columns] == ["Archive", "B"]
    assert [t.description for t in plan.boards[0].tasks] == [""]
    assert plan.boards[0].extra["other"] == ["loose"]


def test_any_markdown_is_read_if_it_is_named_so() -> None:
    text = "intro\n\n# One\n* a 📅 2026-05-03 #x\n\n      code\n"
    (board,) = read(text, "markdown").boards
    assert (board.description, board.tasks[0].title) == ("intro", "a")
    assert (board.tasks[0].due_on, board.tasks[0].labels) == (date(2026, 5, 3), ("x",))
    with pytest.raises(DoskaError):
        read(text)


# Single formats


def test_kanboard_is_known_in_any_language_by_its_24_columns() -> None:
    lines = (EXAMPLES / "kanboard.csv").read_text().splitlines()
    words = ",".join(f"Wort{n}" for n in range(24))
    text = "\n".join([words, *lines[1:]]).replace("Open", "Offen").replace("Closed,", "Zu,")
    plan = read(text.replace("Upper", r"C:\temp"))
    assert plan.format == "kanboard"
    tasks = {task.title: task.status for task in plan.boards[0].tasks}
    assert tasks == {r"C:\temp": None, 'Lower, with a "quote"': None, "Zu": "DONE"}


def test_kanboard_takes_subtasks_and_comments_of_other_answers() -> None:
    answers = example("kanboard.json")
    answers += [
        {"jsonrpc": "2.0", "id": 2, "result": [{"id": "1", "task_id": "2", "title": "s", "status": "2"}]},
        {"jsonrpc": "2.0", "id": 3, "result": [
            {"id": 1, "task_id": 2, "comment": "c", "user_id": 7, "username": "kim", "date_creation": "1"}]},
        {"jsonrpc": "2.0", "id": 4, "error": {"code": -1}},
    ]  # fmt: skip
    plan = read(answers)
    (task,) = [t for t in plan.boards[0].tasks if t.id == "2"]
    assert [(s.title, s.is_completed) for s in task.subtasks] == [("s", True)]
    assert [(c.text, c.author) for c in task.comments] == [("c", "7")]
    assert plan.account["totals"]["values"] == leaves(answers)


def test_planka_leaves_out_what_was_thrown_away_unless_it_is_asked_for() -> None:
    answer = example("planka.json")
    answer["lists"][0]["items"][0] |= {"listId": "24", "prevListId": "22"}
    assert len(read(answer).boards[0].tasks) == 3
    (board,) = read(answer, deleted="archive").boards
    (thrown,) = [t for t in board.tasks if t.is_archived]
    assert thrown.column == "22"  # newer versions tell where it was
    assert "list-unknown" not in codes(read(answer, deleted="archive"))


def test_deck_has_its_boards_in_three_shapes() -> None:
    given = example("deck.json")
    board = given["boards"]["7"]
    for shape in ({"boards": [board]}, [board], {"7": board}, board):
        plan = read(shape)
        assert (plan.format, len(plan.boards[0].tasks)) == ("deck", 4)
        assert plan.account["totals"]["values"] == leaves(shape)
        assert "geheim" not in str(asdict(plan.boards[0]))
    assert len(read(board, deleted="archive").boards[0].tasks) == 5


def test_jira_writes_trees_as_markdown_and_keeps_them() -> None:
    answer = example("jira.json")
    tree = {"type": "doc", "content": [
        {"type": "heading", "attrs": {"level": 2}, "content": [{"type": "text", "text": "H"}]},
        {"type": "bulletList", "content": [
            {"type": "listItem", "content": [
                {"type": "paragraph", "content": [{"type": "text", "text": "a"}]},
                {"type": "orderedList", "content": [{"type": "listItem", "content": [
                    {"type": "paragraph", "content": [{"type": "text", "text": "b"}]}]}]}]}]},
        {"type": "codeBlock", "attrs": {"language": "sql"}, "content": [{"type": "text", "text": "x"}]},
        {"type": "paragraph", "content": [
            {"type": "mention", "attrs": {"text": "@Kim"}}, {"type": "hardBreak"},
            {"type": "text", "text": "l", "marks": [{"type": "link", "attrs": {"href": "https://a.example"}}]}]},
    ]}  # fmt: skip
    fields = answer["issues"][0]["fields"]
    fields["description"] = tree
    fields["comment"] = [{"id": "2", "body": tree, "created": "2026-01-10T10:00:00.000+0000"}]
    plan = read(answer)
    (task,) = plan.boards[0].tasks
    assert task.description == (
        "## H\n\n- a\n  1. b\n\n```sql\nx\n```\n\n@Kim\n[l](https://a.example)"
    )
    assert task.comments[0].text == task.description
    assert task.extra["description"] == task.comments[0].extra["body"] == tree
    assert plan.account["totals"]["values"] == leaves(answer)


def test_github_project_has_columns_by_status_and_fields() -> None:
    items = [
        {"id": "A", "title": "first", "status": "Todo", "labels": ["bug"], "estimate": 3,
         "assignees": ["kim"], "content": {"type": "Issue", "number": 4, "url": "https://x.example/4", "body": "b"}},
        {"id": "B", "title": "draft", "content": {"type": "DraftIssue", "body": ""}},
    ]  # fmt: skip
    plan = read({"items": items, "totalCount": 2})
    (board,) = plan.boards
    assert [c.title for c in board.columns] == ["Todo", "(no value)"]
    assert [(t.title, t.number, t.labels) for t in board.tasks] == [
        ("first", 4, ("bug",)), ("draft", None, ()),
    ]  # fmt: skip
    assert [(f.name, f.value) for f in board.tasks[0].fields] == [("Estimate", "3")]
    assert plan.account["totals"]["values"] == leaves({"items": items, "totalCount": 2})


def test_addresses_of_taiga_are_kept_nowhere() -> None:
    project = example("taiga.json")
    project["roles"] = [{"members": ["kim@mail.example"]}]
    (board,) = read(project).boards
    kept = {**asdict(board), "people": [p.name for p in board.people]}
    assert "@mail.example" not in str(kept)
    assert [p.email for p in board.people] == ["kim@mail.example"]


def test_addresses_of_people_are_kept_nowhere_wherever_a_program_adds_them() -> None:
    answer = example("jira.json")
    work = [{"author": {"displayName": "Kim", "emailAddress": "kim@mail.example"}}]
    answer["issues"][0]["fields"]["worklog"] = {"worklogs": work}
    plan = read(answer)
    assert plan.boards[0].tasks[0].extra["worklog"] == {
        "worklogs": [{"author": {"displayName": "Kim"}}]
    }
    assert plan.account["totals"]["values"] == leaves(answer)
    (task,) = read("title,e-mail\na,shop@mail.example\n").boards[0].tasks
    assert task.fields[0].value == "shop@mail.example"  # but a table's own column is data


def test_things_with_one_id_twice_are_two_things() -> None:
    plan = read((EXAMPLES / "planka-1.json").read_text().replace('"cards": [', '"cards": [' + json.dumps(
        {"id": "302", "name": "twin", "listId": "301", "position": 1}) + ","))  # fmt: skip
    assert [t.title for t in plan.boards[0].tasks] == ["twin"]  # the same card again
    wekan = example("wekan.json")
    wekan["cards"] += [dict(wekan["cards"][0]), dict(wekan["cards"][0])]
    tasks = read(wekan).boards[0].tasks
    assert len({t.id for t in tasks}) == len(tasks) == 6


def test_long_titles_still_hold_their_tasks() -> None:
    long = "x" * 3000
    files = [
        (f"title,column,labels\na,{long},{long}\n", "csv"),
        (f"Summary,Issue key,Status,Labels\na,A-1,{long},{long}\n", "jira"),
        (f"Task ID,Name,Section/Column,Tags\n1,a,{long},{long}\n", "asana"),
        (f"Title\tURL\tStatus\tLabels\na\t\t{long}\t{long}\n", "github"),
    ]
    for text, name in files:
        (board,) = read(text, name).boards
        (task,) = board.tasks
        assert [c.id for c in board.columns] == [task.column], name
        assert tuple(label.id for label in board.labels) == task.labels != (), name
        assert len(task.id) < 300
        assert len(task.column or "") < 300


def test_ids_of_any_length_fit_an_index_and_still_hold_together() -> None:
    text = (EXAMPLES / "planka.json").read_text()
    for known in ("21", "31", "50"):
        text = text.replace(f'"{known}"', f'"{known}{"é" * 3000}"')
    (board,) = read(text).boards
    (task,) = [t for t in board.tasks if t.title == "first"]
    assert task.labels == tuple(label.id for label in board.labels)
    assert task.column == board.columns[0].id
    things: list[Any] = [task, *board.columns, *board.labels]
    assert max(len(thing.id) for thing in things) < 300


def test_warnings_of_any_size_are_one_line() -> None:
    given = example("deck.json")
    given["boards"]["7"]["stacks"]["70"]["cards"][0]["commentsCount"] = 10**30
    (missing,) = [w for w in read(given).warnings if w.code == "comments-missing"]
    assert missing.count > 1


def test_format_that_is_named_wrongly_is_told() -> None:
    with pytest.raises(FormatMismatch) as refused:
        read((EXAMPLES / "todoist.csv").read_bytes(), "jira")
    assert refused.value.more == {"format": "jira", "found": "todoist"}


ODD: list[Any] = [
    None, "", 0, -1, True, [], {}, "x", [1], [None], [[]], [{}], {"a": {}}, 1e30, 10**30,
    "2026-01-01", "99999-01-01", [{"id": 1}], {"id": {"id": 1}},
]  # fmt: skip
JSON_FILES = [p.name for p in sorted(EXAMPLES.glob("[a-z]*.json")) if "expected" not in p.name]


def shaken(value: Any, chance: random.Random) -> Any:
    """Change a document here and there: other types, missing keys, repeated items."""
    if chance.random() < 0.02:
        return chance.choice(ODD)
    if isinstance(value, dict):
        kept = {k: shaken(v, chance) for k, v in value.items() if chance.random() > 0.01}
        return kept | ({"odd": chance.choice(ODD)} if chance.random() < 0.02 else {})
    if isinstance(value, list):
        items = [shaken(item, chance) for item in value]
        return items + ([chance.choice([*items, *ODD])] if items and chance.random() < 0.04 else [])
    return value


@pytest.mark.parametrize("name", [n for n in JSON_FILES if not n.startswith(("bad-", "trello"))])
def test_shaken_file_is_refused_or_read_with_each_value_counted(name: str) -> None:
    given, read_well = example(name), 0
    for seed in range(60):
        value = shaken(given, random.Random(seed))  # noqa: S311
        try:
            plan = read(value, deleted=("skip", "archive")[seed % 2])
        except DoskaError:
            continue
        read_well += 1
        assert plan.account["totals"]["values"] == leaves(value), seed
        for board in plan.boards:
            for things in (board.columns, board.labels, board.tasks):
                assert len({thing.id for thing in things}) == len(things), seed
    assert read_well > 20


def test_times_are_in_utc() -> None:
    text = "title,created\na,2026-07-01 12:00\n"
    (task,) = read(text, time_zone="Europe/Berlin").boards[0].tasks
    assert task.created_at == datetime(2026, 7, 1, 10, tzinfo=UTC)
