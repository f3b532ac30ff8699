"""The lines of the README, and of the page on the API, work when they are pasted in their order."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from api import Json
from programs import a_data_folder, run, serving

ROOT = Path(__file__).parents[2]
README, RUSSIAN, API = (ROOT / name for name in ("README.md", "README.ru.md", "docs/api.md"))
PAGES = [README, RUSSIAN, ROOT / "CONTRIBUTING.md", *sorted(ROOT.glob("docs/*.md"))]
LINES_MAX = 200
FETCHED = re.compile(r"^(npx|pipx) ", re.MULTILINE)  # what asks a registry
# What is refused fails the paste, and so does a name that nobody has set.
STRICT = """
set -euo pipefail
curl() { command curl --silent --show-error --fail-with-body --noproxy '*' "$@" && echo; }
"""
SEE = """
echo =====
curl -b jar $api/tasks/$task
curl -b jar $api/boards/$board
curl -b jar "$api/tasks?q=milk"
echo =====
"""


def blocks(page: Path) -> list[str]:
    text = page.read_text(encoding="utf-8")
    return re.findall(r"^```sh\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def asking(page: Path) -> str:
    """Give the lines of a page that ask the API."""
    return "".join(b for b in blocks(page) if "$api" in b and not FETCHED.search(b))


@pytest.fixture(scope="module")
def pasted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Paste both pages into one shell, where `make run` and the demo were; gives what it printed."""
    if not shutil.which("curl"):
        pytest.skip("the image has no curl")
    with a_data_folder() as folder, serving(folder, SIGN_IN_ATTEMPTS_A_MINUTE="1000") as server:
        assert run("demo", folder=folder).returncode == 0
        script = STRICT + asking(README) + SEE + asking(API)
        done = subprocess.run(
            [str(shutil.which("bash")), "-c", script.replace("http://localhost:8000", server.url)],
            cwd=tmp_path_factory.mktemp("paste"),
            capture_output=True,
            text=True,
            timeout=90,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        yield done.stdout


def seen(pasted: str) -> list[Json]:
    """Give what was looked at between the two pages."""
    return [json.loads(line) for line in pasted.split("=====\n")[1].splitlines() if line]


def test_the_readmes_lines_make_a_board_and_put_the_first_task_on_it(pasted: str) -> None:
    """Seen to fail with `"seq": 7` on a board of two events, and with an `$id` that nobody sets."""
    task, board, plain = seen(pasted)
    assert (task["title"], task["board_id"]) == ("Draw the logo", board["id"])
    assert (board["title"], board["role"]) == ("Website", "CREATOR")
    assert [one["board_id"] == board["id"] for one in plain["items"]] == [False]


def test_what_the_readmes_robot_did_is_taken_back_in_the_end(pasted: str) -> None:
    task, board, _ = seen(pasted)
    assert (task["status"], task["due_on"]) == ("TODO", None)
    assert board["seq"] == 4  # the board, the task, the robot's change, the undoing


def test_the_lines_of_the_page_on_the_api_go_on_from_there(pasted: str) -> None:
    told = pasted.split("=====\n")[2]
    assert '"batch_id":"' in told
    assert "change.undone" in told
    assert '"text":"dora: отмен' in told


def test_a_reader_of_the_translation_pastes_the_same_lines() -> None:
    translated = blocks(RUSSIAN)
    assert translated == blocks(README)[: len(translated)]
    assert len(translated) >= 3


def test_the_readme_stays_one_that_is_read_to_its_end() -> None:
    assert len(README.read_text(encoding="utf-8").splitlines()) <= LINES_MAX


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_of_a_page_leads_to_something(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    links = re.findall(r'\]\(([^)\s]+)\)|(?:src|srcset)="([^"]+)"', text)
    for link in (one or other for one, other in links):
        if not link.startswith(("http://", "https://")):
            path, _, anchor = link.partition("#")
            target = (page.parent / path) if path else page
            assert target.exists(), link
            assert not anchor or anchor in anchors(target), link


def anchors(page: Path) -> set[str]:
    """Name the headings of a page as forges do."""
    heads = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}
