import { expect, inject, test } from "vitest";
import { aPerson, card, column, drag, eventually, open, PASSWORD, shown } from "./world";

test("17: offline one edits, moves and adds; the chip counts; online all of it happens once, in order", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two"], Doing: [] });
  const page = await open(anna, board.id);
  await anna.context.setOffline(true);
  await drag(page, card(page, "One"), column(page, "Doing"), { y: 0.3 });
  await page.keyboard.press("c");
  await page.keyboard.type("Three");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await expect.poll(() => page.getByText(/Offline · 2 changes waiting/).count()).toBe(1);
  expect((await shown(page)).Doing).toContain("One");
  await anna.context.setOffline(false);
  await expect.poll(() => page.getByText(/Offline/).count(), { timeout: 20_000 }).toBe(0);
  await expect.poll(async () => (await anna.order(board.id)).Doing).toContain("One");
  const order = await anna.order(board.id);
  expect(Object.values(order).flat().sort()).toEqual(["One", "Three", "Two"]);
  await eventually(() => shown(page), order);
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
  expect(await page.getByText("no longer shared with you").count()).toBe(1);
});

test("20: the slider shows the board as it was, read only; an old line is undone; then it is live again", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two"] });
  await anna.api("PATCH", `/tasks/${board.tasks.get("One")}`, { title: "Renamed" });
  await anna.api("DELETE", `/tasks/${board.tasks.get("Two")}`);
  const page = await open(anna, board.id, "/activity");
  await eventually(() => shown(page), { Ideas: ["Renamed"] });
  const slider = page.getByLabel("Look back in time");
  await slider.focus();
  await slider.press("ArrowLeft");
  await slider.press("ArrowLeft");
  await eventually(() => shown(page), { Ideas: ["One", "Two"] });
  await page.getByText(/The board as it was/).waitFor();
  expect(await page.locator("[data-add]").count()).toBe(0);
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
