import fc from "fast-check";
import { expect, test } from "vitest";
import { begunAt, candidates, mentionsIn, namedIn } from "../src/board/mentions";
import { withMentions } from "../src/markdown/mentions";
import { treeOf } from "../src/markdown/parse";
import { anna, boris } from "./things";

test("a mention is a word with an @ before it: not in addresses, paths or words, and without the sentence's full stop", () => {
  expect(mentionsIn("@anna, (@boris_2-x.y) and @Анна...").map((one) => one.handle)).toEqual(["anna", "boris_2-x.y", "Анна"]);
  expect(mentionsIn("me@anna.com /@x .@x 5@x @ @. x@")).toEqual([]);
  expect(mentionsIn("so **@anna**")).toEqual([{ start: 5, end: 10, handle: "anna" }]);
});

test("those who are named are people of the board, each once, in any case", () => {
  expect(namedIn("@ANNA @boris @anna @carl", [anna, boris])).toEqual([{ handle: "anna", user: anna }, { handle: "boris", user: boris }]);
});

test("the mention that is being typed stands before the caret", () => {
  expect(begunAt("Hi @bo and", 6)).toEqual({ start: 3, words: "bo" });
  expect(begunAt("@", 1)).toEqual({ start: 0, words: "" });
  expect([begunAt("me@bo", 5), begunAt("Hi @bo and", 7), begunAt("", 0)]).toEqual([null, null, null]);
});

test("people are found by the beginning of a name first, then by its middle", () => {
  const all = [{ ...anna, name: "Zoë Ann" }, { ...boris, name: "Boris Žanna" }];
  const found = (words: string) => candidates(all, words).map((user) => user.id);
  expect([found("ann"), found("zan"), found("zoe"), found("or"), found("q"), found("")]).toEqual([["anna", "boris"], ["boris"], ["anna"], ["boris"], [], ["boris", "anna"]]);
});

test("in Markdown those who are named are shown so: not in code, not in links, and nobody whom the server does not name", async () => {
  const tree = withMentions((await treeOf("**@boris**, @carl `@boris` [@boris](https://example.com) @BORIS."))!, [{ handle: "boris", user: boris }]);
  const kinds = JSON.stringify(tree, (key, value: unknown) => (key === "user" ? (value as { id: string } | null)?.id : value));
  expect(kinds.match(/"mention"/g)!.length).toBe(2);
  expect(kinds).toContain(`{"kind":"strong","children":[{"kind":"mention","text":"@boris","user":"boris"}]}`);
  expect(kinds).toContain(`{"kind":"text","text":", @carl "}`);
  expect(kinds).toContain(`{"kind":"mention","text":"@BORIS","user":"boris"},{"kind":"text","text":"."}`);
});

test("showing who is named loses no letter of a text", () => {
  const part = fc.constantFrom("@", "anna", "boris", ".", " ", "/", "@anna", "я");
  fc.assert(
    fc.property(fc.array(part).map((parts) => parts.join("")), (text) => {
      const nodes = withMentions([{ kind: "text", text }], [{ handle: "anna", user: anna }, { handle: "boris", user: null }]);
      expect(nodes.map((node) => ("text" in node ? node.text : "")).join("")).toBe(text);
    }),
  );
});

/** An expression that looks for the end would begin anew at each of the stops. */
test("the end of a long name is sought once, and one that is too long for a name is none", () => {
  const begun = performance.now();
  expect(mentionsIn(`@${".".repeat(200_000)}a`)).toEqual([]);
  expect(mentionsIn(`@${"a".repeat(41)} @${"b".repeat(40)}`).length).toBe(1);
  expect(begunAt("@".repeat(50_000), 50_000)).not.toBe(null);
  expect(performance.now() - begun).toBeLessThan(1_000);
});
