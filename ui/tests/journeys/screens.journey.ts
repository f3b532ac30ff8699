import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { aBrowser, aPerson, open, PASSWORD } from "./world";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Look for what is wrong with a screen for people who do not see or point (axe), in both themes. */
async function axe(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run(options: object): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe.run({ runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"] }));
    for (const one of violations) for (const node of one.nodes) found.push(`${name} ${colorScheme}: ${one.id} ${node.html.slice(0, 160)}`);
  }
  return found;
}

async function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}

test("24: axe finds nothing on any screen, in both themes", async () => {
  const options = { bypassCSP: true }; // axe is injected, which the page's policy forbids
  const anna = await aPerson("anna", options);
  const boris = await aPerson("boris", options);
  const board = await anna.board({ Ideas: ["One", "Two"], Doing: ["Three"], Done: [] });
  await anna.api("POST", `/boards/${board.id}/users`, { user_id: boris.id, role: "OBSERVER" });
  await anna.api("PATCH", `/tasks/${board.tasks.get("One")}`, { due_at: "2020-01-01T10:00:00Z", priority: "HIGH", color: "#d64545", description: "See https://example.com" });
  await anna.api("POST", "/subtasks", { task_id: board.tasks.get("One"), title: "step" });
  const found: string[] = [];
  for (const path of ["/", "/my", "/me", "/nowhere"]) {
    const page = await anna.page(path);
    await page.locator("h1").waitFor();
    found.push(...(await axe(page, path)));
    await page.close();
  }
  for (const more of ["", "/people", "/settings", "/activity", `/t/${board.tasks.get("One")}`]) {
    const page = await open(anna, board.id, more);
    if (more) await page.locator("[data-panel]").waitFor();
    found.push(...(await axe(page, `board${more.replace(/[0-9a-f-]{36}/, "")}`)));
    await page.close();
  }
  found.push(...(await axe(await open(boris, board.id), "observer")));
  const nobody = await (await aBrowser(options)).newPage();
  for (const path of ["/sign-in", "/sign-up"]) {
    await nobody.goto(path);
    await nobody.locator("h1").waitFor();
    found.push(...(await axe(nobody, path)));
  }
  expect(found).toEqual([]);
}, 240_000);

test("24: a board reads as headings, lists and named links", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two"] });
  const page = await open(anna, board.id);
  await page.getByRole("heading", { level: 1, name: "Website" }).waitFor();
  await page.getByRole("heading", { level: 2, name: "Ideas, 2 tasks" }).waitFor();
  const region = page.getByRole("region", { name: "Ideas, 2 tasks" });
  expect(await region.getByRole("listitem").count()).toBe(2);
  expect(await region.getByRole("link", { name: "One" }).count()).toBe(1);
  expect(await page.locator("[data-card] a[tabindex='0']").count()).toBe(1); // one tab stop a board
});

test("23: no screen scrolls sideways at 320 px, nor at 200 % zoom, in both languages", async () => {
  for (const locale of ["en-US", "ru-RU"]) {
    const anna = await aPerson("anna", { locale, viewport: { width: 320, height: 640 } });
    const board = await anna.board({ Ideas: ["Averylongwordwithoutanyspacesthatgoesonandonandon", "Two"] });
    for (const path of ["/", "/my", "/me", `/b/${board.id}`, `/b/${board.id}/people`, `/b/${board.id}/settings`, `/b/${board.id}/activity`, `/b/${board.id}/t/${board.tasks.get("Two")}`]) {
      const page = await anna.page(path);
      await expect.poll(() => page.locator("h1").first().isVisible(), { message: path, timeout: 15_000 }).toBe(true);
      await expect.poll(() => sideways(page), { message: path }).toBe(0);
      await page.close();
    }
  }
}, 180_000);

test("2: a wrong password is told, and after too many one waits", async () => {
  const page = await (await aBrowser()).newPage();
  await page.goto("/sign-in");
  await page.getByLabel("Username or e-mail").fill("nobody-at-all");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await expect.poll(() => page.getByRole("alert").allTextContents()).toContain("Wrong name or password.");
});
