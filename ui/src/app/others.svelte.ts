/** What others do on a board, as it is shown: who has changed what, for a moment, and who a text is by now. */
import type { Api } from "../api/client";
import type { Event, Id, Payload, Task } from "../api/types";
import { slideFrom } from "../gestures/slide";
import type { TextField } from "./texts.svelte";

const GLOW_MS = 1_000;

interface Line {
  type: string;
  actor: { id: Id; name: string } | null;
}

export class Others {
  /** Cards that others have just changed, with who: their faces glow. */
  glow = $state.raw<ReadonlyMap<Id, Id>>(new Map());
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
    if (event.type === "task.moved") requestAnimationFrame(slideFrom(id)); // after the frame's drawing, which was asked for before
    this.glow = new Map([...this.glow, [id, event.actor.id]]);
    setTimeout(() => (this.glow = new Map([...this.glow].filter(([one]) => one !== id))), GLOW_MS);
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
