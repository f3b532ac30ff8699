/** All words, for what is loaded when it is opened: `t().settings.limit`. English ones come along with it. */
import { en, type Words } from "./en/index";
import { later } from "./en/later";
import { i18n } from "./words.svelte";

const ENGLISH: Words = { ...en, ...later };

export function t(): Words {
  return i18n.words === en ? ENGLISH : (i18n.words as Words);
}
