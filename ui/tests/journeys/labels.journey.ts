import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { aPerson, card, eventually, open, type Made, type Person } from "./world";

interface Label {
  id: string;
  title: string;
  color: string;
}

async function aLabel(person: Person, board: Made, title: string, color = "#d64545"): Promise<Label> {
  return person.api<Label>("POST", "/labels", { board_id: board.id, title, color });
}

const chips = (page: Page, title: string) => card(page, title).locator(".chip").allInnerTexts();
const field = (page: Page) => page.getByRole("combobox", { name: "Find a label" });

test("a label put on a task in one browser is seen in another, and is gone in both once it is undone", async () => {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await anna.board({ Ideas: ["One", "Two"] });
  await anna.letIn(board, boris);
  await aLabel(anna, board, "Bug");
  await aLabel(anna, board, "", "#2f6fdb");
  const [mine, theirs] = [await open(anna, board.id), await open(boris, board.id)];
  await card(mine, "One").locator("a").focus();
  await mine.keyboard.press("t");
  await field(mine).waitFor();
  await mine.keyboard.type("bu");
  await mine.keyboard.press("Enter");
  await eventually(() => chips(mine, "One"), ["Bug"]);
  await eventually(() => chips(theirs, "One"), ["Bug"]);
  await mine.keyboard.press("Backspace");
  await mine.keyboard.press("Backspace");
  await mine.keyboard.press("ArrowDown");
  await mine.keyboard.press("Enter");
  await eventually(() => chips(theirs, "One"), ["Bug", "Blue"]);
  expect(await mine.getByRole("option", { selected: true }).allInnerTexts()).toEqual(["Bug\n✓", "Blue\n✓"]);
  await mine.keyboard.press("Escape");
  expect(await card(mine, "One").getByRole("link").getAttribute("aria-describedby").then((id) => mine.locator(`#${id}`).textContent())).toContain("labels Bug, Blue");
  await mine.keyboard.press("ControlOrMeta+z");
  await eventually(() => chips(theirs, "One"), ["Bug"]);
  await mine.keyboard.press("ControlOrMeta+z");
  await eventually(() => chips(mine, "One"), []);
  await eventually(() => chips(theirs, "One"), []);
});

test("what is typed after a click on the plus of a task's labels goes to the list that it opens", async () => {
  const anna = await aPerson("anna");
  const board = await anna.board({ Ideas: ["One"] });
  await aLabel(anna, board, "Bug");
  const page = await open(anna, board.id);
  await card(page, "One").click();
  const plus = page.getByRole("button", { name: "Labels" });
  await plus.click();
  await eventually(() => field(page).evaluate((node) => node === document.activeElement), true);
  await page.keyboard.type("bu");
  await page.keyboard.press("Enter");
  await eventually(() => chips(page, "One"), ["Bug"]);
  await page.keyboard.press("Escape");
  await eventually(() => plus.evaluate((node) => node === document.activeElement), true);
});

test("a label that is not there is made on the spot by those who may, for all selected tasks, and one undo takes it back", async () => {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await anna.board({ Ideas: ["One", "Two"] });
  await anna.letIn(board, boris);
  const page = await open(anna, board.id);
  await card(page, "One").locator("a").focus();
  await page.keyboard.press("x");
  await page.keyboard.press("Shift+ArrowDown");
  await page.keyboard.press("t");
  await field(page).fill("Urgent");
  await page.getByRole("option", { name: "Make label “Urgent”" }).click();
  await eventually(() => chips(page, "One"), ["Urgent"]);
  await eventually(() => chips(page, "Two"), ["Urgent"]);
  await eventually(async () => (await anna.api<{ items: Label[] }>("GET", `/boards/${board.id}/labels`)).items.map((label) => label.title), ["Urgent"]);
  await page.keyboard.press("Escape");
  await page.keyboard.press("Escape");
  await page.keyboard.press("ControlOrMeta+z");
  await eventually(async () => (await anna.api<{ items: Label[] }>("GET", `/boards/${board.id}/labels`)).items, []);
  await eventually(() => chips(page, "One"), []);
  const theirs = await open(boris, board.id); // a member
  await card(theirs, "One").locator("a").focus();
  await theirs.keyboard.press("t");
  await field(theirs).fill("Mine");
  expect(await theirs.getByRole("option").count()).toBe(0);
});

test("tasks are filtered by their labels, and the address keeps it", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two", "Three"] });
  const [bug, idea] = [await aLabel(anna, board, "Bug"), await aLabel(anna, board, "Idea", "#2f6fdb")];
  await anna.api("PUT", `/tasks/${board.tasks.get("One")}/labels/${bug.id}`);
  await anna.api("PUT", `/tasks/${board.tasks.get("Two")}/labels/${idea.id}`);
  const page = await open(anna, board.id);
  const titles = () => page.locator("[data-card] a > .title").allTextContents();
  await page.keyboard.press("/");
  await page.getByRole("button", { name: "Labels: Any label" }).click();
  await page.getByRole("option", { name: "Bug" }).click();
  await eventually(titles, ["One"]);
  await page.getByRole("option", { name: "Idea" }).click();
  await eventually(titles, ["One", "Two"]);
  await page.reload();
  await eventually(titles, ["One", "Two"]);
  await page.getByRole("button", { name: "Labels: Bug, Idea" }).click();
  await page.getByRole("button", { name: "No label" }).click();
  await eventually(titles, ["Three"]);
});

test("the labels of a board are renamed, coloured, put in order and deleted, once it is said how many tasks have them", async () => {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await anna.board({ Ideas: ["One", "Two"] });
  await anna.letIn(board, boris);
  const bug = await aLabel(anna, board, "Bug");
  await aLabel(anna, board, "Idea", "#2f6fdb");
  for (const title of ["One", "Two"]) await anna.api("PUT", `/tasks/${board.tasks.get(title)}/labels/${bug.id}`);
  const [page, theirs] = [await open(anna, board.id, "/settings"), await open(boris, board.id)];
  const labels = page.locator("[data-labels]");
  const kept = async () => (await anna.api<{ items: Label[] }>("GET", `/boards/${board.id}/labels`)).items.map((label) => [label.title, label.color]);
  await labels.getByLabel("Title of the label").first().fill("Defect");
  await labels.getByLabel("Title of the label").first().blur();
  await eventually(() => chips(theirs, "One"), ["Defect"]);
  await labels.getByRole("button", { name: "Colour: Red" }).click();
  await page.getByRole("menuitemradio", { name: "Green" }).click();
  await labels.getByRole("button", { name: "Move down" }).first().click();
  await eventually(kept, [["Idea", "#2f6fdb"], ["Defect", "#3a8f4d"]]);
  await labels.getByLabel("New label").fill("Idea");
  await labels.getByLabel("New label").press("Enter");
  await eventually(async () => (await kept()).length, 3);
  await labels.getByRole("button", { name: "Delete: Defect" }).click();
  await labels.getByText("It is on 2 tasks").waitFor();
  await labels.getByRole("group", { name: "Delete" }).getByRole("button", { name: "Delete" }).click();
  await eventually(() => chips(theirs, "One"), []);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await eventually(() => chips(theirs, "One"), ["Defect"]);
});
