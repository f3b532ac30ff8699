import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { aPerson, card, column, drag, eventually, open, shown, type Made, type Person } from "./world";

const numbered = (name: string, count: number) => Array.from({ length: count }, (_, at) => `${name} ${String(at + 1).padStart(3, "0")}`);

/** Carry out many requests, a few at a time. */
async function storm(count: number, ask: (at: number) => Promise<unknown>): Promise<void> {
  let next = 0;
  await Promise.all([0, 1, 2].map(async () => {
    while (next < count) await ask(next++);
  }));
}

test("22: eight tabs of one board, seven hidden: one stream, and every one is usable when it is looked at", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One"] });
  const streams = new Set<string>();
  const pages: Page[] = [];
  for (let at = 0; at < 8; at++) {
    const page = await anna.context.newPage();
    const isStream = (url: string) => url.includes("/events/stream");
    page.on("request", (request) => isStream(request.url()) && streams.add(`${at}`));
    page.on("requestfailed", (request) => isStream(request.url()) && streams.delete(`${at}`));
    await page.clock.install();
    await page.goto(`/b/${board.id}`);
    await card(page, "One").waitFor();
    await expect.poll(() => streams.has(`${at}`)).toBe(true);
    pages.push(page);
    if (at < 7) await look(page, false);
  }
  await eventually(async () => [...streams], ["7"]);
  await anna.api("POST", "/tasks", { column_id: board.columns.get("Ideas"), title: "Two" });
  await eventually(() => shown(pages[7]!), { Ideas: ["One", "Two"] });
  for (const page of pages.slice(0, 3)) {
    await look(page, true);
    await eventually(() => shown(page), { Ideas: ["One", "Two"] });
    await look(page, false);
  }
});

/** Look at a tab, or at another: a headless browser shows all of them at once. */
async function look(page: Page, isSeen: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { get: () => hidden, configurable: true });
    document.dispatchEvent(new Event("visibilitychange"));
  }, !isSeen);
  if (!isSeen) await page.clock.fastForward(11_000);
}

test("25: a thousand tasks: scrolled to the last, found, dragged far, five hundred live events; equal to the server", async () => {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await anna.board({ Ideas: numbered("Idea", 600), Doing: numbered("Doing", 250), Done: numbered("Done", 150) });
  await anna.letIn(board, boris);
  const page = await open(anna, board.id);
  await page.getByRole("heading", { level: 2, name: "Ideas, 600 tasks" }).waitFor();
  const atOnce = await page.locator("[data-card]").count();
  expect(atOnce).toBeLessThan(100); // what is not in sight is not drawn
  await page.setViewportSize({ width: 1280, height: 3000 });
  await expect.poll(() => page.locator("[data-card]").count()).toBeGreaterThan(2 * atOnce); // unless there is room for it
  await page.setViewportSize({ width: 1280, height: 800 });
  await scrollTo(page, "Ideas", "Idea 600");
  await page.keyboard.press("/");
  await page.keyboard.type("doing 2");
  await page.getByText("51 of 1000").waitFor();
  await page.getByRole("button", { name: "Show all" }).first().click();
  await scrollTo(page, "Done", "Done 150");
  await card(page, "Done 145").evaluate((item) => item.scrollIntoView({ block: "center" }));
  await drag(page, card(page, "Idea 001"), card(page, "Done 145"), { y: 0.2 });
  await eventually(async () => (await anna.order(board.id)).Done!.slice(143, 146), ["Done 144", "Idea 001", "Done 145"]);
  await liveEvents(board, boris);
  await eventually(async () => (await shown(page)).Doing!.slice(0, 20), (await anna.order(board.id)).Doing!.slice(0, 20));
  await page.getByRole("heading", { level: 2, name: `Doing, ${(await anna.order(board.id)).Doing!.length} tasks` }).waitFor();
});

async function scrollTo(page: Page, title: string, last: string): Promise<void> {
  const list = column(page, title).locator("[data-list]");
  await expect.poll(async () => {
    await list.evaluate((node) => (node.scrollTop = node.scrollHeight));
    return card(page, last).count();
  }).toBe(1);
}

async function liveEvents(board: Made, person: Person): Promise<void> {
  await storm(500, (at) => {
    const task = board.tasks.get(`Done ${String((at % 100) + 1).padStart(3, "0")}`);
    if (at % 5) return person.api("PATCH", `/tasks/${task}`, { title: `Done ${String((at % 100) + 1).padStart(3, "0")} ${at}` });
    return person.api("POST", `/tasks/${task}/move`, { column_id: board.columns.get("Doing"), at: "top" });
  });
}
