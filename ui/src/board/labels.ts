/** Labels: which of a board's a task has. */
import type { Card, Id, Label } from "../api/types";

/** The labels of a card in the order of the board's; one that is not known is not shown. */
export function labelsOf(card: Card, labels: ReadonlyMap<Id, Label>): Label[] {
  if (!card.label_ids?.length) return [];
  return [...labels.values()].filter((label) => card.label_ids!.includes(label.id));
}
