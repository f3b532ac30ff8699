/** Where what is dragged would land, and the gap that opens there: a style of its next neighbour, no element of its own. */
import type { Place } from "../board/ops";

export interface Spot {
  list: HTMLElement;
  next: HTMLElement | null;
}

export class Gap {
  spot: Spot | null = null;
  private readonly what: string;
  private readonly rects = new Map<HTMLElement, { count: number; middles: number[]; items: HTMLElement[] }>();

  constructor(
    private readonly board: HTMLElement,
    private readonly item: HTMLElement,
    private readonly isCard: boolean,
  ) {
    this.what = isCard ? "[data-card]" : "[data-column]";
  }

  at(x: number, y: number): Spot | null {
    return this.isCard ? this.cardSpot(x, y) : this.columnSpot(x);
  }

  /** The column by x alone, the place in it by y: what is above or below a list counts, too. */
  private cardSpot(x: number, y: number): Spot | null {
    const columns = [...this.board.querySelectorAll<HTMLElement>("[data-column]")];
    const column = columns.find((one) => x < one.getBoundingClientRect().right) ?? columns.at(-1);
    const list = column?.querySelector<HTMLElement>("[data-list]");
    if (!list) return null;
    const { middles, items } = this.rectsOf(list, (rect) => rect.top + rect.height / 2 + list.scrollTop);
    return { list, next: items[firstAbove(middles, y + list.scrollTop)] ?? null };
  }

  private columnSpot(x: number): Spot {
    const { middles, items } = this.rectsOf(this.board, (rect) => rect.left + rect.width / 2 + this.board.scrollLeft);
    return { list: this.board, next: items[firstAbove(middles, x + this.board.scrollLeft)] ?? null };
  }

  /** Rectangles are read once a list: reading them in each frame was most of a drag's cost. */
  private rectsOf(list: HTMLElement, middle: (rect: DOMRect) => number) {
    const all = this.itemsOf(list);
    const known = this.rects.get(list);
    if (known?.count === all.length) return known;
    if (this.spot?.list === list) this.shut();
    const items = all.filter((one) => one !== this.item);
    const found = { count: all.length, items, middles: items.map((one) => middle(one.getBoundingClientRect())) };
    this.rects.set(list, found);
    return found;
  }

  open(spot: Spot, size: number): void {
    if (this.spot?.list === spot.list && this.spot.next === spot.next) return;
    this.shut();
    this.spot = spot;
    if (this.isHome(spot)) return;
    if (spot.next) spot.next.style[this.isCard ? "marginTop" : "marginLeft"] = `${size}px`;
    else if (this.isCard) spot.list.style.paddingBottom = `${size}px`;
  }

  shut(): void {
    if (!this.spot) return;
    this.spot.next?.style.removeProperty("margin-top");
    this.spot.next?.style.removeProperty("margin-left");
    this.spot.list.style.removeProperty("padding-bottom");
    this.spot = null;
  }

  /** Where it stands already: to drop it there is nothing. */
  isHome(spot: Spot): boolean {
    const list = this.isCard ? this.item.closest<HTMLElement>("[data-list]") : this.board;
    if (list !== spot.list) return false;
    const all = this.itemsOf(list);
    return (all[all.indexOf(this.item) + 1] ?? null) === spot.next;
  }

  /** By a neighbour: a filter, a rival or tasks that are not loaded cannot make it land elsewhere. */
  placeOf(spot: Spot): Place {
    const name = this.isCard ? "card" : "column";
    if (spot.next) return { before: spot.next.dataset[name]! };
    const last = this.itemsOf(spot.list).findLast((one) => one !== this.item);
    return last ? { after: last.dataset[name]! } : { at: "bottom" };
  }

  private itemsOf(list: HTMLElement): HTMLElement[] {
    return [...list.querySelectorAll<HTMLElement>(this.what)];
  }
}

function firstAbove(middles: readonly number[], at: number): number {
  let [low, high] = [0, middles.length];
  while (low < high) {
    const half = (low + high) >> 1;
    if (middles[half]! < at) low = half + 1;
    else high = half;
  }
  return low;
}
