import { board } from "./board";
import { common } from "./common";
import { lift } from "./lift";
import { problems } from "./problems";
import { task } from "./task";
import type { later } from "./later";

/** English, as far as a board needs it at once: everybody loads it. */
export const en = { common, board, task, lift, problems };

export type WordsAtOnce = typeof en;
/** All words, and the type of every other language: a text that is missing there does not compile. */
export type Words = WordsAtOnce & typeof later;
