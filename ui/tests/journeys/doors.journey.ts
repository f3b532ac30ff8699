import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Download, Page } from "playwright-core";
import { expect, test } from "vitest";
import { axe } from "./axe";
import { transfer } from "./pictures";
import { aPerson, eventually, open, shown } from "./world";

const EXAMPLES = resolve(import.meta.dirname, "../../../tests/doors/examples");
const file = (name: string) => resolve(EXAMPLES, name);

async function choose(page: Page, name: string): Promise<void> {
  await page.locator("[data-bring] input[type=file]").setInputFiles(file(name));
}

async function textOf(download: Download): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("latin1");
}

test("a Trello file comes in through the interface, and a person sees where every field went", async () => {
  const [anna, boris] = [await aPerson("anna", { bypassCSP: true }), await aPerson("boris")];
  const other = await anna.board({ Ideas: [] });
  await anna.letIn(other, boris);
  const page = await anna.page("/");
  await choose(page, "trello.json");
  const report = page.locator("[data-report]");
  await report.waitFor();
  await page.getByRole("heading", { name: "“Launch party” from Trello" }).waitFor();
  await report.getByText("A new board, private: only you will see it.").waitFor();
  expect(await report.locator("dd").first().innerText()).toContain("12 tasks");
  expect(await report.locator("[data-warnings] li").allInnerTexts()).toContainEqual(expect.stringContaining("The file lacks 1 comment"));

  // Every value is in one of three tables, and the sums are those that are said.
  await report.getByText("549 values: 192 kept, 206 set aside, 151 left out.").waitFor();
  for (const [fate, sum] of Object.entries({ kept: 192, aside: 206, dropped: 151 })) {
    const table = report.locator(`[data-fate=${fate}]`);
    await table.locator("summary").click();
    const counts = await table.locator("tbody td:nth-child(2)").allInnerTexts();
    expect(counts.reduce((all, text) => all + Number.parseInt(text, 10), 0)).toBe(sum);
  }
  const row = (path: string) => report.getByRole("row").filter({ has: page.getByText(path, { exact: true }) });
  expect(await row("cards[].name").innerText()).toContain("task: title");
  expect(await row("cards[].email").innerText()).toContain("secret");
  expect(await row("brandNewField.nobody").locator("td").count()).toBe(2); // it is aside
  expect(await axe(page, "import")).toEqual([]);

  await report.getByLabel("Here: Kim Doe").selectOption({ label: `${boris.username} (${boris.username})` });
  await report.getByText("A new private board: 2 people will see it").waitFor();
  expect((await anna.api<{ items: unknown[] }>("GET", "/boards")).items.length).toBe(2); // nothing is written yet
  await page.getByRole("button", { name: "Do it" }).click();
  await page.getByRole("heading", { name: "“Launch party” is here." }).waitFor();
  await page.getByRole("link", { name: "Open the board" }).click();
  await page.waitForSelector("[data-column]");
  expect(Object.keys(await shown(page)).slice(0, 2)).toEqual(["To do", "Doing"]);

  const theirs = await boris.api<{ items: { title: string; role: string }[] }>("GET", "/boards");
  expect(theirs.items.find((one) => one.title === "Launch party")?.role).toBe("MEMBER"); // he is Kim
  await page.goto("/");
  await choose(page, "trello.json"); // the same file again changes nothing
  await page.getByText("Into the board that you brought before").waitFor();
  await report.getByLabel("Here: Kim Doe").selectOption({ label: `${boris.username} (${boris.username})` });
  await page.getByRole("button", { name: "Do it" }).click();
  await page.getByRole("heading", { name: "Everything in the file is here already" }).waitFor();
});

test("what is no board is refused with a sentence, and the way on is shown", async () => {
  const anna = await aPerson();
  const page = await anna.page("/");
  await choose(page, "bad-unknown.json");
  await page.getByText("Doska does not know this kind of file.").waitFor();
  await choose(page, "bad-cut.json");
  await page.getByText("The file is broken").waitFor();
  await page.getByRole("button", { name: "Choose a file" }).or(page.getByText("Choose a file")).first().waitFor();
  const data = await transfer(page, [{ name: "dropped.json", type: "application/json", content: readFileSync(file("trello.json")) }]);
  await page.dispatchEvent("main", "dragover", { dataTransfer: data });
  await page.getByText("Drop the file to bring its board").waitFor();
  await page.dispatchEvent("main", "drop", { dataTransfer: data });
  await page.locator("[data-report]").waitFor();
  await page.getByRole("button", { name: "Cancel" }).click();
  await eventually(async () => (await anna.api<{ items: unknown[] }>("GET", "/boards")).items.length, 1);
});

test("a board is taken along in each format", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two"] });
  const page = await open(anna, board.id, "/settings");
  const texts: Record<string, string> = {};
  for (const name of ["Doska archive", "Trello JSON", "Table (CSV)", "Markdown", "Calendar (iCalendar)"]) {
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: `Download: ${name}` }).click()]);
    texts[download.suggestedFilename().split(".").pop()!] = await textOf(download);
    await page.getByText("Making the file …").first().waitFor({ state: "detached" });
  }
  expect(Object.keys(texts).sort()).toEqual(["csv", "doska", "ics", "json", "md"]);
  expect(texts.csv).toContain("One");
  expect(JSON.parse(texts.json!).cards.map((card: { name: string }) => card.name)).toEqual(["One", "Two"]);
  expect(texts.doska!.startsWith("PK")).toBe(true);
});
