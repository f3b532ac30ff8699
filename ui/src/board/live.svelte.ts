/** A board on the screen: confirmed state, what is done on top of it, and the stream that moves it. */
import type { Api, Written } from "../api/client";
import { Offline, Problem } from "../api/problems";
import { follow } from "../api/stream";
import { uuid7 } from "../api/ids";
import type { Board, Card, Column, Event, Id, Person, Snapshot, Task } from "../api/types";
import { takeBack } from "./actions";
import { apply } from "./apply";
import { History } from "./history";
import type { Op } from "./ops";
import { isSameText } from "./merge";
import { overlay } from "./overlay";
import { Queue } from "./queue";
import { drawingOf, stateOf, type BoardState } from "./state";
import { sorted, type BoardStore } from "./store";

const KEEP_MS = 200;
const HIDDEN_MS = 10_000;
const RETRY_MS = 3_000;
const TEXT_TRIES_MAX = 5;

/** One column's cards: each list is state of its own, so that only touched columns are drawn anew. */
export class List {
  cards = $state.raw<Card[]>([]);
  /** How many more the server has: of a very large column only the first come with a snapshot. */
  beyond = $state(0);
}

export interface Around {
  /** An op was confirmed by the server: offer its undo. */
  done(op: Op): void;
  /** An op was refused: say why, and give its text back. */
  refused(op: Op, problem: Problem): void;
  /** The sign-in has ended. */
  signIn(): void;
  /** Others have changed something. */
  event(event: Event): void;
  /** Something of ours has failed: it is said, and nothing is lost. */
  failed(error: unknown): void;
}

export class LiveBoard {
  phase = $state<"loading" | "ready" | "gone" | "failed">("loading");
  problem = $state.raw<unknown>(null);
  isOnline = $state(true);
  waiting = $state(0);
  board = $state.raw<Board | null>(null);
  columns = $state.raw<Column[]>([]);
  people = $state.raw<Map<Id, Person>>(new Map());
  cards = $state.raw<Map<Id, Card>>(new Map());
  /** The number of the latest event that is confirmed. */
  seq = $state(0);
  /** What is shown was kept here, and may be old by now. */
  isStale = $state(false);
  /** Ops of long ago: the person says what becomes of them. */
  old = $state.raw<Op[]>([]);
  /** The board as it was, if that is looked at: read only, and without what is done now. */
  past = $state.raw<BoardState | null>(null);
  readonly history = new History();
  readonly queue: Queue;
  tried: Op | null = null;
  private readonly lists = new Map<Id, List>();
  private confirmed: BoardState | null = null;
  private unfollow: (() => void) | null = null;
  private hiding: ReturnType<typeof setTimeout> | undefined;
  private retrying: ReturnType<typeof setTimeout> | undefined;
  private keeping: ReturnType<typeof setTimeout> | undefined;
  private isDrawDue = false;
  private isClosed = false;

  constructor(
    private readonly api: Api,
    readonly id: Id,
    private readonly around: Around,
    private readonly store: BoardStore | null = null,
  ) {
    this.queue = new Queue({
      send: (op) => this.send(op),
      changed: () => {
        this.draw();
        this.keepSoon();
      },
      answered: (op, written) => this.answered(op, written),
      refused: (op, problem) => this.refused(op, problem),
      reached: (isOnline) => (this.isOnline = isOnline),
      signIn: () => around.signIn(),
      later: (ms, what) => {
        const timer = setTimeout(what, ms);
        return () => clearTimeout(timer);
      },
    });
    document.addEventListener("visibilitychange", this.lookedAt);
    addEventListener("online", this.online);
  }

  /** Begin: with what this computer has kept, if it is the person's own; then with the server's. */
  async begin(): Promise<void> {
    const kept = await this.store?.load(this.id).catch(() => null);
    if (kept?.snapshot && !this.confirmed) {
      this.confirmed = stateOf(kept.snapshot);
      this.phase = "ready";
      this.isStale = true;
    }
    const { fresh, old } = sorted(kept?.ops ?? [], Date.now());
    this.old = old;
    await this.open();
    if (fresh.length) this.queue.restore(fresh);
  }

  /** What waited for so long that it may have happened: do it again, or forget it. */
  settleOld(doAgain: boolean): void {
    const old = this.old;
    this.old = [];
    if (doAgain) this.queue.restore(old.map((op) => ({ ...op, key: uuid7(), at: Date.now() })));
    this.keepSoon();
  }

  /** Take a snapshot, and follow the board from there. */
  async open(): Promise<void> {
    clearTimeout(this.retrying);
    this.stop();
    try {
      const answer = await this.api.get(`/boards/${this.id}/snapshot`);
      if (this.isClosed) return;
      const snapshot = (await answer.json()) as Snapshot;
      this.take(snapshot);
      void this.store?.keepSnapshot(this.id, snapshot).catch(() => undefined); // full or forbidden: without it
    } catch (error) {
      if (!this.isClosed) this.failedToOpen(error);
    }
  }

  close(): void {
    this.isClosed = true;
    this.stop();
    this.queue.close();
    clearTimeout(this.hiding);
    clearTimeout(this.retrying);
    document.removeEventListener("visibilitychange", this.lookedAt);
    removeEventListener("online", this.online);
  }

  list(column: Id): List {
    let found = this.lists.get(column);
    if (!found) this.lists.set(column, (found = new List()));
    return found;
  }

  /** Do something: it is drawn in this very frame. */
  do(op: Op): void {
    if (!op.undoes) this.history.add({ op: op.key, name: op.name, subject: op.subject });
    this.queue.add(op);
  }

  /** Draw an op that is not sent yet, on top of all: a lifted card. Null: no more. */
  tryOut(op: Op | null): void {
    this.tried = op;
    this.draw();
  }

  /** Take back the latest action of one's own; what was never sent is just dropped. */
  undo(): Op | null {
    const latest = this.history.latest;
    if (!latest) return null;
    if (this.queue.drop(latest.op)) {
      this.history.forget(latest.op);
      return takeBack(this.id, latest.op, "undo", latest.subject);
    }
    const op = takeBack(this.id, latest.op, "undo", latest.subject);
    this.history.undo(op.key);
    this.do(op);
    return op;
  }

  redo(): Op | null {
    const op = takeBack(this.id, "", "redo", "");
    const undone = this.history.redo(op.key);
    if (!undone) return null;
    Object.assign(op, { undoes: undone.op, subject: undone.subject });
    this.do(op);
    return op;
  }

  /** Look at the board as it was; null: back to now. */
  look(snapshot: Snapshot | null): void {
    this.past = snapshot && stateOf(snapshot);
    this.draw();
  }

  /** Take in tasks that were read beside the snapshot. */
  know(cards: Card[]): void {
    if (!this.confirmed) return;
    for (const card of cards) {
      const known = this.confirmed.tasks.get(card.id);
      if (!card.is_archived && (!known || known.version <= card.version)) this.confirmed.tasks.set(card.id, card);
    }
    this.draw();
  }

  /** Take in the next page of a very large column. */
  more(column: Id, cards: Card[], nextCursor: string | null): void {
    const found = this.confirmed?.columns.get(column);
    if (found) this.confirmed!.columns.set(column, { ...found, next_cursor: nextCursor });
    this.know(cards);
  }

  /** Signed in again, or the network is back. */
  resume(): void {
    this.queue.resume();
    void this.open();
  }

  private take(snapshot: Snapshot): void {
    this.confirmed = stateOf(snapshot);
    this.phase = "ready";
    this.isStale = false;
    this.isOnline = true;
    this.queue.settle(this.confirmed.seq);
    this.draw();
    if (!document.hidden) this.follow();
  }

  private follow(): void {
    this.stop();
    const { position } = this.confirmed!;
    const address = `${this.api.base}/boards/${this.id}/events/stream?after=${encodeURIComponent(position)}`;
    this.unfollow = follow(address, {
      ready: () => (this.isOnline = true),
      event: (event) => this.receive(event),
      reset: () => void this.open(),
      deleted: () => this.gone(),
      cut: () => (this.isOnline = false),
      refused: () => void this.open(),
    });
  }

  private receive(event: Event): void {
    const state = this.confirmed!;
    if (event.seq <= state.seq) return;
    if (event.seq !== state.seq + 1) return void this.open();
    const unknown = apply(state, event);
    if (unknown.length) void this.readCards(unknown);
    this.queue.settle(event.seq);
    this.drawSoon();
    this.around.event(event);
  }

  private async readCards(ids: Id[]): Promise<void> {
    for (const id of ids) {
      const answer = await this.api.get(`/tasks/${id}`).catch(() => null); // gone meanwhile: an event tells
      if (answer) this.know([(await answer.json()) as Card]);
    }
  }

  private async send(op: Op): Promise<Written> {
    let write = op.write;
    if (op.undoes) {
      const seq = this.history.seqOf(op.undoes);
      if (seq === undefined) throw nothingToUndo(); // what it was to take back was refused
      write = { ...write, body: { seq } };
    }
    return op.base ? this.sendText(op, write) : this.api.write(write, op.key);
  }

  /** The version counts every change of a task, a move too: while the text is as it was, send it again. */
  private async sendText(op: Op, write: Op["write"]): Promise<Written> {
    for (let tries = 1; ; tries++) {
      try {
        return await this.api.write(write, tries === 1 ? op.key : uuid7());
      } catch (error) {
        const current = error instanceof Problem && error.status === 412 ? (error.document.current as Task) : null;
        if (current && isSameText(current[op.base!.field], op.base!.mine)) return { data: current, seq: null, event: null, etag: null };
        if (!current || tries === TEXT_TRIES_MAX || !isSameText(current[op.base!.field], op.base!.text)) throw error;
        write = { ...write, ifMatch: `"${current.version}"` };
      }
    }
  }

  private answered(op: Op, written: Written): void {
    this.history.became(op.key, written.event);
    if (this.confirmed) this.queue.settle(this.confirmed.seq);
    this.around.done(op);
  }

  private refused(op: Op, problem: Problem): void {
    this.history.forget(op.key);
    if (problem.status === 404) void this.open(); // perhaps the whole board is no longer ours
    this.around.refused(op, problem);
  }

  private failedToOpen(error: unknown): void {
    if (error instanceof Problem && error.status === 401) return this.around.signIn();
    if (error instanceof Problem && error.status === 404) return this.gone();
    this.isOnline = !(error instanceof Offline);
    this.problem = error;
    if (this.phase === "loading") this.phase = "failed";
    const wait = error instanceof Problem && error.retryAfter ? error.retryAfter * 1000 : RETRY_MS;
    this.retrying = setTimeout(() => void this.open(), wait);
    if (!(error instanceof Problem || error instanceof Offline)) this.around.failed(error);
  }

  private gone(): void {
    this.stop();
    this.queue.close();
    void this.store?.drop(this.id).catch(() => undefined);
    this.phase = "gone";
  }

  private keepSoon(): void {
    if (!this.store || this.keeping) return;
    this.keeping = setTimeout(() => {
      this.keeping = undefined;
      const unsent = this.queue.ops.filter((op) => op.state !== "answered");
      void this.store?.keepOps(this.id, [...this.old, ...unsent]).catch(() => undefined);
    }, KEEP_MS);
  }

  private drawSoon(): void {
    if (this.isDrawDue) return;
    this.isDrawDue = true;
    const draw = () => {
      this.isDrawDue = false;
      this.draw();
    };
    if (document.hidden) setTimeout(draw, 100);
    else requestAnimationFrame(draw);
  }

  /** Draw the confirmed board with the ops on top; a list that stays the same stays untouched. */
  private draw(): void {
    const state = this.past ?? this.confirmed;
    this.waiting = this.queue.waiting;
    if (!state) return;
    const drawing = this.past ? drawingOf(state) : overlay(drawingOf(state), this.tried ? [...this.queue.ops, this.tried] : this.queue.ops);
    this.board = drawing.board;
    this.people = new Map(drawing.people);
    this.seq = this.confirmed?.seq ?? state.seq;
    if (!isSame(this.columns, drawing.columns)) this.columns = drawing.columns;
    const beyond = beyondOf(state);
    const cards = new Map<Id, Card>();
    for (const column of drawing.columns) {
      const list = this.list(column.id);
      const drawn = drawing.lists.get(column.id) ?? [];
      if (!isSame(list.cards, drawn)) list.cards = drawn;
      list.beyond = beyond.get(column.id) ?? 0;
      for (const card of drawn) cards.set(card.id, card);
    }
    this.cards = cards;
  }

  private readonly lookedAt = (): void => {
    clearTimeout(this.hiding);
    // A hidden tab holds no stream: a browser has six connections for all tabs of a host.
    if (document.hidden) this.hiding = setTimeout(() => this.stop(), HIDDEN_MS);
    else if (!this.unfollow && this.phase === "ready") this.follow();
  };

  private readonly online = (): void => this.resume();

  private stop(): void {
    this.unfollow?.();
    this.unfollow = null;
  }
}

/** Count for each column what stands in it and was not read. */
function beyondOf(state: BoardState): Map<Id, number> {
  const found = new Map([...state.columns.values()].map((column) => [column.id, column.task_count]));
  for (const task of state.tasks.values()) found.set(task.column_id, Math.max(0, (found.get(task.column_id) ?? 0) - 1));
  return found;
}

function nothingToUndo(): Problem {
  return new Problem({ type: "/problems/nothing-to-undo", title: "There is nothing to take back.", status: 409 });
}

function isSame<T>(before: readonly T[], after: readonly T[]): boolean {
  return before.length === after.length && before.every((item, place) => item === after[place]);
}
