/** What the screens of one board share: the live board, who looks at it, and what is done with it. */
import { getContext, setContext } from "svelte";
import { Problem } from "../api/problems";
import type { Card, Column, Id, Me } from "../api/types";
import * as actions from "../board/actions";
import { LiveBoard } from "../board/live.svelte";
import type { Op, Place } from "../board/ops";
import { rightsOf } from "../board/rights";
import { sentence } from "../i18n/problems";
import { t } from "../i18n/words.svelte";
import { api, session } from "./session.svelte";
import { toasts } from "./toasts.svelte";

const KEY = Symbol("board");
/** Typed words about an op, for toasts and undo. */
export function nameOf(op: Pick<Op, "name" | "subject">): string {
  return (t().board.ops[op.name] ?? ((subject: string) => subject))(op.subject);
}

export class BoardView {
  readonly live: LiveBoard;
  readonly me: Me;
  /** Which task of the board holds the focus, by id: cards are made anew when they change column. */
  focused = $state<Id | null>(null);
  /** The column whose adder is open. */
  adding = $state<Id | null>(null);
  isLookingBack = $derived.by(() => this.live.past !== null);
  rights = $derived.by(() => rightsOf({ people: this.live.people }, this.me));
  mayEdit = $derived.by(() => this.rights.editTasks && !this.isLookingBack && !this.live.board?.is_archived);

  constructor(id: Id) {
    this.me = session.me!;
    this.live = new LiveBoard(api, id, {
      done: (op) => this.done(op),
      refused: (op, problem) => this.refused(op, problem),
      signIn: () => (session.isSheetOpen = true),
      event: () => undefined,
      failed: (error) => toasts.refused(sentence(t(), error)),
    });
  }

  do(op: Op): void {
    this.live.do(op);
  }

  move(card: Card, column: Id, place: Place): void {
    this.do(actions.moveTask(card, column, place));
  }

  add(column: Column, title: string): void {
    this.do(actions.addTask(actions.newCard(this.live.board!, column, title, this.me)));
  }

  addMany(column: Column, drafts: actions.Draft[]): void {
    this.do(actions.addTasks(this.live.board!, column, drafts, this.me));
  }

  undo(): void {
    const latest = this.live.history.latest;
    const text = latest ? nameOf(latest) : "";
    if (this.live.undo()) toasts.say(t().common.undone(text));
    else toasts.done(t().common.nothingToUndo);
  }

  redo(): void {
    const op = this.live.redo();
    if (op) toasts.say(t().common.redone(nameOf(op)));
  }

  private done(op: Op): void {
    if (op.undoes) return;
    if (op.name === "task.add") return; // it is seen, and the next is being typed
    toasts.done(nameOf(op), { label: t().common.undo, run: () => this.undo() });
  }

  private refused(op: Op, problem: Problem): void {
    if (problem.kind === "nothing-to-undo") return;
    toasts.refused(`${nameOf(op)}: ${sentence(t(), problem)}`, problem.document.request_id);
  }
}

export function shareView(view: BoardView): BoardView {
  setContext(KEY, view);
  return view;
}

export function boardView(): BoardView {
  return getContext<BoardView>(KEY);
}
