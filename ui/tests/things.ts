/** Boards for tests. */
import type { Board, Card, Column, Event, Label, Payload, Snapshot, User } from "../src/api/types";

export const anna = { id: "anna", username: "anna", name: "Anna", avatar_url: "/users/anna/avatar.svg" } as User;
export const boris = { id: "boris", username: "boris", name: "Boris", avatar_url: "/users/boris/avatar.svg" } as User;

export function aColumn(id: string, rank: string, more: Partial<Column> = {}): Column {
  return {
    id, board_id: "board", title: id, color: null, status: null, task_limit: null, limit_is_hard: false, rank, version: 1,
    task_count: 0, next_cursor: null, ...more,
  } as Column;
}

export function aCard(id: string, column: string, rank: string, more: Partial<Card> = {}): Card {
  return {
    id, key: `B-${id}`, number: 1, board_id: "board", column_id: column, title: id, status: "TODO", priority: "MEDIUM", color: null,
    due_at: null, due_on: null, label_ids: [], assignees: [], author: anna, rank, subtasks: { total: 0, completed: 0 }, is_archived: false,
    has_description: false, version: 1, created_at: "2026-01-01T00:00:00Z", updated_at: "2026-01-01T00:00:00Z", completed_at: null, ...more,
  } as Card;
}

export function aLabel(id: string, rank: string, more: Partial<Label> = {}): Label {
  return { id, board_id: "board", title: id, color: "#d64545", rank, version: 1, ...more };
}

export function aSnapshot(columns: Column[], tasks: Card[], seq = 1, labels: Label[] = []): Snapshot {
  const board = { id: "board", key: "B", title: "Board", description: "", is_public: false, color: null, is_archived: false, version: 1, created_at: "" } as Board;
  const counted = columns.map((column) => ({ ...column, task_count: tasks.filter((task) => task.column_id === column.id).length }));
  const people = [anna, boris].map((user, at) => ({ user, role: at ? "MEMBER" : "CREATOR", joined_at: "" }));
  return { seq, position: `${seq}.x`, board, people, columns: counted, labels, tasks } as unknown as Snapshot;
}

export function anEvent(seq: number, type: string, payload: Payload, more: Partial<Event> = {}): Event {
  return { board_id: "board", seq, position: `${seq}.x`, type, actor: boris, task_id: null, at: "", payload, ...more };
}
