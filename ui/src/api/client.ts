/** Requests to Doska's API: reads, and writes as plain data that can be kept and repeated.
 *
 * Nothing here knows of Svelte, nor of this interface: copy the folder.
 */
import { clock } from "./clock";
import { Offline, problemOf } from "./problems";
import type { components } from "./schema";

/** What a write would do: its events, and how many things of each kind it would touch. */
export type DryRun = components["schemas"]["DryRun"];

/** A write as data: it can wait in a queue, be kept on disk, and be sent again with its key. */
export interface Write {
  method: "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  body?: unknown;
  ifMatch?: string;
}

/** What came of a write. */
export interface Written<T = unknown> {
  data: T;
  /** The board's position after the write (`Doska-Seq`), where it was about one board. */
  seq: number | null;
  /** The one event that this request wrote (`Doska-Event`): what undo takes. */
  event: number | null;
  etag: string | null;
}

/** A page of a list. */
export interface Page<T> {
  items: T[];
  next_cursor: string | null;
}

/** The server gives up sooner: who has heard nothing by then will hear nothing. */
const PATIENCE_MS = 40_000;

export interface Options {
  /** Where the API is: an origin, or the prefix of a sub-path; "" is the page's own. */
  base?: string;
  /** Whose writes these are; the server refuses them once the cookie is another's. */
  person?: () => string | null;
  language?: () => string;
  fetch?: (request: Request, more?: RequestInit) => Promise<Response>;
  /** How long to wait for an answer that does not come. */
  patienceMs?: number;
}

export class Api {
  readonly base: string;

  constructor(private readonly options: Options = {}) {
    this.base = options.base ?? "";
  }

  /** Send a write; with a key it acts once, however often it is sent. */
  async write<T = unknown>(write: Write, key?: string): Promise<Written<T>> {
    const headers = this.headersOf(key);
    if (write.body !== undefined) headers.set("content-type", "application/json");
    if (write.ifMatch) headers.set("if-match", write.ifMatch);
    const body = write.body === undefined ? null : JSON.stringify(write.body);
    const request = new Request(absolute(this.base + write.path), { method: write.method, headers, body, credentials: "include" });
    return writtenOf(await this.ask(request));
  }

  /** What each write says: its key, whose it is, and the language of a refusal. */
  headersOf(key?: string): Headers {
    const headers = new Headers();
    if (key) headers.set("idempotency-key", key);
    const person = this.options.person?.();
    if (person) headers.set("doska-person", person);
    const language = this.options.language?.();
    if (language) headers.set("accept-language", language);
    return headers;
  }

  /** Ask what a write would do, without doing it. */
  async dryRun(write: Write): Promise<DryRun> {
    const headers = new Headers({ prefer: "dry-run" });
    if (write.body !== undefined) headers.set("content-type", "application/json");
    const body = write.body === undefined ? null : JSON.stringify(write.body);
    const response = await this.ask(new Request(absolute(this.base + write.path), { method: write.method, headers, body, credentials: "include" }));
    return (await jsonOf(response)) as DryRun;
  }

  /** Read something, with all it was answered. */
  async get(path: string, headers: Record<string, string> = {}): Promise<Response> {
    return this.ask(new Request(absolute(this.base + path), { headers, credentials: "include" }));
  }

  /** Read an answer that has these fields; whatever else comes with a 200 is not Doska's. */
  async json<T>(path: string, ...fields: (keyof T & string)[]): Promise<T> {
    const found = (await jsonOf(await this.get(path))) as T | null;
    if (typeof found !== "object" || found === null || fields.some((name) => found[name] === undefined)) throw new Offline(`no answer of Doska's: ${path}`);
    return found;
  }

  /** Read a page of a list. */
  page<T>(path: string): Promise<Page<T>> {
    return this.json<Page<T>>(path, "items", "next_cursor");
  }

  /** Read a list to its end. */
  async all<T>(path: string, query: Record<string, string> = {}): Promise<T[]> {
    const found: T[] = [];
    let cursor: string | null = null;
    do {
      const page: Page<T> = await this.page<T>(`${path}?${new URLSearchParams({ limit: "200", ...query, ...(cursor && { cursor }) })}`);
      found.push(...page.items);
      cursor = page.next_cursor;
    } while (cursor);
    return found;
  }

  private async ask(request: Request): Promise<Response> {
    const language = this.options.language?.();
    if (language) request.headers.set("accept-language", language);
    const asked = Date.now();
    let response: Response;
    try {
      response = await (this.options.fetch ?? fetch)(request, { signal: AbortSignal.timeout(this.options.patienceMs ?? PATIENCE_MS) });
    } catch (error) {
      throw new Offline(error);
    }
    clock.learn(response.headers.get("date"), asked);
    return accepted(response);
  }
}

/** Give a success that is Doska's; anything else is thrown as what it is. */
export async function accepted(response: Response): Promise<Response> {
  if (response.ok || response.status === 304) return ours(response);
  throw await problemOf(response);
}

/** Read what came of a write. */
export async function writtenOf<T>(response: Response): Promise<Written<T>> {
  return {
    data: (response.status === 204 ? null : await jsonOf(response)) as T,
    seq: numberOf(response, "doska-seq"),
    event: numberOf(response, "doska-event"),
    etag: response.headers.get("etag"),
  };
}

/** Refuse a success that is not Doska's: the page of a captive portal, a proxy's sign-in. */
function ours(response: Response): Response {
  const type = response.headers.get("content-type") ?? "";
  const isOurs = response.status === 204 || response.status === 304 || type.includes("json") || type.startsWith("image/svg");
  if (!isOurs || response.redirected) throw new Offline(`${response.status} ${type}`);
  return response;
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error) {
    throw new Offline(error); // cut in the middle: it may have happened, the key will tell
  }
}

function numberOf(response: Response, name: string): number | null {
  const text = response.headers.get(name);
  return text === null ? null : Number(text);
}

export function absolute(address: string): string {
  return new URL(address, globalThis.location?.href ?? "http://localhost:8000").href;
}
