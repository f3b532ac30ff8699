import { expect, test } from "vitest";
import type { Page, Route } from "playwright-core";
import { aPerson, aBrowser, card, column, drag, eventually, open, paste, shown, type Made, type Person } from "./world";

const MEGABYTE = "0123456789".repeat(100_000) + "the end";

async function board(titles: Record<string, string[]> = { Ideas: ["One"], Doing: [] }): Promise<{ anna: Person; made: Made }> {
  const anna = await aPerson();
  return { anna, made: await anna.board(titles) };
}

test("a pasted megabyte is told to be too long, in the adder and in a description, and is not lost", async () => {
  const { anna, made } = await board();
  const address = `/t/${made.tasks.get("One")}`;
  const page = await open(anna, made.id, address);
  await page.locator("[data-describe]").click();
  await paste(page, MEGABYTE);
  await page.getByRole("alert").getByText("Too long: 1,000,007 of at most 50,000 characters.").waitFor();
  expect(await page.getByRole("button", { name: "Save" }).isDisabled()).toBe(true);
  await page.getByLabel("Description", { exact: true }).press("Escape");
  await page.close();
  const again = await open(anna, made.id, address);
  await again.getByRole("button", { name: "Go on" }).click();
  expect((await again.getByLabel("Description", { exact: true }).inputValue()).endsWith("the end")).toBe(true);
  await again.close();
  const third = await open(anna, made.id);
  await third.keyboard.press("c");
  await paste(third, MEGABYTE);
  await third.keyboard.press("Enter");
  await third.getByRole("alert").getByText("Too long: 1,000,007 of at most 500 characters.").waitFor();
  expect((await third.getByLabel("Title of the task").inputValue()).length).toBe(MEGABYTE.length);
});

test("ten thousand pasted lines are too many at once, and stay in the field", async () => {
  const { anna, made } = await board();
  const page = await open(anna, made.id);
  await page.keyboard.press("c");
  const lines = Array.from({ length: 10_000 }, (_, at) => `line ${at}`).join("\n");
  await paste(page, lines);
  await page.getByRole("alert").getByText("10,000 lines are too many at once: paste at most 500.").waitFor();
  expect(await page.getByLabel("Title of the task").inputValue()).toBe(lines);
  expect(await anna.order(made.id)).toEqual({ Ideas: ["One"], Doing: [] });
});

test("a title of 600 characters is told to be too long wherever it is typed, and is never cut", async () => {
  const long = "x".repeat(600);
  const told = /Too long: 600 of at most 500 characters/;
  const { anna, made } = await board();
  const page = await open(anna, made.id);
  await page.keyboard.press("c");
  await paste(page, long);
  await page.keyboard.press("Enter");
  await page.getByText(told).waitFor();
  await page.keyboard.press("Escape");
  await card(page, "One").locator("a").focus();
  await page.keyboard.press("e");
  await page.getByRole("dialog").getByLabel("Title", { exact: true }).fill(long);
  await page.getByRole("dialog").getByText(told).waitFor();
  await page.keyboard.press("Enter");
  expect(await page.getByRole("dialog").getByLabel("Title", { exact: true }).inputValue()).toBe(long);
  await page.keyboard.press("Escape");
  await card(page, "One").locator("a").focus();
  await page.keyboard.press("Enter");
  const title = page.locator("[data-panel]").getByLabel("Title", { exact: true });
  await title.fill(long);
  await title.press("Enter");
  await page.locator("[data-panel]").getByText(told).waitFor();
  expect(await title.inputValue()).toBe(long);
  const subtask = page.getByLabel("Add a subtask");
  await subtask.fill(long);
  await subtask.press("Enter");
  await page.locator("[data-panel] section").getByText(told).waitFor();
  expect(await subtask.inputValue()).toBe(long);
  expect((await anna.api<{ title: string }>("GET", `/tasks/${made.tasks.get("One")}`)).title).toBe("One");
});

test("among pasted lines one that is too long is named, and none is made", async () => {
  const { anna, made } = await board();
  const page = await open(anna, made.id);
  await page.keyboard.press("c");
  await paste(page, `Two\n  step\n${"y".repeat(501)}`);
  await page.getByRole("button", { name: "Make 2 tasks" }).click();
  await page.getByText("Line 3 is too long: 501 of at most 500 characters.").waitFor();
  expect(await anna.order(made.id)).toEqual({ Ideas: ["One"], Doing: [] });
});

test("an address that is no id, and one of nothing, lead to a screen with the way home", async () => {
  const { anna, made } = await board();
  const page = await anna.page("/b/no-id");
  for (const address of ["/b/no-id", `/b/${made.id}/t/no-id`, `/b/${made.id}/nothing`, "/nowhere/at/all"]) {
    await page.goto(address);
    await page.getByRole("heading", { name: "Nothing here" }).waitFor();
  }
  const nobody = "01a2028c-52a4-7565-a3e7-1f5337c68f71";
  await page.goto(`/b/${nobody}`);
  await page.getByText("This board is no longer shared with you").waitFor();
  await page.getByRole("link", { name: "To your boards" }).click();
  await page.getByRole("heading", { name: "Boards" }).waitFor();
  await page.goto(`/b/${made.id}/t/${nobody}`);
  await page.locator("[data-panel]").getByText("It is no longer there, or not shared with you.").waitFor();
});

const problem = (status: number, type: string) => ({
  status, contentType: "application/problem+json", body: JSON.stringify({ type: `/problems/${type}`, title: type, status, request_id: "0190-request" }),
});
const ANSWERS: [string, Parameters<Route["fulfill"]>[0] | null, RegExp][] = [
  ["500", problem(500, "internal-error"), /The server failed at it/],
  ["503", problem(503, "unavailable"), /The server is busy/],
  ["garbage", { status: 200, contentType: "application/json", body: "{{{" }, /Doska does not answer/],
  ["another's page", { status: 200, contentType: "text/html", body: "<h1>Hotel wifi</h1>" }, /Doska does not answer/],
  ["JSON that is no answer of Doska's", { status: 200, contentType: "application/json", body: "{}" }, /Doska does not answer/],
  ["nothing", null, /Doska does not answer/],
];

const answering = (answer: Parameters<Route["fulfill"]>[0] | null) => (route: Route) => (answer ? route.fulfill(answer) : route.abort());

test("a server that answers 500, 503, garbage or nothing to what is read: each screen says so, and goes on when it can", async () => {
  const { anna, made } = await board();
  for (const [name, answer, words] of ANSWERS) {
    const page = await anna.context.newPage();
    await page.route("**/boards/*/snapshot", answering(answer));
    await page.goto(`/b/${made.id}`);
    await expect.poll(() => page.getByRole("heading", { name: words }).count(), { message: name }).toBe(1);
    if (name === "500") await page.getByText("0190-request").waitFor();
    await page.unroute("**/boards/*/snapshot");
    if (name !== "500") await page.getByRole("button", { name: "Try again" }).click(); // else by itself
    await card(page, "One").waitFor();
    for (const [path, api] of [["/", "**/boards?*"], ["/my", "**/tasks?*"]] as const) {
      await page.route(api, answering(answer));
      await page.goto(path);
      await expect.poll(() => page.getByRole("alert").getByText(words).count(), { message: `${name} ${path}` }).toBeGreaterThan(0);
      await page.unroute(api);
    }
    await page.route("**/users/me", answering(answer));
    await page.goto("/me");
    await expect.poll(() => page.getByRole("heading", { name: words }).count(), { message: `${name} /me` }).toBe(1);
    await page.unroute("**/users/me");
    await page.getByRole("button", { name: "Try again" }).click();
    await page.getByRole("heading", { name: "Profile" }).waitFor();
    await page.close();
  }
});

test("a server that answers 500, 503, garbage or nothing to what is written: it stays drawn, and is sent again", async () => {
  const { anna, made } = await board({ Ideas: ANSWERS.map(([name]) => name), Doing: [] });
  const page = await open(anna, made.id);
  for (const [name, answer] of ANSWERS) {
    await page.route("**/tasks/*/move", answering(answer));
    const refused = page.waitForResponse(/\/move$/).catch(() => null);
    await drag(page, card(page, name), column(page, "Doing"), { y: 0.9 });
    if (answer) await refused;
    expect((await shown(page)).Doing).toContain(name);
    await page.unroute("**/tasks/*/move");
    await expect.poll(async () => (await anna.order(made.id)).Doing, { message: name }).toContain(name);
  }
  await eventually(() => shown(page), await anna.order(made.id));
});

test("what the server fails at again and again is set aside with what hangs on it, told, and goes on when asked", async () => {
  const { anna, made } = await board();
  const page = await open(anna, made.id);
  await page.clock.install();
  await page.route("**/tasks", (route) => (route.request().method() === "POST" ? route.fulfill(problem(500, "internal-error")) : route.continue()));
  await page.keyboard.press("c");
  await page.keyboard.type("Two");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect.poll(async () => {
    await page.clock.fastForward(9_000); // the waits between tries
    return page.getByText("The server failed at 1 change.").count();
  }).toBe(1);
  await page.unroute("**/tasks");
  await page.getByRole("button", { name: "Try again" }).click();
  await eventually(() => anna.order(made.id), { Ideas: ["One", "Two"], Doing: [] });
});

test("a text that the server refuses is back in its field", async () => {
  const { anna, made } = await board();
  await anna.api("PATCH", `/columns/${made.columns.get("Ideas")}`, { task_limit: 1, limit_is_hard: true });
  const page = await open(anna, made.id);
  await page.keyboard.press("c");
  await page.keyboard.type("One more");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.getByText("What you typed is kept.").first().waitFor();
  await page.getByRole("button", { name: "Show it" }).click();
  expect(await page.getByLabel("Title of the task").inputValue()).toBe("One more");
  expect(await anna.order(made.id)).toEqual({ Ideas: ["One"], Doing: [] });
});

test("a clock that is wrong by a day is told, and due days go by the server's", async () => {
  const { anna, made } = await board();
  const today = new Date().toISOString().slice(0, 10);
  await anna.api("PATCH", `/tasks/${made.tasks.get("One")}`, { due_on: today });
  for (const [days, words] of [[1, "24 hours fast"], [-1, "24 hours slow"]] as const) {
    const page = await anna.context.newPage();
    await page.clock.install({ time: Date.now() + days * 86_400_000 });
    await page.goto(`/b/${made.id}`);
    await page.getByText(`The clock of this computer is ${words}. Doska goes by the server’s.`).first().waitFor();
    await expect.poll(() => card(page, "One").textContent()).toContain("today");
    await page.close();
  }
});

/** A browser whose local storage is full, or forbidden. */
async function without(person: Person, how: "full" | "forbidden"): Promise<Page> {
  const page = await person.context.newPage();
  await page.addInitScript((kind) => {
    const fail = () => {
      throw new DOMException("no", kind === "full" ? "QuotaExceededError" : "SecurityError");
    };
    if (kind === "full") Storage.prototype.setItem = fail;
    else Object.defineProperty(window, "localStorage", { get: fail });
    Object.defineProperty(window, "indexedDB", { get: kind === "full" ? () => undefined : fail });
  }, how);
  return page;
}

test("local storage that is full or forbidden: all works, it is told that drafts are of this page only, and none is lost in it", async () => {
  const { anna, made } = await board();
  for (const how of ["full", "forbidden"] as const) {
    const page = await without(anna, how);
    await page.goto(`/b/${made.id}/t/${made.tasks.get("One")}`);
    await page.locator("[data-describe]").click();
    await page.getByLabel("Description", { exact: true }).pressSequentially("typed and not saved");
    await page.getByText("This browser keeps nothing").waitFor();
    await page.getByLabel("Description", { exact: true }).press("Escape");
    await page.locator("[data-panel]").getByRole("button", { name: "Close" }).first().click();
    await card(page, "One").locator("a").click();
    await page.getByRole("button", { name: "Go on" }).click();
    expect(await page.getByLabel("Description", { exact: true }).inputValue()).toBe("typed and not saved");
    await page.close();
  }
  const page = await without(anna, "forbidden");
  await page.goto("/sign-in");
  await page.getByRole("heading", { name: "Boards" }).waitFor(); // who is signed in goes on
  const nobody = await (await aBrowser()).newPage();
  await nobody.goto("/sign-in");
  await nobody.getByRole("heading", { name: "Sign in" }).waitFor();
});
