/** Keeps what is read where it is, while cards come and go above it.
 *
 * Browsers do so by themselves, each in its way (Safari not at all, Firefox not in a storm), and none can where a list draws
 * its first cards only: what comes in above pushes what is read out of what is drawn. So the list asks here how many to draw.
 * Markup: the cards of a list are its first children, `[data-card]`, in the order in which they are given.
 */
import type { Card, Id } from "../api/types";

interface Held {
  id: Id;
  rank: string | null;
  top: number;
}

export class Anchor {
  private drawn: readonly Card[] = [];
  private held: Held | null = null;
  /** Whether it was brought back when it was drawn last: then it is read, even at its top, where others have left it. */
  private isRead = false;
  /** How far it is scrolled; at the top of a list what comes in is to be seen. */
  private at = 0;

  /** Remember how far a list is scrolled: asking it in the midst of drawing would lay the board out each time. */
  scrolled(list: HTMLElement): void {
    if (list.scrollTop === this.at) return; // by `hold`
    [this.isRead, this.at] = [false, list.scrollTop];
  }

  /** Before others are drawn: choose the first card in view that stays in its place; gives where that will be, or -1. */
  choose(list: HTMLElement | undefined, cards: readonly Card[]): number {
    const inView = list && (this.at > 0 || this.isRead) ? visible(list, this.drawn) : [];
    const places = new Map(inView.length ? cards.map((card, place) => [card.id, place]) : []);
    this.drawn = cards;
    // What is moved gets another rank, and has none until the server has said which.
    this.held = inView.find((one) => cards[places.get(one.id) ?? -1]?.rank === one.rank) ?? null;
    return this.held ? places.get(this.held.id)! : -1;
  }

  /** Once they are drawn: bring it back to where it was. */
  hold(list: HTMLElement): void {
    if (!this.held && !this.at) return void (this.isRead = false);
    const item = this.held && list.querySelector(`[data-card="${this.held.id}"]`);
    if (item) list.scrollTop += item.getBoundingClientRect().top - this.held!.top;
    [this.isRead, this.at, this.held] = [this.held !== null, list.scrollTop, null];
  }
}

/** The cards in a list's view, from the first one that shows at all. */
function visible(list: HTMLElement, cards: readonly Card[]): Held[] {
  const { top, bottom } = list.getBoundingClientRect();
  const found: Held[] = [];
  for (let place = firstBelow(list.children, top); place < cards.length && place < list.children.length; place++) {
    const rect = list.children[place]!.getBoundingClientRect();
    if (rect.top >= bottom) break;
    found.push({ id: cards[place]!.id, rank: cards[place]!.rank, top: rect.top });
  }
  return found;
}

function firstBelow(items: HTMLCollection, top: number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if (items[half]!.getBoundingClientRect().bottom <= top) low = half + 1;
    else high = half;
  }
  return low;
}
