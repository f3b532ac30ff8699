/** Dragging cards and columns by mouse, pen or finger.
 *
 * The board does not change before the drop: the dragged one is dimmed, a clone follows the pointer, and a gap opens by a
 * style of its next neighbour. Markup: `[data-board]` scrolls sideways; in it `[data-column]`, each with a
 * `[data-list]` of `[data-card]`, and a `[data-handle]` by which the column itself is dragged.
 */
import type { Id } from "../api/types";
import type { Place } from "../board/ops";
import { Clone } from "./clone";
import { Edges } from "./edges";

const START_PX = 5;
const HOLD_MS = 250;
const HOLD_PX = 8;

export interface Dragging {
  mayDrag(kind: "card" | "column"): boolean;
  dropCard(card: Id, column: Id, place: Place): void;
  dropColumn(column: Id, place: Place): void;
  /** A drag begins or ends: live changes to the dragged one wait. */
  dragging(id: Id | null): void;
}

interface Spot {
  list: HTMLElement;
  next: HTMLElement | null;
}

/** Let cards and columns in an element be dragged; gives what ends it. */
export function drag(board: HTMLElement, dragging: Dragging): () => void {
  let current: Drag | null = null;
  const press = (event: PointerEvent) => {
    if (current || !event.isPrimary || event.button !== 0) return;
    const item = itemAt(event.target as Element);
    if (!item || !dragging.mayDrag(kindOf(item))) return;
    current = new Drag(board, item, event, dragging, () => (current = null));
  };
  const still = (event: Event) => event.preventDefault(); // a link's own dragging would take the pointer away
  board.addEventListener("pointerdown", press);
  board.addEventListener("dragstart", still);
  return () => {
    current?.cancel();
    board.removeEventListener("pointerdown", press);
    board.removeEventListener("dragstart", still);
  };
}

function itemAt(target: Element): HTMLElement | null {
  if (target.closest("button, input, textarea, select, [contenteditable]")) return null;
  return target.closest<HTMLElement>("[data-card]") ?? target.closest("[data-handle]")?.closest<HTMLElement>("[data-column]") ?? null;
}

function kindOf(item: HTMLElement): "card" | "column" {
  return item.dataset.card ? "card" : "column";
}

class Drag {
  private clone: Clone | null = null;
  private spot: Spot | null = null;
  private x: number;
  private y: number;
  private readonly startX: number;
  private readonly startY: number;
  private hold: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;
  private readonly isCard: boolean;
  private readonly isTouch: boolean;
  private readonly edges: Edges;
  private readonly rects = new Map<HTMLElement, { count: number; middles: number[]; items: HTMLElement[] }>();
  private readonly off = new AbortController();

  constructor(
    private readonly board: HTMLElement,
    private readonly item: HTMLElement,
    event: PointerEvent,
    private readonly dragging: Dragging,
    private readonly ended: () => void,
  ) {
    this.isCard = kindOf(item) === "card";
    this.isTouch = event.pointerType === "touch";
    this.x = this.startX = event.clientX;
    this.y = this.startY = event.clientY;
    this.edges = new Edges(board);
    const on = { signal: this.off.signal };
    addEventListener("pointermove", (moved) => this.move(moved), on);
    addEventListener("pointerup", () => this.release(), on);
    addEventListener("pointercancel", () => this.cancel(), on);
    addEventListener("blur", () => this.cancel(), on);
    addEventListener("keydown", (key) => this.key(key), { ...on, capture: true });
    addEventListener("touchmove", (touch) => this.clone && touch.cancelable && touch.preventDefault(), { ...on, passive: false });
    addEventListener("selectstart", (text) => text.preventDefault(), on);
    addEventListener("contextmenu", (menu) => this.isTouch && menu.preventDefault(), on);
    if (this.isTouch) this.hold = setTimeout(() => this.begin(), HOLD_MS);
  }

  private move(event: PointerEvent): void {
    this.x = event.clientX;
    this.y = event.clientY;
    if (this.clone) return this.drawSoon();
    const way = Math.hypot(this.x - this.startX, this.y - this.startY);
    if (this.isTouch) {
      if (way > HOLD_PX) this.cancel(); // a swipe: the browser scrolls
    } else if (way >= START_PX) this.begin();
  }

  private begin(): void {
    this.clone = new Clone(this.item, this.startX, this.startY, (wheel) => this.wheel(wheel));
    this.item.classList.add("dimmed");
    this.board.classList.add("dragging");
    if (this.isTouch) navigator.vibrate?.(10);
    this.dragging.dragging(this.item.dataset.card ?? this.item.dataset.column ?? null);
    this.drawSoon();
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault(); // Chromium would scroll what is below besides, others would not
    this.edges.wheel(event, this.isCard ? (this.spot?.list ?? null) : null);
    this.drawSoon();
  }

  private drawSoon(): void {
    this.frame ||= requestAnimationFrame(() => {
      this.frame = 0;
      this.draw();
    });
  }

  private draw(): void {
    if (!this.clone) return;
    const spot = this.isCard ? this.cardSpot() : this.columnSpot();
    const isMoved = this.edges.scroll(this.x, this.y, this.isCard ? (spot?.list ?? null) : null);
    this.clone.follow(this.x, this.y); // all is measured by now: measuring after this would lay the board out once more
    if (spot) this.open(spot);
    if (isMoved) this.drawSoon();
  }

  /** The column by x alone, the place in it by y: what is above or below a list counts, too. */
  private cardSpot(): Spot | null {
    const columns = [...this.board.querySelectorAll<HTMLElement>("[data-column]")];
    const column = columns.find((one) => this.x < one.getBoundingClientRect().right) ?? columns.at(-1);
    const list = column?.querySelector<HTMLElement>("[data-list]");
    if (!list) return null;
    const { middles, items } = this.rectsOf(list, "[data-card]", (rect) => rect.top + rect.height / 2 + list.scrollTop);
    return { list, next: items[firstAbove(middles, this.y + list.scrollTop)] ?? null };
  }

  private columnSpot(): Spot {
    const { middles, items } = this.rectsOf(this.board, "[data-column]", (rect) => rect.left + rect.width / 2 + this.board.scrollLeft);
    return { list: this.board, next: items[firstAbove(middles, this.x + this.board.scrollLeft)] ?? null };
  }

  /** Rectangles are read once a list: reading them in each frame was most of a drag's cost. */
  private rectsOf(list: HTMLElement, what: string, middle: (rect: DOMRect) => number) {
    const all = [...list.querySelectorAll<HTMLElement>(what)];
    const known = this.rects.get(list);
    if (known?.count === all.length) return known;
    const gap = this.spot?.list === list ? this.spot : null;
    if (gap) this.shut();
    const items = all.filter((one) => one !== this.item);
    const found = { count: all.length, items, middles: items.map((one) => middle(one.getBoundingClientRect())) };
    this.rects.set(list, found);
    return found;
  }

  private open(spot: Spot): void {
    if (this.spot?.list === spot.list && this.spot.next === spot.next) return;
    this.shut();
    this.spot = spot;
    const side = this.isCard ? "Top" : "Left";
    const size = this.isCard ? this.clone!.height + 8 : this.clone!.width;
    if (this.isHome(spot)) return;
    if (spot.next) spot.next.style[`margin${side}`] = `${size}px`;
    else if (this.isCard) spot.list.style.paddingBottom = `${size}px`;
  }

  private shut(): void {
    if (!this.spot) return;
    this.spot.next?.style.removeProperty("margin-top");
    this.spot.next?.style.removeProperty("margin-left");
    this.spot.list.style.removeProperty("padding-bottom");
    this.spot = null;
  }

  /** Where it stands already: to drop it there is nothing. */
  private isHome(spot: Spot): boolean {
    const list = this.isCard ? this.item.closest<HTMLElement>("[data-list]") : this.board;
    return list === spot.list && this.neighbour(this.item, 1) === spot.next;
  }

  private neighbour(item: HTMLElement, step: 1 | -1): HTMLElement | null {
    const all = [...(this.isCard ? item.closest("[data-list]")! : this.board).querySelectorAll<HTMLElement>(this.isCard ? "[data-card]" : "[data-column]")];
    return all[all.indexOf(item) + step] ?? null;
  }

  private release(): void {
    const spot = this.spot;
    const isDrop = this.clone !== null && spot !== null && !this.isHome(spot);
    const place = isDrop ? this.placeOf(spot) : null;
    if (this.clone) swallowClick();
    this.end();
    if (!isDrop || !place) return;
    if (this.isCard) this.dragging.dropCard(this.item.dataset.card!, spot.list.closest<HTMLElement>("[data-column]")!.dataset.column!, place);
    else this.dragging.dropColumn(this.item.dataset.column!, place);
  }

  /** By a neighbour: a filter, a rival or tasks that are not loaded cannot make it land elsewhere. */
  private placeOf(spot: Spot): Place {
    const name = this.isCard ? "card" : "column";
    if (spot.next) return { before: spot.next.dataset[name]! };
    const last = [...spot.list.querySelectorAll<HTMLElement>(`[data-${name}]`)].filter((one) => one !== this.item).at(-1);
    return last ? { after: last.dataset[name]! } : { at: "bottom" };
  }

  private key(event: KeyboardEvent): void {
    if (event.key !== "Escape" || !this.clone) return;
    event.preventDefault();
    event.stopPropagation();
    this.cancel();
  }

  cancel(): void {
    this.end();
  }

  private end(): void {
    this.off.abort();
    clearTimeout(this.hold);
    cancelAnimationFrame(this.frame);
    this.shut();
    if (this.clone) this.dragging.dragging(null);
    this.clone?.remove();
    this.clone = null;
    this.item.classList.remove("dimmed");
    this.board.classList.remove("dragging");
    this.ended();
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

/** The click that follows a drop is not meant for the link under it. */
function swallowClick(): void {
  const swallow = (event: Event) => {
    event.preventDefault();
    event.stopPropagation();
  };
  addEventListener("click", swallow, { capture: true, once: true });
  setTimeout(() => removeEventListener("click", swallow, { capture: true }));
}
