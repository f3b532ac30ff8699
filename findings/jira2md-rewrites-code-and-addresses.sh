#!/usr/bin/env bash
# npm jira2md 3.0.1 ("All conversion work bi-directionally") looks for bold, italics, and headings also inside code and inside
# the addresses of links, both ways. In a Markdown code block (whose text is literal, CommonMark 0.31.2, section 4.5) a
# comment `# build` becomes "h1. build", and __init__ becomes *init*; in Jira, {code} is shown as it is, so the code on the
# card is another. In the address of a Jira link, _…_ becomes *…*, and the link leads elsewhere. ~~struck~~ is converted only
# between white space: a whole paragraph of it stays as it is, and the way back makes empty subscripts of it.
# Seen: "h1. build" and "*init*" in {code}; https://a.test/a*b*c for a_b_c; "<sub></sub>old<sub></sub>" for ~~old~~. PyPI
# jira2markdown 0.5.3 leaves the address and the code alone.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund jira2md@3.0.1
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install jira2markdown==0.5.3
cat >see.cjs <<'JS'
const assert = require('node:assert')
const { to_jira: toJira, to_markdown: toMarkdown } = require('jira2md')

const seen = (name, value, expected) => {
  console.log(`${name}: ${JSON.stringify(value)}`)
  assert.equal(value, expected)
}
seen('code', toJira('```py\n# build\nclass A:\n  __init__ = run\n```'), '{code:py}\nh1. build\nclass A:\n  *init* = run\n{code}')
seen('code, from Jira', toMarkdown('{code:sh}\n# build\n{code}'), '```sh\n1. build\n```')
seen('a link, from Jira', toMarkdown('[plan|https://a.test/a_b_c]'), '[plan](https://a.test/a*b*c)')
seen('a link, there and back', toMarkdown(toJira('[plan](https://a.test/a_b_c)')), '[plan](https://a.test/a*b*c)')
seen('struck', toJira('~~old~~'), '~~old~~')
seen('struck, there and back', toMarkdown(toJira('~~old~~')), '<sub></sub>old<sub></sub>')
JS
node see.cjs
venv/bin/python - <<'PYTHON'
from jira2markdown import convert

assert convert("[plan|https://a.test/a_b_c]") == "[plan](https://a.test/a_b_c)"
assert convert("{code:sh}\n# build\n{code}") == "```sh\n# build\n```"
PYTHON
