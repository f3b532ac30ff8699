#!/usr/bin/env bash
# npm feedsmith 3.0.1 writes a value with & or < as a CDATA section on a line of its own, so that line breaks and indentation
# become part of the value. RFC 4287 (section 2) forbids white space in an IRI, and names writers that put it "around values by
# default" as those who "emit invalid Atom Documents": the id and the author's uri of such a feed are other identifiers (ids are
# compared character by character, section 4.2.6.1), and so are link and guid in RSS. Values without & and < are right, and its
# own parser trims. In OPML a line break within an attribute is written as it is, and by XML 1.0 (section 3.3.3) a reader has a
# space in its place (&#10; would last); an outline whose text is empty, as a divider has it, is left out.
# Seen: "\n    https://a.test/?a=1&b=2\n  " for the id, "one two" for "one\ntwo", and one outline of two. npm feed 6.0.0
# has the id as it is.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund feedsmith@3.0.1 feed@6.0.0
cat >write.mjs <<'JS'
import { writeFileSync } from 'node:fs'
import { Feed } from 'feed'
import { generateAtomFeed, generateOpml, generateRssFeed } from 'feedsmith'

const updated = new Date('2026-01-02T03:04:05Z')
const id = 'https://a.test/?a=1&b=2'
const guid = { value: id }
writeFileSync('atom.xml', generateAtomFeed({ id, title: { value: 'Board' }, updated, authors: [{ name: 'Anna', uri: id }] }))
writeFileSync('rss.xml', generateRssFeed({ title: 'Board', description: 'Cards', link: id, items: [{ title: 'One', guid }] }))
writeFileSync('plain.xml', generateAtomFeed({ id: 'https://a.test/', title: { value: 'Board' }, updated }))
writeFileSync('opml.xml', generateOpml({ body: { outlines: [{ text: 'one\ntwo' }, { text: '' }] } }))
writeFileSync('other.xml', new Feed({ id, title: 'Board', updated }).atom1())
JS
node write.mjs
python3 - <<'PYTHON'
from xml.etree import ElementTree


def values(name: str, *tags: str) -> list[str | None]:
    found = [element for element in ElementTree.parse(name).iter() if element.tag.split("}")[-1] in tags]
    return [element.text for element in found]


address = "https://a.test/?a=1&b=2"
padded = values("atom.xml", "id", "uri") + values("rss.xml", "link", "guid")
print(padded)
assert len(padded) == 4 and all(value != address == value.strip() for value in padded)
assert values("plain.xml", "id") == ["https://a.test/"]
assert values("other.xml", "id") == [address]
outlines = [dict(element.attrib) for element in ElementTree.parse("opml.xml").iter("outline")]
print(outlines)
assert outlines == [{"text": "one two"}]
PYTHON
