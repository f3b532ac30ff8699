import * as fc from "fast-check";
import { expect, test } from "vitest";
import { markdownOf, typedAddress } from "../src/board/attaching";
import { hasPlace, withoutPlace } from "../src/board/geotag";
import { endingOf, fileName, NAME_CHARS_MAX, pastedName, sizeWords } from "../src/board/names";
import type { Attachment } from "../src/api/types";
import { treeOf } from "../src/markdown/parse";
import { placeSegment } from "./journeys/pictures";

const ID = "0192f0aa-0000-7000-8000-000000000001";
const file = (more: Partial<Attachment> = {}) => ({ id: ID, title: "plan.png", url: null, media_type: "image/png", ...more }) as Attachment;

test("a name is what the server takes: seen, in one line, not turned round, not too long, with its ending", () => {
  expect(fileName("plan.pdf")).toBe("plan.pdf");
  expect(fileName("a\u202egpj.exe\n")).toBe("a gpj.exe");
  expect(fileName("\u200e\u202a")).toBe("file");
  const long = fileName(`${"я".repeat(400)}.xlsx`);
  expect([[...long].length, long.endsWith("….xlsx")]).toEqual([NAME_CHARS_MAX, true]);
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 400 }), (name) => {
      const found = fileName(name);
      expect([...found].length).toBeLessThanOrEqual(NAME_CHARS_MAX);
      expect(found).toMatch(/\S/);
      expect(found).not.toMatch(/[\p{Cc}\u2028\u2029\u202a-\u202e\u2066-\u2069]/u);
    }),
  );
});

test("a pasted picture is called by its time, any other file as it is", () => {
  const now = new Date(2026, 10, 9, 8, 5, 3);
  expect(pastedName("image.png", "Picture", now)).toBe("Picture 2026-11-09 08-05-03.png");
  expect(pastedName("plan.png", "Picture", now)).toBe("plan.png");
});

test("sizes are said in the words of the language, and endings only where they are some", () => {
  expect([0, 999, 1536, 1 << 20, 26_214_401].map((bytes) => sizeWords(bytes, "en"))).toEqual(["0 bytes", "999 bytes", "2 kB", "1 MB", "25 MB"]);
  expect(sizeWords(1_468_006, "ru").replace(/\s/, " ")).toBe("1,4 МБ");
  expect(["a.pdf", "b.tar.gz", "c", ".env", "d.a long one", "e."].map(endingOf)).toEqual(["PDF", "GZ", "", "ENV", "", ""]);
});

test("addresses are links as people type them; nothing else is one", () => {
  const typed = ["example.com", "https://example.com/a?b", "http://localhost:8000", "localhost:3000/x", "javascript:alert(1)", "two words.com", "word", "ftp://example.com", "https://"];
  expect(typed.map(typedAddress)).toEqual(["https://example.com", "https://example.com/a?b", "http://localhost:8000", "https://localhost:3000/x", null, null, null, null, null]);
});

test("what is copied for a description is shown as the very picture, whatever it is called", async () => {
  const about = { now: () => 0, pause: () => Promise.resolve() };
  await fc.assert(
    fc.asyncProperty(fc.string({ minLength: 1, maxLength: 40 }).map((name) => fileName(name)), async (title) => {
      const [paragraph] = (await treeOf(`x ${markdownOf(file({ title }))}`, about))!;
      const last = paragraph && "children" in paragraph ? paragraph.children.at(-1) : null;
      expect(last).toMatchObject({ kind: "picture", id: ID });
    }),
  );
  expect(markdownOf(file({ title: "notes.txt", media_type: "text/plain" }))).toBe(`[notes.txt](/attachments/${ID}/content)`);
  expect(markdownOf(file({ title: "Plan", url: "https://example.com/a b>", media_type: null }))).toBe("[Plan](<https://example.com/a b%3E>)");
});

const START = Buffer.of(0xff, 0xd8);
const REST = Buffer.from([0xff, 0xdb, 0, 4, 1, 2, 0xff, 0xda, 0, 2, 9, 9, 9, 0xff, 0xe1, 9]);
const xmp = (words: string) => {
  const text = Buffer.from(`http://ns.adobe.com/xap/1.0/\0${words}`, "latin1");
  const length = Buffer.alloc(2);
  length.writeUInt16BE(text.length + 2);
  return Buffer.concat([Buffer.of(0xff, 0xe1), length, text]);
};
const blob = (...parts: Buffer[]) => new Blob([new Uint8Array(Buffer.concat(parts))], { type: "image/jpeg" });
const bytes = async (from: Blob) => Buffer.from(await from.arrayBuffer());

test("the place is taken out of a picture, and nothing else is", async () => {
  const picture = blob(START, placeSegment(), REST);
  expect(await hasPlace(picture)).toBe(true);
  const [before, after] = [await bytes(picture), await bytes(await withoutPlace(picture))];
  expect(after.length).toBe(before.length);
  expect(await hasPlace(new Blob([new Uint8Array(after)]))).toBe(false);
  expect(after.includes(Buffer.from([52, 0, 0, 0, 1, 0, 0, 0, 30, 0, 0, 0]))).toBe(false);
  expect(after.subarray(-REST.length)).toEqual(REST);
  const orientation = 2 + 10 + 10; // the first entry of the first directory
  expect(after.subarray(orientation, orientation + 12)).toEqual(before.subarray(orientation, orientation + 12));
});

test("a place in words is taken out with them, other words stay", async () => {
  const picture = blob(START, xmp('<exif:GPSLatitude="52,30N"/>'), xmp("<dc:title>Cat</dc:title>"), REST);
  expect(await hasPlace(picture)).toBe(true);
  expect(await bytes(await withoutPlace(picture))).toEqual(Buffer.concat([START, xmp("<dc:title>Cat</dc:title>"), REST]));
});

test("pictures without a place, other files and broken ones are left as they are", async () => {
  for (const one of [blob(START, REST), blob(Buffer.from("GIF89a")), blob(), blob(START, xmp("nothing"), REST), blob(START, placeSegment().subarray(0, 60))]) {
    expect(await hasPlace(one)).toBe(false);
    expect(await withoutPlace(one)).toBe(one);
  }
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), async (noise) => {
      const one = blob(START, Buffer.from([0xff, 0xe1, 1, 0]), Buffer.from("Exif\0\0II*\0", "latin1"), Buffer.from(noise));
      expect((await bytes(await withoutPlace(one))).length).toBe(one.size);
    }),
  );
});
