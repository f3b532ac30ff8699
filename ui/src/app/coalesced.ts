/** Ask again when something has happened, one request at a time: a storm of events is a handful of requests. */
const PAUSE_MS = 1_000;

export function coalesced(ask: () => Promise<void>, pauseMs = PAUSE_MS): () => void {
  let isBusy = false;
  let isWanted = false;
  return async () => {
    isWanted = true;
    if (isBusy) return;
    isBusy = true;
    while (isWanted) {
      isWanted = false;
      await ask().catch(() => undefined); // the next event asks again
      await new Promise((next) => setTimeout(next, pauseMs));
    }
    isBusy = false;
  };
}
