"""What proxies that compress make of a tag, as they were seen to do it, changes nothing."""

from collections.abc import Callable

import pytest

from api import Api
from operations import CHANGING, OPERATIONS, Operation, Scene, address, request, scene

(UPDATING,) = [o for o in OPERATIONS if o.id == "update_task"]
OBJECTS = [o for o in OPERATIONS if o.id in ("read_me", "read_board", "read_person", "read_task")]


def weak(tag: str) -> str:
    return f"W/{tag.removeprefix('W/')}"


def ending(text: str) -> Callable[[str], str]:
    """Let a proxy add something within the quotes."""
    return lambda tag: f'{tag[:-1]}{text}"'


# Tried by hand on 2026-11-28, each in front of Doska, with the compression that is named.
SEEN: dict[str, Callable[[str], str]] = {
    "caddy 2.11.7 gzip": ending("-gzip"),
    "caddy 2.11.7 zstd": ending("-zstd"),
    "apache 2.4.71 mod_deflate": ending("-gzip"),
    "apache 2.4.71 mod_brotli": ending("-br"),
    "nginx 1.22.1 gzip": weak,
    "nginx 1.22.1 brotli": weak,
}
READ_ABOUT: dict[str, Callable[[str], str]] = {
    "spring": ending("--gzip"),
    "lighttpd": ending("-deflate"),
    "two of them": lambda tag: weak(ending("-gzip")(tag)),
}
PROXIES = {**SEEN, **READ_ABOUT}


@pytest.mark.parametrize("proxy", PROXIES)
@pytest.mark.parametrize("operation", OBJECTS, ids=str)
async def test_what_is_known_is_known_behind_a_proxy(
    api: Api, operation: Operation, proxy: str
) -> None:
    """Apache passes on what the client sends, and Doska sent all of it again."""
    asked = request(await scene(api, "own"), operation)
    path = operation.path.format(**asked.path)
    tag = (await asked.send()).headers["etag"]
    known = {"if-none-match": PROXIES[proxy](tag)}
    assert (await asked.person.send("GET", path, headers=known)).status_code == 304
    for other in (ending("-x")(tag), ending("gzip")(tag), f'{PROXIES[proxy](tag)[:-1]}0"'):
        answer = await asked.person.send("GET", path, headers={"if-none-match": other})
        assert answer.status_code == 200


@pytest.mark.parametrize("proxy", PROXIES)
@pytest.mark.parametrize("packed", ["gzip", "identity"])
async def test_a_whole_board_is_known_behind_a_proxy(api: Api, proxy: str, packed: str) -> None:
    anna = await api.user("anna")
    path = f"/boards/{(await anna.board())['id']}/snapshot"
    accept = {"accept-encoding": packed}
    tag = (await anna.send("GET", path, headers=accept)).headers["etag"]
    known = {**accept, "if-none-match": PROXIES[proxy](tag)}
    assert (await anna.send("GET", path, headers=known)).status_code == 304


@pytest.mark.parametrize("proxy", PROXIES)
async def test_a_write_is_as_safe_behind_a_proxy(api: Api, proxy: str) -> None:
    """Seen to fail: "2-gzip" was no version of anything, and 412 for ever."""
    await written_by_tag(await scene(api, "own"), UPDATING, PROXIES[proxy])


@pytest.mark.parametrize("operation", CHANGING, ids=str)
async def test_every_write_is(api: Api, operation: Operation) -> None:
    await written_by_tag(await scene(api, "own"), operation, SEEN["apache 2.4.71 mod_brotli"])


async def written_by_tag(here: Scene, operation: Operation, given: Callable[[str], str]) -> None:
    asked = request(here, operation)
    tag = (await asked.person.get(address(here, operation))).headers["etag"]
    version = f'{tag.partition(".")[0]}"'  # as a write's answer has it
    for header in ({"if-match": given('"99"')}, {"if-none-match": given(version)}):
        assert (await asked.send(headers=header)).status_code == 412
    done = await asked.send(headers={"if-match": given(version)})
    assert done.is_success, done.text


@pytest.mark.parametrize("proxy", PROXIES)
async def test_a_batch_takes_what_a_proxy_gave(api: Api, proxy: str) -> None:
    anna = await api.user("anna")
    board = await anna.board()
    task = await anna.task(await anna.column(board))
    path = f"/boards/{board['id']}/batch"
    for version, status in ((2, 412), (1, 200)):
        one = {"op": "update_task", "task_id": task["id"], "body": {"title": "New"}}
        guarded = {**one, "if_match": PROXIES[proxy](f'"{version}"')}
        answer = await anna.post(path, operations=[guarded])
        assert answer.status_code == status, answer.text
