/** Plain text as pieces: words, and http(s) addresses that become links. */
export interface Piece {
  text: string;
  address?: string;
}

const ADDRESS = /\bhttps?:\/\/[^\s<>"']+/g;

export function piecesOf(text: string): Piece[] {
  const pieces: Piece[] = [];
  let end = 0;
  for (const found of text.matchAll(ADDRESS)) {
    const address = trimmed(found[0]);
    if (!URL.canParse(address)) continue;
    if (found.index > end) pieces.push({ text: text.slice(end, found.index) });
    pieces.push({ text: address, address });
    end = found.index + address.length;
  }
  if (end < text.length) pieces.push({ text: text.slice(end) });
  return pieces;
}

/** The full stop after an address, and a bracket that it did not open, are the sentence's. */
function trimmed(address: string): string {
  let end = address.length;
  while (".,;:!?".includes(address[end - 1]!)) end--; // an expression would look at each run of stops anew
  const found = address.slice(0, end);
  return found.endsWith(")") && !found.includes("(") ? found.slice(0, -1) : found;
}
