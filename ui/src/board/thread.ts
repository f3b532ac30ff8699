/** What is confirmed of a task's comments: pages that were read, and what events and answers have told since. */
import type { Comment, Event, Id, Payload } from "../api/types";
import { byAge, reacted, withPerson } from "./comments";
import type { Effect, Op } from "./ops";

type Change = Partial<Comment> & { id: Id };

export class Thread {
  /** Oldest first. */
  comments: readonly Comment[] = [];
  /** The cursor of those before, if there are any. */
  earlier: string | null = null;
  private readonly gone = new Set<Id>();
  /** Those that events have changed since the latest were asked for. */
  private touched = new Set<Id>();

  constructor(private readonly task: Id) {}

  /** The latest are asked for; gives what takes them in: what comes in meanwhile wins over them. */
  asked(): (page: readonly Comment[], earlier: string | null) => void {
    const touched = (this.touched = new Set());
    return (page, earlier) => this.join(page, this.comments.filter((one) => touched.has(one.id)), earlier);
  }

  /** Take in those before. */
  before(page: readonly Comment[], earlier: string | null): void {
    this.join(page, this.comments, earlier);
  }

  private join(page: readonly Comment[], known: readonly Comment[], earlier: string | null): void {
    const ids = new Set(known.map((one) => one.id));
    this.comments = [...page.filter((one) => !ids.has(one.id) && !this.gone.has(one.id)), ...known].sort(byAge);
    this.earlier = earlier;
  }

  /** Take in an event of the board. */
  take({ payload, type, task_id }: Event): void {
    for (const one of [payload.comment, ...(payload.comments ?? [])]) {
      if (one) this.change(one, task_id, one.is_deleted || (type === "comment.deleted" && one === payload.comment));
    }
    if (payload.user) this.person(payload.user, type === "user.deleted");
  }

  /** Take in what the server has answered to an op: its event may come later, or never, where a snapshot comes first. */
  answered(op: Op, data: unknown): void {
    for (const effect of op.effects) {
      if (effect.kind === "comment.set") this.settle(effect, data as Comment);
      if (effect.kind === "comment.react") this.react(effect);
      if (effect.kind !== "comment.patch" || !data) continue;
      const { reactions: _, ...fields } = data as Comment; // events tell of those
      this.change(fields, effect.task);
    }
  }

  private settle({ comment, task, isOn }: Effect & { kind: "comment.set" }, made: Comment): void {
    const isKnown = this.comments.some((one) => one.id === comment.id);
    if (isKnown !== isOn) this.change(isOn ? made : comment, task, !isOn);
  }

  private change(change: Change, task: Id | null, isGone = false): void {
    const known = this.comments.find((one) => one.id === change.id);
    if (isGone) {
      this.gone.add(change.id);
      this.comments = this.comments.filter((one) => one !== known);
    } else if (known) {
      if ((change.version ?? known.version) >= known.version) this.put(known, { ...known, ...change });
    } else if (isWhole(change) && (change.task_id ?? task) === this.task && this.isInView(change)) {
      this.gone.delete(change.id);
      this.touched.add(change.id);
      this.comments = [...this.comments, change].sort(byAge);
    }
  }

  /** What is before all that was read comes with the earlier ones. */
  private isInView(comment: Comment): boolean {
    const first = this.comments[0];
    return !this.earlier || !first || byAge(first, comment) <= 0;
  }

  private react({ comment, emoji, user, isOn }: Effect & { kind: "comment.react" }): void {
    const known = this.comments.find((one) => one.id === comment);
    if (known) this.put(known, { ...known, reactions: reacted(known.reactions, emoji, user, isOn) });
  }

  private person(user: NonNullable<Payload["user"]>, isGone: boolean): void {
    this.comments = this.comments.map((one) => withPerson(one, user.id, isGone ? null : (user as Comment["author"])));
  }

  private put(known: Comment, comment: Comment): void {
    this.touched.add(comment.id);
    this.comments = this.comments.map((one) => (one === known ? comment : one));
  }
}

function isWhole(change: Change): change is Comment {
  return change.body !== undefined && change.created_at !== undefined && change.reactions !== undefined;
}
