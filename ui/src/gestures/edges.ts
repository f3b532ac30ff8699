/** Scrolling while something is dragged near an edge. */
const EDGE_PX = 48;
const STEP_PX_MAX = 12;
const LINE_PX = 20;

export class Edges {
  constructor(private readonly board: HTMLElement) {}

  /** Scroll the board sideways and a list up or down; tells whether anything moved. */
  scroll(x: number, y: number, list: HTMLElement | null): boolean {
    const { left, right } = this.board.getBoundingClientRect();
    const sideways = step(x, Math.max(left, 0), Math.min(right, innerWidth));
    const before = this.board.scrollLeft;
    if (sideways) this.board.scrollLeft += sideways;
    let isMoved = this.board.scrollLeft !== before;
    if (list) {
      const rect = list.getBoundingClientRect();
      const top = list.scrollTop;
      const up = step(y, Math.max(rect.top, 0), Math.min(rect.bottom, innerHeight));
      if (up) list.scrollTop += up;
      isMoved ||= list.scrollTop !== top;
    }
    return isMoved;
  }

  /** Scroll by the wheel: what follows the pointer would keep it from the list below. */
  wheel({ deltaX, deltaY, deltaMode }: WheelEvent, list: HTMLElement | null): void {
    const px = deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
    this.board.scrollLeft += deltaX * px;
    if (list) list.scrollTop += deltaY * px;
  }
}

/** How far to scroll in a frame: the nearer to the edge the faster, never beyond a bound. */
function step(at: number, low: number, high: number): number {
  if (at < low + EDGE_PX) return -Math.ceil((STEP_PX_MAX * Math.min(low + EDGE_PX - at, EDGE_PX)) / EDGE_PX);
  if (at > high - EDGE_PX) return Math.ceil((STEP_PX_MAX * Math.min(at - high + EDGE_PX, EDGE_PX)) / EDGE_PX);
  return 0;
}
