/** A board on its way in: the file is sent, planned and reported; then, if the person says so, written. */
import { Offline, Problem, type LaterKind, type ProblemDocument } from "../api/problems";
import { uuid7 } from "../api/ids";
import type { Id } from "../api/types";
import { upload } from "../api/upload";
import { sentence } from "../i18n/problems";
import { t } from "../i18n/later.svelte";
import { api } from "./session.svelte";

const WAIT_SECONDS = 5;
const RETRY_MS = 1_500;

export type Counts = Record<string, number>;

export interface Field {
  path: string;
  values: number;
  kept: number;
  aside: number;
  dropped: number;
  reason?: string;
  to?: string;
}

export interface InFile {
  id: string;
  username: string | null;
  name: string | null;
  uses: number;
  user: Id | null;
}

export interface BoardReport extends Record<"created" | "updated" | "unchanged" | "kept_yours" | "gone", Counts> {
  board_id: Id;
  is_new: boolean;
  readers?: Id[];
}

export interface Report {
  format: string;
  source: { id: string | null; title: string | null };
  boards: BoardReport[];
  fields: Field[];
  totals: { values: number; kept: number; aside: number; dropped: number };
  people: InFile[];
  warnings: { code: string; count: number; at: string[] }[];
}

interface Import {
  id: Id;
  status: "reading" | "planning" | "writing" | "done" | "failed" | "cancelled";
  progress: { done: number; total: number };
  dry_run: boolean;
  problem: ProblemDocument | null;
  report: Report | null;
}

export class Bringing {
  phase = $state<"idle" | "sending" | "working" | "shown" | "done" | "failed" | "cancelled">("idle");
  file = $state.raw<File | null>(null);
  sent = $state(0);
  found = $state.raw<Import | null>(null);
  problem = $state.raw<unknown>(null);
  /** Who somebody in the file is here. */
  readonly people = $state<Record<string, Id>>({});
  private sending: AbortController | null = null;
  private asking = 0; // whoever asks with an older number is no longer wanted

  get report(): Report | null {
    return this.found?.report ?? null;
  }

  /** Send the file and have it planned; nothing is written. `more` says what the file does not. */
  async begin(file: File, more: Record<string, string> = {}): Promise<void> {
    this.reset();
    const asked = this.asking;
    [this.file, this.phase, this.sending] = [file, "sending", new AbortController()];
    const query = new URLSearchParams({ dry_run: "true", time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone, title: titleOf(file.name), ...more });
    try {
      const sending = { key: uuid7(), progress: (sent: number) => void (this.sent = sent), signal: this.sending.signal };
      const { data } = await upload<Import>(api, `/imports?${query}`, file, sending);
      if (asked === this.asking) await this.follow(data);
      else await this.forget(data.id);
    } catch (error) {
      if (asked === this.asking) this.fail(error);
    }
  }

  /** Do what was shown. */
  async run(): Promise<void> {
    const { id } = this.found!;
    try {
      const people = Object.fromEntries(Object.entries(this.people).filter(([, user]) => user));
      const { data } = await api.write<Import>({ method: "POST", path: `/imports/${id}/run`, body: { people } }, uuid7());
      await this.follow(data);
    } catch (error) {
      this.fail(error);
    }
  }

  /** End it, wherever it is: nothing is written. */
  async cancel(): Promise<void> {
    const id = this.found?.id;
    const wasWorking = this.phase === "sending" || this.phase === "working";
    this.reset();
    if (wasWorking) this.phase = "cancelled";
    if (id) await this.forget(id);
  }

  reset(): void {
    this.asking++;
    this.sending?.abort();
    [this.phase, this.file, this.sent, this.found, this.problem, this.sending] = ["idle", null, 0, null, null, null];
    for (const name of Object.keys(this.people)) delete this.people[name];
  }

  /** Say why it has failed. */
  get why(): string {
    const { problem } = this;
    const say = problem instanceof Problem ? t().doors.problems[problem.kind as LaterKind] : undefined;
    return say ? say((problem as Problem).document) : sentence(t(), problem);
  }

  private async follow(begun: Import): Promise<void> {
    const asked = this.asking;
    [this.found, this.phase] = [begun, "working"];
    while (asked === this.asking && !["done", "failed", "cancelled"].includes(this.found.status)) {
      try {
        const found: Import = await api.json<Import>(`/imports/${begun.id}?wait=${WAIT_SECONDS}`, "id", "status");
        if (asked === this.asking) this.found = found;
      } catch (error) {
        if (!(error instanceof Offline)) throw error;
        await new Promise((next) => setTimeout(next, RETRY_MS)); // it goes on there meanwhile
      }
    }
    if (asked !== this.asking) return;
    if (this.found.status === "failed") throw new Problem(this.found.problem!);
    this.phase = this.found.status === "cancelled" ? "cancelled" : this.found.dry_run ? "shown" : "done";
  }

  private fail(error: unknown): void {
    [this.problem, this.phase] = [error, "failed"];
  }

  private async forget(id: Id): Promise<void> {
    await api.write({ method: "DELETE", path: `/imports/${id}` }).catch(() => undefined); // it is forgotten in an hour
  }
}

/** For files that have no title of their own. */
function titleOf(name: string): string {
  return name.replace(/\.[^.]*$/, "").slice(0, 200) || name.slice(0, 200);
}
