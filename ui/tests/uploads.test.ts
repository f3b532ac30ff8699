import * as fc from "fast-check";
import { beforeEach, expect, test } from "vitest";
import type { Written } from "../src/api/client";
import { Offline, Problem } from "../src/api/problems";
import { AT_ONCE, CutOff, FAILURES_MAX, Unreadable, Uploads, type Upload } from "../src/board/uploads";

interface Sent {
  key: string;
  progress: (sent: number) => void;
  signal: AbortSignal;
  answer: (error?: Error) => Promise<void>;
}

let sent: Sent[];
let waits: { ms: number; go: () => void }[];
let told: string[];
let isReachable: boolean;
let missing: Set<string>;
let uploads: Uploads;

const written: Written = { data: null, seq: 1, event: 1, etag: null };
const upload = (key: string, file: Blob = new Blob([key])): Upload => ({ key, task: "t", file, name: key, state: "waiting", sent: 0, problem: null, failures: 0 });
const problem = (status: number, kind = `p${status}`, retryAfter: number | null = null) => new Problem({ type: `/problems/${kind}`, title: "", status }, retryAfter);
const states = () => Object.fromEntries(uploads.list.map((one) => [one.key, one.state]));
const failed = () => uploads.list.flatMap(({ key, state, problem: why }) => (state === "failed" ? [`${key} ${why instanceof Problem ? why.status : (why as Error).constructor.name}`] : []));
const settled = async () => {
  for (let turn = 0; turn < 20; turn++) await new Promise((next) => setImmediate(next));
};

beforeEach(() => {
  [sent, waits, told, isReachable, missing] = [[], [], [], false, new Set()];
  uploads = new Uploads({
    send: ({ key }, progress, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener("abort", () => reject(new Offline("aborted")));
        sent.push({ key, progress, signal, answer: (error) => (error ? reject(error) : resolve(written), settled()) });
      }),
    mayBegin: ({ key }) => !missing.has(key),
    isReachable: () => Promise.resolve(isReachable),
    changed: () => undefined,
    done: ({ key }) => told.push(`done ${key}`),
    signIn: () => told.push("sign in"),
    later: (ms, go) => {
      const wait = { ms, go };
      waits.push(wait);
      return () => void (waits = waits.filter((one) => one !== wait));
    },
  });
});

function later(): void {
  for (const { go } of waits.splice(0)) go();
}

test("as many go at once as the server takes, the others in their order, and each says how far it is", async () => {
  uploads.add(upload("a"), upload("b"), upload("c"));
  expect(states()).toEqual({ a: "sending", b: "sending", c: "waiting" });
  sent[0]!.progress(7);
  expect(uploads.list[0]!.sent).toBe(7);
  await sent[1]!.answer();
  expect(states()).toEqual({ a: "sending", c: "sending" });
  await sent[0]!.answer();
  await sent[2]!.answer();
  expect(told).toEqual(["done b", "done a", "done c"]);
  expect(uploads.list).toEqual([]);
});

test("what was not answered is sent again with the same key, later and later", async () => {
  uploads.add(upload("a"));
  for (const ms of [500, 1000, 2000, 4000, 8000, 8000, 8000, 8000, 8000, 8000]) {
    await sent.at(-1)!.answer(new Offline());
    expect(states()).toEqual({ a: "waiting" });
    expect(waits.map((one) => one.ms)).toEqual([ms]);
    later();
  }
  await sent.at(-1)!.answer();
  expect(new Set(sent.map((one) => one.key))).toEqual(new Set(["a"]));
  expect(told).toEqual(["done a"]);
});

test("a server that says when to ask again is asked then", async () => {
  uploads.add(upload("a"));
  await sent[0]!.answer(problem(429, "too-many-uploads", 30));
  expect(waits.map((one) => one.ms)).toEqual([30_000]);
});

test("an earlier try that the server has not finished yet is waited for", async () => {
  uploads.add(upload("a"));
  await sent[0]!.answer(problem(409, "key-in-use"));
  expect(states()).toEqual({ a: "waiting" });
  later();
  await sent[1]!.answer();
  expect(told).toEqual(["done a"]);
});

test.each([403, 404, 408, 409, 413, 422, 507])("a refusal (%i) is told, stays, and is tried again by the person with the same key", async (status) => {
  uploads.add(upload("a"), upload("b"), upload("c"));
  await sent[0]!.answer(problem(status));
  expect(failed()).toEqual([`a ${status}`]);
  expect(states()).toEqual({ a: "failed", b: "sending", c: "sending" });
  await sent[1]!.answer();
  uploads.retry("a");
  expect(sent.at(-1)!.key).toBe("a");
  await sent.at(-1)!.answer();
  expect(told).toEqual(["done b", "done a"]);
});

test("a server that fails again and again, or hears no more, is given up on; no network is not", async () => {
  uploads.add(upload("a"));
  for (let tries = 1; tries < FAILURES_MAX; tries++) {
    await sent.at(-1)!.answer(problem(500));
    later();
  }
  await sent.at(-1)!.answer(problem(500));
  expect(failed()).toEqual(["a 500"]);
  isReachable = true;
  uploads.retry("a");
  for (let tries = 0; tries < FAILURES_MAX; tries++) {
    await sent.at(-1)!.answer(new Offline());
    later();
  }
  expect(failed()).toEqual([`a ${CutOff.name}`]);
});

test("a file that is gone from the disk is no network that is gone", async () => {
  const file = Object.assign(new Blob(["x"]), { slice: () => ({ arrayBuffer: () => Promise.reject(new Error("NotReadable")) }) });
  uploads.add(upload("a", file as unknown as Blob));
  await sent[0]!.answer(new Offline());
  expect(failed()).toEqual([`a ${Unreadable.name}`]);
});

test("a cancelled one ends where it is, and makes room", async () => {
  uploads.add(upload("a"), upload("b"), upload("c"));
  uploads.cancel("a");
  await settled();
  expect(sent[0]!.signal.aborted).toBe(true);
  expect(states()).toEqual({ b: "sending", c: "sending" });
  expect(told).toEqual([]);
});

test("signed out, all wait; signed in again, all go on", async () => {
  uploads.add(upload("a"), upload("b"));
  await sent[0]!.answer(problem(401, "unauthenticated"));
  await sent[1]!.answer(problem(401, "unauthenticated"));
  expect(states()).toEqual({ a: "waiting", b: "waiting" });
  uploads.resume();
  expect(sent.map((one) => one.key)).toEqual(["a", "b", "a", "b"]);
});

test("one whose task has not arrived holds nobody up", async () => {
  missing = new Set(["a"]);
  uploads.add(upload("a"), upload("b"));
  expect(states()).toEqual({ a: "waiting", b: "sending" });
  missing.clear();
  uploads.resume();
  expect(states()).toEqual({ a: "sending", b: "sending" });
});

test("one that asks something goes once that is decided", () => {
  uploads.add({ ...upload("a"), state: "asking" });
  expect(sent).toEqual([]);
  const file = new Blob(["without"]);
  uploads.retry("a", { file });
  expect(uploads.list[0]!.file).toBe(file);
  expect(states()).toEqual({ a: "sending" });
});

test("whatever happens, never more than allowed are under way, and each ends once", async () => {
  const fates = fc.array(fc.constantFrom("done", "offline", "refused", "cancel", "later"), { maxLength: 60 });
  await fc.assert(
    fc.asyncProperty(fc.integer({ min: 1, max: 6 }), fates, async (count, all) => {
      const [ended, running] = [new Set<string>(), new Map<string, Sent["answer"]>()];
      const one = new Uploads({
        send: ({ key }, _, signal) =>
          new Promise((resolve, reject) => {
            expect(running.has(key)).toBe(false);
            signal.addEventListener("abort", () => reject(new Offline()));
            running.set(key, (error) => (error ? reject(error) : resolve(written), settled()));
            expect(running.size).toBeLessThanOrEqual(AT_ONCE);
          }),
        mayBegin: () => true,
        isReachable: () => Promise.resolve(false),
        changed: () => undefined,
        done: ({ key }) => void (expect(ended.has(key)).toBe(false), ended.add(key)),
        signIn: () => undefined,
        later: () => () => undefined,
      });
      one.add(...Array.from({ length: count }, (_, at) => upload(`u${at}`)));
      for (const fate of all) {
        const [key, answer] = [...running][0] ?? [];
        if (!key || !answer) break;
        running.delete(key);
        if (fate === "cancel") one.cancel(key);
        else if (fate === "later") running.set(key, answer);
        else await answer(fate === "done" ? undefined : fate === "offline" ? new Offline() : problem(403));
        await settled();
        one.resume();
      }
      for (const { key } of one.list) expect(ended.has(key)).toBe(false);
    }),
    { numRuns: 30 },
  );
});
