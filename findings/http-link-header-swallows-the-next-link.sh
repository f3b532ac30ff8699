#!/usr/bin/env bash
# npm http-link-header 1.1.4 ("according to RFC 8288"): white space before a comma, which every HTTP list may have (RFC 9110,
# section 5.6.1: OWS "," OWS), makes an attribute of the next link: `; rel="next" , <…>; rel="last"` is one link, with an
# attribute named `, <…>; rel`. An unquoted value keeps the space, and a second relation "" comes of it. A parameter without
# a value (RFC 8288, section 3: link-param = token BWS [ "=" … ]) takes all up to the next "=" into its name, be it its
# neighbour or another link, and is right only at the very end. There is no error.
# Seen: one link and the name ", <https://a.test/9>; rel"; relations "next" and ""; the names "crossorigin, <…>; rel" and
# "crossorigin; type". PyPI requests 2.34.2 reads two links from the first.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund http-link-header@1.1.4
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install requests==2.34.2
cat >see.cjs <<'JS'
const assert = require('node:assert')
const Link = require('http-link-header')

const read = (text) => Link.parse(text).refs
const last = '<https://a.test/9>; rel="last"'

assert.equal(read(`<https://a.test/2>; rel="next", ${last}`).length, 2)
const spaced = read(`<https://a.test/2>; rel="next" , ${last}`)
console.log('a space before the comma:', spaced)
assert.deepEqual(spaced, [{ uri: 'https://a.test/2', rel: 'next', ', <https://a.test/9>; rel': 'last' }])
const bare = read('<https://a.test/2>; rel=next ; title=on').map((link) => link.rel)
console.log('a space before the semicolon:', bare)
assert.deepEqual(bare, ['next', ''])
const flag = read(`<https://a.test/f>; rel=preload; crossorigin, ${last}`)
console.log('no value, then a link:', flag)
assert.deepEqual(flag, [{ uri: 'https://a.test/f', rel: 'preload', 'crossorigin, <https://a.test/9>; rel': 'last' }])
const beside = read('<https://a.test/f>; crossorigin; type="font/woff2"; rel=preload')
assert.deepEqual(beside, [{ uri: 'https://a.test/f', 'crossorigin; type': 'font/woff2', rel: 'preload' }])
const end = read('<https://a.test/f>; rel=preload; crossorigin')
assert.deepEqual(end, [{ uri: 'https://a.test/f', rel: 'preload', crossorigin: '' }])
JS
node see.cjs
venv/bin/python - <<'PYTHON'
from requests.utils import parse_header_links

links = parse_header_links('<https://a.test/2>; rel="next" , <https://a.test/9>; rel="last"')
print("requests:", links)
assert [link["rel"].strip() for link in links] == ["next", "last"]
PYTHON
