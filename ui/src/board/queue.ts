/** What is done waits here for the server: one queue a board, one request at a time, so that order holds. */
import type { Written } from "../api/client";
import { Offline, Problem, isPassing } from "../api/problems";
import { hangingOn, type Op } from "./ops";

const WAIT_MS_MIN = 500;
const WAIT_MS_MAX = 8_000;
/** How often the server may fail at an op before it is set aside. No network does not count. */
export const FAILURES_MAX = 8;

export interface Outside {
  send(op: Op): Promise<Written>;
  /** The ops have changed: draw, keep. */
  changed(): void;
  answered(op: Op, written: Written): void;
  /** The op is off: refused. */
  refused(op: Op, problem: Problem): void;
  /** The server, or something here, fails at an op again and again: it is off with what hangs on it, and kept. */
  setAside(ops: Op[], error: unknown): void;
  /** Whether the server can be reached. */
  reached(isOnline: boolean): void;
  /** Sign in; then `resume`. */
  signIn(problem: Problem): void;
  later(ms: number, what: () => void): () => void;
}

export class Queue {
  ops: Op[] = [];
  private isBusy = false;
  private isHeld = false;
  private wait = WAIT_MS_MIN;
  private cancel: (() => void) | null = null;

  constructor(private readonly outside: Outside) {}

  add(op: Op): void {
    this.ops = [...this.ops, op];
    this.outside.changed();
    void this.work();
  }

  /** Go on with what an earlier page had not sent, before anything new. */
  restore(ops: Op[]): void {
    this.ops = [...ops, ...this.ops];
    this.outside.changed();
    void this.work();
  }

  /** Take back what was never sent; false where it is under way. */
  drop(key: string): boolean {
    const op = this.ops.find((one) => one.key === key);
    if (!op || op.wasSent) return false;
    this.remove(op);
    return true;
  }

  /** How many wait for the server. */
  get waiting(): number {
    return this.ops.filter((op) => op.state !== "answered").length;
  }

  /** Drop what the confirmed board has reached. */
  settle(seq: number): void {
    const left = this.ops.filter((op) => !(op.state === "answered" && (op.seq ?? 0) <= seq));
    if (left.length < this.ops.length) {
      this.ops = left;
      this.outside.changed();
    }
  }

  /** Go on at once: signed in again, or the network is back. */
  resume(): void {
    this.isHeld = false;
    this.wait = WAIT_MS_MIN;
    this.cancel?.();
    this.cancel = null;
    void this.work();
  }

  /** End; gives what was not answered. */
  close(): Op[] {
    this.isHeld = true;
    this.cancel?.();
    return this.ops.filter((op) => op.state !== "answered");
  }

  private async work(): Promise<void> {
    if (this.isBusy || this.isHeld || this.cancel) return;
    const op = this.ops.find((one) => one.state === "waiting");
    if (!op) return;
    this.isBusy = true;
    this.set(op, { state: "sending", wasSent: true });
    try {
      this.accept(op, await this.outside.send(op));
    } catch (error) {
      this.fail(op, error);
    } finally {
      this.isBusy = false;
    }
    void this.work();
  }

  private accept(op: Op, written: Written): void {
    this.wait = WAIT_MS_MIN;
    this.outside.reached(true);
    this.set(op, { state: "answered", seq: written.seq ?? 0 });
    this.outside.answered(op, written);
  }

  private fail(op: Op, error: unknown): void {
    if (error instanceof Problem && error.status === 401) {
      this.isHeld = true;
      this.set(op, { state: "waiting" });
      return this.outside.signIn(error);
    }
    if (error instanceof Problem && !isPassing(error)) return this.refuse(op, error);
    this.outside.reached(!(error instanceof Offline));
    const failures = op.failures + (isPassing(error) && (error instanceof Offline || error.status === 429) ? 0 : 1);
    if (failures >= FAILURES_MAX || !isPassing(error)) return this.setAside(op, error);
    this.set(op, { state: "waiting", failures });
    this.tryLater(error);
  }

  private refuse(op: Op, problem: Problem): void {
    this.outside.reached(true);
    this.remove(op);
    this.outside.refused(op, problem);
  }

  private setAside(op: Op, error: unknown): void {
    const ops = [op, ...hangingOn(op, this.ops.slice(this.ops.indexOf(op) + 1))];
    this.ops = this.ops.filter((one) => !ops.includes(one));
    this.outside.changed();
    this.outside.setAside(ops.map((one) => ({ ...one, state: "waiting", failures: 0 })), error);
  }

  private tryLater(error: unknown): void {
    const asked = error instanceof Problem && error.retryAfter ? error.retryAfter * 1000 : this.wait;
    this.wait = Math.min(2 * this.wait, WAIT_MS_MAX);
    this.cancel = this.outside.later(asked, () => {
      this.cancel = null;
      void this.work();
    });
  }

  private set(op: Op, more: Partial<Op>): void {
    Object.assign(op, more);
    this.outside.changed();
  }

  private remove(op: Op): void {
    this.ops = this.ops.filter((one) => one !== op);
    this.outside.changed();
  }
}
