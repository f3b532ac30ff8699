/** Keeps the field that somebody types in where it is, while what stands above it grows.
 *
 * A browser keeps in place what is at the top of the window, and lets what is below go down.
 */
export function holdField(above: HTMLElement, around: HTMLElement, scroller: HTMLElement): () => void {
  let held: { field: Element; top: number } | null = null;
  let at = NaN; // where this has scrolled to

  function look(): void {
    const field = document.activeElement;
    held = field?.matches("textarea") && around.contains(field) ? { field, top: field.getBoundingClientRect().top } : null;
  }

  function grown(): void {
    const moved = held && held.field === document.activeElement ? held.field.getBoundingClientRect().top - held.top : 0;
    if (Math.abs(moved) >= 1) {
      scroller.scrollTop += moved;
      at = scroller.scrollTop;
    }
    look();
  }

  /** What was scrolled by this is told a frame later, when the next comment may have come already: the field stands elsewhere then. */
  function scrolled(): void {
    if (scroller.scrollTop !== at) look();
    at = NaN;
  }

  const observer = new ResizeObserver(grown);
  observer.observe(above);
  around.addEventListener("focusin", look);
  scroller.addEventListener("scroll", scrolled, { passive: true });
  return () => {
    observer.disconnect();
    around.removeEventListener("focusin", look);
    scroller.removeEventListener("scroll", scrolled);
  };
}
