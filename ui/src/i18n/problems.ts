/** Say a refusal in the person's language. */
import { Offline, Problem } from "../api/problems";
import type { WordsAtOnce } from "./en";

export function sentence(words: WordsAtOnce, error: unknown): string {
  if (error instanceof Problem) {
    const say = words.problems[error.kind];
    return say ? say(error.document) : error.document.detail ?? error.document.title;
  }
  return error instanceof Offline ? words.common.offline.page : words.common.failed;
}
