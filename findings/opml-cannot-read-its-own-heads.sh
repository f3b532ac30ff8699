#!/usr/bin/env bash
# npm opml 0.5.8 ("debugged … known to work, to respect the format"): stringify() escapes the attributes of outlines, but not what
# is in the head. A correct file with "Plans &amp; notes" as its title, parsed and written again, has a bare &, which is not
# well-formed (XML 1.0, section 2.4), and its own parse() refuses what stringify() made; "<old>" becomes an element. The text is
# said to be encoding="ISO-8859-1", whatever is in it; its characters are as they are, and written by Node as UTF-8 they are two or
# three others for a reader that believes the declaration. outlineToMarkdown() and markdownToOutline() add an empty outline at
# each turn, and outlineToPlaintext() is a ReferenceError.
# Seen: "Invalid character in entity name"; "naÃ¯ve" in Python for a file with "naïve"; two outlines, then three; filledString.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund opml@0.5.8
cat >see.cjs <<'JS'
const assert = require('node:assert')
const { writeFileSync } = require('node:fs')
const { promisify } = require('node:util')
const opml = require('opml')

const read = promisify(opml.parse)
const file = (title, text) =>
  `<?xml version="1.0"?><opml version="2.0"><head><title>${title}</title></head><body><outline text="${text}"/></body></opml>`
const refused = (error) => String(error.message ?? error).split('\n')[0]

async function main() {
  const plain = await read(file('Plans', 'a &amp; b'))
  assert.deepEqual((await read(opml.stringify(plain))).opml.body, plain.opml.body)
  const outline = await read(file('Plans &amp; notes', 'a'))
  assert.equal(outline.opml.head.title, 'Plans & notes')
  const said = await read(opml.stringify(outline)).then(() => 'read', refused)
  console.log('its own text:', said)
  assert.match(said, /Invalid character/)
  writeFileSync('notes.opml', opml.stringify(await read(file('Plans', 'naïve'))))
  const two = { opml: { head: {}, body: { subs: [{ text: 'a' }, { text: 'b' }] } } }
  const again = opml.markdownToOutline(opml.outlineToMarkdown(two)).opml.body.subs
  console.log('two outlines through Markdown:', again)
  assert.deepEqual(again, [{ text: 'a' }, { text: 'b' }, { text: '' }])
  assert.throws(() => opml.outlineToPlaintext(two), /filledString is not defined/)
}
main()
JS
node see.cjs
python3 - <<'PYTHON'
from xml.etree import ElementTree

text = ElementTree.parse("notes.opml").find("body/outline").get("text")
print("another reader:", text)
assert text == "naïve".encode().decode("latin-1")
PYTHON
