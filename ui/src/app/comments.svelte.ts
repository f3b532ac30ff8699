/** The comments of the open task, as they are shown: what was read of them, and what is done on top. */
import type { Api } from "../api/client";
import type { Comment, Event, Id } from "../api/types";
import { commentsOver, type Drawn } from "../board/comments";
import type { LiveBoard } from "../board/live.svelte";
import type { Op } from "../board/ops";
import { Thread } from "../board/thread";

const PAGE = 30;

export class Comments {
  isRead = $state(false);
  problem = $state.raw<unknown>(null);
  /** Where the earlier ones begin, if there are any. */
  earlier = $state.raw<string | null>(null);
  private confirmed = $state.raw<readonly Comment[]>([]);
  /** Oldest first. */
  list: Drawn[] = $derived.by(() => commentsOver(this.confirmed, this.live.pending, this.task));
  private readonly thread: Thread;

  constructor(
    private readonly api: Api,
    private readonly live: LiveBoard,
    readonly task: Id,
    /** Told of each comment on the task, with who has made it. */
    private readonly said: (who: Event["actor"]) => void,
  ) {
    this.thread = new Thread(task);
  }

  /** Read the latest. */
  async load(): Promise<void> {
    await this.ask(null, this.thread.asked());
  }

  /** Read those before; gives how many came. */
  async loadEarlier(): Promise<number> {
    const before = this.confirmed.length;
    if (this.earlier) await this.ask(this.earlier, (page, earlier) => this.thread.before(page, earlier));
    return this.confirmed.length - before;
  }

  private async ask(cursor: string | null, take: ReturnType<Thread["asked"]>): Promise<void> {
    const query = new URLSearchParams({ task_id: this.task, sort: "-created_at", limit: String(PAGE), ...(cursor && { cursor }) });
    try {
      const page = await this.api.page<Comment>(`/comments?${query}`);
      take(page.items, page.next_cursor);
      [this.problem, this.isRead] = [null, true];
      this.show();
    } catch (error) {
      this.problem = error;
    }
  }

  take(event: Event): void {
    this.thread.take(event);
    this.show();
    if (event.type === "comment.created" && event.task_id === this.task) this.said(event.actor);
  }

  answered(op: Op, data: unknown): void {
    this.thread.answered(op, data);
    this.show();
  }

  private show(): void {
    [this.confirmed, this.earlier] = [this.thread.comments, this.thread.earlier];
  }
}
