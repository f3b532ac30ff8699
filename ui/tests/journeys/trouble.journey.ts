import type { Page } from "playwright-core";
import { expect, inject, test } from "vitest";
import { aPerson, card, column, drag, eventually, open, PASSWORD, shown, type Person } from "./world";

async function subtask(person: Person, task: string, title: string): Promise<string> {
  return (await person.api<{ id: string }>("POST", "/subtasks", { task_id: task, title })).id;
}

/** Chromium lets a stream that is open live on without a network: a real one is deaf then. */
async function deafWhenOffline(person: Person): Promise<void> {
  await person.context.addInitScript(() => {
    globalThis.EventSource = class extends EventSource {
      constructor(address: string | URL, options?: EventSourceInit) {
        super(address, options);
        addEventListener("offline", () => this.close());
      }
    };
  });
}

// The module of what asks, with all that it imports: a string, as it is the page that imports it.
const LOADED_AHEAD = `(async () => {
  const found = performance.getEntriesByType("resource").find((one) => one.name.includes("/Ask") && one.name.endsWith(".js"));
  return found ? import(found.name).then(() => true) : false;
})()`;

/** Do something while a page has no network. */
async function offline(page: Page, work: () => Promise<unknown>): Promise<void> {
  await page.context().setOffline(true);
  await page.waitForFunction(() => !navigator.onLine);
  await work();
  await page.context().setOffline(false);
}

test("17: offline one edits, moves and adds; the chip counts; online all of it happens once, in order", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two"], Doing: [] });
  const page = await open(anna, board.id);
  // What keys open is loaded ahead, once the board is there.
  await expect.poll(() => page.evaluate(LOADED_AHEAD)).toBe(true);
  await anna.context.setOffline(true);
  await drag(page, card(page, "One"), column(page, "Doing"), { y: 0.3 });
  await page.keyboard.press("c");
  await page.keyboard.type("Three");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await card(page, "Two").locator("a").focus();
  await page.keyboard.press("e");
  await page.getByRole("dialog").getByLabel("Title", { exact: true }).fill("Renamed");
  await page.keyboard.press("Enter");
  await page.getByText("Offline · 3 changes waiting").waitFor();
  expect((await shown(page)).Doing).toContain("One");
  await anna.context.setOffline(false);
  await expect.poll(() => page.getByText(/Offline/).count(), { timeout: 20_000 }).toBe(0);
  await expect.poll(async () => (await anna.order(board.id)).Doing).toContain("One");
  await eventually(async () => Object.values(await anna.order(board.id)).flat().sort(), ["One", "Renamed", "Three"]);
  await eventually(() => shown(page), await anna.order(board.id));
});

test("offline with a task open, others change its description and subtasks: online they are seen, and what is being typed stays", async () => {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await anna.board({ Ideas: ["One"] });
  await anna.letIn(board, boris);
  const task = board.tasks.get("One")!;
  const [first, second] = [await subtask(boris, task, "first"), await subtask(boris, task, "second")];
  await boris.api("PATCH", `/tasks/${task}`, { description: "old words" });
  await deafWhenOffline(anna);
  const page = await open(anna, board.id, `/t/${task}`);
  const panel = page.locator("[data-panel]");
  const subtasks = () => panel.locator("li:has(input[type=checkbox]) .title").allInnerTexts();
  await panel.getByText("old words").waitFor();
  await eventually(subtasks, ["first", "second"]);

  await offline(page, async () => {
    await panel.getByRole("checkbox", { name: "second" }).check();
    await boris.api("PATCH", `/tasks/${task}`, { description: "new words" });
    await boris.api("DELETE", `/subtasks/${first}`);
    await boris.api("PATCH", `/subtasks/${second}`, { title: "renamed" });
    await subtask(boris, task, "third");
    await boris.api("POST", `/tasks/${task}/links`, { url: "https://example.com/plan", title: "The plan" });
  });
  await panel.getByRole("link", { name: "The plan" }).waitFor();
  await panel.getByText("new words").waitFor();
  await eventually(subtasks, ["renamed", "third"]);
  expect(await panel.getByRole("checkbox", { name: "renamed" }).isChecked()).toBe(true);
  await expect.poll(async () => (await anna.api<{ is_completed: boolean }>("GET", `/subtasks/${second}`)).is_completed).toBe(true);

  await page.locator("[data-describe]").click();
  const field = page.getByLabel("Description", { exact: true });
  await field.fill("words of mine");
  await offline(page, () => boris.api("PATCH", `/tasks/${task}`, { description: "newest words" }));
  await panel.getByText(`${boris.username} changed this`).waitFor();
  expect(await field.inputValue()).toBe("words of mine");
  expect(await field.evaluate((node) => node === document.activeElement)).toBe(true);
  await field.press("Escape");
  await panel.getByText("newest words").waitFor();

  await panel.getByRole("button", { name: "Menu of the subtask “renamed”" }).click();
  await page.getByRole("menuitem", { name: "Rename" }).click();
  const name = panel.getByLabel("Title of the subtask");
  await name.fill("name of mine");
  await offline(page, async () => {
    await boris.api("PATCH", `/subtasks/${second}`, { title: "named again" });
    await subtask(boris, task, "fourth");
  });
  await panel.getByText("fourth", { exact: true }).waitFor();
  expect(await name.inputValue()).toBe("name of mine");
});

test("offline, what was never loaded says so: a screen with a way on, and keys stay the board's", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One"] });
  const page = await anna.context.newPage();
  await page.route(/assets\/(Ask|Panel|My)/, (route) => route.abort());
  await page.goto(`/b/${board.id}`);
  await card(page, "One").locator("a").focus();
  await page.keyboard.press("e");
  await page.getByText("Doska does not answer. Check the connection.").first().waitFor();
  await card(page, "One").locator("a").focus();
  await page.keyboard.press("x");
  await page.getByRole("toolbar", { name: "1 task selected" }).waitFor();
  await page.getByRole("link", { name: "My tasks" }).first().click();
  await page.getByRole("heading", { name: "Doska does not answer. Check the connection." }).waitFor();
  await page.unroute(/assets\/(Ask|Panel|My)/);
  await page.getByRole("button", { name: "Try again" }).click();
  await page.getByRole("heading", { name: "My tasks" }).waitFor();
});

test("18: the sign-in ends elsewhere in mid-work: a sheet asks, and the work goes on", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One"], Doing: [] });
  const page = await open(anna, board.id);
  const { items } = await anna.api<{ items: { id: string }[] }>("GET", "/auth/sessions");
  const elsewhere = await anna.context.browser()!.newContext({ baseURL: inject("base") });
  await elsewhere.request.post("/auth/login", { data: { login: anna.username, password: PASSWORD } });
  await elsewhere.request.delete(`/auth/sessions/${items[0]!.id}`);
  await elsewhere.close();
  await drag(page, card(page, "One"), column(page, "Doing"), { y: 0.3 });
  const sheet = page.getByRole("dialog", { name: "Sign in again" });
  await sheet.getByLabel("Password").fill(PASSWORD);
  await sheet.getByRole("button", { name: "Sign in" }).click();
  await eventually(() => anna.order(board.id), { Ideas: [], Doing: ["One"] });
  expect(await sheet.count()).toBe(0);
});

test("19: somebody loses their role, and then the board, while it is open", async () => {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await anna.board({ Ideas: ["One"] });
  await anna.api("POST", `/boards/${board.id}/users`, { user_id: boris.id, role: "MEMBER" });
  const page = await open(boris, board.id);
  await anna.api("PUT", `/boards/${board.id}/users/${boris.id}`, { role: "OBSERVER" });
  await page.getByText("You observe this board").waitFor();
  expect(await page.locator("[data-add]").count()).toBe(0);
  await anna.api("DELETE", `/boards/${board.id}/users/${boris.id}`);
  await page.getByRole("heading", { name: "Nothing here" }).waitFor();
  await page.getByText("no longer shared with you").waitFor();
});

test("20: the slider shows the board as it was, read only; an old line is undone; then it is live again", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two"] });
  const task_id = board.tasks.get("One")!;
  const link = () => anna.api("POST", `/tasks/${task_id}/links`, { url: "https://example.com/" });
  await anna.api("PATCH", `/tasks/${task_id}`, { description: "What it was" });
  await anna.api("POST", "/comments", { task_id, body: "Said" });
  await link();
  await anna.api("PATCH", `/tasks/${task_id}`, { title: "Renamed", description: "What it is" });
  await anna.api("DELETE", `/tasks/${board.tasks.get("Two")}`);
  await link();
  const page = await open(anna, board.id, "/activity");
  await eventually(() => shown(page), { Ideas: ["Renamed"] });
  const slider = page.getByLabel("Look back in time");
  await slider.focus();
  for (let back = 0; back < 3; back++) await slider.press("ArrowLeft");
  await eventually(() => shown(page), { Ideas: ["One", "Two"] });
  await page.getByText(/The board as it was/).waitFor();
  expect(await page.locator("[data-add]").count()).toBe(0);
  await card(page, "One").getByRole("link").click();
  const panel = page.getByRole("dialog", { name: "One" });
  await panel.getByText("At that time: 1 comment and 1 attachment.").waitFor(); // two by now
  await panel.getByText("What it was").waitFor();
  expect(await panel.getByRole("button", { name: "Delete" }).count()).toBe(0);
  await panel.getByRole("button", { name: "Close" }).click();
  await slider.waitFor();
  expect(await shown(page)).toEqual({ Ideas: ["One", "Two"] });
  await page.getByRole("button", { name: "Back to now" }).click();
  await eventually(() => shown(page), { Ideas: ["Renamed"] });
  const line = page.locator("[data-panel] li").filter({ hasText: "Two" }).filter({ hasText: "deleted" });
  await line.getByRole("button", { name: "Undo" }).click();
  await eventually(() => shown(page), { Ideas: ["Renamed", "Two"] });
});

test("22: eight tabs of one board, seven of them hidden: all usable, and hidden ones hold no stream", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One"] });
  const pages = [];
  for (let at = 0; at < 5; at++) pages.push(await open(anna, board.id));
  await anna.api("POST", "/tasks", { column_id: board.columns.get("Ideas"), title: "Two" });
  for (const page of pages) await eventually(() => shown(page), { Ideas: ["One", "Two"] });
});

/** A busy browser tells late that a dialog has closed. */
function closedLate(): void {
  const late = (event: Event) => {
    if (!event.isTrusted) return;
    event.stopImmediatePropagation();
    setTimeout(() => event.target?.dispatchEvent(new Event("close")), 300);
  };
  addEventListener("close", late, true);
}

test("a key right after Escape is for the board, however late the browser tells that its dialog has closed", async () => {
  const anna = await aPerson();
  await anna.context.addInitScript(closedLate);
  const board = await anna.board({ Ideas: ["One", "Two"] });
  const page = await open(anna, board.id);
  await card(page, "One").locator("a").focus();
  await page.keyboard.press("Shift+V");
  await eventually(() => shown(page), { Ideas: ["Two"] });
  await page.keyboard.press("?");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+z");
  await eventually(() => shown(page), { Ideas: ["One", "Two"] });
});
