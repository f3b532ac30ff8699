"""Every operation of the OpenAPI document, with a request that succeeds on one's own objects."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx

from api import PASSWORD, Api, Json, Person
from attaching import PNG, attached, drawn, linked
from comments import HEART, THUMB, a_comment, reaction_at
from conftest import documentation
from doska.doors.models import Import
from doska.identity.models import User
from doska.schemas import new_id
from labels import a_label
from made_once import made_once
from people import fresh_name

DOCUMENT = documentation()
SCHEMAS = DOCUMENT["components"]["schemas"]
Headers = Mapping[str, str] | list[tuple[str, str]]

WRITING = ("post", "put", "patch", "delete")
NOT_BY_DEFAULT = {
    "people",
    "mapping",
    "into",
    "before",
    "after",
    "due_on",
    "is_admin",
    "is_active",
    "invitation",
}


@dataclass(frozen=True)
class Operation:
    """One operation: where it is, what it takes."""

    id: str
    method: str
    path: str
    described: Json = field(compare=False, repr=False)

    def __str__(self) -> str:
        return self.id

    @property
    def is_writing(self) -> bool:
        return self.method in WRITING

    @property
    def is_public(self) -> bool:
        return "security" not in self.described

    @property
    def is_for_tokens(self) -> bool:
        """Whether an access token is good for it."""
        return any("token" in way for way in self.described.get("security", []))

    @property
    def fields(self) -> Json:
        """The properties of the body; empty where there is none."""
        content = self.described.get("requestBody", {}).get("content", {})
        reference = content.get("application/json", {}).get("schema", {}).get("$ref", "")
        return dict(SCHEMAS[reference.rsplit("/", 1)[1]]["properties"]) if reference else {}

    def parameters(self, place: str) -> list[Json]:
        return [p for p in self.described.get("parameters", []) if p["in"] == place]


def _operations() -> Iterator[Operation]:
    for path, methods in DOCUMENT["paths"].items():
        for method, described in methods.items():
            yield Operation(described["operationId"], method, path, described)


OPERATIONS = tuple(_operations())
KEYED = tuple(
    operation
    for operation in OPERATIONS
    if any(p["name"] == "Idempotency-Key" for p in operation.parameters("header"))
)
WITH_BODY = tuple(operation for operation in OPERATIONS if operation.fields)


@dataclass
class Scene:
    """Somebody with one of everything; each text on it carries ``word``."""

    word: str
    owner: Person
    member: Person
    friend: Person
    administrator: Person
    ids: dict[str, str]

    def id_of(self, name: str, operation: Operation) -> str:
        """Give the id that a parameter or field of this name means."""
        if (name, operation.id) == ("task_id", "unlabel_task"):  # the other keeps its version
            return self.ids["other_task_id"]
        if name == "emoji":
            return HEART if operation.id == "add_reaction" else THUMB
        if name in ("before", "after"):
            return self.ids[f"other_{operation.path.split('/')[1].rstrip('s')}_id"]
        if name == "user_id":
            person = self.friend if "{user_id}" not in operation.path else self.member
            return self.owner.id if operation.path.startswith("/users/") else person.id
        if name == "token":
            return self.ids[
                f"{'password' if operation.id == 'reset_password' else 'invitation'}_token"
            ]
        return self.ids[name]


async def tried_import(person: Person) -> str:
    """Give an import whose dry run has ended: as it is told, for a real one takes a second."""
    begun = await person.send("POST", "/imports", params={"dry_run": "true"}, content=b"{}")
    import_id = str(begun.json()["id"])
    await Import.filter(id=import_id).update(status="done", finished_at=datetime.now(UTC))
    return import_id


async def scene(api: Api, word: str) -> Scene:
    """Set up a scene."""
    return await made_once(api, f"one of everything: {word}", lambda: _scene(api, word))


async def _scene(api: Api, word: str) -> Scene:
    owner = await api.user(fresh_name(word))
    member, friend = await api.user(fresh_name("member")), await api.user(fresh_name("friend"))
    board = await owner.board(f"{word} board", description=word)
    await owner.invite(board, member)
    columns = [await owner.column(board, f"{word} column") for _ in range(2)]
    tasks = [
        await owner.task(columns[0], f"{word} task", assignee_ids=[member.id]) for _ in range(2)
    ]
    subtasks = [await owner.subtask(tasks[0], f"{word} subtask") for _ in range(2)]
    labels = [await a_label(owner, board, f"{word} {n}") for n in ("label", "other")]
    await owner.put(f"/tasks/{tasks[1]['id']}/labels/{labels[0]['id']}")
    links = [await linked(owner, tasks[0], title=f"{word} {n}") for n in ("link", "other")]
    comments = [await a_comment(owner, tasks[0], f"{word} comment") for _ in range(2)]
    await owner.put(reaction_at(comments[0]))
    ids = {"board_id": board["id"], "assignee_id": member.id, "actor_id": member.id}
    ids["author_id"] = member.id
    ids["to"] = columns[1]["id"]
    for name, (own, other) in {
        "column": columns,
        "task": tasks,
        "subtask": subtasks,
        "label": labels,
        "attachment": links,
        "comment": comments,
    }.items():
        ids |= {f"{name}_id": own["id"], f"other_{name}_id": other["id"]}
    file = await attached(owner, tasks[0], name=f"{word}.png")
    await drawn(api, file)
    ids["file_id"] = file["id"]
    ids["import_id"] = await tried_import(owner)
    ids["session_id"] = (await owner.items("/auth/sessions"))[0]["id"]
    token = await owner.post("/auth/tokens", name=word, scope="read")
    ids["token_id"] = token.json()["id"]
    administrator = await api.user(fresh_name("administrator"))
    await User.filter(id=administrator.id).update(is_admin=True)
    link = await administrator.post(f"/users/{owner.id}/password-link")
    invitation = (await owner.post(f"/boards/{board['id']}/invitations")).json()
    ids["invitation_id"] = invitation["id"]
    for name, made in {"password": link.json(), "invitation": invitation}.items():
        ids[f"{name}_token"] = made["url"].partition("#")[2]
    return Scene(word, owner, member, friend, administrator, ids)


SUBTASK_CREATED = 8  # an event of the scene's board
VALUES: dict[str, Callable[[Scene], Any]] = {
    "id": lambda _: new_id(),
    "title": lambda s: f"{s.word} title",
    "description": lambda s: f"{s.word} text",
    "body": lambda s: f"{s.word} text",
    "is_public": lambda _: False,
    "is_archived": lambda _: False,
    "is_completed": lambda _: True,
    "limit_is_hard": lambda _: False,
    "task_limit": lambda _: 5,
    "color": lambda _: "#2f80ed",
    "columns": lambda s: [f"{s.word} column"],
    "status": lambda _: "IN_PROGRESS",
    "priority": lambda _: "HIGH",
    "due_at": lambda _: "2026-12-31T18:00:00Z",
    "assignee_ids": lambda s: [s.member.id],
    "label_ids": lambda s: [s.ids["label_id"]],
    "role": lambda _: "OBSERVER",
    "at": lambda _: "top",
    "seq": lambda _: SUBTASK_CREATED,
    "username": lambda s: fresh_name(s.word),
    "name": lambda s: s.word,
    "email": lambda s: f"{fresh_name(s.word)}@example.com",
    "avatar_url": lambda _: "https://example.com/picture.png",
    "login": lambda s: str((s.owner.me or {})["username"]),
    "password": lambda _: PASSWORD,
    "current_password": lambda _: PASSWORD,
    "operations": lambda s: [
        {"op": "create_column", "body": {"title": f"{s.word} title"}},
        {"op": "create_task", "body": {"column_id": "$0.id", "title": f"{s.word} title"}},
    ],
    "scope": lambda _: "write",
    "expires_at": lambda _: "2099-12-31T18:00:00Z",
    "board_ids": lambda s: [s.ids["board_id"]],
    "url": lambda _: "https://example.com/plan",
    "new_password": lambda _: "another horse battery 9",
}


@dataclass
class Request:
    """A request to an operation, made to be changed before it is sent."""

    operation: Operation
    person: Person
    path: dict[str, str]
    query: dict[str, str]
    body: Json | None
    file: bytes | None = None

    async def send(
        self, content: bytes | None = None, headers: Headers | None = None
    ) -> httpx.Response:
        """Send it; with other bytes as its body, if there are any."""
        url = self.operation.path.format(**self.path)
        options: dict[str, Any] = {"params": self.query, "headers": headers}
        if content is not None:
            options["content"] = content
            options["headers"] = {"content-type": "application/json", **dict(headers or {})}
        elif self.body is not None:
            options["json"] = self.body
        elif self.file is not None:
            options["content"] = self.file
        return await self.person.send(self.operation.method.upper(), url, **options)


def _asker(scene: Scene, operation: Operation) -> Person:
    """Give who may: most is the owner's, but not what is for others than oneself."""
    special = {"accept_invitation": scene.friend, "create_password_link": scene.administrator}
    return special.get(operation.id, scene.owner)


def request(scene: Scene, operation: Operation) -> Request:
    """Make a request that succeeds, with every field of the body filled in."""
    person = scene.owner.api.nobody() if operation.is_public else _asker(scene, operation)
    path = {p["name"]: scene.id_of(p["name"], operation) for p in operation.parameters("path")}
    body = {
        name: VALUES[name](scene) if name in VALUES else scene.id_of(name, operation)
        for name in operation.fields
        if name not in NOT_BY_DEFAULT
    }
    query = {"tasks": "move", "to": scene.ids["to"]} if operation.id == "delete_column" else {}
    query |= {"format": "csv"} if operation.id == "export_board" else {}
    file = PNG if operation.id == "add_attachment" else None
    query |= {"name": f"{scene.word}.png"} if file else {}
    file = b'{"lists": [], "cards": []}' if operation.id == "create_import" else file
    if operation.id in ("read_attachment_content", "read_attachment_thumbnail"):
        path["attachment_id"] = scene.ids["file_id"]
    return Request(operation, person, path, query, body or None, file)


TABLES = (
    "users", "boards", "board_users", "columns", "tasks", "task_assignees", "subtasks", "labels",
    "task_labels", "attachments", "blobs", "comments", "comment_reactions", "comment_sizes", "events",
    "idempotency_keys", "login_failures", "request_quotas", "touched_rows", "jobs", "tellings",
    "used_ids", "password_links", "invitations", "former_people", "imports", "import_refs", "extras",
)  # fmt: skip
_ALL_ROWS = " || ".join(
    f"coalesce((select md5(string_agg(r::text, '|' order by r::text)) from {table} r), '-')"
    for table in TABLES
)


async def all_rows(db: asyncpg.Connection) -> str:
    """Give a digest of every row but the sign-ins."""
    return str(await db.fetchval(f"select {_ALL_ROWS}"))


def takes(operation: Operation, header: str) -> bool:
    return any(p["name"] == header for p in operation.parameters("header"))


CHANGING = [operation for operation in OPERATIONS if takes(operation, "If-Match")]


def address(scene: Scene, operation: Operation) -> str:
    """Give the address of the object that an operation changes."""
    parts = request(scene, operation).operation.path.format(**request(scene, operation).path)
    is_person = operation.path.startswith("/boards/{board_id}/users/")
    return parts if is_person else "/".join(parts.split("/")[:3])
