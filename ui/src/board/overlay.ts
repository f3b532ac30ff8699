/** Lays what is done but not confirmed over the confirmed board. */
import type { Card, Column, Id, Label } from "../api/types";
import type { Effect, Op, Place } from "./ops";
import type { Drawing } from "./state";

/** Draw ops over a board, the oldest first; what an op speaks of and is gone is passed over. */
export function overlay(drawing: Drawing, ops: readonly Op[]): Drawing {
  return ops.length ? laidOver(drawing, ops.flatMap((op) => op.effects)) : drawing;
}

/** Draw effects over a board. */
export function laidOver(drawing: Drawing, effects: readonly Effect[]): Drawing {
  const drawn: Drawing = { ...drawing, lists: new Map(drawing.lists) };
  for (const effect of effects) lay(drawn, effect);
  return drawn;
}

function lay(drawn: Drawing, effect: Effect): void {
  switch (effect.kind) {
    case "task.add":
      return addTask(drawn, effect.card, effect.place ?? { at: "bottom" });
    case "task.move":
      return moveTask(drawn, effect);
    case "task.patch":
      return patchTask(drawn, effect);
    case "task.label":
      return labelTask(drawn, effect);
    case "task.remove":
      return void take(drawn, effect.task);
    case "comment.set":
    case "comment.patch":
    case "comment.react":
      return; // beside the board: `comments` lays them over what is open
    case "label.add":
    case "label.move":
    case "label.patch":
    case "label.remove":
      drawn.labels = inRow(drawn.labels, effect, effect.label);
      return;
    case "board.patch":
      drawn.board = { ...drawn.board, ...effect.fields };
      return;
    default:
      drawn.columns = inRow(drawn.columns, effect, effect.column);
      for (const { id } of drawn.columns) if (!drawn.lists.has(id)) drawn.lists.set(id, []);
  }
}

function addTask(drawn: Drawing, card: Card, place: Place): void {
  if (find(drawn, card.id)) return; // confirmed already: it never shows twice
  const list = drawn.lists.get(card.column_id);
  if (list) drawn.lists.set(card.column_id, put(list, card, place));
}

function moveTask(drawn: Drawing, effect: Effect & { kind: "task.move" }): void {
  const to = drawn.columns.find((column) => column.id === effect.column);
  if (!to) return;
  const card = take(drawn, effect.task);
  if (!card) return;
  const isOther = card.column_id !== to.id;
  const fields = isOther ? { column_id: to.id, status: to.status ?? card.status } : {};
  const moved = changed(effect, card, { ...fields, rank: "" }); // the server's to say
  drawn.lists.set(to.id, put(drawn.lists.get(to.id) ?? [], moved, effect.place));
}

function patchTask(drawn: Drawing, effect: Effect & { kind: "task.patch" }): void {
  const card = find(drawn, effect.task);
  if (!card) return;
  redraw(drawn, card, changed(effect, card, effect.fields));
}

function labelTask(drawn: Drawing, effect: Effect & { kind: "task.label" }): void {
  const card = find(drawn, effect.task);
  if (!card) return;
  const others = (card.label_ids ?? []).filter((id) => id !== effect.label);
  redraw(drawn, card, changed(effect, card, { label_ids: effect.isOn ? [...others, effect.label] : others }));
}

function redraw(drawn: Drawing, card: Card, after: Card): void {
  const list = drawn.lists.get(card.column_id)!;
  drawn.lists.set(card.column_id, list.map((one) => (one === card ? after : one)));
}

type InRow = Extract<Effect, { kind: `column.${string}` | `label.${string}` }>;

/** Lay an effect over what stands in a row: columns, labels. */
function inRow<T extends Column | Label>(row: T[], effect: InRow, on: T | Id): T[] {
  if (typeof on === "object") return row.some((one) => one.id === on.id) ? row : [...row, on];
  const item = row.find((one) => one.id === on);
  if (!item) return row;
  const others = row.filter((one) => one !== item);
  if ("place" in effect) return put(others, item, effect.place);
  if (!("fields" in effect)) return others;
  return row.map((one) => (one === item ? changed(effect, item, effect.fields as Partial<T>) : one));
}

function find(drawn: Drawing, id: Id): Card | undefined {
  for (const list of drawn.lists.values()) {
    const card = list.find((one) => one.id === id);
    if (card) return card;
  }
  return undefined;
}

function take(drawn: Drawing, id: Id): Card | undefined {
  const card = find(drawn, id);
  if (card) drawn.lists.set(card.column_id, drawn.lists.get(card.column_id)!.filter((one) => one !== card));
  return card;
}

/** Put something into a list; beside a neighbour that is not there, at the bottom. */
export function put<T extends { id: Id }>(list: readonly T[], item: T, place: Place): T[] {
  const at = placeIn(list, place);
  return [...list.slice(0, at), item, ...list.slice(at)];
}

function placeIn(list: readonly { id: Id }[], place: Place): number {
  if ("at" in place) return place.at === "top" ? 0 : list.length;
  const neighbour = "before" in place ? place.before : place.after;
  const found = list.findIndex((one) => one.id === neighbour);
  if (found < 0) return list.length;
  return "before" in place ? found : found + 1;
}

// The same card with the same change is the same object, so that only what changes is drawn anew.
const MEMO = new WeakMap<Effect, { from: object; to: object }>();

function changed<T extends Card | Column | Label>(effect: Effect, from: T, fields: Partial<T>): T {
  const known = MEMO.get(effect);
  if (known?.from === from) return known.to as T;
  const to = { ...from, ...fields };
  MEMO.set(effect, { from, to });
  return to;
}
