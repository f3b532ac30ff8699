import fc from "fast-check";
import { expect, test } from "vitest";
import { opOf, type Effect, type Op, type Place } from "../src/board/ops";
import { overlay } from "../src/board/overlay";
import { drawingOf, stateOf, type Drawing } from "../src/board/state";
import { aCard, aColumn, aSnapshot } from "./things";

const IDS = ["1", "2", "3", "4"];
const COLUMNS = ["todo", "doing", "done"];
const drawn = (): Drawing =>
  drawingOf(stateOf(aSnapshot(COLUMNS.map((id, at) => aColumn(id, `c${at}`)), IDS.map((id, at) => aCard(id, at < 3 ? "todo" : "done", `c${at}`)))));
const op = (...effects: Effect[]): Op => opOf("task.move", "", { method: "POST", path: "/" }, effects);
const ids = (drawing: Drawing, column: string) => drawing.lists.get(column)!.map((card) => card.id);

test("a move is drawn beside its neighbour, and takes on the column's status", () => {
  const after = overlay(drawn(), [op({ kind: "task.move", task: "3", column: "todo", place: { before: "1" } }), op({ kind: "task.move", task: "2", column: "done", place: { after: "4" } })]);
  expect(ids(after, "todo")).toEqual(["3", "1"]);
  expect(ids(after, "done")).toEqual(["4", "2"]);
});

test("beside a neighbour that is gone it lands at the bottom", () => {
  const after = overlay(drawn(), [op({ kind: "task.move", task: "1", column: "done", place: { before: "gone" } })]);
  expect(ids(after, "done")).toEqual(["4", "1"]);
});

test("what is confirmed already never shows twice", () => {
  const after = overlay(drawn(), [op({ kind: "task.add", card: aCard("1", "todo", "x") })]);
  expect(ids(after, "todo")).toEqual(["1", "2", "3"]);
});

test("the confirmed board is not touched, and untouched lists stay the same", () => {
  const before = drawn();
  const lists = new Map([...before.lists].map(([id, list]) => [id, [...list]]));
  const after = overlay(before, [op({ kind: "task.remove", task: "1" })]);
  expect([...before.lists]).toEqual([...lists]);
  expect(after.lists.get("done")).toBe(before.lists.get("done"));
});

test("the same change of the same card is the same object, so that it is not drawn anew", () => {
  const [before, change] = [drawn(), op({ kind: "task.patch", task: "1", fields: { title: "new" } })];
  expect(overlay(before, [change]).lists.get("todo")![0]).toBe(overlay(before, [change]).lists.get("todo")![0]);
});

test("columns are added, moved, changed and removed", () => {
  const after = overlay(drawn(), [
    op({ kind: "column.add", column: aColumn("new", "") }),
    op({ kind: "column.move", column: "new", place: { before: "todo" } }),
    op({ kind: "column.patch", column: "done", fields: { title: "Ready" } }),
    op({ kind: "column.remove", column: "doing" }),
    op({ kind: "board.patch", fields: { title: "Other" } }),
  ]);
  expect(after.columns.map((column) => column.title)).toEqual(["new", "todo", "Ready"]);
  expect(after.board.title).toBe("Other");
});

const place: fc.Arbitrary<Place> = fc.oneof(
  fc.constantFrom(...IDS, "gone").map((id) => ({ before: id })),
  fc.constantFrom(...IDS, "gone").map((id) => ({ after: id })),
  fc.constantFrom("top" as const, "bottom" as const).map((at) => ({ at })),
);
const effect: fc.Arbitrary<Effect> = fc.oneof(
  fc.record({ kind: fc.constant("task.move" as const), task: fc.constantFrom(...IDS, "gone"), column: fc.constantFrom(...COLUMNS, "gone"), place }),
  fc.constantFrom(...IDS, "5").map((id): Effect => ({ kind: "task.add", card: aCard(id, "todo", "") })),
  fc.constantFrom(...IDS, "gone").map((id): Effect => ({ kind: "task.patch", task: id, fields: { title: "new" } })),
);

test("whatever is done, every task is drawn once, in the column that it names", () => {
  fc.assert(
    fc.property(fc.array(effect, { maxLength: 12 }), (effects) => {
      const all = [...overlay(drawn(), effects.map((one) => op(one))).lists].flatMap(([column, list]) => list.map((card) => ({ column, card })));
      expect(new Set(all.map(({ card }) => card.id)).size).toBe(all.length);
      for (const { column, card } of all) expect(card.column_id).toBe(column);
      for (const id of IDS) expect(all.some(({ card }) => card.id === id)).toBe(true);
    }),
  );
});
