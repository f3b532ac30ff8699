import { expect, test } from "vitest";
import { aBrowser, aPerson, eventually, PASSWORD, shown } from "./world";

/** Seen to fail: what was kept was read, and not drawn. */
test("17: what one's own computer has kept of a board is shown while the server cannot be reached", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two"], Doing: [] });
  const page = await (await aBrowser()).newPage();
  await page.goto(`/b/${board.id}`);
  await page.getByLabel("Username or e-mail").fill(anna.username);
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByLabel(/This is my computer/).check();
  await page.keyboard.press("Enter");
  await page.waitForSelector("[data-card]");
  await page.route("**/snapshot", (route) => route.abort());
  await page.reload();
  await eventually(() => shown(page), { Ideas: ["One", "Two"], Doing: [] });
  await page.getByText("This is how the board was").waitFor();
  await page.unroute("**/snapshot");
  await anna.api("PATCH", `/tasks/${board.tasks.get("One")}`, { title: "Changed" });
  await eventually(() => shown(page), { Ideas: ["Changed", "Two"], Doing: [] });
  expect(await page.getByText("This is how the board was").count()).toBe(0);
});
