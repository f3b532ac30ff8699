"""Several people who do anything they can think of on one board."""

from dataclasses import dataclass
from typing import Any

import asyncpg

from api import Api, Json, Person
from attaching import linked
from comments import a_comment, reaction_at
from doska.boards.kinds import on_board
from labels import a_label

Template = tuple[str, str, Json]
Deed = tuple[int, Template, int, int]  # who does what, and to which of the things there are

THINGS = {kind.noun: kind.table for kind in on_board() if kind.is_named}
_ORDERS = {
    "columns": "id",
    "labels": "rank",
    "tasks": "number",
    "subtasks": "(select number from tasks t where t.id = x.task_id), rank",
}
_SEEN = {"comments": "and exists (select from tasks t where t.id = x.task_id)"}
OWN = f"""select id::text from comments x
    where board_id = $1 and author_id = $2 {_SEEN["comments"]} order by id"""
NAMED = f"""
    select {
    ", ".join(
        f"array(select id::text from {table} x where board_id = $1 {_SEEN.get(table, '')}"
        f" order by {_ORDERS.get(table, 'id')}) as {noun}"
        for noun, table in THINGS.items()
    )
},
        (select count(*) from board_users where board_id = $1) as people,
        (select seq from boards where id = $1) as seq"""

TEMPLATES: list[Template] = [
    ("POST", "/tasks", {"column_id": "{column}", "title": "Draw"}),
    ("POST", "/tasks", {"column_id": "{column}", "title": "Draw", "assignee_ids": ["{person}"]}),
    ("POST", "/tasks", {"column_id": "{column}", "title": "Draw", "is_archived": True}),
    ("PATCH", "/tasks/{task}", {"title": "Paint", "due_at": "2026-12-31T21:00:00.10+03:00"}),
    ("PATCH", "/tasks/{task}", {"due_on": "2026-12-31"}),
    ("PATCH", "/tasks/{task}", {"due_on": None}),
    ("PATCH", "/tasks/{task}", {"status": "DONE"}),
    ("PATCH", "/tasks/{task}", {"description": "In three sizes"}),
    ("PATCH", "/tasks/{task}", {"description": ""}),
    ("POST", "/tasks", {"column_id": "{column}", "title": "Draw", "description": "In oil"}),
    ("PATCH", "/tasks/{task}", {"column_id": "{column}", "assignee_ids": ["{person}"]}),
    ("PATCH", "/tasks/{task}", {"is_archived": True}),
    ("PATCH", "/tasks/{task}", {"is_archived": False}),
    ("PUT", "/tasks/{task}", {"title": "Sing", "priority": "HIGH", "color": "#2F80ED"}),
    ("POST", "/tasks/{task}/move", {"before": "{other_task}"}),
    ("POST", "/tasks/{task}/move", {"after": "{other_task}"}),
    ("POST", "/tasks/{task}/move", {"column_id": "{column}", "at": "top"}),
    ("PUT", "/tasks/{task}/assignees/{person}", {}),
    ("DELETE", "/tasks/{task}/assignees/{person}", {}),
    ("DELETE", "/tasks/{task}", {}),
    ("POST", "/subtasks", {"task_id": "{task}", "title": "Sketch"}),
    ("POST", "/subtasks", {"task_id": "{task}", "title": "Ink", "is_completed": True}),
    ("PATCH", "/subtasks/{subtask}", {"is_completed": True}),
    ("POST", "/subtasks/{subtask}/move", {"after": "{other_subtask}"}),
    ("DELETE", "/subtasks/{subtask}", {}),
    ("POST", "/labels", {"board_id": "{board}", "title": "Bug", "color": "#2f80ed"}),
    ("POST", "/labels", {"board_id": "{board}", "color": "#d64545"}),
    ("PATCH", "/labels/{label}", {"title": "Idea", "color": "#2f80ed"}),
    ("POST", "/labels/{label}/move", {"before": "{other_label}"}),
    ("DELETE", "/labels/{label}", {}),
    ("PUT", "/tasks/{task}/labels/{label}", {}),
    ("DELETE", "/tasks/{task}/labels/{label}", {}),
    ("PATCH", "/tasks/{task}", {"label_ids": ["{label}"]}),
    ("POST", "/tasks/{task}/links", {"url": "https://example.com/a"}),
    ("PATCH", "/attachments/{attachment}", {"title": "Plan"}),
    ("DELETE", "/attachments/{attachment}", {}),
    ("POST", "/comments", {"task_id": "{task}", "body": "Looks good"}),
    ("POST", "/comments", {"task_id": "{task}", "body": "Looks **good**, twice"}),
    ("PATCH", "/comments/{own_comment}", {"body": "Looks better"}),
    ("PUT", "/comments/{comment}", {"body": "Looks best"}),
    ("DELETE", "/comments/{comment}", {}),
    ("DELETE", "/comments/{own_comment}", {}),
    ("PUT", "/comments/{comment}/reactions/👍", {}),
    ("PUT", "/comments/{comment}/reactions/❤️", {}),
    ("DELETE", "/comments/{comment}/reactions/👍", {}),
    ("POST", "/columns", {"board_id": "{board}", "title": "Review", "status": "IN_PROGRESS"}),
    ("PATCH", "/columns/{column}", {"task_limit": 2, "limit_is_hard": True}),
    ("PUT", "/columns/{column}", {"title": "Ready", "status": "DONE"}),
    ("POST", "/columns/{column}/move", {"after": "{other_column}"}),
    ("PATCH", "/columns/{column}", {"is_archived": True}),
    ("PATCH", "/tasks/{task}", {"title": "Still to be painted"}),
    ("PATCH", "/columns/{column}", {"is_archived": False}),
    ("DELETE", "/columns/{column}", {}),
    ("DELETE", "/columns/{column}", {"tasks": "delete"}),
    ("DELETE", "/columns/{column}", {"tasks": "move", "to": "{other_column}"}),
    ("PATCH", "/boards/{board}", {"title": "Shop", "is_public": True}),
    ("PUT", "/boards/{board}", {"title": "Site", "is_archived": True}),
    ("POST", "/boards/{board}/users", {"user_id": "{person}"}),
    ("PUT", "/boards/{board}/users/{person}", {"role": "MEMBER"}),
    ("PUT", "/boards/{board}/users/{person}", {"role": "MODERATOR"}),
    ("PUT", "/boards/{board}/users/{person}", {"role": "CREATOR"}),
    ("DELETE", "/boards/{board}/users/{other_person}", {}),
    ("POST", "/boards/{board}/undo", {"seq": "{seq}"}),
    ("POST", "/boards/{board}/batch", {"operations": [
        {"op": "create_task", "body": {"column_id": "{column}", "title": "Draw"}},
        {"op": "create_subtask", "body": {"task_id": "$0.id", "title": "Ink"}},
        {"op": "update_task", "task_id": "{task}", "body": {"title": "Paint", "priority": "LOW"}},
        {"op": "move_task", "task_id": "{task}", "body": {"before": "$0.id"}},
        {"op": "create_label", "body": {"color": "#2f80ed"}},
        {"op": "label_task", "task_id": "$0.id", "label_id": "$4.id"},
        {"op": "label_task", "task_id": "{task}", "label_id": "{label}"},
        {"op": "delete_label", "label_id": "{label}"},
        {"op": "create_comment", "body": {"task_id": "$0.id", "body": "Made together"}},
        {"op": "create_comment", "body": {"task_id": "{task}", "body": "Looks good"}},
        {"op": "add_reaction", "comment_id": "$8.id", "emoji": "👍"},
        {"op": "add_reaction", "comment_id": "{comment}", "emoji": "🎉"},
    ]}),
    ("POST", "/boards/{board}/batch", {"operations": [
        {"op": "create_column", "body": {"title": "Later"}},
        {"op": "delete_column", "column_id": "{column}", "tasks": "move", "to": "$0.id"},
        {"op": "delete_task", "task_id": "{task}"},
    ]}),
    ("PATCH", "/users/{self}", {"name": "Somebody else"}),
    ("PATCH", "/users/{self}", {"name": "Oneself", "avatar_url": "https://example.com/a.png"}),
    ("DELETE", "/users/{self}", {}),
    ("DELETE", "/users/{person}", {}),
]  # fmt: skip


@dataclass
class World:
    """A board and the people who may be on it; the first is its CREATOR, the last everyone's."""

    db: asyncpg.Connection
    people: list[Person]
    board: str
    nobody_leaves: bool = False  # who has left comes back by their own will only

    async def do(self, deed: Deed) -> None:
        """Do it, if what it names exists; it may be refused."""
        actor, (method, path, body), first, second = deed
        person = self.people[actor % len(self.people)]
        names = await self._names(person, first, second)
        if method == "DELETE" and path.startswith("/users") and names["people"] == "1":
            return  # the board would go with its last person
        if self.nobody_leaves and path.endswith("{other_person}") and method == "DELETE":
            person = self.people[-1]  # the administrator, who may take back own leaving, too
        try:
            path, body = path.format(**names), _filled(body, names)
        except KeyError:
            return
        where = "params" if method == "DELETE" else "json"
        response = await person.send(method, path, **{where: body})
        assert response.status_code < 500
        if method == "DELETE" and path.startswith("/users/") and response.is_success:
            self.people = [other for other in self.people if other.id not in path]

    async def _names(self, person: Person, first: int, second: int) -> dict[str, str]:
        row = await self.db.fetchrow(NAMED, self.board)
        names = {"board": self.board, "self": person.id, "people": str(row["people"])}
        names["seq"] = str(max(1, row["seq"] - first))
        people = [other.id for other in self.people]
        names["person"], names["other_person"] = _both(people, first, second)
        for kind in THINGS:
            if ids := row[kind]:
                names[kind], names[f"other_{kind}"] = _both(ids, first, second)
        if own := await self.db.fetch(OWN, self.board, person.id):
            names["own_comment"] = own[first % len(own)]["id"]
        return names


async def world_of(api: Api, db: asyncpg.Connection) -> World:
    """Make a board with a few things; the last of the people is an administrator, not on it."""
    people = [await api.user() for _ in range(5)]
    creator, moderator, member, _, administrator = people
    await db.execute("update users set is_admin = true where id = $1", administrator.id)
    board = await creator.board(columns=["To do", "Done"])
    await creator.invite(board, moderator, "MODERATOR")
    await creator.invite(board, member, "MEMBER")
    for column in await creator.items(f"/boards/{board['id']}/columns"):
        task = await member.task(column, assignee_ids=[member.id, creator.id])
        await creator.task(column)
        await creator.subtask(task)
        await creator.subtask(task)
        label = await a_label(creator, board, column["title"])
        await creator.put(f"/tasks/{task['id']}/labels/{label['id']}")
        await linked(member, task)
        await creator.put(reaction_at(await a_comment(member, task)))
        await a_comment(creator, task)
    return World(db, people, board["id"])


def _both(ids: list[str], first: int, second: int) -> tuple[str, str]:
    return ids[first % len(ids)], ids[second % len(ids)]


def _filled(body: Json, names: dict[str, str]) -> Json:
    def fill(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: fill(item) for name, item in value.items()}
        if isinstance(value, list):
            return [fill(item) for item in value]
        if value == "{seq}":
            return int(names["seq"])
        return value.format(**names) if isinstance(value, str) else value

    filled: Json = fill(body)
    return filled
