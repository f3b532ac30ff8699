#!/usr/bin/env bash
# npm rrule 2.8.1: isFullyConvertibleToText() is to hint whether all options of a rule can be put in words, and says true
# also for those that toText() leaves out (BYSETPOS, BYMINUTE, BYEASTER). So the last working day of each month has
# the words of every working day, and the first Monday those of every Monday. And fromText() reads a day of
# the year, as toText() has written it, for a day of the month: BYMONTHDAY=100, which no month has.
# Seen: "every month on weekdays" twice, with true; 2 dates and 44 in two months; RRULE:FREQ=YEARLY;BYMONTHDAY=100.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund rrule@2.8.1
cat >try.mjs <<'JAVASCRIPT'
import assert from "node:assert/strict";
import rrule from "rrule";

const { RRule } = rrule;
const [begin, end] = [new Date("2026-03-01T09:00:00Z"), new Date("2026-04-30T23:00:00Z")];
const rule = (text) => new RRule({ ...RRule.parseString(text), dtstart: begin });
const seen = {};
for (const text of ["FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1", "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR"]) {
  const made = rule(text);
  seen[text] = [made.toText(), made.isFullyConvertibleToText(), made.between(begin, end, true).length];
}
console.log(seen);
assert.deepEqual(Object.values(seen), [["every month on weekdays", true, 2], ["every month on weekdays", true, 44]]);
for (const text of ["FREQ=DAILY;BYMINUTE=30", "FREQ=YEARLY;BYEASTER=0"]) assert(rule(text).isFullyConvertibleToText());
assert.equal(rule("FREQ=DAILY;BYMINUTE=30").toText(), "every day");
const words = RRule.fromString("RRULE:FREQ=YEARLY;BYYEARDAY=100").toText();
console.log(words, "->", RRule.fromText(words).toString());
assert.equal(words, "every year on the 100th day");
assert.equal(RRule.fromText(words).toString(), "RRULE:FREQ=YEARLY;BYMONTHDAY=100");
JAVASCRIPT
node try.mjs
