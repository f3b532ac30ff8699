/** Files on their way to the server: few at once, each with its key, so that what is sent again is attached once. */
import type { Written } from "../api/client";
import { Offline, Problem, isPassing } from "../api/problems";
import type { Id } from "../api/types";

/** So many of a person's does the server take at once. */
export const AT_ONCE = 2;
export const FAILURES_MAX = 8;
const WAIT_MS_MIN = 500;
const WAIT_MS_MAX = 8_000;

export interface Upload {
  /** Its `Idempotency-Key`. */
  key: string;
  task: Id;
  file: Blob;
  name: string;
  /** `asking`: the person decides first whether it goes as it is. */
  state: "asking" | "waiting" | "sending" | "failed";
  /** Of `file.size` bytes. */
  sent: number;
  /** Why it has failed, or why it waits. */
  problem: unknown;
  failures: number;
}

export interface Outside {
  send(upload: Upload, progress: (sent: number) => void, signal: AbortSignal): Promise<Written>;
  /** Whether its task is on the server by now. */
  mayBegin(upload: Upload): boolean;
  /** Whether the server answers otherwise. */
  isReachable(): Promise<boolean>;
  changed(): void;
  done(upload: Upload, written: Written): void;
  /** Sign in; then `resume`. */
  signIn(problem: Problem): void;
  later(ms: number, what: () => void): () => void;
}

/** What can no longer be read: moved, deleted or changed since it was chosen. */
export class Unreadable extends Error {}
/** The server is there, and yet the file does not arrive. */
export class CutOff extends Offline {}

export class Uploads {
  list: readonly Upload[] = [];
  private readonly running = new Map<string, AbortController>();
  private isHeld = false;
  private wait = WAIT_MS_MIN;
  private cancelWait: (() => void) | null = null;

  constructor(private readonly outside: Outside) {}

  add(...uploads: Upload[]): void {
    this.list = [...this.list, ...uploads];
    this.outside.changed();
    this.work();
  }

  /** End it, wherever it is; nothing of it is left here. */
  cancel(key: string): void {
    this.remove(key);
    this.running.get(key)?.abort();
    this.work();
  }

  /** Try again what has failed, or decide what was asked: with the same key, for it may have arrived. */
  retry(key: string, more: Partial<Pick<Upload, "file" | "name">> = {}): void {
    this.set(key, { ...more, state: "waiting", sent: 0, problem: null, failures: 0 });
    this.resume();
  }

  /** Go on at once: signed in again, the network is back, a task has arrived. */
  resume(): void {
    this.isHeld = false;
    this.wait = WAIT_MS_MIN;
    this.cancelWait?.();
    this.cancelWait = null;
    this.work();
  }

  /** End all. */
  close(): void {
    this.isHeld = true;
    this.cancelWait?.();
    for (const { key } of this.list) this.cancel(key);
  }

  private work(): void {
    if (this.isHeld || this.cancelWait) return;
    const free = AT_ONCE - this.running.size;
    const next = this.list.filter((one) => one.state === "waiting" && !this.running.has(one.key) && this.outside.mayBegin(one));
    for (const upload of next.slice(0, Math.max(0, free))) void this.run(upload);
  }

  private async run({ key }: Upload): Promise<void> {
    const control = new AbortController();
    this.running.set(key, control);
    const upload = this.set(key, { state: "sending", sent: 0 })!;
    try {
      const written = await this.outside.send(upload, (sent) => this.set(key, { sent }), control.signal);
      this.wait = WAIT_MS_MIN;
      this.remove(key);
      this.outside.done(upload, written);
    } catch (error) {
      if (!control.signal.aborted) this.fail(key, await this.reasonOf(upload, error));
    } finally {
      this.running.delete(key);
    }
    this.work();
  }

  private fail(key: string, error: unknown): void {
    const upload = this.find(key);
    if (!upload) return;
    if (error instanceof Problem && error.status === 401) {
      this.isHeld = true;
      this.set(key, { state: "waiting", sent: 0 });
      return this.outside.signIn(error);
    }
    const isNobodysFault = (error instanceof Offline && !(error instanceof CutOff)) || (error instanceof Problem && (error.status === 429 || error.kind === "key-in-use"));
    const failures = upload.failures + (isNobodysFault ? 0 : 1);
    if (!mayHelp(error) || failures >= FAILURES_MAX) {
      return void this.set(key, { state: "failed", sent: 0, problem: error, failures });
    }
    this.set(key, { state: "waiting", sent: 0, problem: error, failures });
    this.tryLater(error);
  }

  private tryLater(error: unknown): void {
    if (this.cancelWait) return;
    const asked = error instanceof Problem && error.retryAfter ? error.retryAfter * 1000 : this.wait;
    this.wait = Math.min(2 * this.wait, WAIT_MS_MAX);
    this.cancelWait = this.outside.later(asked, () => {
      this.cancelWait = null;
      this.work();
    });
  }

  /** A browser says of a file that is gone, and of a server that hears no more, what it says of a network that is down. */
  private async reasonOf({ file }: Upload, error: unknown): Promise<unknown> {
    if (!(error instanceof Offline)) return error;
    const isThere = await file.slice(0, 1).arrayBuffer().then(() => true, () => false);
    if (!isThere) return new Unreadable();
    return (await this.outside.isReachable()) ? new CutOff(error) : error;
  }

  private find(key: string): Upload | undefined {
    return this.list.find((one) => one.key === key);
  }

  private set(key: string, more: Partial<Upload>): Upload | undefined {
    this.list = this.list.map((one) => (one.key === key ? { ...one, ...more } : one));
    this.outside.changed();
    return this.find(key);
  }

  private remove(key: string): void {
    this.list = this.list.filter((one) => one.key !== key);
    this.outside.changed();
  }
}

/** Whether to send it again by itself: a full disk does not empty itself within seconds. */
function mayHelp(error: unknown): boolean {
  if (error instanceof Problem && error.status === 507) return false;
  return isPassing(error) || (error instanceof Problem && error.kind === "key-in-use");
}
