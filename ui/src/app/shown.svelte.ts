/** Which cards of a board are shown: the filter of the address, and one's own work that it would hide. */
import type { Api } from "../api/client";
import type { Card, Id } from "../api/types";
import { filterOf, isEmpty, matcher, queryOf, type Filter } from "../board/filter";
import { router } from "./router.svelte";

const SEARCH_MS = 300;

export class Shown {
  filter = $derived(filterOf(router.query));
  isFiltered = $derived(!isEmpty(this.filter));
  /** Tasks whose description has the words: only the server knows. */
  private described = $state.raw<ReadonlySet<Id>>(new Set());
  /** What one has made or moved oneself stays in sight until the filter changes. */
  private ghosts = $state.raw<ReadonlySet<Id>>(new Set());
  private timer: ReturnType<typeof setTimeout> | undefined;
  private readonly matches = $derived.by(() => matcher(this.filter, this.me, this.described));

  constructor(
    private readonly api: Api,
    private readonly board: Id,
    private readonly me: Id,
  ) {}

  has(card: Card): boolean {
    return !this.isFiltered || this.matches(card) || this.ghosts.has(card.id);
  }

  isGhost(card: Card): boolean {
    return this.isFiltered && this.ghosts.has(card.id) && !this.matches(card);
  }

  keep(ids: Id[]): void {
    if (this.isFiltered && ids.length) this.ghosts = new Set([...this.ghosts, ...ids]);
  }

  set(filter: Filter): void {
    this.ghosts = new Set();
    if (filter.q !== this.filter.q) this.search(filter.q.trim());
    router.ask(queryOf(filter));
  }

  /** Ask for descriptions that have the words, once the typing pauses. */
  search(words: string): void {
    clearTimeout(this.timer);
    this.described = new Set();
    if (words.length < 2) return;
    this.timer = setTimeout(() => void this.ask(words), SEARCH_MS);
  }

  private async ask(words: string): Promise<void> {
    const query = new URLSearchParams({ board_id: this.board, q: words, limit: "200", fields: "card" });
    const page = await this.api.page<{ id: Id }>(`/tasks?${query}`).catch(() => null); // offline: titles are searched all the same
    if (page && this.filter.q.trim() === words) this.described = new Set(page.items.map((one) => one.id));
  }
}
