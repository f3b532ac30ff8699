/** What the screens of one board share: the live board, who looks at it, and what is done with it. */
import { getContext, setContext } from "svelte";
import { Problem } from "../api/problems";
import type { Card, Column, Id, Me, Task } from "../api/types";
import * as actions from "../board/actions";
import { LiveBoard } from "../board/live.svelte";
import { opOf, tasksOf, type Op, type Place } from "../board/ops";
import { rightsOf } from "../board/rights";
import { sentence } from "../i18n/problems";
import { t } from "../i18n/words.svelte";
import type { Details } from "./details.svelte";
import { router } from "./router.svelte";
import { api, session } from "./session.svelte";
import { TextEdit, type TextField } from "./texts.svelte";
import { toasts } from "./toasts.svelte";

const KEY = Symbol("board");
/** Typed words about an op, for toasts and undo. */
export function nameOf(op: Pick<Op, "name" | "subject">): string {
  return (t().board.ops[op.name] ?? ((subject: string) => subject))(op.subject);
}

export class BoardView {
  readonly live: LiveBoard;
  readonly me: Me;
  private readonly texts = new Map<string, TextEdit>();
  /** What is shown of the open task beyond its card. */
  details = $state.raw<Details | null>(null);
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
      event: (event) => this.details?.take(event),
      failed: (error) => toasts.refused(sentence(t(), error)),
    });
  }

  do(op: Op): void {
    this.live.do(op);
  }

  move(card: Card, column: Id, place: Place): void {
    this.do(actions.moveTask(card, column, place));
  }

  /** Several cards to one place, in the order in which they stand: one batch, one undo. */
  moveAll(cards: Card[], column: Id, place: Place): void {
    if (cards.length === 1) return this.move(cards[0]!, column, place);
    this.do(actions.moveTasks(this.live.board!, cards, column, place));
  }

  add(column: Column, title: string): void {
    this.do(actions.addTask(actions.newCard(this.live.board!, column, title, this.me)));
  }

  addMany(column: Column, drafts: actions.Draft[]): void {
    this.do(actions.addTasks(this.live.board!, column, drafts, this.me));
  }

  /** Put the focus on a card, else on its neighbour's place: the column's own button. */
  focusCard(id: Id): void {
    const link = document.querySelector<HTMLElement>(`[data-card="${id}"] a`);
    (link ?? document.querySelector<HTMLElement>("[data-add]"))?.focus();
  }

  /** Open the next or the previous task of the column. */
  step(id: Id, by: 1 | -1): void {
    const card = this.live.cards.get(id);
    if (!card) return;
    const { cards } = this.live.list(card.column_id);
    const next = cards[cards.findIndex((one) => one.id === id) + by];
    if (next) router.go({ name: "board", board: this.live.id, task: next.id }, { replace: true, keepQuery: true });
  }

  /** Bring back a task from the archive, or take back its deletion if that was one's own. */
  restore(id: Id, isArchived: boolean): void {
    if (!isArchived) return this.undo();
    const write = { method: "PATCH" as const, path: `/tasks/${id}`, body: { is_archived: false } };
    this.do(opOf("task.restore", "", write, []));
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

  /** The editing of a text, which outlives its panel: its draft, its conflict. */
  textOf(task: Id, field: TextField): TextEdit {
    const name = `${task}/${field}`;
    let found = this.texts.get(name);
    if (!found) this.texts.set(name, (found = new TextEdit(this, task, field)));
    return found;
  }

  private done(op: Op): void {
    if (op.undoes) return;
    if (op.base) this.textOf(taskOf(op), op.base.field).saved(op.base.mine);
    if (op.name === "task.add") return; // it is seen, and the next is being typed
    toasts.done(nameOf(op), { label: t().common.undo, run: () => this.undo() });
  }

  /** Somebody has changed the same text: merged where it can be, else the panel asks. */
  private overtaken(op: Op, problem: Problem): boolean {
    const current = problem.document.current as Task | undefined;
    const card = this.live.cards.get(taskOf(op));
    if (!current || !card) return false;
    const merged = this.textOf(card.id, op.base!.field).overtaken(op, current, card);
    const who = t().common.somebody;
    if (merged) toasts.done(t().panel.merged(who), { label: t().common.undo, run: () => this.undo() });
    else toasts.refused(t().panel.changedBy(who));
    return true;
  }

  private refused(op: Op, problem: Problem): void {
    if (problem.kind === "nothing-to-undo") return;
    if (op.base && problem.status === 412 && this.overtaken(op, problem)) return;
    toasts.refused(`${nameOf(op)}: ${sentence(t(), problem)}`, problem.document.request_id);
  }
}

function taskOf(op: Op): Id {
  return tasksOf(op)[0] ?? "";
}

export function shareView(view: BoardView): BoardView {
  setContext(KEY, view);
  return view;
}

export function boardView(): BoardView {
  return getContext<BoardView>(KEY);
}
