/** The language of the page, and its words: `t().board.add`. */
import { en, type WordsAtOnce } from "./en/index";

export type Language = "en" | "ru";
// Only the language that is spoken is loaded; English is always there to fall back to.
const LOADERS: Record<Language, () => Promise<WordsAtOnce>> = {
  en: () => Promise.resolve(en),
  ru: () => import("./ru/index").then((module) => module.ru),
};
const KEY = "doska.language";

class I18n {
  language = $state<Language>("en");
  words = $state.raw<WordsAtOnce>(en);

  /** Load what the browser, or the person, asks for. */
  async begin(): Promise<void> {
    await this.load(chosen() ?? preferred());
  }

  async choose(language: Language | null): Promise<void> {
    try {
      if (language) localStorage.setItem(KEY, language);
      else localStorage.removeItem(KEY);
    } catch {
      // A browser that keeps nothing: for this page only.
    }
    await this.load(language ?? preferred());
  }

  /** What was chosen in `/me`, if anything: otherwise the browser says. */
  get choice(): Language | null {
    return chosen();
  }

  private async load(language: Language): Promise<void> {
    this.words = await LOADERS[language]().catch(() => en); // offline before it was ever loaded
    this.language = this.words === en ? "en" : language;
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

/** What a board says at once; `later.svelte` has all. */
export function t(): WordsAtOnce {
  return i18n.words;
}
