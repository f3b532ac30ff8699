#!/usr/bin/env bash
# pytodotxt 3.1.0: TodoTxt.add() gives the new task the number of tasks as its line, while the others keep those of
# the file; save() sorts by them. Where the file has empty lines, or a task was taken out before, the new one is
# not at the end but in the middle, before tasks that were there first. And parse() is to "detect the line separator of
# the file automatically and remember it ... for the time when you save the file", but opens the file as text, where
# Python has already made each a \n: a file with \r\n is saved with \n. parse_str() and bytes are read right.
# Seen: one, new, five, six; two, new, three; and b'one\ntwo\n' for b'one\r\ntwo\r\n'.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet --disable-pip-version-check install pytodotxt==3.1.0
cd "$place"
"$place/venv/bin/python" - <<'PYTHON'
from pathlib import Path

from pytodotxt import Task, TodoTxt, TodoTxtParser

FILE = Path("todo.txt")


def saved(before: bytes, taken: int | None = None, new: str | None = None) -> bytes:
    FILE.write_bytes(before)
    board = TodoTxt(FILE)
    board.parse()
    if taken is not None:
        board.tasks.pop(taken)
    if new:
        board.add(Task(new))
    board.save(linesep=None if b"\r" in before else "\n")
    return FILE.read_bytes()


found = saved(b"one\n\n\n\nfive\nsix\n", new="new"), saved(b"one\ntwo\nthree\n", taken=0, new="new")
print(*found, saved(b"one\r\ntwo\r\n"))
assert found == (b"one\nnew\nfive\nsix\n", b"two\nnew\nthree\n")
assert saved(b"one\r\ntwo\r\n") == b"one\ntwo\n"
reader = TodoTxtParser()
reader.parse(b"one\r\ntwo\r\n")
assert reader.linesep == "\r\n"
PYTHON
