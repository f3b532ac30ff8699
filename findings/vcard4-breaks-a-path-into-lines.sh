#!/usr/bin/env bash
# npm vcard4 4.0.5 ("fully implements RFC 6350") does not read what it writes: a backslash before an n, as in C:\new, is written
# \\n, and read as a backslash and a line break (section 3.4: a backslash in a value is \\, a line break is \n). It writes \: for
# a colon, which is no escape there, so that another reader has a backslash before each. It refuses the RFC's own examples of
# SORT-AS for N and ORG (sections 5.9 and 6.6.4), though it has a SortAsParameter; and a LABEL in quotation marks, whose
# comma is text (section 3.3: QSAFE-CHAR), becomes a list of two.
# Seen: "C:\", a line break, and "ew"; C\:\new in ical.js 2.2.1; InvalidVcard; ["1 Main", " Springfield"]. ical.js reads both lines.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund vcard4@4.0.5 ical.js@2.2.1
cat >see.mjs <<'JS'
import assert from 'node:assert'
import ICAL from 'ical.js'
import { FNProperty, NoteProperty, TextType, VCARD, parse } from 'vcard4'

const path = 'C:\\new'
const written = new VCARD([new FNProperty([], new TextType('Anna')), new NoteProperty([], new TextType(path))]).repr()
const own = parse(written).parsedVcard[1].value
const others = ICAL.Component.fromString(written).getFirstPropertyValue('note')
console.log('written:', written.split('\r\n')[3], 'read:', JSON.stringify(own), 'by ical.js:', JSON.stringify(others))
assert.equal(written.split('\r\n')[3], 'NOTE:C\\:\\\\new')
assert.equal(own, 'C:\\\new')
assert.equal(others, 'C\\:\\new')

const card = (line) => `BEGIN:VCARD\r\nVERSION:4.0\r\nFN:Rene van der Harten\r\n${line}\r\nEND:VCARD\r\n`
const sorted = ['N;SORT-AS="Harten,Rene":van der Harten;Rene,J.;Sir;R.D.O.N.', 'ORG;SORT-AS="ABC":ABC\\, Inc.']
for (const line of sorted) {
  assert.throws(() => parse(card(line)), /unknown parameter: SORT-AS/)
  assert.ok(ICAL.Component.fromString(card(line)).getAllProperties().at(-1).getParameter('sort-as'))
}
const address = card('ADR;LABEL="1 Main, Springfield":;;1 Main;Springfield;;;')
const { LABEL: label } = parse(address).parsedVcard[1].parameters
console.log('refused:', sorted.length, 'label:', label)
assert.deepEqual(label, ['1 Main', ' Springfield'])
assert.equal(ICAL.Component.fromString(address).getFirstProperty('adr').getParameter('label'), '1 Main, Springfield')
JS
node see.mjs
