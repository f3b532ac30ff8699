import { expect, test } from "vitest";
import { aBrowser, aPerson, card, column, drag, drawn, eventually, open, PASSWORD, shown } from "./world";

test("5: while a card is in the air others move its target's neighbour and the card itself; it lands by neighbour", async () => {
  const anna = await aPerson("anna");
  const boris = await aPerson("boris");
  const board = await anna.board({ Ideas: ["One", "Two", "Three"], Doing: ["Four", "Five"] });
  await anna.api("POST", `/boards/${board.id}/users`, { user_id: boris.id, role: "MEMBER" });
  const [mine, theirs] = [await open(anna, board.id), await open(boris, board.id)];
  await drag(mine, card(mine, "Two"), card(mine, "Five"), { y: 0.2, drop: false });
  await boris.api("POST", `/tasks/${board.tasks.get("Four")}/move`, { column_id: board.columns.get("Ideas"), at: "top" });
  await boris.api("POST", `/tasks/${board.tasks.get("Two")}/move`, { column_id: board.columns.get("Ideas"), at: "bottom" });
  await eventually(() => shown(theirs), { Ideas: ["Four", "One", "Three", "Two"], Doing: ["Five"] });
  await mine.mouse.up();
  const wanted = { Ideas: ["Four", "One", "Three"], Doing: ["Two", "Five"] };
  await eventually(() => anna.order(board.id), wanted);
  await eventually(() => shown(mine), wanted);
  await eventually(() => shown(theirs), wanted);
});

test("7: with the keyboard alone: sign in, add, lift, move, drop, open, edit, close; the focus is on the card after each", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: [], Doing: [] });
  const page = await (await aBrowser()).newPage();
  await page.goto(`/b/${board.id}`); // first one signs in
  await page.getByLabel("Username or e-mail").waitFor();
  await page.keyboard.type(anna.username);
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-column]");
  const focus = () => page.evaluate(() => document.activeElement?.closest("[data-card]")?.querySelector(".title")?.textContent?.trim() ?? document.activeElement?.tagName ?? "");
  const spoken = () => page.getByRole("status").first().textContent();
  await page.keyboard.press("c");
  await page.keyboard.type("One");
  await page.keyboard.press("Enter");
  await page.keyboard.type("Two");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await eventually(() => anna.order(board.id), { Ideas: ["One", "Two"], Doing: [] });
  await card(page, "One").locator("a").focus();
  await page.keyboard.press("Space");
  await expect.poll(spoken).toContain("Lifted One. Ideas, 1 of 2");
  await page.keyboard.press("ArrowRight");
  await expect.poll(spoken).toBe("Doing, 1 of 1");
  expect(await shown(page)).toEqual({ Ideas: ["Two"], Doing: ["One"] });
  await page.keyboard.press("Escape");
  expect(await shown(page)).toEqual({ Ideas: ["One", "Two"], Doing: [] });
  await expect.poll(spoken).toContain("Cancelled. Back in Ideas, 1 of 2");
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("Space");
  await expect.poll(spoken).toContain("Dropped One. Doing, 1 of 1");
  await eventually(() => anna.order(board.id), { Ideas: ["Two"], Doing: ["One"] });
  await eventually(focus, "One");
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-panel]");
  await page.getByLabel("Title", { exact: true }).focus();
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("First");
  await page.keyboard.press("Enter");
  await eventually(() => anna.order(board.id), { Ideas: ["Two"], Doing: ["First"] });
  await page.locator("[data-panel]").focus();
  await page.keyboard.press("Escape");
  await expect.poll(() => page.locator("[data-panel]").count()).toBe(0);
  await eventually(focus, "First");
});

test("8: a finger's swipe scrolls, holding moves, and holding at the edge goes one column on", async () => {
  const anna = await aPerson("anna", { viewport: { width: 390, height: 760 }, hasTouch: true, isMobile: true });
  const board = await anna.board({ Ideas: ["One", "Two", "Three"], Doing: [], Done: [] });
  const page = await open(anna, board.id);
  const session = await page.context().newCDPSession(page);
  const touch = (type: string, x: number, y: number) => session.send("Input.dispatchTouchEvent", { type: type as never, touchPoints: type === "touchEnd" ? [] : [{ x, y }] });
  const box = (await card(page, "One").boundingBox())!;
  const [x, y] = [box.x + 60, box.y + 20];
  await touch("touchStart", x, y);
  for (let step = 1; step <= 5; step++) await touch("touchMove", x, y + 12 * step);
  await touch("touchEnd", 0, 0);
  expect(await page.locator(".lifted").count()).toBe(0);
  const below = (await card(page, "Three").boundingBox())!;
  await expect.poll(async () => {
    await touch("touchStart", x, y); // again where the swipe was still gliding on
    await page.waitForSelector(".lifted");
    for (let step = 1; step <= 6; step++) await touch("touchMove", x, y + ((below.y + below.height - y) * step) / 6);
    await drawn(page);
    await touch("touchEnd", 0, 0);
    return (await shown(page)).Ideas;
  }).toEqual(["Two", "Three", "One"]);
  await eventually(() => anna.order(board.id), { Ideas: ["Two", "Three", "One"], Doing: [], Done: [] });
  const again = (await card(page, "Two").boundingBox())!;
  await touch("touchStart", again.x + 60, again.y + 20);
  await page.waitForSelector(".lifted");
  for (let step = 1; step <= 4; step++) await touch("touchMove", again.x + 60 + ((385 - again.x - 60) * step) / 4, again.y + 20);
  await expect.poll(() => page.evaluate(() => document.querySelector("[data-board]")!.scrollLeft)).toBeGreaterThan(150);
  await touch("touchMove", 195, again.y + 20);
  await drawn(page);
  await touch("touchEnd", 0, 0);
  await expect.poll(async () => (await anna.order(board.id)).Ideas).toEqual(["Three", "One"]);
});

test("9: without dragging a card is moved by clicks alone", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two"], Doing: ["Three", "Four"] });
  const page = await open(anna, board.id);
  await card(page, "One").hover();
  await page.getByRole("button", { name: "Menu of “One”" }).click();
  await page.getByRole("menuitem", { name: "Move to …" }).click();
  const dialog = page.getByRole("dialog", { name: /Move to/ });
  await dialog.getByLabel("Column").selectOption({ label: "Doing" });
  await dialog.getByLabel("Place").selectOption({ label: "After “Three”" });
  await dialog.getByRole("button", { name: "Move", exact: true }).click();
  await eventually(() => anna.order(board.id), { Ideas: ["Two"], Doing: ["Three", "One", "Four"] });
});

test("a dialog's focus is on what it is for: a task is found by words, and opened, with the keyboard alone", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["Draw the logo", "Other"] });
  const page = await open(anna, board.id);
  await page.keyboard.press("ControlOrMeta+k");
  await page.getByRole("dialog").waitFor();
  await page.keyboard.type("logo");
  await page.keyboard.press("Enter");
  await page.locator("[data-panel]").getByRole("heading", { level: 1, name: "Draw the logo" }).waitFor();
});

test("14: a column with a hard limit takes no more: the card goes back, and the reason is spoken and shown", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One"], Review: ["Two"] });
  await anna.api("PATCH", `/columns/${board.columns.get("Review")}`, { task_limit: 1, limit_is_hard: true });
  const page = await open(anna, board.id);
  await drag(page, card(page, "One"), column(page, "Review"), { y: 0.3 });
  await expect.poll(() => page.getByRole("alert").first().textContent()).toContain("The column is full: 1 of 1.");
  await eventually(() => shown(page), { Ideas: ["One"], Review: ["Two"] });
  expect(await anna.order(board.id)).toEqual({ Ideas: ["One"], Review: ["Two"] });
});

test("16: three cards are selected and moved: one batch, one undo", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two", "Three", "Four"], Doing: [] });
  const page = await open(anna, board.id);
  await card(page, "One").locator("a").focus();
  await page.keyboard.press("x");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("m");
  const dialog = page.getByRole("dialog", { name: /Move to/ });
  await dialog.getByLabel("Column").selectOption({ label: "Doing" });
  await dialog.getByRole("button", { name: "Move", exact: true }).click();
  await eventually(() => anna.order(board.id), { Ideas: ["Four"], Doing: ["One", "Two", "Three"] });
  await eventually(() => shown(page), { Ideas: ["Four"], Doing: ["One", "Two", "Three"] });
  await page.keyboard.press("ControlOrMeta+z");
  await eventually(() => anna.order(board.id), { Ideas: ["One", "Two", "Three", "Four"], Doing: [] });
});
