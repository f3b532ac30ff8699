#!/usr/bin/env bash
# npm structured-headers 2.1.0: a number whose fraction rounds to nothing in three digits is written as digits and a
# point with nothing behind it: 1.0001 becomes "1.", 0.0004 becomes "0.". RFC 9651 (section 4.1.5) wants a zero there
# where the fraction is zero, and a reader must fail on a final point (section 4.2.4), as its own parseItem() does:
# the whole field is ignored then, with all members of a dictionary or list.
# Seen: "1.", "0.", and "a=1, t=2." for a dictionary, all refused by its own reader; 1.0015 and 1.5 are fine. The
# PyPI library http-sf 1.5.0 writes 1.0.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund structured-headers@2.1.0
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install http-sf==1.5.0
cat >try.mjs <<'JAVASCRIPT'
import assert from "node:assert/strict";
import { parseDictionary, parseItem, serializeDictionary, serializeItem } from "structured-headers";

const none = new Map();
const written = [1.0001, 0.0004, 1.0015, 1.5].map((value) => serializeItem([value, none]));
const dictionary = serializeDictionary({ a: 1, t: 2.0001 });
console.log(written, dictionary);
assert.deepEqual(written, ["1.", "0.", "1.002", "1.5"]);
assert.equal(dictionary, "a=1, t=2.");
for (const text of written.slice(0, 2)) assert.throws(() => parseItem(text));
assert.throws(() => parseDictionary(dictionary), (error) => (console.log(error.message), true));
JAVASCRIPT
node try.mjs
venv/bin/python -c 'import http_sf
found = http_sf.ser(1.0001); print("http-sf:", found); assert found == "1.0"'
