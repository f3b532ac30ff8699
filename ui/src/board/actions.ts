/** What a person can do on a board, each as the write that is sent and the effect that is drawn at once. */
import { uuid7 } from "../api/ids";
import type { Board, Card, Column, Id, Me, Priority, Status } from "../api/types";
import { batch, OPERATIONS_MAX, together } from "./batches";
import { opOf, withTyped, type Effect, type Op, type Place } from "./ops";

export interface Draft {
  title: string;
  subtasks?: string[];
}

/** A card as it will be; number and rank are the server's and come with the event. */
export function newCard(board: Board, column: Column, title: string, me: Me, fields: Partial<Card> = {}): Card {
  const now = new Date().toISOString();
  return {
    id: uuid7(), key: "", number: 0, board_id: board.id, column_id: column.id, title, status: column.status ?? "TODO",
    priority: "MEDIUM", color: null, due_at: null, due_on: null, label_ids: [], attachment_count: 0, assignees: [], author: me, rank: "", subtasks: { total: 0, completed: 0 },
    is_archived: false, has_description: false, version: 0, created_at: now, updated_at: now, completed_at: null, ...fields,
  } as Card;
}

export function addTask(card: Card): Op {
  const body = { id: card.id, column_id: card.column_id, title: card.title };
  const op = opOf("task.add", card.title, { method: "POST", path: "/tasks", body }, [{ kind: "task.add", card }]);
  return withTyped(op, card.column_id, "new", card.title);
}

/** Several at once, with their subtasks: one batch, so that one undo takes them back; as many as fit into one. */
export function addTasks(board: Board, column: Column, drafts: Draft[], me: Me): Op[] {
  const ops: Op[] = [];
  for (let rest = drafts; rest.length; ) {
    const count = fitting(rest);
    ops.push(addSome(board, column, rest.slice(0, count), me));
    rest = rest.slice(count);
  }
  return ops;
}

/** How many tasks with their subtasks one batch takes; of one with more subtasks than that, the first. */
function fitting(drafts: Draft[]): number {
  let [count, size] = [0, 0];
  for (const draft of drafts) {
    size += 1 + (draft.subtasks?.length ?? 0);
    if (size > OPERATIONS_MAX && count) break;
    count++;
  }
  return count;
}

function addSome(board: Board, column: Column, drafts: Draft[], me: Me): Op {
  const operations: object[] = [];
  const effects: Effect[] = [];
  for (const draft of drafts) {
    const steps = (draft.subtasks ?? []).slice(0, OPERATIONS_MAX - 1);
    const card = newCard(board, column, draft.title, me, { subtasks: { total: steps.length, completed: 0 } });
    operations.push({ op: "create_task", body: { id: card.id, column_id: column.id, title: draft.title } });
    for (const title of steps) operations.push({ op: "create_subtask", body: { task_id: card.id, title } });
    effects.push({ kind: "task.add", card });
  }
  const lines = drafts.flatMap((draft) => [draft.title, ...(draft.subtasks ?? []).map((step) => `  ${step}`)]);
  return withTyped(opOf("tasks.add", String(drafts.length), batch(board, operations), effects), column.id, "new", lines.join("\n"));
}

export function moveTask(card: Card, column: Id, place: Place): Op {
  const write = { method: "POST" as const, path: `/tasks/${card.id}/move`, body: { column_id: column, ...place } };
  return opOf("task.move", card.title, write, [{ kind: "task.move", task: card.id, column, place }]);
}

/** Several tasks to one place, in their order: each after the one before. */
export function moveTasks(board: Board, cards: Card[], column: Id, place: Place): Op[] {
  const ops = cards.map((card, at) => moveTask(card, column, at === 0 ? place : { after: cards[at - 1]!.id }));
  return together(board, ops);
}

/** Fields of a task as they are sent, beside how the card shows them. */
export interface TaskFields {
  title?: string;
  status?: Status;
  priority?: Priority;
  color?: string | null;
  due_at?: string | null;
  due_on?: string | null;
  description?: string;
  assignee_ids?: Id[];
}

export function patchTask(card: Card, sent: TaskFields, shown: Partial<Card>, name = "task.patch", ifMatch?: string): Op {
  const write = { method: "PATCH" as const, path: `/tasks/${card.id}`, body: sent, ...(ifMatch ? { ifMatch } : {}) };
  return opOf(name, sent.title ?? card.title, write, [{ kind: "task.patch", task: card.id, fields: shown }]);
}

export function deleteTask(card: Card): Op {
  return opOf("task.remove", card.title, { method: "DELETE", path: `/tasks/${card.id}` }, [{ kind: "task.remove", task: card.id }]);
}

export function archiveTask(card: Card): Op {
  const write = { method: "PATCH" as const, path: `/tasks/${card.id}`, body: { is_archived: true } };
  return opOf("task.archive", card.title, write, [{ kind: "task.remove", task: card.id }]);
}

export function assign(card: Card, user: Card["assignees"][number], isOn: boolean): Op {
  const write = { method: isOn ? ("PUT" as const) : ("DELETE" as const), path: `/tasks/${card.id}/assignees/${user.id}` };
  const others = card.assignees.filter((one) => one.id !== user.id);
  const fields = { assignees: isOn ? [...others, user] : others };
  return opOf("task.patch", card.title, write, [{ kind: "task.patch", task: card.id, fields }]);
}

export function addColumn(board: Board, title: string): Op {
  const column = {
    id: uuid7(), board_id: board.id, title, color: null, status: null, task_limit: null, limit_is_hard: false,
    rank: "", is_archived: false, version: 0, task_count: 0, next_cursor: null,
  } as Column;
  const write = { method: "POST" as const, path: "/columns", body: { id: column.id, board_id: board.id, title } };
  return withTyped(opOf("column.add", title, write, [{ kind: "column.add", column }]), board.id, "column", title);
}

/** Hide a column with its tasks, which come back with it: from the server alone. */
export function archiveColumn(column: Column): Op {
  const write = { method: "PATCH" as const, path: `/columns/${column.id}`, body: { is_archived: true } };
  return opOf("column.archive", column.title, write, [{ kind: "column.remove", column: column.id }]);
}

export function moveColumn(column: Column, place: Place): Op {
  const write = { method: "POST" as const, path: `/columns/${column.id}/move`, body: place };
  return opOf("column.move", column.title, write, [{ kind: "column.move", column: column.id, place }]);
}

export function patchColumn(column: Column, fields: Partial<Pick<Column, "title" | "color" | "status" | "task_limit" | "limit_is_hard">>): Op {
  const write = { method: "PATCH" as const, path: `/columns/${column.id}`, body: fields };
  const op = opOf("column.patch", fields.title ?? column.title, write, [{ kind: "column.patch", column: column.id, fields }]);
  return fields.title === undefined ? op : withTyped(op, column.id, "title", fields.title);
}

export function patchBoard(board: Board, fields: Partial<Pick<Board, "title" | "description" | "color" | "is_public" | "is_archived">>): Op {
  const write = { method: "PATCH" as const, path: `/boards/${board.id}`, body: fields };
  const op = opOf("board.patch", fields.title ?? board.title, write, [{ kind: "board.patch", fields }]);
  if (fields.title !== undefined) return withTyped(op, board.id, "title", fields.title);
  return fields.description === undefined ? op : withTyped(op, board.id, "description", fields.description);
}

/** Take back the event that another op became, or will have become when this one's turn comes. */
export function takeBack(board: Id, op: string, name: "undo" | "redo", subject: string, effects: Effect[]): Op {
  return { ...opOf(name, subject, { method: "POST", path: `/boards/${board}/undo` }, effects), undoes: op };
}

/** Read pasted lines: a line that is indented is a subtask of the one above that is not. */
export function draftsOf(text: string): Draft[] {
  const drafts: Draft[] = [];
  for (const line of text.split(/\r?\n/)) {
    const title = line.replace(/^\s*(?:[-*•]\s+(?:\[[ xX]\]\s+)?)?/, "").trim();
    if (!title) continue;
    const last = drafts.at(-1);
    if (/^\s/.test(line) && last) (last.subtasks ??= []).push(title);
    else drafts.push({ title });
  }
  return drafts;
}
