import { expect, test } from "vitest";
import { aBrowser, aPerson, card, column, drag, eventually, open, PASSWORD, shown } from "./world";

test("1: on a fresh server somebody signs up, makes a board and a first task by C", async () => {
  const page = await (await aBrowser()).newPage();
  await page.goto("/sign-up"); // where "/" leads only while there is nobody
  const name = `first${process.pid}`;
  await page.getByLabel("Username").fill(name);
  await page.getByLabel("E-mail").fill(`${name}@example.com`);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByLabel("Title of the board").fill("Website");
  await page.getByRole("button", { name: "Make a board" }).click();
  await page.waitForSelector("[data-column]");
  await page.keyboard.press("c");
  await page.keyboard.type("Draw the logo");
  await page.keyboard.press("Enter");
  await expect.poll(() => shown(page)).toMatchObject({ "To do": ["Draw the logo"] });
  const board = page.url().split("/b/")[1]!;
  await expect
    .poll(async () => ((await (await page.request.get(`/boards/${board}/snapshot`)).json()) as { tasks: { title: string }[] }).tasks.map((task) => task.title))
    .toEqual(["Draw the logo"]);
});

test("3: a card dragged across columns is seen in another browser, and stands alike everywhere", async () => {
  const anna = await aPerson("anna");
  const boris = await aPerson("boris");
  const board = await anna.board({ Ideas: ["One", "Two", "Three"], Doing: ["Four"] });
  await anna.api("POST", `/boards/${board.id}/users`, { user_id: boris.id, role: "MEMBER" });
  const [mine, theirs] = [await open(anna, board.id), await open(boris, board.id)];
  await drag(mine, card(mine, "Two"), card(mine, "Four"), { y: 0.1 });
  const wanted = { Ideas: ["One", "Three"], Doing: ["Two", "Four"] };
  expect(await shown(mine)).toEqual(wanted); // in the same frame
  await eventually(() => shown(theirs), wanted);
  await eventually(() => anna.order(board.id), wanted);
  await eventually(() => shown(mine), wanted);
});

test("4: Escape leaves everything as it was, and sends nothing", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two"], Doing: [] });
  const page = await open(anna, board.id);
  const sent: string[] = [];
  page.on("request", (request) => request.method() !== "GET" && sent.push(request.url()));
  await drag(page, card(page, "One"), column(page, "Doing"), { drop: false });
  await page.keyboard.press("Escape");
  await page.mouse.up();
  expect(await shown(page)).toEqual({ Ideas: ["One", "Two"], Doing: [] });
  expect(await page.locator(".lifted").count()).toBe(0);
  expect([sent, page.url().includes("/t/")]).toEqual([[], false]);
});
