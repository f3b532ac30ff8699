/** The language of the page, and its words: `t().board.add`. */
import { en, type Words } from "./en/index";
import { ru } from "./ru/index";

const WORDS: Record<Language, Words> = { en, ru };
export type Language = "en" | "ru";
const KEY = "doska.language";

class I18n {
  language = $state<Language>(chosen() ?? preferred());
  words = $derived(WORDS[this.language]);

  choose(language: Language | null): void {
    this.language = language ?? preferred();
    try {
      if (language) localStorage.setItem(KEY, language);
      else localStorage.removeItem(KEY);
    } catch {
      // A browser that keeps nothing: for this page only.
    }
  }

  /** What was chosen in `/me`, if anything: otherwise the browser says. */
  get choice(): Language | null {
    return chosen();
  }
}

function chosen(): Language | null {
  try {
    const kept = localStorage.getItem(KEY);
    return kept === "en" || kept === "ru" ? kept : null;
  } catch {
    return null;
  }
}

function preferred(): Language {
  const known = navigator.languages.map((tag) => tag.split("-")[0]).find((tag) => tag === "en" || tag === "ru");
  return (known as Language | undefined) ?? "en";
}

export const i18n = new I18n();

export function t(): Words {
  return i18n.words;
}
