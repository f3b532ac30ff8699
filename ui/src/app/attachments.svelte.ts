/** The files and links of the task that is open, as the log has them. */
import type { Api } from "../api/client";
import { Problem } from "../api/problems";
import type { Attachment, Event, Id } from "../api/types";
import type { LiveBoard } from "../board/live.svelte";
import type { Op } from "../board/ops";
import type { Follower } from "./view.svelte";

type Change = Partial<Attachment> & { id: Id; is_deleted?: boolean };

export class Attachments implements Follower {
  list = $state.raw<Attachment[]>([]);
  phase = $state<"loading" | "ready" | "failed">("loading");
  problem = $state.raw<unknown>(null);
  /** What has come since the list was asked for: it may not be in it yet. */
  private meanwhile: Change[] = [];
  private readonly gone = new Set<Id>();
  private isOld = false;

  constructor(
    private readonly api: Api,
    private readonly live: LiveBoard,
    private readonly task: Id,
  ) {}

  async load(): Promise<void> {
    const meanwhile = (this.meanwhile = [] as Change[]);
    this.gone.clear(); // it may have come back
    try {
      const found = await this.api.all<Attachment>(`/tasks/${this.task}/attachments`);
      this.list = inOrder(found.filter((one) => !this.gone.has(one.id)));
      for (const change of meanwhile) if (!this.gone.has(change.id)) this.merge(change);
      this.phase = "ready";
    } catch (error) {
      this.problem = error;
      this.phase = error instanceof Problem && error.status === 404 ? "ready" : "failed"; // deleted, or not made yet: it has none
    }
  }

  /** Read again, once what is done here is confirmed: the server's list is without it. */
  opened(): void {
    this.isOld = this.live.pending.some(({ write }) => /^\/(attachments|tasks\/[^/]+\/links)\b/.test(write.path));
    if (!this.isOld) void this.load();
  }

  event({ type, payload }: Event): void {
    if (this.isOld) this.opened();
    const isGone = type === "attachment.deleted";
    for (const one of [payload.attachment, ...(payload.attachments ?? [])]) {
      if (one) this.take(one, one.is_deleted || (isGone && one === payload.attachment));
    }
    const user = payload.user;
    if (user) this.list = this.list.map((one) => (one.author?.id === user.id ? { ...one, author: type === "user.deleted" ? null : { ...one.author, ...user } } : one));
  }

  refused(op: Op): void {
    if (/^(attachment|link)\./.test(op.name)) void this.load();
  }

  attached(attachment: Attachment): void {
    if (!this.gone.has(attachment.id)) this.merge(attachment);
  }

  /** Show a change before the server has said so. */
  draw(id: Id, fields: Partial<Attachment> | null): void {
    this.list = fields ? this.list.map((one) => (one.id === id ? { ...one, ...fields } : one)) : this.list.filter((one) => one.id !== id);
  }

  private take(change: Change, isGone = false): void {
    if (isGone) {
      this.gone.add(change.id);
      return this.draw(change.id, null);
    }
    this.gone.delete(change.id);
    this.meanwhile.push(change);
    this.merge(change);
  }

  private merge(change: Change): void {
    const known = this.list.find((one) => one.id === change.id);
    if (!known && change.task_id !== this.task) return;
    if (known && (change.version ?? known.version) < known.version) return;
    this.list = inOrder([...this.list.filter((one) => one !== known), { ...known, ...change } as Attachment]);
  }
}

/** The oldest first, as the server has them. */
function inOrder(list: Attachment[]): Attachment[] {
  return list.sort((a, b) => a.created_at.localeCompare(b.created_at) || (a.id < b.id ? -1 : 1));
}
