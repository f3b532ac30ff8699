import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { aPerson, card, column, eventually, open, shown, type Made, type Person } from "./world";

async function two(titles: Record<string, string[]> = { Ideas: ["One"] }): Promise<{ anna: Person; boris: Person; board: Made }> {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await anna.board(titles);
  await anna.api("POST", `/boards/${board.id}/users`, { user_id: boris.id, role: "MEMBER" });
  return { anna, boris, board };
}

async function describe(page: Page, text: string): Promise<void> {
  await page.locator("[data-describe]").click();
  await page.getByLabel("Description", { exact: true }).fill(text);
}

test("10: five tasks in a row; three pasted lines with an indent; undo takes all of them back at once", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: [] });
  const page = await open(anna, board.id);
  await page.keyboard.press("c");
  for (const title of ["1", "2", "3", "4", "5"]) {
    await page.keyboard.type(title);
    await page.keyboard.press("Enter");
  }
  await eventually(() => anna.order(board.id), { Ideas: ["1", "2", "3", "4", "5"] });
  await page.getByLabel("Title of the task").evaluate((field) => {
    const data = new DataTransfer();
    data.setData("text/plain", "Six\n  step of six\nSeven");
    field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
  });
  await page.getByRole("button", { name: "Make 2 tasks" }).click();
  await eventually(() => anna.order(board.id), { Ideas: ["1", "2", "3", "4", "5", "Six", "Seven"] });
  await expect.poll(() => card(page, "Six").textContent()).toContain("0/1");
  await page.getByLabel("Title of the task").press("Escape");
  await page.keyboard.press("ControlOrMeta+z");
  await eventually(() => anna.order(board.id), { Ideas: ["1", "2", "3", "4", "5"] });
});

test("11: two edit the same title: a choice; different fields: both kept, unasked", async () => {
  const { anna, boris, board } = await two();
  const task = board.tasks.get("One")!;
  const page = await open(anna, board.id, `/t/${task}`);
  const title = page.getByLabel("Title", { exact: true });
  await title.focus();
  await boris.api("PATCH", `/tasks/${task}`, { priority: "HIGH" });
  await title.fill("Mine");
  await title.press("Enter");
  await expect.poll(async () => (await anna.api<{ title: string; priority: string }>("GET", `/tasks/${task}`)).title).toBe("Mine");
  expect((await anna.api<{ priority: string }>("GET", `/tasks/${task}`)).priority).toBe("HIGH");
  await title.focus();
  await boris.api("PATCH", `/tasks/${task}`, { title: "Theirs" });
  await title.fill("Mine again");
  await title.press("Enter");
  await page.getByRole("button", { name: "Keep mine" }).click();
  await expect.poll(async () => (await anna.api<{ title: string }>("GET", `/tasks/${task}`)).title).toBe("Mine again");
});

test("11: two edit a description far apart: merged; in one line: both shown, and the person decides", async () => {
  const { anna, boris, board } = await two();
  const task = board.tasks.get("One")!;
  await anna.api("PATCH", `/tasks/${task}`, { description: "first\nsecond\nthird" });
  const page = await open(anna, board.id, `/t/${task}`);
  const server = async () => (await anna.api<{ description: string }>("GET", `/tasks/${task}`)).description;
  await describe(page, "first\nsecond\nTHIRD");
  await boris.api("PATCH", `/tasks/${task}`, { description: "FIRST\nsecond\nthird" });
  await page.getByLabel("Description", { exact: true }).press("ControlOrMeta+Enter");
  await eventually(server, "FIRST\nsecond\nTHIRD");
  await describe(page, "FIRST\nmine\nTHIRD");
  await boris.api("PATCH", `/tasks/${task}`, { description: "FIRST\ntheirs\nTHIRD" });
  await page.getByLabel("Description", { exact: true }).press("ControlOrMeta+Enter");
  const merge = page.getByRole("group", { name: /same lines/ });
  expect(await merge.textContent()).toContain("mine");
  await merge.getByLabel("Result").fill("FIRST\nmine and theirs\nTHIRD");
  await merge.getByRole("button", { name: "Save" }).click();
  await eventually(server, "FIRST\nmine and theirs\nTHIRD");
});

test("12: a description that was typed and not saved is there after the tab was closed", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One"] });
  const address = `/t/${board.tasks.get("One")}`;
  const page = await open(anna, board.id, address);
  await describe(page, "typed and not saved"); // and the tab is closed in the same moment
  await page.close({ runBeforeUnload: true });
  await expect.poll(() => page.isClosed()).toBe(true);
  let go: (() => void) | undefined;
  const held = new Promise<void>((next) => (go = next));
  await anna.context.route(`**/tasks/${board.tasks.get("One")}`, async (route) => {
    await held; // what the draft is compared with comes late
    await route.continue();
  });
  const again = await open(anna, board.id, address);
  await again.getByText("Reading the task …").waitFor();
  expect(await again.getByRole("button", { name: "Go on" }).isDisabled()).toBe(true);
  go!();
  await again.getByRole("button", { name: "Go on" }).click();
  expect(await again.getByLabel("Description", { exact: true }).inputValue()).toBe("typed and not saved");
});

test("13: a task with subtasks is deleted, undone by the toast, done again, undone by Ctrl+Z: the same ids come back", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two"] });
  const task = board.tasks.get("One")!;
  const step = await anna.api<{ id: string }>("POST", "/subtasks", { task_id: task, title: "step" });
  const page = await open(anna, board.id);
  const order = () => anna.order(board.id);
  await card(page, "One").locator("a").focus();
  await page.keyboard.press("Delete");
  await eventually(order, { Ideas: ["Two"] });
  await page.getByRole("button", { name: "Undo", exact: true }).last().click();
  await eventually(order, { Ideas: ["One", "Two"] });
  await page.keyboard.press("ControlOrMeta+Shift+z");
  await eventually(order, { Ideas: ["Two"] });
  await page.keyboard.press("ControlOrMeta+z");
  await eventually(order, { Ideas: ["One", "Two"] });
  await eventually(() => shown(page), { Ideas: ["One", "Two"] });
  expect((await anna.api<{ items: { id: string }[] }>("GET", `/tasks/${task}/subtasks`)).items.map((one) => one.id)).toEqual([step.id]);
});

test("15: filtered to mine, a card is dragged between the visible ones; the address shows the same to another tab", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Other", "Two"], Doing: ["Three", "Else", "Four"] });
  for (const title of ["One", "Two", "Three", "Four"]) await anna.api("PUT", `/tasks/${board.tasks.get(title)}/assignees/${anna.id}`);
  const page = await open(anna, board.id);
  await page.keyboard.press("f");
  await eventually(() => shown(page), { Ideas: ["One", "Two"], Doing: ["Three", "Four"] });
  expect(await column(page, "Ideas").textContent()).toContain("1 task hidden");
  const target = (await card(page, "Four").boundingBox())!;
  const from = (await card(page, "One").boundingBox())!;
  await page.mouse.move(from.x + 30, from.y + 15);
  await page.mouse.down();
  await page.mouse.move(target.x + 100, target.y + 5, { steps: 10 });
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
  await page.mouse.up();
  await eventually(() => anna.order(board.id), { Ideas: ["Other", "Two"], Doing: ["Three", "Else", "One", "Four"] });
  const shared = await anna.page(new URL(page.url()).pathname + new URL(page.url()).search);
  await eventually(() => shown(shared), { Ideas: ["Two"], Doing: ["Three", "One", "Four"] });
});
