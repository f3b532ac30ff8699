/** When the browser draws; a page that is hidden draws nothing, and is not waited for. */
const HIDDEN_MS = 100;

/** Do something with the next frame, before it is drawn. */
export function inNextFrame(what: () => void): void {
  if (document.hidden) setTimeout(what, HIDDEN_MS);
  else requestAnimationFrame(what);
}

/** Wait until what was just changed is on the screen. */
export function painted(): Promise<void> {
  if (document.hidden) return Promise.resolve();
  return new Promise((next) => {
    requestAnimationFrame(() => setTimeout(next));
    setTimeout(next, HIDDEN_MS); // it may be hidden in this very moment
  });
}
