/** What the keys and menus of a board do to the cards at hand: the focused one, or all that are selected. */
import type { Card, Id } from "../api/types";
import * as actions from "../board/actions";
import type { Step } from "../board/steps";
import type { Command } from "../gestures/keys";
import { router } from "./router.svelte";
import type { BoardView } from "./view.svelte";

const STEPS = new Set(["up", "down", "left", "right", "first", "last"]);

/** Carry out a command; false where it is none of the board's. */
export function run(view: BoardView, command: Command): boolean {
  if (view.lift.card) return runLifted(view, command);
  const card = view.focused ? view.live.cards.get(view.focused) : undefined;
  if (STEPS.has(command)) return walk(view, card, command as Step);
  if (runAnywhere(view, command, card)) return true;
  if (!card) return false;
  return runOnCards(view, command, view.atHand(card), card);
}

function runLifted(view: BoardView, command: Command): boolean {
  if (STEPS.has(command)) view.lift.step(command as Step);
  else if (command === "lift" || command === "open") view.lift.drop();
  else view.lift.cancel();
  return command !== "next" && command !== "previous";
}

function runAnywhere(view: BoardView, command: Command, card?: Card): boolean {
  switch (command) {
    case "new":
      if (view.mayEdit) view.adding = card?.column_id ?? view.live.columns[0]?.id ?? null;
      return true;
    case "find":
      view.openFilter();
      return true;
    case "mine":
      view.filterBy({ ...view.filter, who: view.filter.who === "me" ? "" : "me" });
      return true;
    case "help":
      view.isHelpOpen = true;
      return true;
    case "palette":
      view.isPaletteOpen = true;
      return true;
    case "undo":
      view.undo();
      return true;
    case "redo":
      view.redo();
      return true;
    case "escape":
      if (!view.selected.size) return false;
      view.select(new Set());
      return true;
    default:
      return false;
  }
}

function runOnCards(view: BoardView, command: Command, cards: Card[], card: Card): boolean {
  switch (command) {
    case "open":
      router.go({ name: "board", board: view.live.id, task: card.id }, { keepQuery: true });
      return true;
    case "select":
    case "select-up":
    case "select-down":
      extend(view, card, command);
      return true;
  }
  if (!view.mayEdit) return false;
  switch (command) {
    case "rename":
    case "move":
    case "people":
    case "due":
    case "priority":
    case "labels":
      view.ask = { what: command, cards };
      return true;
    case "lift":
      view.lift.begin(card);
      return true;
    case "assign":
      assignMe(view, cards);
      return true;
    case "archive":
      remove(view, cards, true);
      return true;
    case "delete":
      remove(view, cards, false);
      return true;
    default:
      return false;
  }
}

export function assignMe(view: BoardView, cards: Card[]): void {
  const isOn = !cards.every((card) => card.assignees.some((one) => one.id === view.me.id));
  view.each(cards, (card) => actions.assign(card, view.me, isOn));
}

export function remove(view: BoardView, cards: Card[], toArchive: boolean): void {
  const neighbour = view.neighbourOf(cards);
  view.each(cards, toArchive ? actions.archiveTask : actions.deleteTask);
  view.select(new Set());
  view.focusSoon(neighbour);
}

/** Move the focus among cards: up and down in a column, to the card beside it in the next that has any. */
function walk(view: BoardView, card: Card | undefined, step: Step): boolean {
  const to = card ? beside(view, card, step) : view.live.columns.flatMap((column) => view.shownIn(column.id))[0];
  if (!to) return false;
  view.focusCard(to.id);
  return true;
}

function beside(view: BoardView, card: Card, step: Step): Card | undefined {
  const list = view.shownIn(card.column_id);
  const at = list.findIndex((one) => one.id === card.id);
  if (step === "up") return list[at - 1];
  if (step === "down") return list[at + 1];
  if (step === "first") return list[0];
  if (step === "last") return list.at(-1);
  const by = step === "left" ? -1 : 1;
  const { columns } = view.live;
  for (let place = columns.findIndex((one) => one.id === card.column_id) + by; columns[place]; place += by) {
    const found = view.shownIn(columns[place]!.id);
    if (found.length) return found[Math.min(at, found.length - 1)];
  }
  return undefined;
}

function extend(view: BoardView, card: Card, command: Command): void {
  const selected = new Set<Id>(view.selected);
  if (command === "select") {
    if (!selected.delete(card.id)) selected.add(card.id);
  } else {
    const to = beside(view, card, command === "select-up" ? "up" : "down");
    selected.add(card.id);
    if (to) {
      selected.add(to.id);
      view.focusCard(to.id);
    }
  }
  view.select(selected);
}
