/** A board on the screen: confirmed state, what is done on top of it, and the stream that moves it. */
import type { Api, Written } from "../api/client";
import { Offline, Problem } from "../api/problems";
import type { Card, Event, Id, Snapshot } from "../api/types";
import { takeBack } from "./actions";
import { isUntold } from "./apply";
import { Aside } from "./aside.svelte";
import { painted } from "./frames";
import { History } from "./history";
import { inverseOf } from "./inverse";
import { Layered } from "./layered.svelte";
import type { Op } from "./ops";
import { Queue } from "./queue";
import { sendOp } from "./sending";
import { sorted, type BoardStore } from "./store";
import { Watch } from "./watch";

const KEEP_MS = 200;
const RETRY_MS = 3_000;
const JUST_DONE_MS = 100;

export interface Around {
  /** An op was confirmed by the server: offer its undo. */
  done(op: Op, written: Written): void;
  /** An op was refused: say why, and give its text back. */
  refused(op: Op, problem: Problem): void;
  /** These will never be sent: the board is gone, or the person forgets them. Keep what was typed. */
  lost(ops: Op[]): void;
  /** The sign-in has ended. */
  signIn(problem: Problem): void;
  /** Somebody has changed something. */
  event(event: Event): void;
  /** A snapshot was taken: what was read beside the board may be old by now. */
  opened(): void;
  /** Something has failed: it is said, and nothing is lost. */
  failed(error: unknown): void;
}

export class LiveBoard extends Layered {
  phase = $state<"loading" | "ready" | "gone" | "failed">("loading");
  problem = $state.raw<unknown>(null);
  isOnline = $state(true);
  waiting = $state(0);
  /** What is shown was kept here, and may be old by now. */
  isStale = $state(false);
  readonly history = new History();
  readonly queue: Queue;
  readonly aside: Aside;
  private keeping: ReturnType<typeof setTimeout> | undefined;
  private readonly watch: Watch;

  constructor(
    private readonly api: Api,
    readonly id: Id,
    private readonly around: Around,
    private readonly store: BoardStore | null = null,
  ) {
    super();
    this.queue = new Queue({
      send: async (op) => {
        if (Date.now() - op.at < JUST_DONE_MS) await painted(); // who did it sees it before all else
        return sendOp(api, op, (key) => this.history.seqOf(key));
      },
      changed: () => {
        [this.waiting, this.pending] = [this.queue.waiting, this.queue.ops];
        this.draw();
        this.keepSoon();
      },
      answered: (op, written) => this.answered(op, written),
      refused: (op, problem) => this.refused(op, problem),
      setAside: (ops, error) => this.setAside(ops, error),
      reached: (isOnline) => (this.isOnline = isOnline),
      signIn: (problem) => around.signIn(problem),
      later: (ms, what) => {
        const timer = setTimeout(what, ms);
        return () => clearTimeout(timer);
      },
    });
    this.aside = new Aside((ops) => this.queue.restore(ops), (ops) => this.lose(ops));
    this.watch = new Watch({
      address: () => (this.phase === "gone" || !this.confirmed ? null : `${api.base}/boards/${id}/events/stream?after=${encodeURIComponent(this.confirmed.position)}`),
      reopen: () => void this.open(),
      online: () => this.resume(),
      ready: () => (this.isOnline = true),
      event: (event) => this.receive(event),
      reset: () => void this.open(),
      deleted: () => this.gone(),
      cut: () => (this.isOnline = false),
      refused: () => void this.open(),
    });
  }

  /** Begin: with what this computer has kept, if it is the person's own; then with the server's. */
  async begin(): Promise<void> {
    this.watch.begin();
    if (this.confirmed) return this.open(); // it was on the screen before
    const kept = await this.store?.load(this.id).catch(() => null);
    if (kept?.snapshot && !this.confirmed) {
      this.confirm(kept.snapshot);
      this.phase = "ready";
      this.isStale = true;
      this.draw();
    }
    const { fresh, old } = sorted(kept?.ops ?? [], Date.now());
    this.aside.old = old;
    await this.open();
    if (fresh.length) this.queue.restore(fresh);
  }

  /** Leave the screen: what waits goes on, and is still here when the board is opened again. */
  pause(): void {
    [this.past, this.tried] = [null, null];
    this.watch.end();
  }

  /** What only this tab has. */
  get unsent(): Op[] {
    return [...this.aside.all, ...this.queue.ops.filter((op) => op.state !== "answered")];
  }

  /** Take a snapshot, and follow the board from there. */
  async open(): Promise<void> {
    this.watch.stop();
    try {
      const snapshot = await this.api.json<Snapshot>(`/boards/${this.id}/snapshot`, "board", "columns", "people", "tasks", "position");
      if (!this.watch.isOpen) return;
      this.take(snapshot);
      void this.store?.keepSnapshot(this.id, snapshot).catch(() => undefined); // full or forbidden: without it
    } catch (error) {
      if (this.watch.isOpen) this.failedToOpen(error);
    }
  }

  /** Do something: it is drawn in this very frame. */
  do(op: Op): void {
    if (!op.undoes) this.history.add({ op: op.key, name: op.name, subject: op.subject, back: this.backOf(op) });
    this.queue.add(op);
  }

  /** Take back the latest action of one's own; what was never sent is just dropped. */
  undo(): Op | null {
    const latest = this.history.latest;
    if (!latest) return null;
    const op = takeBack(this.id, latest.op, "undo", latest.subject, latest.back);
    if (this.queue.drop(latest.op)) {
      this.history.forget(latest.op);
      return op;
    }
    this.history.undo(op.key, this.backOf(op));
    this.do(op);
    return op;
  }

  redo(): Op | null {
    const undone = this.history.latestUndone;
    if (!undone) return null;
    const op = takeBack(this.id, undone.op, "redo", undone.subject, undone.back);
    this.history.redo(op.key, this.backOf(op));
    this.do(op);
    return op;
  }

  /** Signed in again, or the network is back. */
  resume(): void {
    this.queue.resume();
    if (this.watch.isOpen) void this.open();
  }

  private backOf(op: Op) {
    return this.drawing ? inverseOf(this.drawing, op.effects) : [];
  }

  private lose(ops: Op[]): void {
    if (ops.length) this.around.lost(ops);
    this.keepSoon();
  }

  private take(snapshot: Snapshot): void {
    this.confirm(snapshot);
    this.phase = "ready";
    this.isStale = false;
    this.isOnline = true;
    this.queue.settle(snapshot.seq);
    this.draw();
    this.watch.follow();
    this.around.opened();
  }

  private receive(event: Event): void {
    const { seq } = this.confirmed!;
    if (event.seq <= seq) return;
    if (event.seq !== seq + 1 || isUntold(event)) return void this.open();
    const unknown = this.advance(event);
    if (unknown.length) void this.readCards(unknown);
    this.queue.settle(event.seq);
    this.drawSoon();
    this.around.event(event);
  }

  private async readCards(ids: Id[]): Promise<void> {
    for (const id of ids) {
      const card = await this.api.json<Card>(`/tasks/${id}`, "id", "rank").catch(() => null); // gone meanwhile: an event tells
      if (card) this.know([card]);
    }
  }

  private answered(op: Op, written: Written): void {
    this.history.became(op.key, written.event);
    if (this.confirmed) this.queue.settle(this.confirmed.seq);
    this.around.done(op, written);
  }

  private refused(op: Op, problem: Problem): void {
    this.history.forget(op.key);
    if (problem.status === 404 && this.watch.isOpen) void this.open(); // perhaps the whole board is no longer ours
    this.around.refused(op, problem);
  }

  private setAside(ops: Op[], error: unknown): void {
    this.aside.failed = [...this.aside.failed, ...ops];
    this.keepSoon();
    this.around.failed(error);
  }

  private failedToOpen(error: unknown): void {
    if (error instanceof Problem && error.status === 401) return this.around.signIn(error);
    if (error instanceof Problem && error.status === 404) return this.gone();
    this.isOnline = !(error instanceof Offline);
    this.problem = error;
    if (this.phase === "loading") this.phase = "failed";
    const wait = error instanceof Problem && error.retryAfter ? error.retryAfter * 1000 : RETRY_MS;
    this.watch.retry(wait);
  }

  private gone(): void {
    this.watch.stop();
    this.aside.clear();
    this.lose(this.queue.close());
    this.queue.ops = [];
    void this.store?.drop(this.id).catch(() => undefined);
    this.phase = "gone";
  }

  private keepSoon(): void {
    if (!this.store || this.keeping) return;
    this.keeping = setTimeout(() => {
      this.keeping = undefined;
      void this.store?.keepOps(this.id, this.unsent).catch(() => undefined);
    }, KEEP_MS);
  }
}
