/** Merging two people's changes of one text, line by line (three-way). */

/** A stretch of lines: agreed on, or in dispute. */
export type Piece = { lines: string[] } | { mine: string[]; theirs: string[]; base: string[] };

export interface Merge {
  pieces: Piece[];
  /** The merged text, where nothing is in dispute. */
  text: string | null;
}

const CELLS_MAX = 4_000_000; // of the table that finds common lines; beyond it the middle is one dispute

/** Merge what two have made of the same text; a line that one side alone changed is kept. */
export function merge(base: string, mine: string, theirs: string): Merge {
  const pieces = settle(lines(base), lines(mine), lines(theirs));
  const isClean = pieces.every((piece) => "lines" in piece);
  return { pieces, text: isClean ? pieces.flatMap((piece) => ("lines" in piece ? piece.lines : [])).join("\n") : null };
}

function lines(text: string): string[] {
  return text.split("\n");
}

/** Where both sides still have the base's line, they are in step: between two such places one looks who changed what. */
function settle(base: string[], mine: string[], theirs: string[]): Piece[] {
  const inMine = common(base, mine);
  const inTheirs = common(base, theirs);
  const pieces: Piece[] = [];
  let [b, m, t] = [0, 0, 0];
  const flush = (toBase: number, toMine: number, toTheirs: number) => {
    const piece = resolve(base.slice(b, toBase), mine.slice(m, toMine), theirs.slice(t, toTheirs));
    if (piece) add(pieces, piece);
  };
  for (let at = 0; at < base.length; at++) {
    const [inM, inT] = [inMine.get(at), inTheirs.get(at)];
    if (inM === undefined || inT === undefined) continue;
    flush(at, inM, inT);
    add(pieces, { lines: [base[at]!] });
    [b, m, t] = [at + 1, inM + 1, inT + 1];
  }
  flush(base.length, mine.length, theirs.length);
  return pieces;
}

function resolve(base: string[], mine: string[], theirs: string[]): Piece | null {
  if (!base.length && !mine.length && !theirs.length) return null;
  if (isSame(mine, theirs)) return { lines: mine };
  if (isSame(base, mine)) return { lines: theirs };
  if (isSame(base, theirs)) return { lines: mine };
  return { base, mine, theirs };
}

function add(pieces: Piece[], piece: Piece): void {
  const last = pieces.at(-1);
  if (last && "lines" in last && "lines" in piece) last.lines = [...last.lines, ...piece.lines];
  else pieces.push(piece);
}

function isSame(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((line, at) => line === b[at]);
}

/** Find for lines of `a` the same line of `b`, in order (longest common subsequence). */
function common(a: readonly string[], b: readonly string[]): Map<number, number> {
  const found = new Map<number, number>();
  let start = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) found.set(start, start++);
  let [endA, endB] = [a.length, b.length];
  const tail: [number, number][] = [];
  while (endA > start && endB > start && a[endA - 1] === b[endB - 1]) tail.unshift([--endA, --endB]);
  for (const [i, j] of middle(a, b, start, endA, endB)) found.set(i, j);
  for (const [i, j] of tail) found.set(i, j);
  return found;
}

function middle(a: readonly string[], b: readonly string[], start: number, endA: number, endB: number): [number, number][] {
  const [rows, columns] = [endA - start, endB - start];
  if (!rows || !columns || rows * columns > CELLS_MAX) return [];
  const width = columns + 1;
  const lengths = new Uint16Array((rows + 1) * width);
  for (let i = rows - 1; i >= 0; i--) {
    for (let j = columns - 1; j >= 0; j--) {
      const isEqual = a[start + i] === b[start + j];
      lengths[i * width + j] = isEqual ? lengths[(i + 1) * width + j + 1]! + 1 : Math.max(lengths[(i + 1) * width + j]!, lengths[i * width + j + 1]!);
    }
  }
  const pairs: [number, number][] = [];
  let [i, j] = [0, 0];
  while (i < rows && j < columns) {
    if (a[start + i] === b[start + j]) pairs.push([start + i++, start + j++]);
    else if (lengths[(i + 1) * width + j]! >= lengths[i * width + j + 1]!) i++;
    else j++;
  }
  return pairs;
}

/** The text as a form field gives it and as it was: a textarea turns CRLF into LF, which is no change. */
export function isSameText(a: string, b: string): boolean {
  return a === b || a.replaceAll("\r\n", "\n") === b.replaceAll("\r\n", "\n");
}

/** Give a text the line ends of another. */
export function withLineEndsOf(text: string, model: string): string {
  return model.includes("\r\n") ? text.replaceAll(/\r?\n/g, "\r\n") : text;
}
