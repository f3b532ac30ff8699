import type { Words } from "../en";
import { board } from "./board";
import { common } from "./common";
import { entry } from "./entry";
import { panel } from "./panel";
import { problems } from "./problems";

export const ru: Words = { common, entry, board, panel, problems };
