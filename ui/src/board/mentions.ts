/** Naming people with `@username`: what is one, and whom somebody who types one may mean. */
import type { Id, User } from "../api/types";
import { fold } from "./filter";

/** Not within a word, an address or a path: the API's own rule. */
const MENTION = /(?<![\p{L}\p{M}\p{N}/.])@([\p{L}\p{M}\p{N}_.-]+)/gu;
const BEGUN = /^@[\p{L}\p{M}\p{N}_.-]*$/u;
const IN_WORD = /[\p{L}\p{M}\p{N}/.]$/u;
const HANDLE_CHARS_MAX = 40;
const SHOWN = 8;

export interface Found {
  /** Where it stands, with its `@`. */
  start: number;
  end: number;
  /** As it was typed, without the `@` and without the full stops that end a sentence. */
  handle: string;
}

export function mentionsIn(text: string): Found[] {
  return [...text.matchAll(MENTION)].flatMap((found) => {
    const handle = trimmed(found[1]!);
    return handle && [...handle].length <= HANDLE_CHARS_MAX ? [{ start: found.index, end: found.index + 1 + handle.length, handle }] : [];
  });
}

/** The full stops after a name are the sentence's; an expression would look at each run of stops anew. */
function trimmed(handle: string): string {
  let end = handle.length;
  while (handle[end - 1] === ".") end--;
  return handle.slice(0, end);
}

/** Handles are the same in any case and form. */
export function keyOf(handle: string): string {
  return handle.normalize("NFKC").toLowerCase();
}

/** Who of these people is named in a text: what the server will say of it, but for code. */
export function namedIn(text: string, people: Iterable<User>): { handle: string; user: User }[] {
  const byKey = new Map([...people].map((user) => [keyOf(user.username), user]));
  const named = new Map<Id, { handle: string; user: User }>();
  for (const { handle } of mentionsIn(text)) {
    const user = byKey.get(keyOf(handle));
    if (user) named.set(user.id, { handle, user });
  }
  return [...named.values()];
}

/** The mention that is being typed at the caret, if there is one. */
export function begunAt(text: string, caret: number): { start: number; words: string } | null {
  const start = caret > 0 ? text.lastIndexOf("@", caret - 1) : -1;
  const typed = text.slice(start, caret);
  const isOne = start >= 0 && typed.length <= 2 * HANDLE_CHARS_MAX && BEGUN.test(typed) && !IN_WORD.test(text.slice(Math.max(0, start - 2), start));
  return isOne ? { start, words: typed.slice(1) } : null;
}

/** Who may be meant: by username or by name, those that begin so first. */
export function candidates(people: readonly User[], words: string): User[] {
  const wanted = fold(words);
  const rank = (user: User) => {
    const names = [fold(user.username), fold(user.name), ...fold(user.name).split(/\s+/)];
    return names.some((name) => name.startsWith(wanted)) ? 0 : names.some((name) => name.includes(wanted)) ? 1 : 2;
  };
  const ranked = people.map((user) => ({ user, rank: rank(user) })).filter((one) => one.rank < 2);
  return ranked.sort((a, b) => a.rank - b.rank || (fold(a.user.name) < fold(b.user.name) ? -1 : 1)).slice(0, SHOWN).map((one) => one.user);
}
