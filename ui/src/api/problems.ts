import type { components } from "./schema";

type LastPart<T extends string> = T extends `/problems/${infer Kind}` ? Kind : never;

/** The kinds of refusals that this release of the API knows; a later one may have more. */
export type KnownKind = LastPart<components["schemas"]["ProblemType"]>;

/** Those of coming and leaving with boards: their words are loaded when they are needed. */
export type LaterKind =
  | "ambiguous-dates" | "archive-inconsistent" | "archive-too-new" | "archive-unsafe" | "broken-file" | "export-too-large" | "files-changing" | "format-mismatch"
  | "import-refused" | "import-too-heavy" | "needs-mapping" | "nothing-to-run" | "too-many-exports" | "too-many-imports" | "unknown-format";

/** A refusal as the API tells it (RFC 9457), with what some types add. */
export interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail?: string;
  request_id?: string;
  limit?: number;
  current?: unknown;
  of?: string;
  role?: string | null;
  errors?: { pointer: string; code: string; message: string; limit?: number }[];
  [more: string]: unknown;
}

/** The server refused; `document.type` says why. */
export class Problem extends Error {
  constructor(
    readonly document: ProblemDocument,
    readonly retryAfter: number | null = null,
  ) {
    super(document.detail ?? document.title);
    this.name = "Problem";
  }

  get status(): number {
    return this.document.status;
  }

  /** The last part of the type: `column-full` of `/problems/column-full`. */
  get kind(): string {
    return this.document.type.split("/").pop() ?? "";
  }
}

/** No answer that is Doska's: no network, a proxy's page, a captive portal. */
export class Offline extends Error {
  constructor(cause?: unknown) {
    super("no answer", { cause });
    this.name = "Offline";
  }
}

/** Tell whether asking again may help: nothing was refused for what was asked. */
export function isPassing(error: unknown): error is Problem | Offline {
  return error instanceof Offline || (error instanceof Problem && (error.status >= 500 || error.status === 429));
}

/** Read a refusal's document; an answer that holds none is not Doska's. */
export async function problemOf(response: Response): Promise<Problem | Offline> {
  const type = response.headers.get("content-type") ?? "";
  if (!type.startsWith("application/problem+json")) return new Offline(`${response.status} ${type}`);
  try {
    const wait = Number(response.headers.get("retry-after"));
    const document = (await response.json()) as ProblemDocument;
    if (typeof document.type !== "string") return new Offline(`${response.status} without a type`);
    return new Problem({ ...document, status: response.status }, wait > 0 ? wait : null);
  } catch (error) {
    return new Offline(error);
  }
}
