import { expect, test } from "vitest";
import { axe, shoot, SHOTS, sideways } from "./axe";
import { aCast, SCENES } from "./scenes";
import { aPerson, attach, card, eventually, open } from "./world";

test("24: axe finds nothing on any screen and state, in both themes", async () => {
  const cast = await aCast({ bypassCSP: true, reducedMotion: "reduce" }); // axe is injected, which the page's policy forbids
  const found: string[] = [];
  for (const [name, show] of Object.entries(SCENES)) {
    const page = await show(cast).catch((error: unknown) => {
      throw new Error(`scene “${name}”`, { cause: error });
    });
    found.push(...(await axe(page, name)));
    await page.close();
  }
  expect(found).toEqual([]);
}, 400_000);

test("24: a board reads as headings, lists and named links", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two"] });
  const page = await open(anna, board.id);
  await page.getByRole("heading", { level: 1, name: "Website" }).waitFor();
  await page.getByRole("heading", { level: 2, name: "Ideas, 2 tasks" }).waitFor();
  const region = page.getByRole("region", { name: "Ideas, 2 tasks" });
  await eventually(() => region.getByRole("listitem").count(), 2);
  await eventually(() => region.getByRole("link", { name: "One" }).count(), 1);
  expect(await page.locator("[data-card] a[tabindex='0']").count()).toBe(1); // one tab stop a board
});

test("on a card that shows all there is, the faces are on one line, three of them and the rest as a number", async () => {
  const people = [];
  for (const name of ["anna", "boris", "clara", "dora", "emil"]) people.push(await aPerson(name));
  const anna = people[0]!;
  const board = await anna.board({ Ideas: ["Draw the logo", "Print it", "Hang it"] });
  for (const person of people.slice(1)) await anna.letIn(board, person);
  for (const [title, task] of board.tasks) {
    for (const person of people) await anna.api("PUT", `/tasks/${task}/assignees/${person.id}`);
    for (const step of ["a", "b", "c"]) await anna.api("POST", "/subtasks", { task_id: task, title: step });
    await anna.api("PATCH", `/tasks/${task}`, { due_on: "2031-12-28" });
    await anna.api("POST", "/comments", { task_id: task, body: "So be it." });
    if (title !== "Hang it") await attach(anna, task, "notes.txt", Buffer.from("words")); // else there is room for some of the faces
  }
  await anna.api("PATCH", `/tasks/${board.tasks.get("Print it")}`, { description: "why", priority: "HIGH" });
  const page = await open(anna, board.id);
  for (const title of board.tasks.keys()) {
    const boxes = await card(page, title).locator("a img, a :text-is('+2')").evaluateAll((all) => all.map((one) => one.getBoundingClientRect()).map((box) => (box.top + box.bottom) / 2));
    expect(boxes).toHaveLength(4);
    expect(Math.max(...boxes) - Math.min(...boxes)).toBeLessThan(3);
  }
  for (const colorScheme of ["light", "dark"] as const) {
    await page.emulateMedia({ colorScheme });
    await shoot(page, "full card", colorScheme);
  }
});

const NARROW = ["sign-in", "boards", "my", "me", "board", "task", "people of a board", "settings", "activity", "keys", "move", "selected", "viewer", "uploads", "uploads of a closed task"];

test("23: no screen scrolls sideways at 320 px, which is 1280 at a zoom of 400 %, in English and Russian", async () => {
  for (const locale of ["en-US", "ru-RU"]) {
    const cast = await aCast({ locale, viewport: { width: 320, height: 640 }, reducedMotion: "reduce" });
    for (const [name, show] of Object.entries(SCENES)) {
      if (!NARROW.includes(name)) continue;
      const page = await show(cast);
      await expect.poll(() => sideways(page), { message: `${name} ${locale}` }).toBe(0);
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(locale.slice(0, 2));
      await shoot(page, name, `320 ${locale}`);
      await page.close();
    }
  }
}, 240_000);

test.runIf(SHOTS)("pictures of every screen in Russian, and of some at 768 and 2560 px", async () => {
  const russian = await aCast({ locale: "ru-RU", reducedMotion: "reduce" });
  for (const [name, show] of Object.entries(SCENES)) {
    const page = await show(russian);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      await shoot(page, name, `ru ${colorScheme}`);
    }
    await page.close();
  }
  for (const width of [768, 2560]) {
    const cast = await aCast({ viewport: { width, height: 900 }, reducedMotion: "reduce" });
    for (const name of NARROW) {
      const page = await SCENES[name]!(cast);
      await shoot(page, name, `${width}`);
      await page.close();
    }
  }
}, 600_000);
