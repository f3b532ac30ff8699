/** What the screens of one board share: the live board, who looks at it, and what is done with it. */
import { getContext, setContext, tick } from "svelte";
import type { Problem } from "../api/problems";
import type { Card, Column, Event, Id, Me, Task } from "../api/types";
import * as actions from "../board/actions";
import { together } from "../board/batches";
import type { Filter } from "../board/filter";
import { LiveBoard } from "../board/live.svelte";
import { opOf, tasksOf, type Op, type Place } from "../board/ops";
import { rightsOf } from "../board/rights";
import { sentence } from "../i18n/problems";
import { t } from "../i18n/words.svelte";
import type { Details } from "./details.svelte";
import { Lift } from "./lift.svelte";
import { router } from "./router.svelte";
import { api, session } from "./session.svelte";
import { Shown } from "./shown.svelte";
import { TextEdit, type TextField } from "./texts.svelte";
import { toasts } from "./toasts.svelte";

const KEY = Symbol("board");

/** Say what an op does, for toasts and undo. */
export function nameOf(op: Pick<Op, "name" | "subject">): string {
  return (t().board.ops[op.name] ?? ((subject: string) => subject))(op.subject);
}

export interface Question {
  what: "rename" | "move" | "people" | "due" | "priority";
  cards: Card[];
}

export class BoardView {
  readonly me: Me = session.me!;
  readonly live: LiveBoard;
  readonly shown: Shown;
  readonly lift = new Lift(this);
  /** What is shown of the open task beyond its card. */
  details = $state.raw<Details | null>(null);
  /** The task that holds the focus, by id: a card that changes column is made anew. */
  focused = $state<Id | null>(null);
  /** The column whose adder is open. */
  adding = $state<Id | null>(null);
  selected = $state.raw<ReadonlySet<Id>>(new Set());
  /** What a key asks for the cards at hand: a menu of the board shows it. */
  ask = $state.raw<Question | null>(null);
  isFilterOpen = $state(false);
  isHelpOpen = $state(false);
  isPaletteOpen = $state(false);
  /** Cards that others have just changed, with who: they glow for a moment. */
  glow = $state.raw<ReadonlyMap<Id, string>>(new Map());
  private readonly texts = new Map<string, TextEdit>();

  isLookingBack = $derived.by(() => this.live.past !== null);
  rights = $derived.by(() => rightsOf({ people: this.live.people }, this.me));
  mayEdit = $derived.by(() => this.rights.editTasks && !this.isLookingBack && !this.live.board?.is_archived);
  filter = $derived.by(() => this.shown.filter);

  constructor(id: Id) {
    this.shown = new Shown(api, id, this.me.id);
    this.live = new LiveBoard(api, id, {
      done: (op) => this.done(op),
      refused: (op, problem) => this.refused(op, problem),
      signIn: () => (session.isSheetOpen = true),
      event: (event) => this.happened(event),
      failed: (error) => toasts.refused(sentence(t(), error)),
    }, session.store);
  }

  /** The cards of a column that the filter lets through. */
  shownIn(column: Id): Card[] {
    const { cards } = this.live.list(column);
    return this.shown.isFiltered ? cards.filter((card) => this.shown.has(card)) : cards;
  }

  filterBy(filter: Filter): void {
    this.shown.set(filter);
    this.select(new Set([...this.selected].filter((id) => this.shown.has(this.live.cards.get(id)!))));
  }

  openFilter(): void {
    this.isFilterOpen = true;
  }

  select(ids: ReadonlySet<Id>): void {
    this.selected = ids;
    if (ids.size) toasts.say(t().board.selected(ids.size));
  }

  /** What a command acts on: the selection, else the one card. */
  atHand(card: Card): Card[] {
    if (!this.selected.size) return [card];
    return this.live.columns.flatMap((column) => this.live.list(column.id).cards).filter((one) => this.selected.has(one.id));
  }

  do(op: Op): void {
    this.shown.keep(tasksOf(op));
    this.live.do(op);
  }

  /** Do the same to each card: one batch, one undo. */
  each(cards: Card[], make: (card: Card) => Op): void {
    for (const op of together(this.live.board!, cards.map(make))) this.do(op);
  }

  move(card: Card, column: Id, place: Place): void {
    this.do(actions.moveTask(card, column, place));
  }

  moveAll(cards: Card[], column: Id, place: Place): void {
    for (const op of actions.moveTasks(this.live.board!, cards, column, place)) this.do(op);
  }

  add(column: Column, title: string): void {
    this.do(actions.addTask(actions.newCard(this.live.board!, column, title, this.me)));
  }

  addMany(column: Column, drafts: actions.Draft[]): void {
    for (const op of actions.addTasks(this.live.board!, column, drafts, this.me)) this.do(op);
  }

  /** Put the focus on a card, else on the column's own button. */
  focusCard(id: Id): void {
    const link = document.querySelector<HTMLElement>(`[data-card="${id}"] a`);
    (link ?? document.querySelector<HTMLElement>("[data-add]"))?.focus();
  }

  focusSoon(id: Id | null): void {
    void tick().then(() => this.focusCard(id ?? ""));
  }

  /** The card that gets the focus when these go. */
  neighbourOf(cards: Card[]): Id | null {
    const going = new Set(cards.map((card) => card.id));
    const list = this.shownIn(cards[0]?.column_id ?? "");
    const at = list.findIndex((one) => going.has(one.id));
    const after = list.slice(at).find((one) => !going.has(one.id));
    return (after ?? list.slice(0, Math.max(at, 0)).findLast((one) => !going.has(one.id)))?.id ?? null;
  }

  /** Open the next or the previous task of the column. */
  step(id: Id, by: 1 | -1): void {
    const card = this.live.cards.get(id);
    const cards = card ? this.shownIn(card.column_id) : [];
    const next = cards[cards.findIndex((one) => one.id === id) + by];
    if (next) router.go({ name: "board", board: this.live.id, task: next.id }, { replace: true, keepQuery: true });
  }

  /** Bring back a task from the archive, or take back its deletion if that was one's own. */
  restore(id: Id, isArchived: boolean): void {
    if (!isArchived) return this.undo();
    const write = { method: "PATCH" as const, path: `/tasks/${id}`, body: { is_archived: false } };
    this.do(opOf("task.restore", this.details?.task?.title ?? "", write, []));
  }

  undo(): void {
    const latest = this.live.history.latest;
    if (!latest) return toasts.done(t().common.nothingToUndo);
    this.live.undo();
    toasts.done(t().common.undone(nameOf(latest)), { label: t().common.redo, run: () => this.redo() });
  }

  redo(): void {
    const op = this.live.redo();
    if (op) toasts.done(t().common.redone(nameOf(op)), { label: t().common.undo, run: () => this.undo() });
  }

  /** The editing of a text, which outlives its panel: its draft, its conflict. */
  textOf(task: Id, field: TextField): TextEdit {
    const name = `${task}/${field}`;
    let found = this.texts.get(name);
    if (!found) this.texts.set(name, (found = new TextEdit(this, task, field)));
    return found;
  }

  private happened(event: Event): void {
    this.details?.take(event);
    const id = event.task_id;
    if (!id || !event.actor || event.actor.id === this.me.id) return;
    this.glow = new Map([...this.glow, [id, event.actor.id]]);
    setTimeout(() => (this.glow = new Map([...this.glow].filter(([one]) => one !== id))), 1000);
  }

  private done(op: Op): void {
    if (op.undoes) return;
    if (op.base) this.textOf(tasksOf(op)[0]!, op.base.field).saved(op.base.mine);
    const isSeen = op.name === "task.add" || op.name.startsWith("subtask."); // it is seen, and the next is being typed
    if (!isSeen) toasts.done(nameOf(op), { label: t().common.undo, run: () => this.undo() });
  }

  private refused(op: Op, problem: Problem): void {
    if (problem.kind === "nothing-to-undo") return;
    if (op.base && problem.status === 412 && this.overtaken(op, problem)) return;
    if (op.name.startsWith("subtask.")) void this.details?.load(); // what was drawn of it goes
    toasts.refused(`${nameOf(op)}: ${sentence(t(), problem)}`, problem.document.request_id);
  }

  /** Somebody has changed the same text: merged where it can be, else the panel asks. */
  private overtaken(op: Op, problem: Problem): boolean {
    const current = problem.document.current as Task | undefined;
    const card = this.live.cards.get(tasksOf(op)[0]!);
    if (!current || !card) return false;
    const merged = this.textOf(card.id, op.base!.field).overtaken(op, current, card);
    const who = t().common.somebody;
    if (merged) toasts.done(t().panel.merged(who), { label: t().common.undo, run: () => this.undo() });
    else toasts.refused(t().panel.changedBy(who));
    return true;
  }
}

export function shareView(view: BoardView): BoardView {
  setContext(KEY, view);
  return view;
}

export function boardView(): BoardView {
  return getContext<BoardView>(KEY);
}
