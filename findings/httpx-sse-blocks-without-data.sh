#!/usr/bin/env bash
# httpx-sse 0.4.3 (with httpx 0.28.1) delivers an event for every block of a stream, also for those
# without data: a block of only `retry:`, of only `id:`, and, once any id was seen, of only a comment
# (the usual heartbeat). The HTML standard dispatches nothing for them: "If the data buffer is an empty
# string, set the data buffer and the event type buffer to the empty string and return". So a plain
# json.loads(event.data) fails at the first heartbeat. Seen: four events, three of them with empty data.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet --disable-pip-version-check install httpx-sse==0.4.3 httpx==0.28.1
"$place/venv/bin/python" - <<'PYTHON'
import httpx
from httpx_sse import EventSource

STREAM = b'retry: 500\n\nid: 1\n\nid: 2\ndata: {"a": 1}\n\n: heartbeat\n\n'
answer = httpx.Response(200, headers={"content-type": "text/event-stream"}, content=STREAM)
found = [(event.id, event.data, event.retry) for event in EventSource(answer).iter_sse()]
print(found)
assert found == [("", "", 500), ("1", "", None), ("2", '{"a": 1}', None), ("2", "", None)]
PYTHON
