/** Several actions as one request: one batch, so that one undo takes them back. */
import type { Write } from "../api/client";
import type { Board } from "../api/types";
import { opOf, type Op } from "./ops";

export const OPERATIONS_MAX = 100;

const NAMES: [Write["method"], RegExp, string, string[]][] = [
  ["PATCH", /^\/tasks\/([^/]+)$/, "update_task", ["task_id"]],
  ["DELETE", /^\/tasks\/([^/]+)$/, "delete_task", ["task_id"]],
  ["POST", /^\/tasks\/([^/]+)\/move$/, "move_task", ["task_id"]],
  ["PUT", /^\/tasks\/([^/]+)\/assignees\/([^/]+)$/, "assign_task", ["task_id", "user_id"]],
  ["DELETE", /^\/tasks\/([^/]+)\/assignees\/([^/]+)$/, "unassign_task", ["task_id", "user_id"]],
  ["PUT", /^\/tasks\/([^/]+)\/labels\/([^/]+)$/, "label_task", ["task_id", "label_id"]],
  ["DELETE", /^\/tasks\/([^/]+)\/labels\/([^/]+)$/, "unlabel_task", ["task_id", "label_id"]],
];

/** A write as an operation of a batch. */
export function operationOf(write: Write): object {
  for (const [method, path, op, names] of NAMES) {
    const found = method === write.method && path.exec(write.path);
    if (!found) continue;
    const ids = Object.fromEntries(names.map((name, at) => [name, found[at + 1]]));
    return { op, ...ids, ...(write.body === undefined ? {} : { body: write.body }) };
  }
  throw new TypeError(`${write.method} ${write.path} is no operation of a batch`);
}

export function batch(board: Pick<Board, "id">, operations: object[]): Write {
  return { method: "POST", path: `/boards/${board.id}/batch`, body: { operations } };
}

/** Make one op of several; beyond a batch's size, several of them. */
export function together(board: Pick<Board, "id">, ops: Op[], name = "tasks.patch"): Op[] {
  if (ops.length <= 1) return ops;
  const parts: Op[] = [];
  for (let at = 0; at < ops.length; at += OPERATIONS_MAX) {
    const part = ops.slice(at, at + OPERATIONS_MAX);
    const write = batch(board, part.map((op) => operationOf(op.write)));
    parts.push(opOf(name, String(part.length), write, part.flatMap((op) => op.effects)));
  }
  return parts;
}
