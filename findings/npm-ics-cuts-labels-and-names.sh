#!/usr/bin/env bash
# npm ics 3.12.0 escapes commas in a title and a place, but not in a category: "Bug, urgent" is written as it
# is, and by RFC 5545 (section 3.8.1.2, a comma divides) any reader has two categories. A quotation mark in the name of an
# attendee or organizer becomes \" inside quotes; a parameter has no such escape ("MUST NOT contain the DQUOTE
# character", section 3.2; RFC 6868 has ^' for it). ical.js 2.2.1 reads a name that ends there; vobject 0.9.9
# (PyPI) refuses the whole calendar. createEvent() reports no error.
# Seen: ["Bug"," urgent"], the name "Anna \", and vobject's ParseError.
set -eu
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
cd "$place"
npm init --yes >/dev/null
npm install --silent --no-audit --no-fund ics@3.12.0 ical.js@2.2.1
python3 -m venv venv
venv/bin/pip --quiet --disable-pip-version-check install vobject==0.9.9
cat >try.mjs <<'JAVASCRIPT'
import { writeFileSync } from "node:fs";
import ICAL from "ical.js";
import { createEvent } from "ics";

const { error, value } = createEvent({
  uid: "1@board", start: [2026, 3, 1, 10, 0], duration: { hours: 1 }, title: "Ship, then rest",
  categories: ["Bug, urgent"], attendees: [{ name: 'Anna "Nan" Berg', email: "anna@example.org" }],
});
writeFileSync("written.ics", value);
const event = new ICAL.Component(ICAL.parse(value)).getFirstSubcomponent("vevent");
const labels = JSON.stringify(event.getFirstProperty("categories").getValues());
const name = event.getFirstProperty("attendee").getParameter("cn");
console.log("labels:", labels, "name:", name, "title:", event.getFirstPropertyValue("summary"));
if (error || labels !== '["Bug"," urgent"]' || name !== "Anna \\") process.exit(1);
if (event.getFirstPropertyValue("summary") !== "Ship, then rest") process.exit(1);
JAVASCRIPT
node try.mjs
venv/bin/python - <<'PYTHON'
import vobject

try:
    vobject.readOne(open("written.ics", newline="").read())
except vobject.base.ParseError as error:
    print("vobject:", error)
else:
    raise AssertionError("vobject reads it now")
PYTHON
