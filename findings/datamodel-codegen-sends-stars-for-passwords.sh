#!/usr/bin/env bash
# datamodel-code-generator 0.89.0 with pydantic 2.14.3: a property of `format: password` (a hint for forms in OpenAPI, which
# says nothing of how it is sent) becomes a SecretStr, in requests too. Pydantic writes a SecretStr as ten asterisks. So the
# model of a request's body, made and dumped as JSON, sends "**********" in place of the password, without an
# error or a warning: a sign-in is refused, and a registration takes the asterisks for the password.
# Seen: {"username":"anna","password":"**********"}; the same model reads the password as it is.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/venv"
"$place/venv/bin/pip" --quiet --disable-pip-version-check install datamodel-code-generator==0.89.0 pydantic==2.14.3
cat >"$place/api.json" <<'JSON'
{"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": {}, "components": {"schemas": {"LoginIn": {
  "type": "object", "required": ["username", "password"],
  "properties": {"username": {"type": "string"}, "password": {"type": "string", "format": "password"}}}}}}
JSON
"$place/venv/bin/datamodel-codegen" --input "$place/api.json" --input-file-type openapi \
    --output-model-type pydantic_v2.BaseModel --output "$place/models.py" 2>/dev/null
cd "$place"
"$place/venv/bin/python" - <<'PYTHON'
from models import LoginIn

body = LoginIn(username="anna", password="correct horse battery")
print(body.model_dump_json())
assert body.model_dump_json() == '{"username":"anna","password":"**********"}'
assert body.password.get_secret_value() == "correct horse battery"
PYTHON
