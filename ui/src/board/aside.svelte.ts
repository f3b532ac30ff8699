/** Ops that do not go on by themselves: the person says what becomes of them. */
import { uuid7 } from "../api/ids";
import type { Op } from "./ops";

export class Aside {
  /** Kept here for so long that they may have happened. */
  old = $state.raw<Op[]>([]);
  /** The server has failed at them again and again. */
  failed = $state.raw<Op[]>([]);

  constructor(
    private readonly again: (ops: Op[]) => void,
    private readonly lost: (ops: Op[]) => void,
  ) {}

  get all(): Op[] {
    return [...this.old, ...this.failed];
  }

  /** Do what is old again, by new keys, or forget it. */
  settleOld(doAgain: boolean): void {
    const ops = this.old.map((op) => ({ ...op, key: uuid7(), at: Date.now() }));
    this.old = [];
    (doAgain ? this.again : this.lost)(ops);
  }

  /** Try once more what the server failed at, by the same keys, or forget it. */
  settleFailed(doAgain: boolean): void {
    const ops = this.failed;
    this.failed = [];
    (doAgain ? this.again : this.lost)(ops);
  }

  /** Give up all. */
  clear(): void {
    this.lost(this.all);
    [this.old, this.failed] = [[], []];
  }
}
