import { beforeEach, expect, test } from "vitest";
import type { Written } from "../src/api/client";
import { Offline, Problem } from "../src/api/problems";
import { opOf, type Op } from "../src/board/ops";
import { FAILURES_MAX, Queue } from "../src/board/queue";

type Answer = { seq: number } | Error;
let sent: string[];
let answers: Answer[];
let waits: { ms: number; go: () => void }[];
let told: string[];
let queue: Queue;

const written = (seq: number): Written => ({ data: null, seq, event: seq, etag: null });
const op = (name: string): Op => opOf(name, name, { method: "POST", path: `/${name}` }, [], name);
const problem = (status: number, retryAfter: number | null = null) => new Problem({ type: `/problems/p${status}`, title: "", status }, retryAfter);
const settled = async () => {
  for (let turn = 0; turn < 10; turn++) await Promise.resolve();
};

beforeEach(() => {
  [sent, answers, waits, told] = [[], [], [], []];
  queue = new Queue({
    send: async (one) => {
      sent.push(one.key);
      const answer = answers.shift() ?? { seq: sent.length };
      if (answer instanceof Error) throw answer;
      return written(answer.seq);
    },
    changed: () => undefined,
    answered: (one) => told.push(`done ${one.key}`),
    refused: (one, why) => told.push(`refused ${one.key} ${why.status}`),
    setAside: (ops) => told.push(`set aside ${ops.map((one) => `${one.key} ${one.state} ${one.failures}`).join(", ")}`),
    reached: (isOnline) => told.push(isOnline ? "online" : "offline"),
    signIn: () => told.push("sign in"),
    later: (ms, go) => {
      waits.push({ ms, go });
      return () => undefined;
    },
  });
});

test("requests go one at a time, in order", async () => {
  queue.add(op("a"));
  queue.add(op("b"));
  expect(sent).toEqual(["a"]);
  await settled();
  expect(sent).toEqual(["a", "b"]);
  expect(told.filter((one) => one.startsWith("done"))).toEqual(["done a", "done b"]);
});

test("an op stays drawn until the board has reached what it became", async () => {
  answers = [{ seq: 7 }];
  queue.add(op("a"));
  await settled();
  queue.settle(6);
  expect(queue.ops).toHaveLength(1);
  queue.settle(7);
  expect(queue.ops).toHaveLength(0);
});

test("without an answer it is sent again with the same key, later and later, and what follows waits", async () => {
  answers = [new Offline(), new Offline(), new Offline()];
  queue.add(op("a"));
  queue.add(op("b"));
  for (let turn = 0; turn < 3; turn++) {
    await settled();
    waits.at(-1)!.go();
  }
  await settled();
  expect(waits.map(({ ms }) => ms)).toEqual([500, 1000, 2000]);
  expect(sent).toEqual(["a", "a", "a", "a", "b"]);
  expect(told.filter((one) => one === "offline")).toHaveLength(3);
});

test("a server that says when is asked then", async () => {
  answers = [problem(429, 20)];
  queue.add(op("a"));
  await settled();
  expect(waits[0]!.ms).toBe(20_000);
});

test("a refusal takes the op off, and what follows goes on", async () => {
  answers = [problem(409)];
  queue.add(op("a"));
  queue.add(op("b"));
  await settled();
  expect(told).toContain("refused a 409");
  expect(told).toContain("done b");
  expect(queue.ops.map((one) => one.key)).toEqual(["b"]);
});

test("an op at which the server fails again and again is set aside, and no network is no failure", async () => {
  answers = [new Offline(), ...Array.from({ length: FAILURES_MAX }, () => problem(500))];
  queue.add(op("a"));
  for (let turn = 0; turn < FAILURES_MAX; turn++) {
    await settled();
    waits.at(-1)!.go();
  }
  await settled();
  expect(told.at(-1)).toBe("set aside a waiting 0");
  expect(sent).toHaveLength(FAILURES_MAX + 1);
  expect(queue.ops).toEqual([]);
});

test("too many requests are no failure, however often", async () => {
  answers = Array.from({ length: 2 * FAILURES_MAX }, () => problem(429));
  queue.add(op("a"));
  for (let turn = 0; turn < 2 * FAILURES_MAX; turn++) {
    await settled();
    waits.at(-1)!.go();
  }
  await settled();
  expect(told.at(-1)).toBe("done a");
});

test("something of ours that fails sets the op aside with what hangs on it, and the rest goes on", async () => {
  const writes = (key: string, path: string, body?: object): Op => ({ ...op(key), write: { method: "POST", path, body } });
  answers = [new TypeError("ours")];
  queue.add(writes("make", "/tasks", { id: "task-1" }));
  queue.add(writes("move", "/tasks/task-1/move", {}));
  queue.add({ ...op("undo"), undoes: "move" });
  queue.add(writes("step", "/boards/b/batch", { operations: [{ body: { id: "step-1", task_id: "task-1" } }] }));
  queue.add(writes("tick", "/subtasks/step-1", {}));
  queue.add(writes("other", "/tasks/task-2/move", {}));
  await settled();
  expect(told[1]).toBe("set aside make waiting 0, move waiting 0, undo waiting 0, step waiting 0, tick waiting 0");
  expect(sent).toEqual(["make", "other"]);
});

test("after a 401 nothing is sent until one has signed in again", async () => {
  answers = [problem(401)];
  queue.add(op("a"));
  queue.add(op("b"));
  await settled();
  expect([sent, told]).toEqual([["a"], ["sign in"]]);
  queue.resume();
  await settled();
  expect(sent).toEqual(["a", "a", "b"]);
});

test("only what was never sent can be dropped", async () => {
  answers = [new Offline()];
  queue.add(op("a"));
  queue.add(op("b"));
  await settled();
  expect(queue.drop("a")).toBe(false);
  expect(queue.drop("b")).toBe(true);
  expect(queue.waiting).toBe(1);
});
