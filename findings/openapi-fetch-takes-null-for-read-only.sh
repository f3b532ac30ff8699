#!/usr/bin/env bash
# npm openapi-fetch 0.17.0 (openapi-typescript-helpers 0.1.0): a property of a request's body whose type is only `null` counts
# as read-only. `Writable` asks `NonNullable<T[K]> extends $Read<any>`; without null nothing is left of it, and `never`
# extends all. So it becomes `?: never`, and a value of the schema's own type is refused as the body of its own operation.
# A `oneOf` that says "this one is given, and that one is null" is such a schema; literals without the null still compile.
# Seen: error TS2322/TS2345 for the value of the schema's type, none for the literal.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund openapi-fetch@0.17.0 typescript@5.9.3
cat >api.ts <<'TYPESCRIPT'
import createClient from "openapi-fetch";
export interface Move { at: string; after?: null }
interface paths {
  "/move": { parameters: {}; post: { parameters: {}; requestBody: { content: { "application/json": Move } }; responses: { 204: { content?: never } } } };
}
export const client = createClient<paths>();
TYPESCRIPT
cat >literal.ts <<'TYPESCRIPT'
import { client } from "./api";
void client.POST("/move", { body: { at: "top" } });
TYPESCRIPT
cat >typed.ts <<'TYPESCRIPT'
import { client, type Move } from "./api";
const move: Move = { at: "top", after: null };
void client.POST("/move", { body: move });
TYPESCRIPT
options="--noEmit --strict --skipLibCheck --target es2022 --module esnext --moduleResolution bundler"
npx tsc $options literal.ts
if said=$(npx tsc $options typed.ts); then
  echo "a value of the schema's type is taken now"
  exit 1
fi
echo "$said" | grep -m1 "'after' are incompatible"
