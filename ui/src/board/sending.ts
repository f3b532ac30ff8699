/** How an op becomes a request. */
import type { Api, Write, Written } from "../api/client";
import { uuid7 } from "../api/ids";
import { Offline, Problem } from "../api/problems";
import { isSameText } from "./merge";
import type { Op } from "./ops";

const TEXT_TRIES_MAX = 5;

/** Send an op; `seqOf` says what the op has become that it takes back. */
export async function sendOp(api: Api, op: Op, seqOf: (key: string) => number | undefined): Promise<Written> {
  if (op.base) return sendText(api, op);
  if (!op.undoes) return send(api, op.write, op.key);
  const seq = seqOf(op.undoes);
  if (seq === undefined) throw nothingToUndo(); // what it was to take back was refused
  return send(api, { ...op.write, body: { seq } }, op.key);
}

/** Whatever is done on a board is answered with the board's position: without it, the answer is not Doska's. */
async function send(api: Api, write: Write, key: string): Promise<Written> {
  const written = await api.write(write, key);
  if (written.seq === null) throw new Offline("an answer without a position");
  return written;
}

/** The version counts every change of a task, a move too: while the text is as it was, send it again. */
async function sendText(api: Api, op: Op): Promise<Written> {
  const { field, text, mine } = op.base!;
  let { write } = op;
  for (let tries = 1; ; tries++) {
    try {
      return await send(api, write, tries === 1 ? op.key : uuid7());
    } catch (error) {
      const current = error instanceof Problem && error.status === 412 ? (error.document.current as Record<typeof field, string> & { version: number }) : null;
      if (current && isSameText(current[field], mine)) return { data: current, seq: null, event: null, etag: null };
      if (!current || tries === TEXT_TRIES_MAX || !isSameText(current[field], text)) throw error;
      write = { ...write, ifMatch: `"${current.version}"` };
    }
  }
}

function nothingToUndo(): Problem {
  return new Problem({ type: "/problems/nothing-to-undo", title: "There is nothing to take back.", status: 409 });
}
