/** What takes effects back on the screen, where that can be known here: undo is then drawn in the same frame. */
import type { Card, Id } from "../api/types";
import type { Effect } from "./ops";
import { laidOver } from "./overlay";
import type { Drawing } from "./state";
import { placeAt } from "./steps";

/** The effects that take these back from what they make of a drawing; what comes back from the server alone is left out. */
export function inverseOf(drawing: Drawing, effects: readonly Effect[]): Effect[] {
  const back: Effect[] = [];
  let before = drawing;
  for (const effect of effects) {
    back.unshift(...invert(before, effect));
    before = laidOver(before, [effect]);
  }
  return back;
}

function invert(before: Drawing, effect: Effect): Effect[] {
  switch (effect.kind) {
    case "task.add":
      return isThere(before, effect.card.id) ? [] : [{ kind: "task.remove", task: effect.card.id }];
    case "task.remove":
      return standing(before, effect.task, (card, place) => [{ kind: "task.add", card, place }]);
    case "task.move":
      return standing(before, effect.task, (card, place) => [
        { kind: "task.move", task: card.id, column: card.column_id, place },
        { kind: "task.patch", task: card.id, fields: { status: card.status } },
      ]);
    case "task.label":
      return standing(before, effect.task, (card) => {
        const wasOn = (card.label_ids ?? []).includes(effect.label);
        return wasOn === effect.isOn ? [] : [{ ...effect, isOn: wasOn }];
      });
    case "task.patch":
      return standing(before, effect.task, (card) => [{ kind: "task.patch", task: card.id, fields: picked(card, effect.fields) }]);
    case "comment.set":
    case "comment.react":
      return [{ ...effect, isOn: !effect.isOn }]; // made only where it changes something
    case "comment.patch":
      return [{ ...effect, fields: effect.was, was: effect.fields }];
    case "board.patch":
      return [{ kind: "board.patch", fields: picked(before.board, effect.fields) }];
    case "column.add":
      return [{ kind: "column.remove", column: effect.column.id }];
    case "label.add":
      return [{ kind: "label.remove", label: effect.label.id }];
    case "column.remove":
    case "label.remove":
      return []; // with its tasks it comes from the server
    case "column.move":
      return replaced(before.columns, effect.column, (place) => ({ ...effect, place }));
    case "label.move":
      return replaced(before.labels, effect.label, (place) => ({ ...effect, place }));
    case "column.patch":
      return refilled(before.columns, effect.column, effect.fields, (fields) => ({ ...effect, fields }));
    case "label.patch":
      return refilled(before.labels, effect.label, effect.fields, (fields) => ({ ...effect, fields }));
  }
}

/** Back to where something stood in its row. */
function replaced(row: readonly { id: Id }[], id: Id, back: (place: Place) => Effect): Effect[] {
  const at = row.findIndex((one) => one.id === id);
  return at < 0 ? [] : [back(placeAt(row.filter((one) => one.id !== id), at))];
}

/** Back to what something was. */
function refilled<T extends { id: Id }>(row: readonly T[], id: Id, fields: Partial<T>, back: (fields: Partial<T>) => Effect): Effect[] {
  const found = row.find((one) => one.id === id);
  return found ? [back(picked(found, fields))] : [];
}

type Place = ReturnType<typeof placeAt>;

/** Where a card stands now, by its neighbour. */
function standing(before: Drawing, id: Id, back: (card: Card, place: Place) => Effect[]): Effect[] {
  for (const list of before.lists.values()) {
    const at = list.findIndex((one) => one.id === id);
    const card = list[at];
    if (card) return back(card, placeAt(list.filter((one) => one !== card), at));
  }
  return [];
}

function isThere(before: Drawing, id: Id): boolean {
  return [...before.lists.values()].some((list) => list.some((card) => card.id === id));
}

function picked<T extends object>(from: T, fields: Partial<T>): Partial<T> {
  return Object.fromEntries(Object.keys(fields).map((name) => [name, from[name as keyof T]])) as Partial<T>;
}
