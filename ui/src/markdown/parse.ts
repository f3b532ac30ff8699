/** Markdown, parsed by markdown-it to a tree of our own.
 *
 * It is stopped from within where it takes too long, and gives way to the page every few milliseconds. A worker would be
 * stopped from outside, but cannot be made under the page's policy: Trusted Types want a policy for its address.
 */
import MarkdownIt from "markdown-it";
import { addressOf, attachmentOf } from "./addresses";
import { Builder, TooMuch, type Node } from "./tree";

export const TIME_MS_MAX = 100;
const SLICE_MS = 8;
const CHARS_MAX = 100_000;

export interface Around {
  now(): number;
  /** Let the page do what it has to do. */
  pause(): Promise<void>;
}

const BROWSER: Around = {
  now: () => performance.now(),
  pause: () => new Promise((next) => setTimeout(next)),
};

/** Parse a text; null where it is more than is shown as Markdown: show it as it is. */
export async function treeOf(source: string, around: Around = BROWSER): Promise<Node[] | null> {
  if (source.length > CHARS_MAX) return null;
  try {
    return await new Parsing(around).run(source);
  } catch (error) {
    if (error instanceof TooMuch) return null;
    throw error;
  }
}

let current: Parsing | null = null; // the parser's rules are the same for all; what is parsed now is one

class Parsing {
  private spent = 0;
  private since: number;

  constructor(private readonly around: Around) {
    this.since = around.now();
  }

  async run(source: string): Promise<Node[]> {
    const builder = new Builder();
    const env = {};
    current = this;
    for (const token of parser.parse(source, env)) {
      if (token.type === "inline") parser.inline.parse(token.content, parser, env, (token.children = []));
      builder.add(token);
      if (this.around.now() - this.since > SLICE_MS) await this.rest();
    }
    return builder.root;
  }

  private async rest(): Promise<void> {
    this.spent += this.around.now() - this.since;
    await this.around.pause();
    [current, this.since] = [this, this.around.now()];
  }

  /** Asked before each step of the parser. */
  check(): void {
    if (this.spent + this.around.now() - this.since > TIME_MS_MAX) throw new TooMuch();
  }
}

const parser = new MarkdownIt({ html: false, breaks: true });
parser.core.ruler.enableOnly(["normalize", "block"]); // what stands in the blocks is parsed one by one
parser.block.ruler.before("table", "time", ask, { alt: ["paragraph", "reference", "blockquote", "list"] }); // with each line, in these too
parser.inline.ruler.before("text", "time", ask);
parser.validateLink = (address) => addressOf(address) !== null || attachmentOf(address) !== null;
parser.normalizeLinkText = (address) => address; // as it is: what is decoded can look like another

function ask(): boolean {
  current?.check();
  return false;
}
