/** The files that somebody attaches to tasks of a board, until they are there; they outlive the panel and the screen. */
import { upload } from "../api/upload";
import { uuid7 } from "../api/ids";
import { Offline, Problem } from "../api/problems";
import type { Attachment, Id } from "../api/types";
import { fileAddress } from "../board/attaching";
import { hasPlace, withoutPlace } from "../board/geotag";
import { fileName, pastedName } from "../board/names";
import { Uploads, type Upload } from "../board/uploads";
import { t } from "../i18n/later.svelte";
import { nameOf } from "./outcomes.svelte";
import { api, session } from "./session.svelte";
import { toasts } from "./toasts.svelte";
import type { BoardView } from "./view.svelte";

const BEGIN_MS = 300; // until it is looked again whether a task has arrived

export interface Adding {
  /** From the clipboard: such pictures have no names. */
  isPasted?: boolean;
  /** Told once it is there. */
  then?: (attachment: Attachment) => void;
}

export class Files {
  list = $state.raw<readonly Upload[]>([]);
  private readonly then = new Map<string, (attachment: Attachment) => void>();
  private readonly uploads: Uploads;

  constructor(private readonly view: BoardView) {
    this.uploads = new Uploads({
      send: (one, progress, signal) => upload<Attachment>(api, fileAddress(one.task, one.name), one.file, { key: one.key, progress, signal }),
      mayBegin: (one) => session.me?.id === view.me.id && this.isThere(one.task), // who has signed in since attaches nothing of another's
      isReachable: () => api.get("/about").then(() => true, (error) => !(error instanceof Offline)),
      changed: () => (this.list = this.uploads.list),
      done: (one, written) => this.done(one, written.data as Attachment, written.event),
      signIn: (problem) => (session.me ? session.ended(problem) : this.uploads.close()),
      later: (ms, what) => {
        const timer = setTimeout(what, ms);
        return () => clearTimeout(timer);
      },
    });
    for (const name of ["doska.signed-in", "online"]) addEventListener(name, () => this.uploads.resume());
    addEventListener("beforeunload", (event) => this.underWay && event.preventDefault());
  }

  of(task: Id): Upload[] {
    return this.list.filter((one) => one.task === task);
  }

  /** How many may still arrive. */
  get underWay(): number {
    return this.list.filter((one) => one.state !== "failed").length;
  }

  /** End all; nothing more of it arrives. */
  close(): void {
    this.uploads.close();
  }

  /** Attach files to a task; what is too large, or tells a secret, waits for a word of the person. */
  async add(task: Id, files: readonly File[], { isPasted = false, then }: Adding = {}): Promise<void> {
    const sizeMax = await this.sizeMax();
    const isPublic = this.view.live.board?.is_public ?? false;
    const added: Upload[] = [];
    for (const file of files) {
      const name = fileName(isPasted ? pastedName(file.name, t().attachments.picture, new Date()) : file.name, t().attachments.unnamed);
      const one: Upload = { key: uuid7(), task, file, name, state: "waiting", sent: 0, problem: null, failures: 0 };
      if (file.size > sizeMax) Object.assign(one, { state: "failed", problem: tooLarge(sizeMax) });
      else if (isPublic && (await hasPlace(file).catch(() => false))) one.state = "asking";
      if (then) this.then.set(one.key, then);
      added.push(one);
    }
    this.uploads.add(...added);
    this.beginSoon();
    toasts.say(t().attachments.attaching(added.length));
  }

  cancel(key: string): void {
    this.then.delete(key);
    this.uploads.cancel(key);
  }

  retry(key: string): void {
    this.uploads.retry(key);
  }

  /** It was asked whether it may tell where it was taken. */
  async decide({ key, file }: Upload, tells: boolean): Promise<void> {
    this.uploads.retry(key, tells ? {} : { file: await withoutPlace(file) });
  }

  /** Why it is not there: in words. */
  why({ problem, file }: Upload): string {
    return t().attachments.why(problem, file.size);
  }

  /** Tasks that are just being made come first: without them there is nothing to attach to. */
  private isThere(task: Id): boolean {
    return this.view.live.cards.get(task)?.version !== 0;
  }

  private beginSoon(): void {
    if (!this.list.some((one) => one.state === "waiting" && !this.isThere(one.task))) return;
    setTimeout(() => {
      this.uploads.resume();
      this.beginSoon();
    }, BEGIN_MS);
  }

  private async sizeMax(): Promise<number> {
    await session.askAbout().catch(() => undefined); // then the server says it
    return session.about?.attachment_bytes_max ?? Infinity;
  }

  private done(one: Upload, attachment: Attachment, event: number | null): void {
    const { history } = this.view.live;
    const told = { name: "attachment.add", subject: one.name };
    history.add({ op: one.key, ...told, back: [] });
    history.became(one.key, event);
    for (const follower of this.view.followers) follower.attached?.(attachment);
    this.then.get(one.key)?.(attachment);
    this.then.delete(one.key);
    toasts.done(nameOf(told), { label: t().common.undo, run: () => this.view.undo() });
  }
}

function tooLarge(limit: number): Problem {
  return new Problem({ type: "/problems/too-large", title: "", status: 413, limit });
}

const known = new Map<BoardView, Files>(); // a board may be let go while its files are on their way

/** Those of a board: one for as long as the page is open. */
export function filesOf(view: BoardView): Files {
  let found = known.get(view);
  if (!found) known.set(view, (found = new Files(view)));
  return found;
}

/** How many files of all boards have not arrived yet. */
export function filesOnTheirWay(): number {
  return [...known.values()].reduce((all, files) => all + files.underWay, 0);
}

/** Signed out: what was on its way goes no further. */
export function discardFiles(): void {
  for (const files of known.values()) files.close();
  known.clear();
}
