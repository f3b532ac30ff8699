"""Entity tags: reading what is unchanged costs nothing, writing on what has changed is refused."""

import asyncio

import asyncpg
import pytest

from api import Api, Json, Person
from log_rival import rival_on
from operations import (
    CHANGING,
    OPERATIONS,
    Operation,
    address,
    all_rows,
    request,
    scene,
    takes,
)

READING = [o for o in OPERATIONS if not o.is_writing and takes(o, "If-None-Match")]
WITHOUT_VERSION = {
    "read_snapshot", "export_board", "read_attachment_content", "read_attachment_thumbnail",
}  # fmt: skip
OBJECTS = [operation for operation in READING if operation.id not in WITHOUT_VERSION]


async def read(person: Person, path: str, tag: str) -> int:
    response = await person.send("GET", path, headers={"if-none-match": tag})
    return response.status_code


def test_every_object_is_read_and_changed_with_its_tag() -> None:
    assert {operation.id for operation in READING} == {
        "read_me", "read_user", "read_board", "read_person", "read_column", "read_task",
        "read_label", "read_comment", "read_subtask", "read_snapshot", "read_attachment",
        "read_attachment_content", "read_attachment_thumbnail", "export_board",
    }  # fmt: skip
    assert len(CHANGING) > 20
    assert not any(operation.method == "get" for operation in CHANGING)
    assert [o for o in OPERATIONS if o.is_writing and takes(o, "If-None-Match")] == CHANGING


@pytest.mark.parametrize("operation", OBJECTS, ids=str)
async def test_an_object_that_has_not_changed_is_not_sent_again(
    api: Api, operation: Operation
) -> None:
    asked = request(await scene(api, "one"), operation)
    path = operation.path.format(**asked.path)
    response = await asked.send()
    tag, shown = response.headers["etag"], response.json()
    assert tag.startswith(f'"{shown.get("version", shown.get("role"))}.')
    again = await asked.person.send("GET", path, headers={"if-none-match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    for other in (f'"0", W/{tag}', "*"):
        assert await read(asked.person, path, other) == 304
    for other in ('"0"', tag.replace('"', ""), f'{tag[:-1]}0"'):
        assert await read(asked.person, path, other) == 200


async def test_a_tag_tells_what_else_has_changed_in_an_answer(api: Api) -> None:
    anna = await api.user("anna")
    column = await anna.column(await anna.board())
    path = f"/tasks/{(await anna.task(column, assignee_ids=[anna.id]))['id']}"
    before = (await anna.get(path)).headers["etag"]
    await anna.patch(f"/users/{anna.id}", name="Anna P.")
    after = (await anna.get(path)).headers["etag"]
    assert before != after
    assert before.partition(".")[0] == after.partition(".")[0]  # the task's own version


async def test_two_who_see_a_board_in_different_roles_get_different_tags(api: Api) -> None:
    anna, boris = await api.user("anna"), await api.user("boris")
    board = await anna.board()
    await anna.invite(board, boris)
    path = f"/boards/{board['id']}"
    tag = (await anna.get(path)).headers["etag"]
    assert await read(boris, path, tag) == 200


@pytest.mark.parametrize("operation", CHANGING, ids=str)
async def test_what_has_changed_since_is_not_changed_and_shown_as_it_is(
    api: Api, db: asyncpg.Connection, operation: Operation
) -> None:
    """Seen to fail when the version was not compared."""
    here = await scene(api, "one")
    path, asked = address(here, operation), request(here, operation)
    before = await all_rows(db)
    refused = await asked.send(headers={"if-match": '"99"'})
    assert refused.status_code == 412, refused.text
    assert await all_rows(db) == before
    now = await asked.person.get(path)
    assert refused.json()["current"] == now.json()
    assert refused.headers["etag"] == f'"{now.headers["etag"][1:].partition(".")[0]}"'
    done = await asked.send(headers={"if-match": refused.headers["etag"]})
    assert done.is_success, done.text


async def test_the_version_is_compared_under_the_lock(
    api: Api, db: asyncpg.Connection, database_url: str
) -> None:
    """Seen to fail when the version was compared before the lock."""
    anna = await api.user("anna")
    board = await anna.board()
    task = await anna.task(await anna.column(board))
    path, seen = f"/tasks/{task['id']}", {"if-match": f'"{task["version"]}"'}
    async with rival_on(board["id"], database_url, db) as rival:
        sql = "update tasks set title = 'Mine', version = version + 1 where id = $1"
        await rival.do(sql, task["id"])
        write = anna.send("PATCH", path, json={"title": "Late"}, headers=seen)
        refused = await rival.outrun(write)
    assert refused.status_code == 412
    assert refused.json()["current"]["title"] == "Mine"
    assert (await anna.read(path))["title"] == "Mine"


async def test_of_many_who_saw_the_same_version_one_writes(api: Api) -> None:
    anna = await api.user("anna")
    path = f"/tasks/{(await anna.task(await anna.column(await anna.board())))['id']}"
    tag = {"if-match": (await anna.get(path)).headers["etag"]}
    titles = [f"Title {n}" for n in range(8)]
    writes = [anna.send("PATCH", path, json={"title": t}, headers=tag) for t in titles]
    answers = await asyncio.gather(*writes)
    assert sorted(answer.status_code for answer in answers) == [200] + [412] * 7
    (won,) = [answer.json() for answer in answers if answer.is_success]
    assert await anna.read(path) == won
    assert {answer.json().get("current", won)["title"] for answer in answers} == {won["title"]}


async def test_two_who_change_different_fields_at_once_both_win(api: Api) -> None:
    anna = await api.user("anna")
    path = f"/tasks/{(await anna.task(await anna.column(await anna.board())))['id']}"
    for round_ in range(5):
        changes: list[Json] = [{"title": f"T{round_}"}, {"description": f"D{round_}"}]
        await asyncio.gather(*(anna.patch(path, **fields) for fields in changes))
        now = await anna.read(path)
        assert (now["title"], now["description"]) == (f"T{round_}", f"D{round_}")


async def test_a_busy_board_does_not_outdate_the_tag_of_the_board_itself(api: Api) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    path = f"/boards/{board['id']}"
    tag = (await anna.get(path)).headers["etag"]
    await anna.column(board)
    assert await read(anna, path, tag) == 200  # its seq has changed
    answer = await anna.send("PATCH", path, json={"title": "New"}, headers={"if-match": tag})
    assert answer.status_code == 200
    assert answer.headers["etag"] == '"2"'


@pytest.mark.parametrize(
    "tags", ["*", " * ", '"0", "1"', 'W/"1"', '"1.c0de"', '  "1" ,"2"  ', '"*", "1"']
)
async def test_any_of_several_tags_will_do_and_proxies_may_weaken_them(api: Api, tags: str) -> None:
    anna = await api.user("anna")
    path = f"/boards/{(await anna.board())['id']}"
    answer = await anna.send("PATCH", path, json={"title": "New"}, headers={"if-match": tags})
    assert answer.status_code == 200


@pytest.mark.parametrize(
    "tags", ["1", "", '"1', '"1" "2"', "**", '"a"b"', '"ю"'.encode().decode("latin-1")]
)
async def test_a_header_without_tags_is_refused_and_not_overlooked(api: Api, tags: str) -> None:
    anna = await api.user("anna")
    path = f"/boards/{(await anna.board())['id']}"
    headers = {"if-match": tags.encode("latin-1")}
    answer = await anna.send("PATCH", path, json={"title": "New"}, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/header/If-Match"


async def test_what_is_new_has_no_version_to_match(api: Api) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    headers = {"if-match": "*"}
    for path, body in (
        ("/boards", {"title": "B"}),
        ("/columns", {"title": "C", "board_id": board["id"]}),
        (f"/boards/{board['id']}/users", {"user_id": (await api.user("boris")).id}),
    ):
        answer = await anna.send("POST", path, json=body, headers=headers)
        assert answer.status_code == 412, path


async def test_who_may_not_see_or_do_learns_nothing_from_versions(api: Api) -> None:
    anna, boris, guest = [await api.user(name) for name in ("anna", "boris", "guest")]
    board = await anna.board()
    await anna.invite(board, guest, "OBSERVER")
    task = await anna.task(await anna.column(board))
    for person, status in ((boris, 404), (guest, 403)):
        for tag in ('"1"', '"9"'):
            headers = {"if-match": tag}
            answer = await person.send("DELETE", f"/tasks/{task['id']}", headers=headers)
            assert answer.status_code == status


@pytest.mark.parametrize("operation", CHANGING, ids=str)
async def test_what_may_not_be_there_is_not_changed(
    api: Api, db: asyncpg.Connection, operation: Operation
) -> None:
    """Seen to fail when If-None-Match was not looked at where something is written."""
    here = await scene(api, "one")
    path, asked = address(here, operation), request(here, operation)
    before = await all_rows(db)
    tag = (await asked.person.get(path)).headers["etag"]
    for tags in ("*", tag, f'"0", W/{tag}'):
        refused = await asked.send(headers={"if-none-match": tags})
        assert refused.status_code == 412, refused.text
        assert refused.json()["current"] == (await asked.person.get(path)).json()
    assert await all_rows(db) == before
    done = await asked.send(headers={"if-none-match": '"0"'})
    assert done.is_success, done.text


async def test_what_is_new_may_be_asked_for_only_if_it_is_not_there(api: Api) -> None:
    anna = await api.user("anna")
    answer = await anna.send("POST", "/boards", json={"title": "B"}, headers={"if-none-match": "*"})
    assert answer.status_code == 201


async def test_an_asterisk_in_quotes_is_a_tag_that_nothing_has(api: Api) -> None:
    """Seen to fail when it meant any tag: whatever others had written was overwritten."""
    anna = await api.user("anna")
    path = f"/boards/{(await anna.board())['id']}"
    for tags in ('"*"', 'W/"*"', '"0", "*"', '"any tag"'.replace(" ", "")):
        answer = await anna.send("PATCH", path, json={"title": "N"}, headers={"if-match": tags})
        assert answer.status_code == 412, tags
    assert await read(anna, path, '"*"') == 200
    changed = await anna.send("PATCH", path, json={"title": "N"}, headers={"if-none-match": '"*"'})
    assert changed.status_code == 200


@pytest.mark.parametrize("tags", ["1", "", "**", '"*" *'])
async def test_a_malformed_condition_is_refused_whichever_it_is(api: Api, tags: str) -> None:
    anna = await api.user("anna")
    path = f"/boards/{(await anna.board())['id']}"
    headers = {"if-none-match": tags}
    answer = await anna.send("PATCH", path, json={"title": "New"}, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/header/If-None-Match"


@pytest.mark.parametrize("path", ["PUT", "PATCH", "DELETE"])
async def test_an_account_is_guarded_by_the_same_conditions(api: Api, path: str) -> None:
    anna = await api.user("anna")
    body = {} if path == "DELETE" else {"json": {"username": "anna", "email": "a@example.com"}}
    for name, tags in (("if-none-match", "*"), ("if-match", '"*"'), ("if-match", '"99"')):
        answer = await anna.send(path, f"/users/{anna.id}", headers={name: tags}, **body)
        assert answer.status_code == 412, tags
