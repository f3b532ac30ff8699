/** What is wrong with a screen for people who do not see or point; and pictures of it for those who do. */
import { mkdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Page } from "playwright-core";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const SHOTS = process.env.SHOTS; // a folder for pictures of every scene
const ALL = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const THEMES = { light: { type: "tag", values: ALL }, dark: { type: "rule", values: ["color-contrast", "link-in-text-block"] } }; // a theme changes colours alone

interface Axe {
  run(options: object): Promise<{ violations: { id: string; nodes: { html: string; failureSummary?: string }[] }[] }>;
}

/** Look for it in both themes. The page's policy forbids axe: its context is made with `bypassCSP`. */
export async function axe(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  await page.evaluate(AXE);
  for (const [colorScheme, runOnly] of Object.entries(THEMES)) {
    await page.emulateMedia({ colorScheme: colorScheme as "light" | "dark", reducedMotion: "reduce" });
    const { violations } = await page.evaluate((only) => (globalThis as unknown as { axe: Axe }).axe.run({ runOnly: only }), runOnly);
    for (const one of violations) for (const node of one.nodes) found.push(`${name} ${colorScheme}: ${one.id} ${node.html.slice(0, 200)} ${node.failureSummary ?? ""}`);
    await shoot(page, name, colorScheme);
  }
  return found;
}

export async function shoot(page: Page, name: string, more: string): Promise<void> {
  if (!SHOTS) return;
  mkdirSync(SHOTS, { recursive: true });
  await page.screenshot({ path: join(SHOTS, `${name} ${more}.png`), animations: "disabled" });
}

/** How much wider a page is than its window. */
export async function sideways(page: Page): Promise<number> {
  return page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
}
