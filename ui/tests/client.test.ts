import { afterEach, expect, test } from "vitest";
import { Api } from "../src/api/client";
import { clock } from "../src/api/clock";
import { isPassing, Offline, Problem } from "../src/api/problems";
import { follow } from "../src/api/stream";
import { coalesced } from "../src/app/coalesced";

const json = { "content-type": "application/json" };
const answering = (body: string, status = 200, headers: Record<string, string> = json) => new Api({ base: "http://doska", fetch: async () => new Response(body, { status, headers }) });
const failing = async (work: Promise<unknown>) => work.then(() => null, (error: unknown) => error);

test("only what has the fields of an answer is one: garbage, other JSON, a page and a cut are no answer", async () => {
  expect(await answering('{"items": [1], "next_cursor": null}').page("/boards")).toEqual({ items: [1], next_cursor: null });
  for (const body of ["{{{", "null", "[]", '"text"', "{}", ""]) expect(await failing(answering(body).page("/boards")), body).toBeInstanceOf(Offline);
  expect(await failing(answering("<h1>", 200, { "content-type": "text/html" }).page("/"))).toBeInstanceOf(Offline);
});

test("a refusal without a problem document is no answer, and one has its status from the answer", async () => {
  const problem = { "content-type": "application/problem+json" };
  for (const body of ["", "{{{", "null", "{}", '{"type": 5}']) expect(await failing(answering(body, 500, problem).get("/")), body).toBeInstanceOf(Offline);
  expect(await failing(answering("<h1>", 502, { "content-type": "text/html" }).get("/"))).toBeInstanceOf(Offline);
  const refused = await failing(answering('{"type": "/problems/unavailable", "title": "busy"}', 503, { ...problem, "retry-after": "3" }).get("/"));
  expect(refused).toMatchObject({ status: 503, kind: "unavailable", retryAfter: 3 });
  expect(isPassing(refused)).toBe(true);
});

test("a server that never answers is given up", async () => {
  const silent = (_: Request, more?: RequestInit) => new Promise<Response>((_, fail) => more!.signal!.addEventListener("abort", () => fail(more!.signal!.reason)));
  expect(await failing(new Api({ base: "http://doska", fetch: silent, patienceMs: 20 }).get("/"))).toBeInstanceOf(Offline);
});

test("a list is read to its end", async () => {
  const pages = ['{"items": [1], "next_cursor": "x"}', '{"items": [2], "next_cursor": null}'];
  const asked: string[] = [];
  const fetch = async (request: Request) => {
    asked.push(new URL(request.url).search);
    return new Response(pages[asked.length - 1], { headers: json });
  };
  expect(await new Api({ base: "http://doska", fetch }).all("/tasks", { fields: "card" })).toEqual([1, 2]);
  expect(asked).toEqual(["?limit=200&fields=card", "?limit=200&fields=card&cursor=x"]);
});

const DAY = 86_400_000;
const at = (ms: number) => new Date(ms).toUTCString();

afterEach(() => clock.learn(at(Date.now()), Date.now()));

test("a clock that is wrong by a day is known, told once, and set right", () => {
  const told: number[] = [];
  const now = Date.now();
  clock.onWrong((ms) => told.push(Math.round(ms / DAY)));
  clock.learn(at(now - DAY), now, now);
  clock.learn(at(now - DAY), now, now);
  expect(told).toEqual([-1]);
  expect(Math.abs(clock.now().getTime() - (now - DAY))).toBeLessThan(5_000);
  clock.learn(at(now + 5_000), now, now); // seconds are nobody's trouble
  expect(Math.abs(clock.now().getTime() - now)).toBeLessThan(5_000);
});

test("an answer without a date, or one for which the computer slept, tells nothing of the clock", () => {
  const now = Date.now();
  clock.learn(null, now, now);
  clock.learn("nonsense", now, now);
  clock.learn(at(now - DAY), now - DAY, now);
  expect(Math.abs(clock.now().getTime() - now)).toBeLessThan(5_000);
});

test("a stream's line that is no message of Doska's asks for a new snapshot", () => {
  class Source {
    static readonly CLOSED = 2;
    onmessage!: (message: { data: string }) => void;
    constructor() {
      source = this;
    }
    close(): void {}
  }
  let source!: Source;
  const told: string[] = [];
  const on = (name: string) => () => void told.push(name);
  follow("/", { ready: on("ready"), event: on("event"), reset: on("reset"), deleted: on("deleted"), cut: on("cut"), refused: on("refused") }, Source as unknown as typeof EventSource);
  for (const data of ["{{{", "null", '{"type": "ready", "position": "1.x"}', '{"type": "news"}', '{"type": "task.moved", "payload": {}}']) source.onmessage({ data });
  expect(told).toEqual(["reset", "reset", "ready", "event"]);
});

test("a storm of wishes is a handful of requests, one at a time, and the last wish is heard", async () => {
  let [asked, busy, most] = [0, 0, 0];
  const wish = coalesced(async () => {
    asked++;
    most = Math.max(most, ++busy);
    await Promise.resolve();
    busy--;
    if (asked === 1) throw new Problem({ type: "/problems/x", title: "", status: 500 });
  }, 1);
  for (let times = 0; times < 100; times++) wish();
  expect(asked).toBe(1);
  await expect.poll(() => asked).toBe(2);
  wish();
  await expect.poll(() => asked).toBe(3);
  expect(most).toBe(1);
});
