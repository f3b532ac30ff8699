import { board } from "./board";
import { common } from "./common";
import { entry } from "./entry";
import { panel } from "./panel";
import { problems } from "./problems";

/** English, and the type of every other language: a text that is missing there does not compile. */
export const en = { common, entry, board, panel, problems };

export type Words = typeof en;
