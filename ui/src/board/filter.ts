/** What of a board is shown: `?q=&who=&due=&priority=` of the address. */
import { clock } from "../api/clock";
import type { Card, Id } from "../api/types";
import { nearness } from "../i18n/dates";

export interface Filter {
  q: string;
  who: Id | "me" | "none" | "";
  due: "late" | "today" | "week" | "none" | "";
  priority: string;
  /** Ids of labels, separated by commas: any of them; or "none". */
  label: string;
}

export const NO_FILTER: Filter = { q: "", who: "", due: "", priority: "", label: "" };

const DUE = ["late", "today", "week", "none"];

export function filterOf(query: URLSearchParams): Filter {
  const due = query.get("due") ?? "";
  return {
    q: query.get("q") ?? "",
    who: query.get("who") ?? "",
    due: (DUE.includes(due) ? due : "") as Filter["due"],
    priority: (query.get("priority") ?? "").toUpperCase(),
    label: query.get("label") ?? "",
  };
}

export function queryOf(filter: Filter): URLSearchParams {
  return new URLSearchParams(Object.entries(filter).filter(([, value]) => value !== "").map(([name, value]) => [name, value.toLowerCase()]));
}

export function isEmpty(filter: Filter): boolean {
  return !filter.q.trim() && !filter.who && !filter.due && !filter.priority && !filter.label;
}

/** Fold a text as the server does for searching: no marks, no case, ё as е. */
export function fold(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Make the question whether a card is shown; `described` are those whose description has the words, as the server said. */
export function matcher(filter: Filter, me: Id, described: ReadonlySet<Id> = new Set(), now: Date = clock.now()): (card: Card) => boolean {
  const wanted = fold(filter.q.trim());
  const who = filter.who === "me" ? me : filter.who;
  return (card) =>
    (!wanted || fold(card.title).includes(wanted) || card.key.toLowerCase().includes(wanted) || described.has(card.id)) &&
    (!who || (who === "none" ? !card.assignees.length : card.assignees.some((one) => one.id === who))) &&
    (!filter.due || isDue(card, filter.due, now)) &&
    (!filter.priority || card.priority === filter.priority) &&
    (!filter.label || isLabelled(card, filter.label));
}

function isLabelled({ label_ids: has = [] }: Card, wanted: string): boolean {
  return wanted === "none" ? !has.length : has.some((id) => wanted.includes(id));
}

function isDue(card: Card, due: Filter["due"], now: Date): boolean {
  const near = nearness(card, now);
  if (due === "none") return near === null;
  if (near === null || card.status === "DONE") return false;
  if (due === "late" || due === "today") return near === due;
  return near !== "later"; // late ones belong to this week, too
}
