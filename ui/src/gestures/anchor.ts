/** Keeps what is seen of a scrolled list in its place while cards come and go around it.
 *
 * The browser's own anchoring takes whatever card is on top, follows it when others move that very card, and so a list
 * jumped by hundreds of pixels in a storm of moves. Here it is a card that has not moved itself.
 */
import type { Card } from "../api/types";

export interface Seen {
  card: Card;
  top: number;
}

/** The cards that are in sight, with where they stand; nothing where the list is not scrolled. */
export function seenOf(list: HTMLElement | undefined, cards: readonly Card[]): Seen[] {
  if (!list || list.scrollTop === 0) return [];
  const known = new Map(cards.map((card) => [card.id, card]));
  const { top, bottom } = list.getBoundingClientRect();
  const seen: Seen[] = [];
  for (const item of list.querySelectorAll<HTMLElement>("[data-card]")) {
    const rect = item.getBoundingClientRect();
    const card = known.get(item.dataset.card!);
    if (rect.top > bottom) break;
    if (card && rect.bottom > top) seen.push({ card, top: rect.top });
  }
  return seen;
}

/** Scroll so that the first of them that was not moved stands where it stood. */
export function hold(list: HTMLElement, seen: readonly Seen[], cards: readonly Card[]): void {
  const now = new Map(cards.map((card) => [card.id, card]));
  const isStill = ({ card }: Seen) => now.get(card.id)?.rank === card.rank && now.get(card.id)?.column_id === card.column_id;
  for (const one of seen.filter(isStill)) {
    const item = list.querySelector(`[data-card="${one.card.id}"]`);
    if (!item) continue;
    list.scrollTop += item.getBoundingClientRect().top - one.top;
    return;
  }
}
