/** What follows the pointer in a drag: a copy of the card or column, above all else.
 *
 * The pointer meets nothing below it, so that no card looks hovered in passing; what it meets is around the copy, which is inert.
 */
export class Clone {
  private readonly around = document.createElement("div");
  readonly width: number;
  readonly height: number;
  private readonly grabX: number;
  private readonly grabY: number;

  constructor(item: HTMLElement, x: number, y: number, wheel: (event: WheelEvent) => void) {
    const { left, top, width, height } = item.getBoundingClientRect();
    [this.width, this.height] = [width, height];
    [this.grabX, this.grabY] = [x - left, y - top];
    const copy = item.cloneNode(true) as HTMLElement;
    copy.inert = true;
    this.around.className = "lifted";
    this.around.setAttribute("aria-hidden", "true");
    this.around.style.width = `${width}px`;
    this.around.style.height = `${height}px`;
    this.around.append(copy);
    this.around.addEventListener("wheel", wheel, { passive: false });
    document.body.append(this.around);
  }

  follow(x: number, y: number): void {
    this.around.style.transform = `translate(${x - this.grabX}px, ${y - this.grabY}px) rotate(2deg)`;
  }

  remove(): void {
    this.around.remove();
  }
}
