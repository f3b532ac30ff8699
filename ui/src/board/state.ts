/** A board as its log has it: a snapshot, and the events that follow it. */
import type { Board, Card, Column, Id, Label, Person, Snapshot } from "../api/types";

export interface BoardState {
  seq: number;
  position: string;
  board: Board;
  people: Map<Id, Person>;
  columns: Map<Id, Column>;
  labels: Map<Id, Label>;
  tasks: Map<Id, Card>;
}

/** The maps are changed in place by `apply`; what they hold never is. */
export function stateOf(snapshot: Snapshot): BoardState {
  return {
    seq: snapshot.seq,
    position: snapshot.position,
    board: snapshot.board,
    people: new Map(snapshot.people.map((person) => [person.user.id, person])),
    columns: new Map(snapshot.columns.map((column) => [column.id, column])),
    labels: new Map((snapshot.labels ?? []).map((label) => [label.id, label])), // what was kept by an earlier release has none
    tasks: new Map(snapshot.tasks.map((task) => [task.id, task])),
  };
}

/** Compare places as the server does, bytewise: ranks are ASCII. */
export function byRank(a: { rank: string | null; id: Id }, b: { rank: string | null; id: Id }): number {
  if (a.rank === b.rank) return a.id < b.id ? -1 : 1;
  return (a.rank ?? "") < (b.rank ?? "") ? -1 : 1;
}

/** What is seen: the columns from left to right, each one's cards from top to bottom, and the labels in their order. */
export interface Drawing {
  board: Board;
  people: Map<Id, Person>;
  columns: Column[];
  labels: Label[];
  lists: Map<Id, Card[]>;
}

export function drawingOf(state: BoardState): Drawing {
  const columns = [...state.columns.values()].sort(byRank);
  const lists = new Map<Id, Card[]>(columns.map((column) => [column.id, []]));
  for (const card of state.tasks.values()) lists.get(card.column_id)?.push(card);
  for (const list of lists.values()) list.sort(byRank);
  return { board: state.board, people: state.people, columns, labels: [...state.labels.values()].sort(byRank), lists };
}
