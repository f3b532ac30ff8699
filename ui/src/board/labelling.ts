/** What a person can do with labels, each as the write that is sent and the effect that is drawn at once. */
import { uuid7 } from "../api/ids";
import type { Board, Card, Id, Label } from "../api/types";
import { batch, operationOf, OPERATIONS_MAX } from "./batches";
import { opOf, type Op, type Place } from "./ops";

/** A label as it will be: its rank is the server's, and comes with the event. */
export function newLabel(board: Pick<Board, "id">, title: string, color: string): Label {
  return { id: uuid7(), board_id: board.id, title, color, rank: "", version: 0 };
}

/** The first of some colours that no label has, else the one that the fewest have. */
export function freeColor(labels: readonly Label[], colors: readonly string[]): string {
  const count = (color: string) => labels.filter((label) => label.color === color).length;
  return [...colors].sort((a, b) => count(a) - count(b))[0]!;
}

export function addLabel(label: Label): Op {
  const { id, board_id, title, color } = label;
  return opOf("label.add", title || color, { method: "POST", path: "/labels", body: { id, board_id, title, color } }, [{ kind: "label.add", label }]);
}

export function patchLabel(label: Label, fields: Partial<Pick<Label, "title" | "color">>): Op {
  const write = { method: "PATCH" as const, path: `/labels/${label.id}`, body: fields };
  return opOf("label.patch", (fields.title ?? label.title) || label.color, write, [{ kind: "label.patch", label: label.id, fields }]);
}

export function moveLabel(label: Label, place: Place): Op {
  const write = { method: "POST" as const, path: `/labels/${label.id}/move`, body: place };
  return opOf("label.move", label.title || label.color, write, [{ kind: "label.move", label: label.id, place }]);
}

export function deleteLabel(label: Label): Op {
  return opOf("label.remove", label.title || label.color, { method: "DELETE", path: `/labels/${label.id}` }, [{ kind: "label.remove", label: label.id }]);
}

/** Put a label on a task, or take it off. */
export function labelTask(card: Card, label: Id, isOn: boolean): Op {
  const write = { method: isOn ? ("PUT" as const) : ("DELETE" as const), path: `/tasks/${card.id}/labels/${label}` };
  return opOf(isOn ? "task.label" : "task.unlabel", card.title, write, [{ kind: "task.label", task: card.id, label, isOn }]);
}

/** Make a label and put it on tasks: one batch, so that one undo takes both back; on as many as fit into it. */
export function labelAnew(label: Label, cards: readonly Card[]): Op {
  const { id, board_id, title, color } = label;
  const ops = cards.slice(0, OPERATIONS_MAX - 1).map((card) => labelTask(card, label.id, true));
  const write = batch({ id: board_id }, [{ op: "create_label", body: { id, title, color } }, ...ops.map((op) => operationOf(op.write))]);
  return opOf("label.add", title, write, [{ kind: "label.add", label }, ...ops.flatMap((op) => op.effects)]);
}
