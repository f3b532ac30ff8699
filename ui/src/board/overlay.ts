/** Lays what is done but not confirmed over the confirmed board. */
import type { Card, Column, Id } from "../api/types";
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
    case "task.remove":
      return void take(drawn, effect.task);
    case "board.patch":
      drawn.board = { ...drawn.board, ...effect.fields };
      return;
    default:
      return layColumn(drawn, effect);
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
  const list = drawn.lists.get(card.column_id)!;
  const after = changed(effect, card, effect.fields);
  drawn.lists.set(card.column_id, list.map((one) => (one === card ? after : one)));
}

type ColumnEffect = Exclude<Effect, { kind: `task.${string}` } | { kind: "board.patch" }>;

function layColumn(drawn: Drawing, effect: ColumnEffect): void {
  if (effect.kind === "column.add") {
    if (drawn.columns.some((column) => column.id === effect.column.id)) return;
    drawn.columns = [...drawn.columns, effect.column];
    drawn.lists.set(effect.column.id, []);
    return;
  }
  const column = drawn.columns.find((one) => one.id === effect.column);
  if (!column) return;
  const others = drawn.columns.filter((one) => one !== column);
  if (effect.kind === "column.move") drawn.columns = put(others, column, effect.place);
  if (effect.kind === "column.remove") drawn.columns = others;
  if (effect.kind === "column.patch") drawn.columns = drawn.columns.map((one) => (one === column ? changed(effect, column, effect.fields) : one));
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
function put<T extends { id: Id }>(list: readonly T[], item: T, place: Place): T[] {
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

function changed<T extends Card | Column>(effect: Effect, from: T, fields: Partial<T>): T {
  const known = MEMO.get(effect);
  if (known?.from === from) return known.to as T;
  const to = { ...from, ...fields };
  MEMO.set(effect, { from, to });
  return to;
}
