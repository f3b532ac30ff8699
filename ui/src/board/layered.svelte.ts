/** A board in layers: what is confirmed, what is done and not confirmed yet, what is tried out; or as it once was. */
import type { Card, Event, Id, Snapshot } from "../api/types";
import { apply } from "./apply";
import { Drawn } from "./drawn.svelte";
import { inNextFrame } from "./frames";
import type { Op } from "./ops";
import { overlay } from "./overlay";
import { drawingOf, stateOf, type BoardState, type Drawing } from "./state";

export class Layered extends Drawn {
  /** What is done and not confirmed yet: whatever is read beside the board is drawn with it, too. */
  pending = $state.raw<readonly Op[]>([]);
  /** The number of the latest event that is confirmed. */
  seq = $state(0);
  /** The board as it was, if that is looked at: read only, and without what is done now. */
  past = $state.raw<BoardState | null>(null);
  tried: Op | null = null;
  protected confirmed: BoardState | null = null;
  /** The confirmed board in order, until it moves: ops alone are drawn over it many times. */
  private base: Drawing | null = null;
  private isDrawDue = false;

  /** Draw an op that is not sent yet, on top of all: a lifted card. Null: no more. */
  tryOut(op: Op | null): void {
    this.tried = op;
    this.draw();
  }

  /** Look at the board as it was; null: back to now. */
  look(snapshot: Snapshot | null): void {
    this.past = snapshot && stateOf(snapshot);
    this.draw();
  }

  /** Take in tasks that were read beside the snapshot. */
  know(cards: Card[]): void {
    if (!this.confirmed) return;
    for (const card of cards) {
      const known = this.confirmed.tasks.get(card.id);
      if (!card.is_archived && (!known || known.version <= card.version)) this.confirmed.tasks.set(card.id, card);
    }
    this.base = null;
    this.draw();
  }

  /** Take in the next page of a very large column. */
  more(column: Id, cards: Card[], nextCursor: string | null): void {
    const found = this.confirmed?.columns.get(column);
    if (found) this.confirmed!.columns.set(column, { ...found, next_cursor: nextCursor });
    this.know(cards);
  }

  /** Begin anew from a snapshot. */
  protected confirm(snapshot: Snapshot): void {
    [this.confirmed, this.base] = [stateOf(snapshot), null];
  }

  /** Take in the next event; gives the ids of tasks that it knows only in part. */
  protected advance(event: Event): Id[] {
    this.base = null;
    return apply(this.confirmed!, event);
  }

  protected drawSoon(): void {
    if (this.isDrawDue) return;
    this.isDrawDue = true;
    inNextFrame(() => {
      this.isDrawDue = false;
      this.draw();
    });
  }

  /** Draw the confirmed board with the ops on top. */
  protected draw(): void {
    if (!this.confirmed) return;
    this.seq = this.confirmed.seq;
    if (this.past) return this.show(drawingOf(this.past), this.past);
    this.base ??= drawingOf(this.confirmed);
    const ops = this.tried ? [...this.pending, this.tried] : this.pending;
    this.show(overlay(this.base, ops), this.confirmed);
  }
}
