/** Moving a card by keyboard: an op that is drawn and not sent yet. */
import { tick } from "svelte";
import type { Card, Id } from "../api/types";
import { moveTask } from "../board/actions";
import { placeAt, stepOf, type Spot, type Step } from "../board/steps";
import { t } from "../i18n/words.svelte";
import { toasts } from "./toasts.svelte";
import type { BoardView } from "./view.svelte";

export class Lift {
  card = $state.raw<Card | null>(null);
  /** What is said, shown on screen too. */
  words = $state("");
  private from: Spot = { column: "", index: 0 };
  private spot: Spot = { column: "", index: 0 };

  constructor(private readonly view: BoardView) {}

  begin(card: Card): void {
    const index = this.view.live.list(card.column_id).cards.findIndex((one) => one.id === card.id);
    this.card = card;
    this.from = this.spot = { column: card.column_id, index };
    this.say(t().lift.lifted(card.title, this.where()));
  }

  step(step: Step): void {
    const card = this.card!;
    const cards = (column: Id) => this.view.shownIn(column).filter((one) => one.id !== card.id);
    this.spot = stepOf({ columns: this.view.live.columns, cards }, this.spot, step);
    const place = placeAt(cards(this.spot.column), this.spot.index);
    this.view.live.tryOut(this.isHome() ? null : moveTask(card, this.spot.column, place));
    this.say(this.where());
    void this.keepFocus(card.id);
  }

  drop(): void {
    const card = this.card!;
    const op = this.view.live.tried;
    this.card = null;
    this.view.live.tryOut(null);
    if (op) this.view.do(op);
    this.say(t().lift.dropped(card.title, this.where()));
    void this.keepFocus(card.id);
  }

  cancel(): void {
    const card = this.card;
    if (!card) return;
    this.card = null;
    this.view.live.tryOut(null);
    this.spot = this.from;
    this.say(t().lift.cancelled(this.where()));
    void this.keepFocus(card.id);
  }

  private isHome(): boolean {
    return this.spot.column === this.from.column && this.spot.index === this.from.index;
  }

  private where(): string {
    const column = this.view.live.columns.find((one) => one.id === this.spot.column);
    const others = this.view.shownIn(this.spot.column).filter((one) => one.id !== this.card?.id).length;
    const all = this.card ? others + 1 : Math.max(others, 1);
    return t().lift.place(column?.title ?? "", this.spot.index + 1, all);
  }

  private say(words: string): void {
    this.words = words;
    toasts.say(words);
  }

  /** A card that changes column is made anew, and would lose the focus. */
  private async keepFocus(id: Id): Promise<void> {
    await tick();
    this.view.focusCard(id);
  }
}
