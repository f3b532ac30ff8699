/** Which attachments a text on a board may show as pictures: those of the board itself, for others would come and go unseen. */
import type { Attachment, Id } from "../api/types";
import { isPicture } from "../board/attaching";
import { api } from "./session.svelte";
import type { BoardView } from "./view.svelte";

class Pictures {
  private known = $state.raw<ReadonlySet<Id>>(new Set());
  private readonly asked = new Set<Id>();

  constructor(private readonly board: Id) {}

  /** Whether it is one; false until the server has said so, and then whoever has asked is told. */
  has(id: Id): boolean {
    if (!this.asked.has(id)) void this.ask(id);
    return this.known.has(id);
  }

  private async ask(id: Id): Promise<void> {
    this.asked.add(id);
    try {
      const found = await api.json<Attachment>(`/attachments/${id}`, "id", "board_id");
      if (found.board_id === this.board && isPicture(found)) this.known = new Set([...this.known, id]);
    } catch {
      this.asked.delete(id); // offline, or it is not there: asked again with the next text
    }
  }
}

const known = new WeakMap<BoardView, Pictures>();

export function picturesOf(view: BoardView): Pictures {
  let found = known.get(view);
  if (!found) known.set(view, (found = new Pictures(view.live.id)));
  return found;
}
