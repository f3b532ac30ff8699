/** What becomes of ops: what is said of them, and where the texts go that come to nothing. */
import type { Written } from "../api/client";
import type { Problem } from "../api/problems";
import type { Id, Task } from "../api/types";
import { tasksOf, type Op } from "../board/ops";
import { sentence } from "../i18n/problems";
import { t } from "../i18n/words.svelte";
import { router } from "./router.svelte";
import { session } from "./session.svelte";
import { toasts } from "./toasts.svelte";
import type { BoardView } from "./view.svelte";

/** Say what an op does, for toasts and undo. */
export function nameOf(op: Pick<Op, "name" | "subject">): string {
  return (t().board.ops[op.name] ?? ((subject: string) => subject))(op.subject);
}

export class Outcomes {
  /** The column whose adder got a text back. */
  returned = $state<{ of: Id; field: string } | null>(null);

  constructor(private readonly view: BoardView) {}

  /** The server has done it. */
  done(op: Op, written: Written): void {
    if (op.undoes) return;
    this.view.details?.answered(op, written);
    this.view.comments?.answered(op, written.data);
    const edit = op.base && this.view.edits.behind(op);
    edit?.saved(op.base!.mine);
    if (edit?.merged?.text === op.base?.mine && op.base) return; // it was told as a merge
    const isSeen = op.name === "task.add" || /^(subtask|reaction)\./.test(op.name); // it is seen, and the next is being typed
    const isUndone = this.view.live.queue.ops.some((one) => one.undoes === op.key); // told already, with its redo
    if (!isSeen && !isUndone) toasts.done(nameOf(op), op.isFinal ? undefined : { label: t().common.undo, run: () => this.view.undo() });
  }

  /** The server has refused it. */
  refused(op: Op, problem: Problem): void {
    if (problem.kind === "nothing-to-undo") return;
    if (op.base && problem.status === 412 && this.overtaken(op, problem)) return;
    for (const one of this.view.followers) one.refused?.(op);
    const why = t().common.notDone(nameOf(op), sentence(t(), problem));
    if (!op.typed) return toasts.refused(why, problem.document.request_id);
    this.giveBack([op]);
    toasts.refused(`${why} ${t().common.textKept}`, problem.document.request_id, { label: t().common.showText, run: () => this.showText(op) });
  }

  /** What was typed for ops that come to nothing is a draft again. */
  giveBack(ops: Op[]): void {
    for (const { typed } of ops) {
      if (!typed) continue;
      session.drafts?.giveBack(typed.of, typed.field, typed.text);
      this.returned = { of: typed.of, field: typed.field };
    }
  }

  private showText(op: Op): void {
    const { of, field } = op.typed!;
    if (field === "comment" && this.view.live.cards.has(of)) return router.go({ name: "board", board: this.view.live.id, task: of }, { keepQuery: true });
    if (field === "new" && this.view.live.columns.some((one) => one.id === of)) this.view.adding = of;
    else router.go({ name: "me" }); // where all drafts are
  }

  /** Somebody has changed the same text: merged where it can be, else the panel asks. */
  private overtaken(op: Op, problem: Problem): boolean {
    const current = problem.document.current as Task | undefined;
    const card = this.view.live.cards.get(tasksOf(op)[0]!);
    if (!current || !card) return false;
    const { field } = op.base!;
    const edit = this.view.edits.behind(op);
    const isMerged = edit.overtaken(op, current, card) !== null;
    const changer = field === "body" ? Promise.resolve(this.view.me.name) : this.view.others.changerOf(card.id, field); // a comment is changed by its author alone
    void changer.then((found) => {
      const who = (edit.who = found ?? t().common.somebody);
      if (isMerged) toasts.done(t().task.merged(who), { label: t().task.bringBackMine, run: () => edit.bringBackMine(card) });
      else toasts.refused(t().task.changedBy(who), undefined, { label: t().task.see, run: () => router.go({ name: "board", board: this.view.live.id, task: card.id }, { keepQuery: true }) });
    });
    return true;
  }
}
