/** The boards of this tab: what is not sent yet, and what can be undone, outlive the screen that shows them. */
import type { Id } from "../api/types";
import type { Op } from "../board/ops";
import { BoardView } from "./view.svelte";

const KEPT_MAX = 4; // of boards with nothing unsent

interface Kept {
  view: BoardView;
  end: () => void;
}

class Boards {
  private readonly kept = new Map<Id, Kept>();

  constructor() {
    addEventListener("doska.signed-in", () => this.all.forEach((view) => view.live.resume()));
    addEventListener("online", () => this.all.forEach((view) => view.live.queue.resume()));
    addEventListener("pagehide", () => this.all.forEach((view) => view.edits.keep()));
    addEventListener("beforeunload", (event) => this.hold(event));
  }

  /** The board as it was left, or a new one. */
  open(id: Id): BoardView {
    const found = this.kept.get(id);
    if (found && found.view.live.phase !== "gone") return found.view;
    found?.end();
    let view!: BoardView;
    const end = $effect.root(() => void (view = new BoardView(id))); // what it derives outlives the screen
    this.kept.set(id, { view, end });
    return view;
  }

  leave(view: BoardView): void {
    view.leave();
    const idle = [...this.kept].filter(([, one]) => one.view !== view && !one.view.live.unsent.length);
    for (const [id, one] of idle.slice(0, Math.max(0, idle.length - KEPT_MAX))) this.drop(id, one);
  }

  /** What only this tab has. */
  get unsent(): Op[] {
    return this.all.flatMap((view) => view.live.unsent);
  }

  /** Forget all: signed out, or somebody else has signed in. */
  clear(): void {
    for (const [id, one] of this.kept) this.drop(id, one);
  }

  private get all(): BoardView[] {
    return [...this.kept.values()].map((one) => one.view);
  }

  private drop(id: Id, one: Kept): void {
    one.view.live.pause();
    one.view.live.queue.close();
    one.end();
    this.kept.delete(id);
  }

  /** Closing the tab would lose something: the browser asks. */
  private hold(event: BeforeUnloadEvent): void {
    const isKept = this.all.every((view) => view.isKept);
    if (!isKept) event.preventDefault();
  }
}

export const boards = new Boards();
