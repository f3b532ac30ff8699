/** Moving by keyboard: where a lifted card goes with the next step, by its neighbours. */
import type { Card, Column, Id } from "../api/types";
import type { Place } from "./ops";

export interface Spot {
  column: Id;
  index: number;
}

/** The columns from left to right, each with its cards without the lifted one. */
export interface Around {
  columns: readonly Column[];
  cards(column: Id): readonly Card[];
}

export type Step = "up" | "down" | "left" | "right" | "first" | "last";

/** Take a step; at an edge it stays where it is. */
export function stepOf(around: Around, from: Spot, step: Step): Spot {
  const length = around.cards(from.column).length;
  switch (step) {
    case "up":
      return { ...from, index: Math.max(0, from.index - 1) };
    case "down":
      return { ...from, index: Math.min(length, from.index + 1) };
    case "first":
      return { ...from, index: 0 };
    case "last":
      return { ...from, index: length };
    default: {
      const at = around.columns.findIndex((column) => column.id === from.column) + (step === "left" ? -1 : 1);
      const column = around.columns[at];
      return column ? { column: column.id, index: Math.min(from.index, around.cards(column.id).length) } : from;
    }
  }
}

/** Name the place by a neighbour, which stays right whatever others do. */
export function placeAt(cards: readonly { id: Id }[], index: number): Place {
  const next = cards[index];
  if (next) return { before: next.id };
  const last = cards.at(-1);
  return last ? { after: last.id } : { at: "bottom" };
}
