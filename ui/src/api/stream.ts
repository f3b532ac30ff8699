/** A board's live stream. The browser resumes by itself; what it cannot tell is asked here. */
import type { Event } from "./types";

export interface Watching {
  /** The stream is open; what follows comes after this position. */
  ready(position: string): void;
  event(event: Event): void;
  /** The log cannot be read on from there: take a new snapshot. */
  reset(): void;
  deleted(): void;
  /** Cut; the browser tries again by itself. */
  cut(): void;
  /** Refused: ask the snapshot why (401 sign in, 404 gone, else later). */
  refused(): void;
}

/** Follow a board from a position; gives what ends it. */
export function follow(address: string, watching: Watching, Source: typeof EventSource = EventSource): () => void {
  const source = new Source(address, { withCredentials: true });
  source.onmessage = (message) => {
    const told = parsed(message.data as string);
    if (told) receive(told, watching);
    else watching.reset(); // cut, or no word of Doska's: what was missed is in the snapshot
  };
  source.onerror = () => (source.readyState === Source.CLOSED ? watching.refused() : watching.cut());
  return () => source.close();
}

interface Message {
  type: string;
  position?: string;
}

function parsed(text: string): Message | null {
  try {
    return JSON.parse(text) as Message | null;
  } catch {
    return null;
  }
}

function receive(message: Message, watching: Watching): void {
  switch (message.type) {
    case "ready":
      return watching.ready(message.position ?? "");
    case "reset":
    case "board.imported": // rows by the thousand: they are taken anew
      return watching.reset();
    case "board.deleted":
      return watching.deleted();
    default:
      if ("payload" in message) watching.event(message as unknown as Event);
  }
}
