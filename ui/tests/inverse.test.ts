import fc from "fast-check";
import { expect, test } from "vitest";
import { inverseOf } from "../src/board/inverse";
import type { Effect, Place } from "../src/board/ops";
import { laidOver } from "../src/board/overlay";
import { drawingOf, stateOf, type Drawing } from "../src/board/state";
import { aCard, aColumn, aSnapshot } from "./things";

const IDS = ["1", "2", "3", "4"];
const COLUMNS = ["todo", "doing", "done"];
const drawn = (): Drawing =>
  drawingOf(
    stateOf(
      aSnapshot(
        COLUMNS.map((id, at) => aColumn(id, `c${at}`, { status: at === 2 ? "DONE" : null })),
        IDS.map((id, at) => aCard(id, at < 3 ? "todo" : "done", `c${at}`)),
      ),
    ),
  );
const seen = (drawing: Drawing) => ({
  board: drawing.board.title,
  columns: drawing.columns.map((column) => [column.id, column.title, (drawing.lists.get(column.id) ?? []).map((card) => [card.id, card.title, card.status, card.column_id])]),
});

const place: fc.Arbitrary<Place> = fc.oneof(
  fc.constantFrom(...IDS).map((id) => ({ before: id })),
  fc.constantFrom(...IDS).map((id) => ({ after: id })),
  fc.constantFrom("top" as const, "bottom" as const).map((at) => ({ at })),
);
const effect: fc.Arbitrary<Effect> = fc.oneof(
  fc.record({ kind: fc.constant("task.move" as const), task: fc.constantFrom(...IDS, "gone"), column: fc.constantFrom(...COLUMNS), place }),
  fc.constantFrom("5", "6").map((id): Effect => ({ kind: "task.add", card: aCard(id, "todo", "") })),
  fc.constantFrom(...IDS).map((id): Effect => ({ kind: "task.patch", task: id, fields: { title: "new" } })),
  fc.constantFrom(...IDS).map((id): Effect => ({ kind: "task.remove", task: id })),
  fc.constantFrom(...COLUMNS).map((id): Effect => ({ kind: "column.patch", column: id, fields: { title: "other" } })),
  fc.tuple(fc.constantFrom(...COLUMNS), fc.constantFrom(...COLUMNS)).map(([id, before]): Effect => ({ kind: "column.move", column: id, place: { before } })),
  fc.constant<Effect>({ kind: "column.add", column: aColumn("new", "") }),
  fc.constant<Effect>({ kind: "board.patch", fields: { title: "Other" } }),
);

test("whatever was done, taking it back gives the board as it was", () => {
  fc.assert(
    fc.property(fc.uniqueArray(effect, { maxLength: 8, selector: (one) => (one.kind === "task.add" ? one.card.id : one) }), (effects) => {
      const before = drawn();
      const after = laidOver(before, effects);
      expect(seen(laidOver(after, inverseOf(before, effects)))).toEqual(seen(before));
    }),
  );
});

test("a column that goes comes back from the server alone, with its tasks", () => {
  expect(inverseOf(drawn(), [{ kind: "column.remove", column: "todo" }])).toEqual([]);
});
