import type { Effect } from "./ops";

/** What a person can take back on a board, in this tab: their own actions, the latest last. */
export interface Done {
  /** The key of the op whose event is to be taken back next: the action's, or that of its undoing. */
  op: string;
  name: string;
  subject: string;
  /** What takes it back on the screen before the server has said so. */
  back: Effect[];
}

export class History {
  private done: Done[] = [];
  private undone: Done[] = [];
  /** What ops have become: their event's number, once answered. */
  private seqs = new Map<string, number>();

  /** Something was done; what was undone before can be done again no longer. */
  add(done: Done): void {
    this.done.push(done);
    this.undone = [];
  }

  /** The latest action is undone by the op `by`, which `back` takes back in turn. */
  undo(by: string, back: Effect[]): void {
    shift(this.done, this.undone, by, back);
  }

  redo(by: string, back: Effect[]): void {
    shift(this.undone, this.done, by, back);
  }

  get latest(): Done | undefined {
    return this.done.at(-1);
  }

  get latestUndone(): Done | undefined {
    return this.undone.at(-1);
  }

  /** An op was answered: its event, or null where nothing was changed and so nothing can be undone. */
  became(op: string, event: number | null): void {
    if (event === null) this.forget(op);
    else this.seqs.set(op, event);
  }

  /** It was refused, or never sent. */
  forget(op: string): void {
    this.done = this.done.filter((one) => one.op !== op);
    this.undone = this.undone.filter((one) => one.op !== op);
  }

  seqOf(op: string): number | undefined {
    return this.seqs.get(op);
  }
}

function shift(from: Done[], to: Done[], by: string, back: Effect[]): void {
  const found = from.pop();
  if (found) to.push({ ...found, op: by, back });
}
