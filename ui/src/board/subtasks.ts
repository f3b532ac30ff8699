/** What can be done with a task's subtasks. Their count stands on the card, so it is drawn there too. */
import { uuid7 } from "../api/ids";
import type { Card, Id, Subtask } from "../api/types";
import { opOf, withTyped, type Effect, type Op, type Place } from "./ops";
import { put } from "./overlay";

/** Draw what is done over what was read; what an op makes and is there already never shows twice. */
export function subtasksOver(read: readonly Subtask[], ops: readonly Op[], task: Id): Subtask[] {
  return ops.reduce((all, op) => lay(all, op, task), [...read]);
}

/** What is sent says what is drawn: these have no effects on the board. */
function lay(all: Subtask[], { write }: Op, task: Id): Subtask[] {
  const [, kind, id, what] = write.path.split("/");
  if (kind !== "subtasks") return all;
  if (!id) return withNew(all, write.body as Subtask, task);
  const known = all.find((one) => one.id === id);
  const others = all.filter((one) => one !== known);
  if (!known || write.method === "DELETE") return others;
  if (what === "move") return put(others, known, write.body as Place);
  return all.map((one) => (one === known ? { ...one, ...(write.body as Partial<Subtask>) } : one));
}

function withNew(all: Subtask[], subtask: Pick<Subtask, "id" | "task_id" | "title">, task: Id): Subtask[] {
  const isDrawn = subtask.task_id === task && all.every((one) => one.id !== subtask.id);
  return isDrawn ? [...all, { ...subtask, is_completed: false, rank: "~", version: 0 }] : all;
}

function counted(card: Card, total: number, completed: number): Effect {
  const subtasks = { total: card.subtasks.total + total, completed: card.subtasks.completed + completed };
  return { kind: "task.patch", task: card.id, fields: { subtasks } };
}

export function addSubtask(card: Card, title: string): Op {
  const body = { id: uuid7(), task_id: card.id, title };
  const op = opOf("subtask.add", title, { method: "POST", path: "/subtasks", body }, [counted(card, 1, 0)]);
  return withTyped(op, card.id, "subtask", title);
}

export function patchSubtask(card: Card, subtask: Subtask, fields: { title?: string; is_completed?: boolean }): Op {
  const isTicked = fields.is_completed !== undefined && fields.is_completed !== subtask.is_completed;
  const effects = isTicked ? [counted(card, 0, fields.is_completed ? 1 : -1)] : [];
  const name = isTicked ? (fields.is_completed ? "subtask.done" : "subtask.open") : "subtask.patch";
  const op = opOf(name, fields.title ?? subtask.title, { method: "PATCH", path: `/subtasks/${subtask.id}`, body: fields }, effects);
  return fields.title === undefined ? op : withTyped(op, card.id, "subtask", fields.title);
}

export function moveSubtask(subtask: Subtask, place: Place): Op {
  return opOf("subtask.move", subtask.title, { method: "POST", path: `/subtasks/${subtask.id}/move`, body: place }, []);
}

export function deleteSubtask(card: Card, subtask: Subtask): Op {
  const write = { method: "DELETE" as const, path: `/subtasks/${subtask.id}` };
  return opOf("subtask.remove", subtask.title, write, [counted(card, -1, subtask.is_completed ? -1 : 0)]);
}
