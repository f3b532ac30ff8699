#!/usr/bin/env bash
# obstore 0.12.1 does not take back what it gave, in MemoryStore and LocalStore. put() and head() return e_tag and version, both
# `str | None` as in UpdateVersion ("recommended applications preserve both"); with the version None, which these stores give,
# put(mode=…) raises TypeError, and only the mapping without that key works. The last_modified of head() has microseconds, the
# store compares nanoseconds: get(options={"if_unmodified_since": …}) with it fails for an object that nobody touched, and
# if_modified_since sends all of it again. By RFC 9110 (sections 13.1.3 and 13.1.4) the date itself counts as unmodified.
# And get(options={"head": True}), "Request transfer of no content", transfers the content.
# Seen: TypeError, PreconditionError, the whole body instead of NotModifiedError, and the body for head.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet --disable-pip-version-check install obstore==0.12.1
cd "$place"
mkdir files
venv/bin/python - <<'PYTHON'
from obstore.exceptions import NotModifiedError, PreconditionError
from obstore.store import LocalStore, MemoryStore

import obstore


def outcome(what) -> str:
    try:
        return what()
    except (NotModifiedError, PreconditionError, TypeError) as error:
        return type(error).__name__


memory = MemoryStore()
for store in memory, LocalStore("files"):
    unmodified, modified = [], []
    for name in "abcdef":  # one in a thousand may be at a whole microsecond
        given = obstore.put(store, name, b"hello")
        changed = obstore.head(store, name)["last_modified"]

        def got(condition: str) -> str:
            return bytes(obstore.get(store, name, options={condition: changed}).bytes()).decode()

        unmodified.append(outcome(lambda: got("if_unmodified_since")))
        modified.append(outcome(lambda: got("if_modified_since")))
    update = outcome(lambda: obstore.put(store, "f", b"again", mode=given))
    head = bytes(obstore.get(store, "f", options={"head": True}).bytes())
    print(type(store).__name__, given, "->", update, *set(unmodified), *set(modified), head)
    assert given["version"] is None and update == "TypeError"
    assert unmodified.count("PreconditionError") > 3 and modified.count("hello") > 3
    assert head == b"hello"
given.clear()
current = obstore.head(memory, "f")
assert obstore.put(memory, "f", b"again", mode={"e_tag": current["e_tag"]})
PYTHON
