#!/usr/bin/env bash
# npm eventsource 4.1.1 (with eventsource-parser 3.1.1) forgets an id that comes in a block without data:
# it connects again without Last-Event-ID. By the HTML standard a block `id: 1` sets the last event id
# (the id is taken over before the data buffer is looked at), and the next request has it; Chromium
# does so. A client that is cut before the first event loses what happens in between.
# Seen: the second request has no Last-Event-ID after `id: 1` alone, and has it after an id with data.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund eventsource@4.1.1 eventsource-parser@3.1.1
cat >try.mjs <<'JAVASCRIPT'
import http from "node:http";
import { EventSource } from "eventsource";

async function secondRequest(block) {
  let asked = 0, told;
  const again = new Promise((resolve) => { told = resolve; });
  const server = http.createServer((request, answer) => {
    if (++asked === 2) told(request.headers["last-event-id"]);
    answer.writeHead(200, { "content-type": "text/event-stream" });
    answer.end(asked === 1 ? `retry: 100\n${block}` : "");
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const source = new EventSource(`http://127.0.0.1:${server.address().port}/`);
  const found = await again;
  source.close();
  server.closeAllConnections();
  server.close();
  return found;
}
const alone = await secondRequest("id: 1\n\n");
const withData = await secondRequest("id: 1\ndata: x\n\n");
console.log({ alone, withData });
if (alone !== undefined || withData !== "1") process.exit(1);
JAVASCRIPT
timeout 60 node try.mjs
