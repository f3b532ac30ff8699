/** What only this browser has, and what becomes of it when somebody signs out. */
import type { Op } from "../board/ops";
import { boards } from "./boards.svelte";
import { discardFiles, filesOnTheirWay } from "./files.svelte";
import { api, session } from "./session.svelte";
import { nameOf } from "./outcomes.svelte";

export interface Unsent {
  ops: Op[];
  drafts: { text: string; at: number }[];
  /** How many files are on their way. */
  files: number;
}

/** Find it: of boards that are open, of boards kept on this computer, and texts that were not saved. */
export async function unsent(): Promise<Unsent> {
  const kept = session.store ? await session.store.allOps().catch(() => []) : [];
  const open = boards.unsent;
  const known = new Set(open.map((op) => op.key));
  const drafts = session.drafts?.all().map(({ draft }) => ({ text: draft.text, at: draft.at })) ?? [];
  return { ops: [...open, ...kept.filter((op) => !known.has(op.key))], drafts, files: filesOnTheirWay() };
}

/** Sign out; whatever was unsent goes. */
export async function leave(): Promise<void> {
  await api.write({ method: "POST", path: "/auth/logout" });
  discardFiles();
  boards.clear();
  await session.forget();
}

/** Give it to the person as a file. */
export function saveAsFile({ ops, drafts }: Pick<Unsent, "ops" | "drafts">): void {
  const told = {
    unsent: ops.map((op) => ({ what: nameOf(op), when: new Date(op.at).toISOString(), text: op.typed?.text ?? op.base?.mine, request: op.write })),
    drafts: drafts.map(({ text, at }) => ({ when: new Date(at).toISOString(), text })),
  };
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([JSON.stringify(told, null, 2)], { type: "application/json" }));
  link.download = `doska-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
