import { activity } from "./activity";
import { admin } from "./admin";
import { attachments } from "./attachments";
import { comments } from "./comments";
import { doors } from "./doors";
import { entry } from "./entry";
import { invited } from "./invited";
import { keys } from "./keys";
import { me } from "./me";
import { my } from "./my";
import { palette } from "./palette";
import { panel } from "./panel";
import { people } from "./people";
import { sample } from "./sample";
import { settings } from "./settings";

/** What no board says before something is opened on it. */
export const later = { entry, keys, palette, panel, people, settings, activity, my, me, admin, invited, sample, attachments, comments, doors };
