import fc from "fast-check";
import { expect, test } from "vitest";
import { isSameText, merge, withLineEndsOf } from "../src/board/merge";

test("changes far apart are both kept", () => {
  expect(merge("a\nb\nc\nd", "A\nb\nc\nd", "a\nb\nc\nD").text).toBe("A\nb\nc\nD");
  expect(merge("a\nb", "new\na\nb", "a\nb\nlast").text).toBe("new\na\nb\nlast");
});

test("what both did alike is done once", () => {
  expect(merge("a\nb", "a\nx", "a\nx").text).toBe("a\nx");
  expect(merge("a\nb\nc", "a\nc", "a\nc").text).toBe("a\nc");
});

test("the same line changed by both is for the person to decide, and both are shown", () => {
  const found = merge("a\nb\nc", "a\nmine\nc", "a\ntheirs\nc");
  expect(found.text).toBeNull();
  expect(found.pieces).toEqual([{ lines: ["a"] }, { base: ["b"], mine: ["mine"], theirs: ["theirs"] }, { lines: ["c"] }]);
});

test("a line deleted by one and changed by the other is in dispute", () => {
  expect(merge("a\nb\nc", "a\nc", "a\nB\nc").text).toBeNull();
});

const text = fc.array(fc.constantFrom("a", "b", "c", "", "d"), { maxLength: 8 }).map((lines) => lines.join("\n"));

test("who alone has changed a text wins", () => {
  fc.assert(
    fc.property(text, text, (base, changed) => {
      expect(merge(base, changed, base).text).toBe(changed);
      expect(merge(base, base, changed).text).toBe(changed);
    }),
  );
});

test("every line that one side alone has added is there afterwards", () => {
  fc.assert(
    fc.property(text, text, text, (base, mine, theirs) => {
      const marked = (side: string, from: string) => from.split("\n").map((line, at) => (at % 2 ? line : `${side}${line}`)).join("\n");
      const [a, b] = [marked("<", mine), marked(">", theirs)];
      const all = merge(base, a, b).pieces.flatMap((piece) => ("lines" in piece ? piece.lines : [...piece.mine, ...piece.theirs]));
      for (const line of a.split("\n").filter((one) => one.startsWith("<"))) expect(all).toContain(line);
      for (const line of b.split("\n").filter((one) => one.startsWith(">"))) expect(all).toContain(line);
    }),
  );
});

test("texts too long to compare are one dispute, not a hang", () => {
  const lines = (word: string) => Array.from({ length: 5000 }, (_, at) => `${word} ${at}`).join("\n");
  expect(merge(lines("base"), lines("mine"), lines("theirs")).text).toBeNull();
});

test("line ends of a form field are no change, and saving keeps the text's own", () => {
  expect(isSameText("a\r\nb", "a\nb")).toBe(true);
  expect(withLineEndsOf("a\nb\nc", "a\r\nb")).toBe("a\r\nb\r\nc");
  expect(withLineEndsOf("a\nb", "a")).toBe("a\nb");
});
