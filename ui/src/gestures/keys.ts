/** Which command a key is. Letters go by the key's place where the layout is not Latin: `с` of a Russian layout is C. */
export type Command =
  | "open" | "rename" | "move" | "people" | "due" | "assign" | "priority" | "labels" | "lift" | "select" | "archive" | "delete"
  | "new" | "find" | "mine" | "help" | "palette" | "undo" | "redo" | "next" | "previous"
  | "up" | "down" | "left" | "right" | "first" | "last" | "select-up" | "select-down" | "escape";

const PLAIN: Record<string, Command> = {
  Enter: "open", " ": "lift", Delete: "delete", Escape: "escape", Home: "first", End: "last",
  ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right", "/": "find", "?": "help",
};
const LETTERS: Record<string, Command> = {
  E: "rename", M: "move", P: "people", D: "due", L: "priority", T: "labels", X: "select", C: "new", F: "mine", J: "next", K: "previous",
};
// Somebody may be typing when the focus falls on a card: what others would notice wants Shift.
const SHIFTED: Record<string, Command> = { I: "assign", V: "archive", ArrowUp: "select-up", ArrowDown: "select-down" };

interface Key {
  key: string;
  code: string;
  shiftKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
  altKey: boolean;
}

/** Read a key; `singles` says whether single characters are commands at all (`/me` switches them off). */
export function commandOf(event: Key, singles = true): Command | null {
  const letter = letterOf(event);
  if (event.ctrlKey || event.metaKey) {
    if (letter === "K") return "palette";
    if (letter === "Z") return event.shiftKey ? "redo" : "undo";
    return null;
  }
  if (event.altKey) return null;
  if (event.key.length === 1 && event.key !== " " && !singles) return null;
  if (event.shiftKey && (SHIFTED[letter] ?? SHIFTED[event.key])) return SHIFTED[letter] ?? SHIFTED[event.key] ?? null;
  if (event.code === "Slash" && isForeign(event)) return event.shiftKey ? "help" : "find";
  if (PLAIN[event.key]) return PLAIN[event.key] ?? null;
  return event.shiftKey ? null : (LETTERS[letter] ?? null);
}

function letterOf(event: Key): string {
  if (/^[a-z]$/i.test(event.key)) return event.key.toUpperCase();
  return isForeign(event) ? (/^Key([A-Z])$/.exec(event.code)?.[1] ?? "") : "";
}

/** A letter of another script: the layout is not Latin. */
function isForeign(event: Key): boolean {
  return event.key.length === 1 && event.key.charCodeAt(0) > 0x24f;
}

/** Whether somebody is typing here, so that keys are text. */
export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}
