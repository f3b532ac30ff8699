/** What is kept beyond the tab, on a computer that the person called their own: the last snapshot of a board, and unsent ops. */
import type { Id, Snapshot } from "../api/types";
import type { Op } from "./ops";

export interface Kept {
  snapshot: Snapshot | null;
  ops: Op[];
}

export interface BoardStore {
  load(board: Id): Promise<Kept | null>;
  keepSnapshot(board: Id, snapshot: Snapshot): Promise<void>;
  keepOps(board: Id, ops: Op[]): Promise<void>;
  /** Forget a board that is no longer one's own to see. */
  drop(board: Id): Promise<void>;
}

const NAME = "doska";
const TABLES = ["snapshots", "ops"] as const;
type Table = (typeof TABLES)[number];

/** In IndexedDB; names carry the person and the sub-path, for two people or two Doskas may share an origin. */
export class BrowserStore implements BoardStore {
  private opened: Promise<IDBDatabase> | null = null;

  constructor(
    private readonly person: Id,
    private readonly prefix = "",
  ) {}

  async load(board: Id): Promise<Kept | null> {
    const [snapshot, ops] = await Promise.all([this.get<Snapshot>("snapshots", board), this.get<Op[]>("ops", board)]);
    return snapshot || ops?.length ? { snapshot: snapshot ?? null, ops: ops ?? [] } : null;
  }

  keepSnapshot(board: Id, snapshot: Snapshot): Promise<void> {
    return this.put("snapshots", board, snapshot);
  }

  keepOps(board: Id, ops: Op[]): Promise<void> {
    return this.put("ops", board, ops.length ? ops : null);
  }

  async drop(board: Id): Promise<void> {
    for (const table of TABLES) await this.put(table, board, null);
  }

  /** Forget all of this person: signed out. */
  async clear(): Promise<void> {
    for (const table of TABLES) await this.change(table, (store) => store.delete(this.range));
  }

  /** The unsent ops of all boards. */
  async allOps(): Promise<Op[]> {
    const database = await this.open();
    const found = (await answer(database.transaction("ops").objectStore("ops").getAll(this.range))) as Op[][];
    return found.flat();
  }

  private get range(): IDBKeyRange {
    return IDBKeyRange.bound(this.name(""), this.name("\uffff"));
  }

  private name(board: Id): string {
    return `${this.prefix}/${this.person}/${board}`;
  }

  private async get<T>(table: Table, board: Id): Promise<T | undefined> {
    const database = await this.open();
    return answer(database.transaction(table).objectStore(table).get(this.name(board))) as Promise<T | undefined>;
  }

  private put(table: Table, board: Id, value: unknown): Promise<void> {
    return this.change(table, (store) => (value === null ? store.delete(this.name(board)) : store.put(value, this.name(board))));
  }

  private async change(table: Table, work: (store: IDBObjectStore) => IDBRequest): Promise<void> {
    const database = await this.open();
    await answer(work(database.transaction(table, "readwrite").objectStore(table)));
  }

  private open(): Promise<IDBDatabase> {
    this.opened ??= new Promise((resolve, reject) => {
      const asked = indexedDB.open(NAME, 1);
      asked.onupgradeneeded = () => TABLES.forEach((table) => asked.result.createObjectStore(table));
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error ?? new Error("no IndexedDB"));
    });
    return this.opened;
  }
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error("IndexedDB failed"));
  });
}

/** The server forgets keys after 24 h: what waits for longer than this may have happened, and asks first. */
export const OLD_MS = 20 * 60 * 60 * 1000;

/** Tell what can go on by itself from what is too old for that. */
export function sorted(ops: readonly Op[], now: number): { fresh: Op[]; old: Op[] } {
  const fresh: Op[] = [];
  const old: Op[] = [];
  for (const op of ops) (now - op.at > OLD_MS ? old : fresh).push({ ...op, state: "waiting" });
  return { fresh, old };
}
