/** A card that others move within a list slides to its new place, alone: never a whole list, and not for who wants less motion. */
const SLIDE_MS = 160;

function elementOf(id: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-card="${id}"] > a`);
}

/** Measure where a card stands; gives what lets it slide from there once the board is drawn anew. */
export function slideFrom(id: string): () => void {
  const from = document.hidden || matchMedia("(prefers-reduced-motion: reduce)").matches ? null : elementOf(id)?.getBoundingClientRect();
  return () => {
    const card = from && elementOf(id);
    if (!card) return;
    const to = card.getBoundingClientRect();
    if (Math.abs(to.left - from.left) >= 1) return; // its list has changed, or has been scrolled sideways
    card.animate([{ transform: `translateY(${from.top - to.top}px)` }, { transform: "none" }], { duration: SLIDE_MS, easing: "ease-out" });
  };
}
