import type { Words } from "../en";
import { activity } from "./activity";
import { admin } from "./admin";
import { board } from "./board";
import { common } from "./common";
import { entry } from "./entry";
import { invited } from "./invited";
import { keys } from "./keys";
import { lift } from "./lift";
import { me } from "./me";
import { my } from "./my";
import { palette } from "./palette";
import { panel } from "./panel";
import { people } from "./people";
import { problems } from "./problems";
import { sample } from "./sample";
import { settings } from "./settings";

export const ru: Words = { common, entry, board, panel, lift, keys, palette, people, settings, activity, my, me, admin, invited, sample, problems };
