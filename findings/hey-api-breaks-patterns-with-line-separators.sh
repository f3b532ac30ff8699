#!/usr/bin/env bash
# npm @hey-api/openapi-ts 0.95.0 with its zod plugin: `\u2028` in a schema's `pattern` is written into a regular expression
# literal as the character itself. For JavaScript that is a line terminator, which no such literal may contain: the
# generated file cannot be parsed, while the generator ends with "Done!". Other escapes are harmless there (`\t` stays, `\u0041`
# becomes A).
# Seen: the file has a raw U+2028, and esbuild says "Unterminated regular expression"; with \t it is fine.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund @hey-api/openapi-ts@0.95.0 zod@4.6.7 esbuild@0.27.0 typescript@5.9.3
generated() { # from a schema with this pattern; says what a parser says
    cat >"$1.json" <<JSON
{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, "components": {"schemas": {
  "Line": {"type": "string", "pattern": "$2"}}}}
JSON
    npx openapi-ts --input "$1.json" --output "$1" --plugins zod >/dev/null
    npx esbuild --log-level=error "$1/zod.gen.ts" 2>&1 >/dev/null || true
}
broken=$(generated separator '^[^\\u2028]*$')
fine=$(generated tab '^[^\\t\\u0041]*$')
echo "$broken"
grep -q "Unterminated regular expression" <<<"$broken"
grep -q "$(printf '\342\200\250')" separator/zod.gen.ts
test -z "$fine"
grep -qF '/^[^\tA]*$/' tab/zod.gen.ts
