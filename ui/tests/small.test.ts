import { expect, test } from "vitest";
import { isId, uuid7 } from "../src/api/ids";
import type { Board, Card, Me } from "../src/api/types";
import { addTask, addTasks, draftsOf, patchBoard, patchColumn } from "../src/board/actions";
import { operationOf, together } from "../src/board/batches";
import { Drafts, type Store } from "../src/board/drafts";
import { filterOf, matcher, NO_FILTER, queryOf } from "../src/board/filter";
import { History } from "../src/board/history";
import { piecesOf } from "../src/board/links";
import { opOf, type Op } from "../src/board/ops";
import { placeAt, stepOf } from "../src/board/steps";
import { sorted } from "../src/board/store";
import { addSubtask, deleteSubtask, moveSubtask, patchSubtask, subtasksOver } from "../src/board/subtasks";
import { commandOf } from "../src/gestures/keys";
import { dayWords, dueWords, nearness } from "../src/i18n/dates";
import { agentWords } from "../src/i18n/agents";
import { directionOf } from "../src/i18n/direction";
import { plural } from "../src/i18n/words";
import { pathOf, routeOf } from "../src/routes";
import { aCard, aColumn, anna } from "./things";

test("ids are UUIDs of version 7 that sort by time", () => {
  const [first, second] = [uuid7(1_700_000_000_000), uuid7(1_700_000_000_001)];
  expect(isId(first)).toBe(true);
  expect(first[14]).toBe("7");
  expect(first < second).toBe(true);
  expect(isId("1/../x")).toBe(false);
});

test("pasted lines are tasks, and what is indented subtasks of the one above", () => {
  expect(draftsOf("- One\n  - [x] step\n\n* Two\r\n\tlast\n")).toEqual([{ title: "One", subtasks: ["step"] }, { title: "Two", subtasks: ["last"] }]);
  expect(draftsOf("  indented first")).toEqual([{ title: "indented first" }]);
});

test("several writes are one batch, one alone stays itself, and no batch is too large", () => {
  const ops = Array.from({ length: 120 }, (_, at) => opOf("task.patch", "", { method: "DELETE", path: `/tasks/${at}` }, []));
  expect(together({ id: "b" }, ops.slice(0, 1))).toEqual(ops.slice(0, 1));
  expect(together({ id: "b" }, ops).map((op) => (op.write.body as { operations: object[] }).operations.length)).toEqual([100, 20]);
  expect(operationOf({ method: "PUT", path: "/tasks/t/assignees/u" })).toEqual({ op: "assign_task", task_id: "t", user_id: "u" });
});

test("undo takes back the latest first, redo takes back the undoing, and something new ends redoing", () => {
  const history = new History();
  history.add({ op: "a", name: "n", subject: "", back: [] });
  history.add({ op: "b", name: "n", subject: "", back: [] });
  history.became("b", 12);
  expect(history.latest!.op).toBe("b");
  history.undo("u", []);
  expect([history.latest!.op, history.latestUndone!.op]).toEqual(["a", "u"]);
  expect(history.seqOf("b")).toBe(12);
  history.became("u", 13);
  history.redo("r", []);
  expect(history.latest!.op).toBe("r");
  history.undo("v", []);
  expect(history.latestUndone!.op).toBe("v");
  history.add({ op: "c", name: "n", subject: "", back: [] });
  expect(history.latestUndone).toBeUndefined();
});

test("what changed nothing, or was refused, is not on the stack", () => {
  const history = new History();
  history.add({ op: "a", name: "n", subject: "", back: [] });
  history.became("a", null);
  expect(history.latest).toBeUndefined();
});

test("addresses become links, without the sentence's full stop", () => {
  expect(piecesOf("see https://example.com/x?y=1. (http://a.b/c)")).toEqual([
    { text: "see " },
    { text: "https://example.com/x?y=1", address: "https://example.com/x?y=1" },
    { text: ". (" },
    { text: "http://a.b/c", address: "http://a.b/c" },
    { text: ")" },
  ]);
  expect(piecesOf("javascript:alert(1)")).toEqual([{ text: "javascript:alert(1)" }]);
});

/** Seen to take 13 s where an expression began anew at each of the stops. */
test("the end of a long address is sought once", () => {
  const address = `http://a${".".repeat(90_000)}x`;
  expect(piecesOf(address)).toEqual([{ text: address, address }]);
}, 2_000);

test("a letter of a Russian layout is the key's, and while typing with Ctrl only the browser's keys are free", () => {
  const key = (over: object) => ({ key: "", code: "", shiftKey: false, ctrlKey: false, metaKey: false, altKey: false, ...over });
  expect(commandOf(key({ key: "с", code: "KeyC" }))).toBe("new");
  expect(commandOf(key({ key: "c", code: "KeyJ" }))).toBe("new");
  expect(commandOf(key({ key: "я", code: "KeyZ", ctrlKey: true }))).toBe("undo");
  expect(commandOf(key({ key: "Z", code: "KeyZ", ctrlKey: true, shiftKey: true }))).toBe("redo");
  expect(commandOf(key({ key: "c", code: "KeyC", ctrlKey: true }))).toBeNull();
  expect(commandOf(key({ key: "c", code: "KeyC" }), false)).toBeNull();
  expect(commandOf(key({ key: "v", code: "KeyV" }))).toBeNull();
  expect(commandOf(key({ key: "V", code: "KeyV", shiftKey: true }))).toBe("archive");
  expect(commandOf(key({ key: "?", code: "Slash", shiftKey: true }))).toBe("help");
});

test("a lifted card goes step by step, and its place is named by a neighbour", () => {
  const cards = { todo: [aCard("1", "todo", "a"), aCard("2", "todo", "b")], done: [aCard("3", "done", "a")] } as Record<string, ReturnType<typeof aCard>[]>;
  const around = { columns: [aColumn("todo", "a"), aColumn("done", "b")], cards: (id: string) => cards[id] ?? [] };
  expect(stepOf(around, { column: "todo", index: 2 }, "down")).toEqual({ column: "todo", index: 2 });
  expect(stepOf(around, { column: "todo", index: 2 }, "right")).toEqual({ column: "done", index: 1 });
  expect(stepOf(around, { column: "todo", index: 0 }, "left")).toEqual({ column: "todo", index: 0 });
  expect(placeAt(cards.todo!, 1)).toEqual({ before: "2" });
  expect(placeAt(cards.todo!, 2)).toEqual({ after: "2" });
  expect(placeAt([], 0)).toEqual({ at: "bottom" });
});

test("near days are told by the calendar, not by hours", () => {
  const now = new Date("2026-05-03T23:30:00Z");
  expect(nearness({ due_at: null, due_on: "2026-05-03" }, now, "UTC")).toBe("today");
  expect(nearness({ due_at: null, due_on: "2026-05-03" }, now, "Pacific/Auckland")).toBe("late");
  expect(nearness({ due_at: null, due_on: "2026-05-03" }, now, "Pacific/Honolulu")).toBe("today");
  expect(dueWords({ due_at: null, due_on: "2026-05-04" }, "en", now, "UTC")).toBe("tomorrow");
  expect(dueWords({ due_at: null, due_on: "2026-05-02" }, "ru", now, "UTC")).toBe("вчера");
  expect(nearness({ due_at: "2026-05-03T22:00:00Z" }, now, "UTC")).toBe("late");
});

test("over the night that a clock changes, tomorrow is tomorrow", () => {
  const now = new Date("2026-03-28T22:30:00Z"); // Berlin: 23:30, the clock goes forward at 2
  expect(dueWords({ due_at: null, due_on: "2026-03-29" }, "en", now, "Europe/Berlin")).toBe("tomorrow");
  expect(nearness({ due_at: null, due_on: "2026-03-30" }, now, "Europe/Berlin")).toBe("soon");
});

test("Russian has a form for each number", () => {
  const tasks = plural("ru", { one: "задача", few: "задачи", many: "задач", other: "задачи" });
  expect([1, 2, 5, 11, 21, 22, 112].map(tasks)).toEqual(["1 задача", "2 задачи", "5 задач", "11 задач", "21 задача", "22 задачи", "112 задач"]);
});

test("addresses are read and written alike, and foreign ones lead nowhere", () => {
  const board = "01a2028c-52a4-7565-a3e7-1f5337c68f71";
  for (const path of ["/", `/b/${board}`, `/b/${board}/t/${board}`, `/b/${board}/people`, "/my", "/me", "/sign-in"]) expect(pathOf(routeOf(path))).toBe(path);
  for (const path of ["/b/1", `/b/${board}/t/x`, `/b/${board}/nothing`, "/x", `/b/${board}/people/x`]) expect(routeOf(path).name).toBe("lost");
  expect(routeOf("/sign-in?next=/my")).toEqual({ name: "sign-in", next: "/my" });
  for (const next of ["//evil.example", "https://evil.example", "/x", "javascript:x"]) expect(routeOf(`/sign-in?next=${encodeURIComponent(next)}`)).toEqual({ name: "sign-in" });
});

test("a filter is its address, and finds by folded words, key, person, day and description", () => {
  const filter = filterOf(new URLSearchParams("q=елка&who=me&due=none&priority=high"));
  expect(filterOf(queryOf(filter))).toEqual(filter);
  const matches = matcher(filter, "anna");
  expect(matches(aCard("1", "todo", "a", { title: "Ёлка", assignees: [anna], priority: "HIGH" }))).toBe(true);
  expect(matches(aCard("1", "todo", "a", { title: "Ёлка", priority: "HIGH" }))).toBe(false);
  const words = matcher({ ...NO_FILTER, q: "b-1" }, "anna", new Set(["2"]));
  expect([words(aCard("1", "", "")), words(aCard("2", "", "")), words(aCard("3", "", ""))]).toEqual([true, true, false]);
});

test("a text goes the way of its first letter, and one without letters to the right", () => {
  expect(["abc שלום", "12 שלום abc", "привет", "", "123"].map(directionOf)).toEqual(["ltr", "rtl", "ltr", "ltr", "ltr"]);
});

test("a browser is told in two words, and one that is not known by its own", () => {
  expect(agentWords("Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36")).toBe("Chrome, Linux");
  expect(agentWords("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1")).toBe("Safari, iOS");
  expect([agentWords("curl/8.5.0"), agentWords(null)]).toEqual(["curl/8.5.0", "?"]);
});

class Memory implements Store {
  readonly map = new Map<string, string>();
  isFull = false;
  get length() {
    return this.map.size;
  }
  key = (at: number) => [...this.map.keys()][at] ?? null;
  getItem = (key: string) => this.map.get(key) ?? null;
  removeItem = (key: string) => void this.map.delete(key);
  setItem(key: string, value: string) {
    if (this.isFull) throw new Error("full");
    this.map.set(key, value);
  }
}

test("drafts are a person's own, and a full store keeps them for the page", () => {
  const store = new Memory();
  const [mine, others] = [new Drafts("anna", "", store), new Drafts("boris", "", store)];
  const draft = { text: "typed", base: "", version: 1, at: 5 };
  expect(mine.keep("t", "title", draft)).toBe(true);
  expect(mine.find("t", "title")).toEqual(draft);
  expect(others.all()).toEqual([]);
  store.isFull = true;
  expect(mine.keep("t", "description", draft)).toBe(false);
  expect(mine.all().map(({ field }) => field).sort()).toEqual(["description", "title"]);
  expect([mine.isForPageOnly, others.isForPageOnly]).toEqual([true, false]);
  mine.clear();
  expect([mine.all(), store.map.size]).toEqual([[], 0]);
});

test("a text that is given back comes after what is there already", () => {
  const drafts = new Drafts("anna", "", new Memory());
  drafts.giveBack("c", "new", "One");
  drafts.giveBack("c", "new", "Two");
  drafts.giveBack("c", "new", "One\nTwo");
  expect(drafts.find("c", "new")!.text).toBe("One\nTwo");
});

test("what was typed for an op is known to it: titles with their steps, columns, boards, subtasks", () => {
  const [column, card] = [aColumn("todo", "a"), aCard("1", "todo", "a")];
  const many = addTasks({ id: "b" } as Board, column, [{ title: "One", subtasks: ["step"] }, { title: "Two" }], anna as Me)[0]!;
  expect(many.typed).toEqual({ of: "todo", field: "new", text: "One\n  step\nTwo" });
  expect(draftsOf(many.typed!.text)).toEqual([{ title: "One", subtasks: ["step"] }, { title: "Two" }]);
  expect(addTask(card).typed).toEqual({ of: "todo", field: "new", text: "1" });
  expect(patchColumn(column, { title: "Later" }).typed).toEqual({ of: "todo", field: "title", text: "Later" });
  expect(patchColumn(column, { task_limit: 3 }).typed).toBeUndefined();
  expect(patchBoard({ id: "b", title: "B" } as Board, { description: "why" }).typed).toEqual({ of: "b", field: "description", text: "why" });
  expect(addSubtask(card, "step").typed).toEqual({ of: "1", field: "subtask", text: "step" });
});

test("subtasks are drawn with what is not confirmed: made once, changed, moved, gone; those of other tasks are not", () => {
  const card = { id: "1", subtasks: { total: 2, completed: 0 } } as Card;
  const [a, b] = ["a", "b"].map((id) => ({ id, task_id: "1", title: id, is_completed: false, rank: id, version: 1 }));
  const made = addSubtask(card, "new");
  const id = (made.write.body as { id: string }).id;
  const drawn = (...ops: Op[]) => subtasksOver([a!, b!], ops, "1").map((one) => one.title);
  expect(drawn(made)).toEqual(["a", "b", "new"]);
  expect(subtasksOver([{ ...a!, id }], [made], "1")).toHaveLength(1);
  expect(subtasksOver([], [made], "2")).toEqual([]);
  expect(drawn(made, moveSubtask({ ...a!, id }, { before: "b" }))).toEqual(["a", "new", "b"]);
  expect(drawn(patchSubtask(card, a!, { title: "A" }), deleteSubtask(card, b!))).toEqual(["A"]);
});

test("what waited longer than the server keeps keys does not go by itself", () => {
  const op = (at: number) => ({ ...opOf("task.patch", "", { method: "POST", path: "/" }, []), at, state: "sending" as const });
  const { fresh, old } = sorted([op(0), op(79_000_000)], 80_000_000);
  expect([fresh.length, old.length, fresh[0]!.state]).toEqual([1, 1, "waiting"]);
});

test("the day of a moment is told by the viewer's calendar", () => {
  const now = new Date("2026-05-03T12:00:00Z");
  expect(dayWords("2026-05-03T00:10:00Z", "en", now, "UTC")).toBe("today");
  expect(dayWords("2026-05-03T00:10:00Z", "en", now, "America/New_York")).toBe("yesterday");
  expect(dayWords("2026-05-01T00:10:00Z", "ru", now, "UTC")).toBe("1 мая");
  expect(dayWords("2025-05-01T00:10:00Z", "en", now, "UTC")).toBe("May 1, 2025");
});
