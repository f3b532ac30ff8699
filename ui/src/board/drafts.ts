/** Texts that are typed and not saved, kept by the browser until they are. */

/** What a draft began from, so that a later save can tell whether others have changed it since. */
export interface Draft {
  text: string;
  base: string;
  version: number;
  at: number;
}

export interface Store {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
  removeItem(key: string): void;
  key(at: number): string | null;
  readonly length: number;
}

export class Drafts {
  private readonly kept = new Map<string, string>(); // a browser that keeps nothing keeps it for this page

  private readonly start: string; // names carry the person and the sub-path: two Doskas may share an origin

  constructor(
    person: string,
    prefix = "",
    private readonly store: Store | null = browserStore(),
  ) {
    this.start = `doska.draft${prefix}/${person}/`;
  }

  /** Keep a text; false where it is kept for this page only. */
  keep(task: string, field: string, draft: Draft): boolean {
    return this.put(this.name(task, field), JSON.stringify(draft));
  }

  find(task: string, field: string): Draft | null {
    return parsed(this.get(this.name(task, field)));
  }

  drop(task: string, field: string): void {
    const name = this.name(task, field);
    this.kept.delete(name);
    try {
      this.store?.removeItem(name);
    } catch {
      // Forbidden: then it was never kept there.
    }
  }

  /** All drafts of this person, by task and field: also those whose task is gone. */
  all(): { task: string; field: string; draft: Draft }[] {
    const names = new Set(this.kept.keys());
    for (let at = 0; at < (this.store?.length ?? 0); at++) names.add(this.store!.key(at) ?? "");
    return [...names].filter((name) => name.startsWith(this.start)).flatMap((name) => {
      const [task = "", field = ""] = name.slice(this.start.length).split("/");
      const draft = parsed(this.get(name));
      return draft ? [{ task, field, draft }] : [];
    });
  }

  /** Whether some text is in the memory of this page alone. */
  get isForPageOnly(): boolean {
    return this.kept.size > 0;
  }

  /** Give a typed text back, after what is there already. */
  giveBack(task: string, field: string, text: string): void {
    const before = this.find(task, field);
    const all = before && before.text.trim() && before.text !== text ? `${before.text}\n${text}` : text;
    this.keep(task, field, { text: all, base: before?.base ?? "", version: before?.version ?? 0, at: Date.now() });
  }

  clear(): void {
    for (const { task, field } of this.all()) this.drop(task, field);
  }

  private name(task: string, field: string): string {
    return `${this.start}${task}/${field}`;
  }

  private get(name: string): string | null {
    try {
      return this.kept.get(name) ?? this.store?.getItem(name) ?? null;
    } catch {
      return null;
    }
  }

  private put(name: string, text: string): boolean {
    try {
      if (!this.store) throw new Error("no store");
      this.store.setItem(name, text);
      this.kept.delete(name);
      return true;
    } catch {
      this.kept.set(name, text); // full or forbidden
      return false;
    }
  }
}

function browserStore(): Store | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}

function parsed(text: string | null): Draft | null {
  if (!text) return null;
  try {
    const found = JSON.parse(text) as Draft;
    return typeof found.text === "string" && typeof found.base === "string" ? found : null;
  } catch {
    return null;
  }
}
