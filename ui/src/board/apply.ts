/** What an event does to a board: the one rule by which confirmed state moves. */
import type { Card, Column, Event, Id, Label, Payload, Person, User } from "../api/types";
import type { BoardState } from "./state";

/** Take in the next event; gives the tasks that came only in part and are not known: read them. */
export function apply(state: BoardState, event: Event): Id[] {
  const { payload, type } = event;
  if (payload.board) state.board = { ...state.board, ...payload.board };
  const columns = all(payload.column, payload.columns);
  const gone = columns.filter((column) => column.is_deleted || (type === "column.deleted" && column === payload.column));
  for (const column of columns) if (!gone.includes(column)) takeColumn(state, column);
  for (const label of all(payload.label, payload.labels)) takeLabel(state, label, label.is_deleted || (type === "label.deleted" && label === payload.label));
  const unknown = takeTasks(state, payload, type);
  for (const column of gone) removeColumn(state, column.id); // after its tasks have moved
  for (const person of all(payload.person, payload.people)) takePerson(state, person, type === "person.removed");
  if (payload.user) takeUser(state, payload.user, type === "user.deleted");
  state.seq = event.seq;
  state.position = event.position;
  return unknown;
}

/** Whether tasks come into sight that it does not tell: a column's that was archived. Then a new snapshot shows them. */
export function isUntold({ payload }: Event): boolean {
  return all(payload.column, payload.columns).some((column) => column.from_archive);
}

function all<T>(one: T | undefined, many: T[] | undefined): T[] {
  return one ? [one, ...(many ?? [])] : (many ?? []);
}

function takeColumn(state: BoardState, change: NonNullable<Payload["column"]>): void {
  if (change.is_archived || (!state.columns.has(change.id) && !change.board_id)) return removeColumn(state, change.id); // of an archived one only a part is told
  const known = state.columns.get(change.id) ?? { task_count: 0, next_cursor: null };
  state.columns.set(change.id, { ...known, ...change } as Column);
}

function takeLabel(state: BoardState, change: NonNullable<Payload["label"]>, isGone?: boolean): void {
  if (isGone) state.labels.delete(change.id); // its tasks are told of besides
  else state.labels.set(change.id, { ...state.labels.get(change.id), ...change } as Label);
}

function removeColumn(state: BoardState, id: Id): void {
  state.columns.delete(id);
  for (const task of state.tasks.values()) if (task.column_id === id) state.tasks.delete(task.id);
}

function takeTasks(state: BoardState, payload: Payload, type: string): Id[] {
  const unknown: Id[] = [];
  for (const change of payload.tasks ?? []) takeTask(state, change, false);
  if (payload.task && !takeTask(state, payload.task, type === "task.deleted")) unknown.push(payload.task.id);
  return unknown;
}

/** Take in what is new of a task; false where that is not enough to show it. */
function takeTask(state: BoardState, change: NonNullable<Payload["task"]>, isDeleted: boolean): boolean {
  const known = state.tasks.get(change.id);
  const { is_deleted: isGone, description: _, from_column_id: left, ...fields } = change as typeof change & Extra;
  if (isGone || isDeleted || ("rank" in change && change.rank === null) || change.is_archived) {
    state.tasks.delete(change.id);
    count(state, known?.column_id ?? left, -1);
    return true;
  }
  if (!known && !isWhole(fields)) {
    count(state, left, -1);
    if (left) count(state, fields.column_id, 1);
    return false;
  }
  const card = { ...known, ...fields } as Card;
  state.tasks.set(card.id, card);
  const from = known?.column_id ?? left;
  if (from !== card.column_id) {
    count(state, from, -1);
    count(state, card.column_id, 1);
  }
  return true;
}

/** What events say of a task that is no part of its card. */
interface Extra {
  description?: string;
  from_column_id?: Id;
}

function isWhole(fields: Partial<Card>): boolean {
  return fields.number !== undefined && fields.title !== undefined && fields.assignees !== undefined;
}

function count(state: BoardState, columnId: Id | undefined, by: number): void {
  const column = columnId && state.columns.get(columnId);
  if (column) state.columns.set(column.id, { ...column, task_count: column.task_count + by });
}

function takePerson(state: BoardState, change: NonNullable<Payload["person"]>, isRemoved: boolean): void {
  const id = change.user.id;
  if (isRemoved || change.is_deleted) {
    state.people.delete(id);
    return unassign(state, id);
  }
  const known = state.people.get(id);
  state.people.set(id, { ...known, ...change, user: { ...known?.user, ...change.user } } as Person);
}

function takeUser(state: BoardState, change: NonNullable<Payload["user"]>, isDeleted: boolean): void {
  const user = change as User;
  if (isDeleted) {
    state.people.delete(user.id);
    for (const task of state.tasks.values()) {
      if (task.author?.id === user.id) state.tasks.set(task.id, { ...task, author: null });
    }
    return unassign(state, user.id);
  }
  const person = state.people.get(user.id);
  if (person) state.people.set(user.id, { ...person, user });
  for (const task of state.tasks.values()) {
    const isShown = task.author?.id === user.id || task.assignees.some((one) => one.id === user.id);
    if (isShown) state.tasks.set(task.id, withUser(task, user));
  }
}

function withUser(task: Card, user: User): Card {
  const assignees = task.assignees.map((one) => (one.id === user.id ? user : one));
  return { ...task, assignees, author: task.author?.id === user.id ? user : task.author };
}

function unassign(state: BoardState, userId: Id): void {
  for (const task of state.tasks.values()) {
    const assignees = task.assignees.filter((one) => one.id !== userId);
    if (assignees.length < task.assignees.length) state.tasks.set(task.id, { ...task, assignees });
  }
}
