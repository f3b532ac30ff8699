/** What the panel shows of a task beyond its card: description, subtasks, what happened to it. */
import type { Api } from "../api/client";
import type { Event, Id, Subtask, Task } from "../api/types";
import { byRank } from "../board/state";
import { coalesced } from "./coalesced";

interface Line {
  seq: number;
  text: string;
  when: string;
  at: string;
  actor: { id: Id; name: string } | null;
}

const SHOWN = 20; // lines of what happened

export class Details {
  description = $state.raw<string | null>(null);
  version = $state(0);
  subtasks = $state.raw<Subtask[]>([]);
  activity = $state.raw<Line[]>([]);
  problem = $state.raw<unknown>(null);
  /** The task is archived or gone from the board; what was read of it is still here. */
  task = $state.raw<Task | null>(null);
  /** The number of the event that has deleted it, while it was open: what brings it back. */
  deletedBy: number | null = null;
  private readonly gone = new Set<Id>();

  constructor(
    private readonly api: Api,
    private readonly board: Id,
    readonly id: Id,
    private readonly at: number | null,
    private readonly hasHistory: boolean,
  ) {}

  async load(): Promise<void> {
    this.problem = null;
    const past = this.at === null ? "" : `?at=${this.at}`;
    try {
      const task = await this.api.json<Task>(`/tasks/${this.id}${past}`, "id", "description");
      this.task = task;
      this.description = task.description;
      this.version = task.version;
      if (this.at === null) await Promise.all([this.loadSubtasks(), this.loadActivity()]);
    } catch (error) {
      this.problem = error;
    }
  }

  private async loadSubtasks(): Promise<void> {
    const page = await this.api.page<Subtask>(`/tasks/${this.id}/subtasks?limit=200`);
    for (const one of page.items) if (!this.gone.has(one.id)) this.merge(one);
  }

  private readonly followActivity = coalesced(() => this.loadActivity());

  async loadActivity(): Promise<void> {
    if (!this.hasHistory) return; // not for whoever only looks at a public board
    const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
    const path = `/boards/${this.board}/activity?task_id=${this.id}&limit=${SHOWN}&time_zone=${zone}`;
    const page = await this.api.page<Line>(path).catch(() => null);
    if (page) this.activity = page.items;
  }

  /** Take in an event of the board, if it is about this task. */
  take(event: Event): void {
    const { payload } = event;
    const isDeleted = (event.type === "task.deleted" && event.task_id === this.id) || payload.tasks?.some((one) => one.id === this.id && one.is_deleted);
    if (isDeleted) this.deletedBy = event.seq;
    const changes = [payload.task, ...(payload.tasks ?? [])].filter((one) => one?.id === this.id) as Partial<Task>[];
    for (const change of changes) {
      if (change.description !== undefined) this.description = change.description;
      if (change.version) this.version = change.version;
      if (this.task) this.task = { ...this.task, ...change };
    }
    const isGone = event.type === "subtask.deleted";
    for (const one of [payload.subtask, ...(payload.subtasks ?? [])]) {
      if (one) this.takeSubtask(one, one.is_deleted || (isGone && one === payload.subtask));
    }
    if (event.task_id === this.id || changes.length) this.followActivity();
  }

  /** Show a change of a subtask before the server has said so. */
  draw(id: Id, fields: Partial<Subtask> | null): void {
    if (fields === null) this.subtasks = this.subtasks.filter((one) => one.id !== id);
    else this.subtasks = this.subtasks.map((one) => (one.id === id ? { ...one, ...fields } : one));
  }

  private takeSubtask(change: Partial<Subtask> & { id: Id }, isGone?: boolean): void {
    if (isGone) {
      this.gone.add(change.id);
      return this.draw(change.id, null);
    }
    this.gone.delete(change.id);
    this.merge(change);
  }

  private merge(change: Partial<Subtask> & { id: Id }): void {
    const known = this.subtasks.find((one) => one.id === change.id);
    if (!known && change.task_id !== this.id) return;
    if (known && (change.version ?? known.version) < known.version) return;
    const others = this.subtasks.filter((one) => one.id !== change.id);
    this.subtasks = [...others, { ...known, ...change } as Subtask].sort(byRank);
  }
}
