import type { ProblemDocument } from "../../api/problems";

/** What refusals say, by the last part of their type; one that is not here says its own title. */
export const problems = {
  "column-full": (p: ProblemDocument) => `The column is full: ${p.current} of ${p.limit}.`,
  "limit-reached": (p: ProblemDocument) => `The limit is reached: ${p.limit} (${p.of}).`,
  "not-allowed": () => "Your role on this board does not allow that.",
  "not-found": () => "It is no longer there, or not shared with you.",
  "built-upon": () => "Others have built upon it since, so it cannot be undone.",
  "wrong-login": () => "Wrong name or password.",
  unauthenticated: () => "Sign in again.",
  "too-many-requests": () => "Too many requests at once. It goes on by itself.",
  unavailable: () => "The server is busy. It goes on by itself.",
  "precondition-failed": () => "Somebody was faster.",
} as Record<string, (p: ProblemDocument) => string>;
