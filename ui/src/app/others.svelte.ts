/** What others do on a board, as it is shown: who has changed what, for a moment, and who a text is by now. */
import type { Api } from "../api/client";
import type { Event, Id, Payload, Task } from "../api/types";
import { slideFrom } from "../gestures/slide";
import type { TextField } from "./texts.svelte";

const GLOW_MS = 1_000;
const FADE_MS = 500; // those of a storm go out together: each time the board is painted anew

/** Who has just changed a card: state of its own, so that no other card is drawn for it. */
class Glow {
  who = $state<Id | null>(null);
  since = 0;
}

interface Line {
  type: string;
  actor: { id: Id; name: string } | null;
}

export class Others {
  private readonly glows = new Map<Id, Glow>();
  private readonly glowing = new Set<Glow>();
  private fading: ReturnType<typeof setTimeout> | undefined;
  /** Who else has changed a text last, by task and field. */
  private readonly changers = new Map<string, string>();

  constructor(
    private readonly api: Api,
    private readonly board: Id,
    private readonly me: Id,
  ) {}

  take(event: Event): void {
    const id = event.task_id;
    if (!id || !event.actor || event.actor.id === this.me) return;
    for (const field of changedTexts(event.payload, id)) this.changers.set(`${id}/${field}`, event.actor.name);
    const stays = !("from_column_id" in (event.payload.task ?? {})); // a list cuts off what comes from beside it
    if (event.type === "task.moved" && stays) requestAnimationFrame(slideFrom(id)); // after the frame's drawing, which was asked for before
    const glow = this.glowOf(id);
    [glow.who, glow.since] = [event.actor.id, performance.now()];
    this.glowing.add(glow);
    this.fadeSoon(GLOW_MS);
  }

  private fadeSoon(ms: number): void {
    this.fading ??= setTimeout(() => {
      this.fading = undefined;
      for (const glow of this.glowing) {
        if (performance.now() - glow.since < GLOW_MS - FADE_MS / 2) continue;
        glow.who = null;
        this.glowing.delete(glow);
      }
      if (this.glowing.size) this.fadeSoon(FADE_MS);
    }, ms);
  }

  /** Whose face glows on a card, for others have just changed it. */
  glowOf(id: Id): Glow {
    let found = this.glows.get(id);
    if (!found) this.glows.set(id, (found = new Glow()));
    return found;
  }

  /** Who else has changed a text: as the stream has told, or as the log says. */
  async changerOf(task: Id, field: TextField): Promise<string | null> {
    const known = this.changers.get(`${task}/${field}`);
    if (known) return known;
    const log = await this.api.page<Line>(`/boards/${this.board}/activity?task_id=${task}&limit=20`).catch(() => null);
    return log?.items.find((line) => line.actor?.id !== this.me && line.type === "task.updated")?.actor?.name ?? null;
  }
}

/** The texts of a task that an event changes. */
function changedTexts(payload: Payload, id: Id): TextField[] {
  const changes = [payload.task, ...(payload.tasks ?? [])].filter((one) => one?.id === id) as Partial<Task>[];
  return (["title", "description"] as const).filter((field) => changes.some((one) => one[field] !== undefined));
}
