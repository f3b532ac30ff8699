/** What of a board is on the screen. */
import type { Board, Card, Column, Id, Label, Person } from "../api/types";
import type { BoardState, Drawing } from "./state";

/** One column's cards: each list is state of its own, so that only touched columns are drawn anew. */
export class List {
  cards = $state.raw<Card[]>([]);
  /** How many more the server has: of a very large column only the first come with a snapshot. */
  beyond = $state(0);
}

export class Drawn {
  board = $state.raw<Board | null>(null);
  columns = $state.raw<Column[]>([]);
  people = $state.raw<Map<Id, Person>>(new Map());
  /** In their order. */
  labels = $state.raw<ReadonlyMap<Id, Label>>(new Map());
  cards = $state.raw<Map<Id, Card>>(new Map());
  private readonly lists = new Map<Id, List>();
  protected drawing: Drawing | null = null;

  list(column: Id): List {
    let found = this.lists.get(column);
    if (!found) this.lists.set(column, (found = new List()));
    return found;
  }

  /** Show a drawing; a list that stays the same stays untouched. */
  protected show(drawing: Drawing, state: BoardState): void {
    this.drawing = drawing;
    this.board = drawing.board;
    if (!isSame([...this.people.values()], [...drawing.people.values()])) this.people = new Map(drawing.people);
    if (!isSame(this.columns, drawing.columns)) this.columns = drawing.columns;
    if (!isSame([...this.labels.values()], drawing.labels)) this.labels = new Map(drawing.labels.map((label) => [label.id, label]));
    const beyond = beyondOf(state);
    const cards = new Map<Id, Card>();
    for (const column of drawing.columns) {
      const list = this.list(column.id);
      const drawn = drawing.lists.get(column.id) ?? [];
      if (!isSame(list.cards, drawn)) list.cards = drawn;
      list.beyond = beyond.get(column.id) ?? 0;
      for (const card of drawn) cards.set(card.id, card);
    }
    this.cards = cards;
  }
}

/** Count for each column what stands in it and was not read. */
function beyondOf(state: BoardState): Map<Id, number> {
  const found = new Map([...state.columns.values()].map((column) => [column.id, column.task_count]));
  for (const task of state.tasks.values()) found.set(task.column_id, Math.max(0, (found.get(task.column_id) ?? 0) - 1));
  return found;
}

function isSame<T>(before: readonly T[], after: readonly T[]): boolean {
  return before.length === after.length && before.every((item, place) => item === after[place]);
}
