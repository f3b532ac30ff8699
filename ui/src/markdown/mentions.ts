/** People who are named in a text, as nodes of its tree. */
import type { User } from "../api/types";
import { keyOf, mentionsIn } from "../board/mentions";
import type { Node } from "./tree";

export interface Mention {
  handle: string;
  /** Who that is today; null: nobody any more. */
  user: User | null;
}

/** Show those who are named: a word with an `@` is only a word where it names nobody, and in code and links. */
export function withMentions(nodes: readonly Node[], mentions: readonly Mention[]): Node[] {
  if (!mentions.length) return [...nodes];
  const byKey = new Map(mentions.map((one) => [keyOf(one.handle), one]));
  return nodes.flatMap((node) => named(node, byKey));
}

function named(node: Node, byKey: ReadonlyMap<string, Mention>): Node[] {
  if (node.kind === "text") return split(node.text, byKey);
  if (node.kind === "link" || !("children" in node)) return [node];
  return [{ ...node, children: node.children.flatMap((one) => named(one, byKey)) }];
}

function split(text: string, byKey: ReadonlyMap<string, Mention>): Node[] {
  const nodes: Node[] = [];
  let at = 0;
  for (const { start, end, handle } of mentionsIn(text)) {
    const mention = byKey.get(keyOf(handle));
    if (!mention) continue;
    if (start > at) nodes.push({ kind: "text", text: text.slice(at, start) });
    nodes.push({ kind: "mention", text: text.slice(start, end), user: mention.user });
    at = end;
  }
  if (at < text.length) nodes.push({ kind: "text", text: text.slice(at) });
  return nodes;
}
