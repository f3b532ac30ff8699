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
import { Gap } from "./gap";

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
  private x: number;
  private y: number;
  private readonly startX: number;
  private readonly startY: number;
  private hold: ReturnType<typeof setTimeout> | undefined;
  private frame = 0;
  private readonly isCard: boolean;
  private readonly isTouch: boolean;
  private readonly edges: Edges;
  private readonly gap: Gap;
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
    this.gap = new Gap(board, item, this.isCard);
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
    this.edges.wheel(event, this.isCard ? (this.gap.spot?.list ?? null) : null);
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
    const spot = this.gap.at(this.x, this.y);
    const isMoved = this.edges.scroll(this.x, this.y, this.isCard ? (spot?.list ?? null) : null);
    this.clone.follow(this.x, this.y); // all is measured by now: measuring after this would lay the board out once more
    if (spot) this.gap.open(spot, this.isCard ? this.clone.height + 8 : this.clone.width);
    if (isMoved) this.drawSoon();
  }

  private release(): void {
    const { spot } = this.gap;
    const place = this.clone && spot && !this.gap.isHome(spot) ? this.gap.placeOf(spot) : null;
    if (this.clone) swallowClick();
    this.end();
    if (!place || !spot) return;
    if (this.isCard) this.dragging.dropCard(this.item.dataset.card!, spot.list.closest<HTMLElement>("[data-column]")!.dataset.column!, place);
    else this.dragging.dropColumn(this.item.dataset.column!, place);
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
    this.gap.shut();
    if (this.clone) this.dragging.dragging(null);
    this.clone?.remove();
    this.clone = null;
    this.item.classList.remove("dimmed");
    this.board.classList.remove("dragging");
    this.ended();
  }
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
