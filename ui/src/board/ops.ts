/** What a person does, before the server has said so: drawn at once, sent in order, and dropped when it is confirmed. */
import { uuid7 } from "../api/ids";
import type { Write } from "../api/client";
import type { Board, Card, Column, Comment, Id, Label } from "../api/types";

/** Where something is put: beside a neighbour, for that stays right whatever others do meanwhile. */
export type Place = { before: Id } | { after: Id } | { at: "top" | "bottom" };

export type Effect =
  | { kind: "task.add"; card: Card; place?: Place }
  | { kind: "task.move"; task: Id; column: Id; place: Place }
  | { kind: "task.patch"; task: Id; fields: Partial<Card> }
  | { kind: "task.label"; task: Id; label: Id; isOn: boolean }
  | { kind: "task.remove"; task: Id }
  | { kind: "column.add"; column: Column }
  | { kind: "column.move"; column: Id; place: Place }
  | { kind: "column.patch"; column: Id; fields: Partial<Column> }
  | { kind: "column.remove"; column: Id }
  | { kind: "label.add"; label: Label }
  | { kind: "label.move"; label: Id; place: Place }
  | { kind: "label.patch"; label: Id; fields: Partial<Label> }
  | { kind: "label.remove"; label: Id }
  | { kind: "comment.set"; task: Id; comment: Comment; isOn: boolean }
  | { kind: "comment.patch"; task: Id; comment: Id; fields: Partial<Comment>; was: Partial<Comment> }
  | { kind: "comment.react"; task: Id; comment: Id; emoji: string; user: Id; isOn: boolean }
  | { kind: "board.patch"; fields: Partial<Board> };

/** Plain data, so that it can wait on disk. */
export interface Op {
  /** Its `Idempotency-Key`. */
  key: string;
  /** When it was done, in ms; the server forgets keys after 24 h. */
  at: number;
  /** What it is called, in toasts and in what undo says: a name in the dictionary's `ops`. */
  name: string;
  /** What it is about, for words: a title, as typed. */
  subject: string;
  write: Write;
  effects: Effect[];
  /** How often the server has failed at it. */
  failures: number;
  state: "waiting" | "sending" | "answered";
  /** The board's number that it became, once answered. */
  seq?: number;
  /** Whether it was ever under way: one that was may have happened, and is settled by its key first. */
  wasSent?: boolean;
  /** Of a text: what it began from. A 412 is no conflict while that stands there unchanged. */
  base?: { field: "title" | "description" | "body"; text: string; mine: string; comment?: Id };
  /** The key of the op that this takes back; its event's number is known once that is answered. */
  undoes?: string;
  /** Nothing takes it back. */
  isFinal?: boolean;
  /** What was typed for it, beside the texts of tasks: given back if it comes to nothing. */
  typed?: Typed;
}

/** A typed text, and the draft that it is again if it is refused. */
export interface Typed {
  of: Id;
  field: string;
  text: string;
}

/** Make an op of a write and what it draws. */
export function opOf(name: string, subject: string, write: Write, effects: Effect[], key: string = uuid7()): Op {
  return { key, at: Date.now(), name, subject, write, effects, failures: 0, state: "waiting" };
}

export function withTyped(op: Op, of: Id, field: string, text: string): Op {
  return { ...op, typed: { of, field, text } };
}

/** Ops that make no sense without an earlier one: they name what it makes, or take it back. */
export function hangingOn(op: Op, later: readonly Op[]): Op[] {
  const made = new Set(madeBy(op));
  const found = [op];
  for (const one of later) {
    const sent = JSON.stringify(one.write);
    const hangs = [...made].some((id) => sent.includes(id)) || found.some((other) => other.key === one.undoes);
    if (!hangs) continue;
    found.push(one);
    for (const id of madeBy(one)) made.add(id);
  }
  return found.slice(1);
}

interface Body {
  id?: Id;
  operations?: { body?: { id?: Id } }[];
}

function madeBy(op: Op): Id[] {
  const body = (op.write.body ?? {}) as Body;
  return [body.id, ...(body.operations ?? []).map((one) => one.body?.id)].filter((id) => id !== undefined);
}

/** Ids of the tasks that an op draws. */
export function tasksOf(op: Op): Id[] {
  return op.effects.flatMap((effect) => {
    if (effect.kind === "task.add") return [effect.card.id];
    return "task" in effect ? [effect.task] : [];
  });
}
