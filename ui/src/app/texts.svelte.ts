/** Editing a task's title or description, or a comment: drafts, saving with a version, and conflicts that a person can settle. */
import { clock } from "../api/clock";
import type { Card, Comment, Task } from "../api/types";
import { patchTask } from "../board/actions";
import { isSameText, merge, withLineEndsOf, type Merge } from "../board/merge";
import { opOf, type Op } from "../board/ops";
import { session } from "./session.svelte";
import type { BoardView } from "./view.svelte";

export type TextField = "title" | "description" | "body";

/** Two people have changed the same text. */
export interface Conflict {
  field: TextField;
  mine: string;
  theirs: string;
  version: number;
  merge: Merge;
}

const KEEP_MS = 300;

export class TextEdit {
  text = $state("");
  isEditing = $state(false);
  hasDraft = $state(false);
  isKeptHereOnly = $state(false);
  conflict = $state.raw<Conflict | null>(null);
  /** Who else has changed it. */
  who = $state("");
  /** What a merge has brought in of theirs, and mine as it was before. */
  merged = $state.raw<{ lines: string[]; mine: string; text: string } | null>(null);
  /** What the editing began from: a text that differs by now is another's. */
  base = $state("");
  private version = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly drafts = session.drafts!;

  constructor(
    private readonly view: BoardView,
    /** Whose text it is: a task, or a comment. */
    readonly task: string,
    readonly field: TextField,
  ) {
    this.hasDraft = this.drafts.find(task, field) !== null;
  }

  /** Begin with the text as it is, or with the draft that was kept. */
  begin(text: string, version: number, withDraft = false): void {
    const draft = withDraft ? this.drafts.find(this.task, this.field) : null;
    this.base = draft?.base ?? text;
    this.version = draft?.version ?? version;
    this.text = draft?.text ?? text;
    this.merged = null;
    this.isEditing = true;
  }

  /** Whether somebody else has changed the text since the editing began. */
  isOvertakenBy(now: string | null): boolean {
    return this.isEditing && now !== null && !isSameText(now, this.base);
  }

  /** A key was pressed: keep what is typed, soon. */
  typed(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.keep(), KEEP_MS);
  }

  keep(): void {
    clearTimeout(this.timer);
    if (isSameText(this.text, this.base)) return this.drop();
    const draft = { text: this.text, base: this.base, version: this.version, at: Date.now() };
    this.isKeptHereOnly = !this.drafts.keep(this.task, this.field, draft);
    this.hasDraft = true;
  }

  /** Close without saving; what was typed stays as a draft. */
  pause(): void {
    this.keep();
    this.isEditing = false;
  }

  discard(): void {
    this.drop();
    this.isEditing = false;
  }

  /** Save; gives the op, or null where nothing has changed. */
  save(card: Card): Op | null {
    clearTimeout(this.timer);
    this.isEditing = false;
    if (isSameText(this.text, this.base)) {
      this.drop();
      return null;
    }
    this.keep(); // until the server has it
    const mine = withLineEndsOf(this.text, this.base);
    return this.send(card, mine, this.base, this.version);
  }

  /** What came of it: it is saved, and the draft is needed no longer. */
  saved(text: string): void {
    if (!this.isEditing || isSameText(this.text, text)) this.drop();
    this.conflict = null;
  }

  /** The server has another text by now: merge, or let the person choose. Gives an op where nothing is in dispute. */
  overtaken(op: Op, current: Task | Comment, card: Card): Op | null {
    const { mine, text: base } = op.base!;
    const theirs = (current as unknown as Record<TextField, string>)[this.field];
    const found = this.field !== "title" ? merge(base, mine, theirs) : { pieces: [], text: null };
    if (found.text !== null) {
      const own = new Set(mine.split("\n"));
      this.merged = { lines: found.text.split("\n").filter((line) => !own.has(line)), mine, text: found.text };
      return this.send(card, found.text, theirs, current.version);
    }
    this.conflict = { field: this.field, mine, theirs, version: current.version, merge: found };
    return null;
  }

  /** Take back what a merge has brought in. */
  bringBackMine(card: Card): void {
    const { merged } = this;
    this.merged = null;
    if (merged) this.send(card, merged.mine, merged.text, card.version);
  }

  /** Settle a conflict with a text; theirs again sends nothing. */
  settle(text: string, card: Card): Op | null {
    const { theirs, version } = this.conflict!;
    this.conflict = null;
    if (isSameText(text, theirs)) {
      this.drop();
      return null;
    }
    return this.send(card, text, theirs, version);
  }

  private send(card: Card, mine: string, base: string, version: number): Op {
    const op = this.field === "body" ? this.body(card, mine, base, version) : this.patch(card, mine, version);
    op.base = { field: this.field, text: base, mine, ...(this.field === "body" && { comment: this.task }) };
    this.view.do(op);
    return op;
  }

  private body(card: Card, mine: string, base: string, version: number): Op {
    const write = { method: "PATCH" as const, path: `/comments/${this.task}`, body: { body: mine }, ifMatch: `"${version}"` };
    const fields = { body: mine, edited_at: clock.now().toISOString() };
    return opOf("comment.edit", card.title, write, [{ kind: "comment.patch", task: card.id, comment: this.task, fields, was: { body: base } }]);
  }

  private patch(card: Card, mine: string, version: number): Op {
    const fields = this.field === "title" ? { title: mine } : { has_description: mine !== "" };
    const name = this.field === "title" ? "task.rename" : "task.describe";
    const op = patchTask(card, { [this.field]: mine }, fields as Partial<Card>, name, `"${version}"`);
    if (this.field === "description") op.subject = card.title;
    return op;
  }

  private drop(): void {
    this.drafts.drop(this.task, this.field);
    this.hasDraft = false;
  }
}
