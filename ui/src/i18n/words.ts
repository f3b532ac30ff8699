/** Makers of words for a language: plurals, lists, numbers. */
export interface Forms {
  one: string;
  few?: string;
  many?: string;
  other: string;
}

/** Give `n` with the word in its form: `plural("ru", {one: "задача", few: "задачи", many: "задач", …})(2)`. */
export function plural(language: string, forms: Forms): (n: number) => string {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (n) => `${numbers.format(n)} ${forms[rules.select(n) as keyof Forms] ?? forms.other}`;
}

export function listOf(language: string): (items: string[]) => string {
  const format = new Intl.ListFormat(language, { type: "conjunction" });
  return (items) => format.format(items);
}
