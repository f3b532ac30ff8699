/** Markdown as a tree of what may be shown. What is not in these types cannot be on the screen. */
import type { Id, User } from "../api/types";
import { piecesOf } from "../board/links";
import { addressOf, attachmentOf, isDisguised } from "./addresses";

export const DEPTH_MAX = 16;
export const NODES_MAX = 5_000;
const [HEADING_MIN, HEADING_MAX] = [3, 6]; // those above are the page's

export type Align = "left" | "center" | "right" | null;

export type Node =
  | { kind: "text" | "code" | "block"; text: string }
  | { kind: "break" | "rule" }
  | { kind: "strong" | "em" | "del" | "paragraph" | "quote" | "table" | "row"; children: Node[] }
  | { kind: "heading"; level: number; children: Node[] }
  /** Numbered from `start`; null: with dots. */
  | { kind: "list"; start: number | null; children: Node[] }
  /** Of a list of things to do: whether it is done. */
  | { kind: "item"; isDone: boolean | null; children: Node[] }
  | { kind: "cell"; isHead: boolean; align: Align; children: Node[] }
  /** `host` where the text looks like another address. */
  | { kind: "link"; href: string; host: string | null; children: Node[] }
  | { kind: "picture"; id: Id; alt: string }
  /** Who is named; null: nobody any more. */
  | { kind: "mention"; text: string; user: User | null };

type Parent = Extract<Node, { children: Node[] }>;

/** What is read of a parser's tokens (markdown-it's). */
export interface Token {
  type: string;
  tag: string;
  content: string;
  hidden: boolean;
  children: Token[] | null;
  attrGet(name: string): string | number | null;
}

/** More than is shown as Markdown: the text is shown as it was typed. */
export class TooMuch extends Error {}

const PLAIN: Record<string, "strong" | "em" | "del" | "paragraph" | "quote" | "table" | "row"> = {
  strong_open: "strong", em_open: "em", s_open: "del", paragraph_open: "paragraph", blockquote_open: "quote", table_open: "table", tr_open: "row",
};
const PASSED = new Set(["thead_open", "thead_close", "tbody_open", "tbody_close"]);

/** Builds a tree of tokens; throws `TooMuch` beyond its bounds. */
export class Builder {
  readonly root: Node[] = [];
  private readonly open: (Parent | null)[] = []; // null: what is passed over, its children are its parent's
  private count = 0;
  private depth = 0;
  private words = "";
  private readonly headings: number[] = []; // as typed, those that this is below

  add(token: Token): void {
    if (PASSED.has(token.type)) return;
    if (token.type === "text" || token.type === "text_special") return void (this.words += token.content);
    this.flush();
    if (token.type === "inline") for (const child of token.children ?? []) this.add(child);
    else if (token.type.endsWith("_open")) this.begin(token);
    else if (token.type.endsWith("_close")) this.end();
    else this.leaf(token);
  }

  private get children(): Node[] {
    return this.open.findLast((one) => one !== null)?.children ?? this.root;
  }

  private begin(token: Token): void {
    const node = token.hidden ? null : parentOf(token);
    if (node?.kind === "heading") node.level = this.levelOf(node.level);
    this.open.push(node);
    if (!node) return;
    this.put(node, this.open.slice(0, -1).findLast((one) => one !== null)?.children ?? this.root);
    this.depth++;
  }

  private end(): void {
    const node = this.open.pop();
    if (!node) return;
    this.depth--;
    if (node.kind === "link") node.host = disguise(node.children, node.href);
    else if (node.kind === "item") tick(node);
  }

  /** Below the page's, and none left out in between, however it was typed. */
  private levelOf(typed: number): number {
    const above = this.headings.filter((one) => one < typed);
    this.headings.splice(0, Infinity, ...above, typed);
    return Math.min(HEADING_MIN + above.length, HEADING_MAX);
  }

  private leaf(token: Token): void {
    switch (token.type) {
      case "softbreak":
      case "hardbreak":
        return this.put({ kind: "break" });
      case "hr":
        return this.put({ kind: "rule" });
      case "code_inline":
        return this.put({ kind: "code", text: token.content });
      case "fence":
      case "code_block":
        return this.put({ kind: "block", text: token.content.replace(/\n$/, "") });
      case "image":
        return this.picture(token);
      default:
        this.words += token.content;
    }
  }

  /** Put the words that have come so far; addresses in them are links, but in a link. */
  private flush(): void {
    const { words } = this;
    this.words = "";
    for (const { text, address } of this.isInLink ? [{ text: words, address: undefined }] : piecesOf(words)) {
      const href = address && addressOf(address)?.href;
      const node: Node = { kind: "text", text };
      if (href) this.put({ kind: "link", href, host: null, children: [node] });
      else if (text) this.put(node);
    }
  }

  /** A picture that is an attachment; any other is not loaded, for that tells who reads: its words, and the way to it. */
  private picture(token: Token): void {
    const source = attr(token, "src");
    const alt = wordsOf(token);
    const id = attachmentOf(source);
    if (id) return this.put({ kind: "picture", id, alt });
    const address = this.isInLink ? null : addressOf(source);
    if (!address) return void (this.words += alt);
    const children: Node[] = [{ kind: "text", text: alt || address.href }];
    this.put({ kind: "link", href: address.href, host: disguise(children, address.href), children });
  }

  private get isInLink(): boolean {
    return this.open.some((one) => one?.kind === "link");
  }

  private put(node: Node, into = this.children): void {
    const below = node.kind === "link" && node.children.length ? 1 : 0; // with its text
    this.count += 1 + below;
    if (this.count > NODES_MAX || this.depth + 1 + below > DEPTH_MAX) throw new TooMuch();
    into.push(node);
  }
}

function parentOf(token: Token): Parent | null {
  const children: Node[] = [];
  const plain = PLAIN[token.type];
  if (plain) return { kind: plain, children };
  switch (token.type) {
    case "heading_open":
      return { kind: "heading", level: Number(token.tag.slice(1)), children };
    case "bullet_list_open":
      return { kind: "list", start: null, children };
    case "ordered_list_open":
      return { kind: "list", start: Number(token.attrGet("start") ?? 1), children };
    case "list_item_open":
      return { kind: "item", isDone: null, children };
    case "th_open":
    case "td_open":
      return { kind: "cell", isHead: token.type === "th_open", align: alignOf(token), children };
    case "link_open": {
      const address = addressOf(attr(token, "href"));
      return address && { kind: "link", href: address.href, host: null, children };
    }
    default:
      return null;
  }
}

function attr(token: Token, name: string): string {
  return String(token.attrGet(name) ?? "");
}

function alignOf(token: Token): Align {
  const found = /^text-align:(left|center|right)$/.exec(attr(token, "style"));
  return (found?.[1] as Align | undefined) ?? null;
}

function disguise(children: readonly Node[], href: string): string | null {
  const address = addressOf(href)!;
  return isDisguised(textOf(children), address) ? address.host : null;
}

/** The words of a tree. */
export function textOf(nodes: readonly Node[]): string {
  return nodes.map((node) => ("text" in node ? node.text : "children" in node ? textOf(node.children) : node.kind === "picture" ? node.alt : " ")).join("");
}

function wordsOf(token: Token): string {
  return (token.children ?? []).map((one) => (one.children?.length ? wordsOf(one) : one.content || (one.type.endsWith("break") ? " " : ""))).join("");
}

/** `[ ] ` or `[x] ` before an item's words: a thing to do. */
function tick(item: Parent & { kind: "item" }): void {
  const first = item.children[0];
  const words = first?.kind === "paragraph" ? first.children[0] : first;
  const found = words?.kind === "text" ? /^\[([ xX])\]\s+/.exec(words.text) : null;
  if (!found || words?.kind !== "text") return;
  item.isDone = found[1] !== " ";
  words.text = words.text.slice(found[0].length);
}
