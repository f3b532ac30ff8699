/** What the panel shows of a task beyond its card: description, subtasks, what happened to it. */
import type { Api, Written } from "../api/client";
import type { Event, Id, Subtask, Task } from "../api/types";
import type { LiveBoard } from "../board/live.svelte";
import { tasksOf, type Op } from "../board/ops";
import { byRank } from "../board/state";
import { subtasksOver } from "../board/subtasks";
import { coalesced } from "./coalesced";

interface Line {
  seq: number;
  text: string;
  when: string;
  at: string;
  actor: { id: Id; name: string } | null;
}

const SHOWN = 20; // lines of what happened

type TaskChange = Partial<Task>;
type SubtaskChange = Partial<Subtask> & { id: Id };

export class Details {
  version = $state(0);
  activity = $state.raw<Line[]>([]);
  problem = $state.raw<unknown>(null);
  /** The task is archived or gone from the board; what was read of it is still here. */
  task = $state.raw<Task | null>(null);
  /** The number of the event that has deleted it, while it was open: what brings it back. */
  deletedBy: number | null = null;
  private readDescription = $state.raw<string | null>(null);
  private readSubtasks = $state.raw<Subtask[]>([]);
  private pending: readonly Op[] = $derived.by(() => (this.at === null ? this.live.pending : []));
  /** As the server has it, else as it is being saved; null: not read yet. */
  description: string | null = $derived.by(() => this.pending.findLast((op) => op.base?.field === "description" && tasksOf(op).includes(this.id))?.base!.mine ?? this.readDescription);
  subtasks: Subtask[] = $derived.by(() => subtasksOver(this.readSubtasks, this.pending, this.id));
  /** What has come since it was asked for: it may not be in the answer yet. */
  private meanwhile: (() => void)[] = [];

  constructor(
    private readonly api: Api,
    private readonly live: LiveBoard,
    readonly id: Id,
    private readonly at: number | null,
    private readonly hasHistory: boolean,
  ) {}

  /** Read it, or read it again: nobody has told what happened while there was no stream. */
  async load(): Promise<void> {
    const meanwhile = (this.meanwhile = [] as (() => void)[]);
    this.problem = null;
    try {
      const [task, subtasks] = await Promise.all([this.askTask(), this.askSubtasks(), this.loadActivity()]);
      if (meanwhile !== this.meanwhile) return; // it was asked again
      [this.task, this.readDescription, this.version, this.readSubtasks] = [task, task.description, task.version, subtasks];
      for (const again of meanwhile) again();
    } catch (error) {
      this.problem = error;
    }
  }

  private askTask(): Promise<Task> {
    return this.api.json<Task>(`/tasks/${this.id}${this.at === null ? "" : `?at=${this.at}`}`, "id", "description");
  }

  private async askSubtasks(): Promise<Subtask[]> {
    return this.at === null ? this.api.all<Subtask>(`/tasks/${this.id}/subtasks`) : []; // what is there now was not there then
  }

  private readonly followActivity = coalesced(() => this.loadActivity());

  async loadActivity(): Promise<void> {
    if (!this.hasHistory || this.at !== null) return; // not for whoever only looks at a public board
    const zone = encodeURIComponent(Intl.DateTimeFormat().resolvedOptions().timeZone);
    const path = `/boards/${this.live.id}/activity?task_id=${this.id}&limit=${SHOWN}&time_zone=${zone}`;
    const page = await this.api.page<Line>(path).catch(() => null);
    if (page) this.activity = page.items;
  }

  /** A snapshot was taken: what was read before may be old by now. */
  opened(): void {
    if (this.at === null) void this.load();
  }

  /** Take in an event of the board, if it is about this task. */
  take(event: Event): void {
    const { payload } = event;
    const isDeleted = (event.type === "task.deleted" && event.task_id === this.id) || payload.tasks?.some((one) => one.id === this.id && one.is_deleted);
    if (isDeleted) this.deletedBy = event.seq;
    const changes = [payload.task, ...(payload.tasks ?? [])].filter((one) => one?.id === this.id) as TaskChange[];
    for (const change of changes) this.learn(() => this.changeTask(change));
    const isGone = event.type === "subtask.deleted";
    for (const one of [payload.subtask, ...(payload.subtasks ?? [])]) {
      if (one) this.learn(() => (one.is_deleted || (isGone && one === payload.subtask) ? this.remove(one.id) : this.change(one)));
    }
    if (event.task_id === this.id || changes.length) this.followActivity();
  }

  /** Take in what the server has answered to an op: its event may come later, or never, where a snapshot comes first. */
  answered({ write }: Op, { data, seq }: Written): void {
    const [, kind, id] = write.path.split("/");
    if (kind === "tasks" && id === this.id && write.method === "PATCH") this.learn(() => this.changeTask(data as TaskChange));
    if (kind !== "subtasks") return;
    const isKnown = this.readSubtasks.some((one) => one.id === id);
    if (write.method === "DELETE") this.learn(() => this.remove(id!));
    else if (isKnown || (!id && (seq ?? 0) > this.live.seq)) this.learn(() => this.change(data as Subtask)); // an answer that comes late is no news
  }

  private learn(change: () => void): void {
    this.meanwhile.push(change);
    change();
  }

  private changeTask(change: TaskChange): void {
    if ((change.version ?? this.version) < this.version) return;
    this.readDescription = change.description ?? this.readDescription;
    this.version = change.version ?? this.version;
    if (this.task) this.task = { ...this.task, ...change };
  }

  private remove(id: Id): void {
    this.readSubtasks = this.readSubtasks.filter((one) => one.id !== id);
  }

  private change(change: SubtaskChange): void {
    const known = this.readSubtasks.find((one) => one.id === change.id);
    if (!known && change.task_id !== this.id) return;
    if (known && (change.version ?? known.version) < known.version) return;
    const others = this.readSubtasks.filter((one) => one !== known);
    this.readSubtasks = [...others, { ...known, ...change } as Subtask].sort(byRank);
  }
}
