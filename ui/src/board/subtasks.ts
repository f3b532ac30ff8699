/** What can be done with a task's subtasks. Their count stands on the card, so it is drawn there too. */
import { uuid7 } from "../api/ids";
import type { Card, Subtask } from "../api/types";
import { opOf, withTyped, type Effect, type Op, type Place } from "./ops";

function counted(card: Card, total: number, completed: number): Effect {
  const subtasks = { total: card.subtasks.total + total, completed: card.subtasks.completed + completed };
  return { kind: "task.patch", task: card.id, fields: { subtasks } };
}

export function newSubtask(card: Card, title: string): Subtask {
  return { id: uuid7(), task_id: card.id, title, is_completed: false, rank: "~", version: 0 };
}

export function addSubtask(card: Card, subtask: Subtask): Op {
  const body = { id: subtask.id, task_id: card.id, title: subtask.title };
  const op = opOf("subtask.add", subtask.title, { method: "POST", path: "/subtasks", body }, [counted(card, 1, 0)]);
  return withTyped(op, card.id, "subtask", subtask.title);
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
