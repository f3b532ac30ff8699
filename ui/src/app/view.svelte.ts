/** What the screens of one board share: the live board, who looks at it, and what is done with it. */
import { getContext, setContext, tick } from "svelte";
import type { Attachment, Card, Column, Event, Id, Me } from "../api/types";
import * as actions from "../board/actions";
import { together } from "../board/batches";
import type { Filter } from "../board/filter";
import { LiveBoard } from "../board/live.svelte";
import { tasksOf, type Op, type Place } from "../board/ops";
import { rightsOf } from "../board/rights";
import { sentence } from "../i18n/problems";
import { t } from "../i18n/words.svelte";
import type { Comments } from "./comments.svelte";
import type { Details } from "./details.svelte";
import { Edits } from "./edits.svelte";
import { Lift } from "./lift.svelte";
import { Others } from "./others.svelte";
import { nameOf, Outcomes } from "./outcomes.svelte";
import { router } from "./router.svelte";
import { api, session } from "./session.svelte";
import { Shown } from "./shown.svelte";
import { toasts } from "./toasts.svelte";

const KEY = Symbol("board");

/** Something beside the board that follows it while it is on the screen. */
export interface Follower {
  event(event: Event): void;
  /** A snapshot was taken: what was read before may be old by now. */
  opened?(): void;
  /** An op was refused: what was drawn of it goes. */
  refused?(op: Op): void;
  /** A file has arrived. */
  attached?(attachment: Attachment): void;
}

export interface Question {
  what: "rename" | "move" | "people" | "due" | "priority" | "labels";
  cards: Card[];
}

export class BoardView {
  readonly me: Me = session.me!;
  readonly live: LiveBoard;
  readonly shown: Shown;
  readonly lift = new Lift(this);
  readonly edits = new Edits(this);
  readonly outcomes = new Outcomes(this);
  readonly others: Others;
  /** What is shown of the open task beyond its card. */
  details = $state.raw<Details | null>(null);
  comments: Comments | null = null;
  /** The task that holds the focus, by id: a card that changes column is made anew. */
  focused = $state<Id | null>(null);
  /** The column whose adder is open. */
  adding = $state<Id | null>(null);
  selected = $state.raw<ReadonlySet<Id>>(new Set());
  /** What a key asks for the cards at hand: a menu of the board shows it. */
  ask = $state.raw<Question | null>(null);
  /** What the log says of the time that is looked back at. */
  pastWhen = $state("");
  isFilterOpen = $state(false);
  isHelpOpen = $state(false);
  isPaletteOpen = $state(false);
  readonly followers = new Set<Follower>();

  isLookingBack = $derived.by(() => this.live.past !== null);
  rights = $derived.by(() => rightsOf({ people: this.live.people }, this.me));
  mayEdit = $derived.by(() => this.rights.editTasks && !this.isLookingBack && !this.live.board?.is_archived);
  mayComment = $derived.by(() => this.rights.comment && !this.isLookingBack && !this.live.board?.is_archived);
  filter = $derived.by(() => this.shown.filter);
  /** The one tab stop of the board: the card that had the focus, else the first of all. */
  stop = $derived.by(() => (this.focused && this.live.cards.has(this.focused) ? this.focused : (this.firstCard()?.id ?? null)));

  constructor(id: Id) {
    this.shown = new Shown(api, id, this.me.id);
    this.others = new Others(api, id, this.me.id);
    this.live = new LiveBoard(api, id, {
      done: (op, written) => this.outcomes.done(op, written),
      refused: (op, problem) => this.outcomes.refused(op, problem),
      lost: (ops) => this.outcomes.giveBack(ops),
      signIn: (why) => session.ended(why),
      event: (event) => this.happened(event),
      opened: () => this.opened(),
      failed: (error) => toasts.refused(sentence(t(), error)),
    }, session.store);
  }

  /** Another screen is opened: what waits goes on, and the undo stack stays. */
  leave(): void {
    this.live.pause();
    this.edits.keep();
    [this.adding, this.ask, this.focused, this.details] = [null, null, null, null];
    [this.isHelpOpen, this.isPaletteOpen, this.isFilterOpen] = [false, false, false];
    this.selected = new Set();
  }

  /** Whether nothing is lost when the tab is closed. */
  get isKept(): boolean {
    this.edits.keep();
    return (this.live.unsent.length === 0 || session.store !== null) && !session.drafts?.isForPageOnly;
  }

  /** The cards of a column that the filter lets through. */
  shownIn(column: Id): Card[] {
    const { cards } = this.live.list(column);
    return this.shown.isFiltered ? cards.filter((card) => this.shown.has(card)) : cards;
  }

  private firstCard(): Card | undefined {
    for (const column of this.live.columns) {
      const card = this.live.list(column.id).cards.find((one) => this.shown.has(one));
      if (card) return card;
    }
    return undefined;
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

  undo(): void {
    const latest = this.live.history.latest;
    const unsent = this.live.queue.ops.find((one) => one.key === latest?.op && one.typed?.field === "comment");
    const op = this.live.undo();
    if (unsent && !this.live.queue.ops.includes(unsent)) this.outcomes.giveBack([unsent]); // a long text, and nothing brings it back
    if (!latest || !op) return toasts.done(t().common.nothingToUndo);
    toasts.done(t().common.undone(nameOf(latest)), { label: t().common.redo, run: () => this.redo() });
    this.focusOn(op);
  }

  redo(): void {
    const latest = this.live.history.latestUndone;
    const op = this.live.redo();
    if (!latest || !op) return;
    toasts.done(t().common.redone(nameOf(latest)), { label: t().common.undo, run: () => this.undo() });
    this.focusOn(op);
  }

  /** After an undo the focus is on what came back, unless somebody is at something else. */
  private focusOn(op: Op): void {
    const id = tasksOf(op)[0];
    const at = document.activeElement;
    const isFree = !at || at === document.body || at.closest("[data-card], [role=status]") !== null;
    if (id && isFree) void tick().then(() => this.focusComment(op) || (this.live.cards.has(id) && this.focusCard(id)));
  }

  /** What is said of the open task is nearer than its card. */
  private focusComment(op: Op): boolean {
    const id = op.effects.map((one) => (one.kind === "comment.set" ? one.comment.id : one.kind === "comment.patch" ? one.comment : "")).find(Boolean);
    const found = id && document.querySelector<HTMLElement>(`[data-comment="${id}"]`);
    if (found) found.focus();
    return Boolean(found);
  }

  private happened(event: Event): void {
    this.details?.take(event);
    this.comments?.take(event);
    this.others.take(event);
    for (const one of this.followers) one.event(event);
  }

  private opened(): void {
    this.details?.opened();
    void this.comments?.load();
    for (const one of this.followers) one.opened?.();
  }
}

export function shareView(view: BoardView): BoardView {
  setContext(KEY, view);
  return view;
}

export function boardView(): BoardView {
  return getContext<BoardView>(KEY);
}
