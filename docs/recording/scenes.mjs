/** What people do with Doska in front of the camera. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT, settled } from "./stage.mjs";
import { pause } from "./terminal.mjs";

const OPENED = "Design the landing page";
const PICTURE = join(ROOT, "docs/pictures/board-light.png");

const card = (page, title) => page.locator("[data-card]").filter({ hasText: title });
const column = (page, title) => page.locator("[data-column]").filter({ has: page.getByRole("heading", { name: new RegExp(`^${title}`) }) });

async function aPage(browser, base, more = {}) {
  const context = await browser.newContext({ baseURL: base, locale: "en-US", colorScheme: "light", ...more });
  context.setDefaultTimeout(90_000);
  return context.newPage();
}

/** Sign up, make a board, and its first tasks. */
export async function firstBoard(stage, browser, base) {
  const page = await aPage(browser, base);
  await page.goto("/sign-up");
  await stage.arrange([{ title: "Doska", page }]);
  await stage.caption("Sign up in the browser …");
  await stage.take(0.8);
  for (const [label, text] of [["Username", "dora"], ["E-mail", "dora@example.com"], ["Password", "correct horse battery"]]) {
    await stage.click(0, page.getByLabel(label, { exact: true }));
    await stage.type(0, text);
  }
  await stage.click(0, page.getByRole("button", { name: "Create account" }));
  await page.getByLabel("Title of the board").waitFor();
  await settled(page);
  await stage.take(1);
  await stage.caption("… make a board, press C, and type");
  await stage.click(0, page.getByLabel("Title of the board"));
  await stage.type(0, "Website");
  await stage.click(0, page.getByRole("button", { name: "Make a board" }));
  await page.waitForSelector("[data-column]");
  await settled(page);
  await stage.take(0.8);
  await page.keyboard.press("c");
  await settled(page);
  await stage.take(0.4);
  for (const title of ["Draw the logo", "Buy the domain", "Write the first page"]) {
    await stage.type(0, title);
    await page.keyboard.press("Enter");
    await settled(page);
    await stage.take(0.4);
  }
  await page.keyboard.press("Escape");
  await settled(page);
  await dragged(stage, 0, card(page, "Draw the logo"), column(page, "In progress"));
  await stage.take(1.5);
  await page.context().close();
}

/** Sign two people of the demo in, one of them in the dark. */
export async function enter(browser, base, board, password) {
  const people = {};
  for (const [name, colorScheme] of [["anna", "light"], ["boris", "dark"]]) {
    const page = await aPage(browser, base, { colorScheme });
    await page.request.post("/auth/login", { data: { login: name, password }, failOnStatusCode: true });
    await page.goto(`/b/${board}`);
    await page.waitForSelector("[data-card]");
    people[name] = page;
  }
  return people;
}

/** Drag a card before the other's eyes. */
export async function dragSeenLive(stage, { anna, boris }) {
  await stage.arrange([{ title: "Anna", page: anna }, { title: "Boris", page: boris }]);
  for (const page of [anna, boris]) {
    await page.locator("[data-column]").last().evaluate((element) => element.parentElement.scrollTo({ left: 596 }));
    await settled(page);
  }
  await stage.caption("What one person does, the others see at once");
  await stage.take(1.5);
  const there = anna.locator("[data-column]").filter({ hasText: "Review" }).locator("[data-card]").first();
  await dragged(stage, 0, card(anna, "Translate into Russian"), there, { wait: 0.8 });
  await stage.take(1.5);
}

/** Take it back by the keyboard. */
export async function undone(stage, { anna }) {
  await stage.caption("Ctrl+Z: anything can be taken back");
  await stage.take(0.8);
  await anna.keyboard.press("Control+z");
  await pause(150);
  await stage.watch(1);
  await stage.take(1.5);
}

/** Attach a file and say something, before the other's eyes. */
export async function talked(stage, { anna, boris }) {
  await stage.caption("Files, comments and labels are as live");
  const mine = card(anna, OPENED).locator("a").first();
  await mine.scrollIntoViewIfNeeded();
  await stage.click(0, mine, { dx: 0.3, dy: 0.2 });
  await card(boris, OPENED).locator("a").first().click();
  const field = (page) => page.getByLabel("Write a comment");
  const both = async (wanted) => {
    for (const page of [anna, boris]) {
      await wanted(page).waitFor();
      await page.waitForLoadState("networkidle");
      await field(page).scrollIntoViewIfNeeded();
      await settled(page);
    }
  };
  await both(field);
  await stage.take(1.5);
  await anna.locator("[data-attachments] input[type=file]").setInputFiles({ name: "landing page.png", mimeType: "image/png", buffer: readFileSync(PICTURE) });
  await both((page) => page.locator("[data-attachment] img"));
  for (const page of [anna, boris]) await page.waitForFunction(() => document.querySelector("[data-attachment] img")?.naturalWidth); // it is made by now
  await stage.take(1.5);
  await stage.click(0, field(anna));
  await stage.type(0, "Here is the new page. What do you think?");
  await stage.click(0, anna.getByRole("button", { name: "Comment", exact: true }));
  await both((page) => page.locator("[data-comment]").filter({ hasText: "Here is" }));
  await stage.take(2);
  for (const page of [anna, boris]) await page.locator("[data-panel]").getByRole("button", { name: "Close" }).click();
}

/** Slide back over two weeks, and to today again. */
export async function lookBack(stage, { boris }) {
  await boris.emulateMedia({ colorScheme: "light" });
  await stage.arrange([{ title: "Boris", page: boris }]);
  await settled(boris);
  await stage.caption("The board as it was after any event");
  await stage.click(0, boris.getByRole("link", { name: "What happened" }).or(boris.locator('a[href$="/activity"]')).first());
  const slider = boris.getByLabel("Look back in time");
  await slider.waitFor();
  await pause(500);
  await stage.take(1);
  const [box, most] = [await slider.boundingBox(), Number(await slider.getAttribute("max"))];
  const place = (seq) => box.x + 8 + (box.width - 16) * ((seq - 1) / (most - 1));
  await stage.move(0, place(most), box.y + box.height / 2);
  await boris.mouse.down();
  for (const seq of [...steps(most, 12, 14), ...steps(12, most, 14)]) {
    await stage.move(0, place(seq), box.y + box.height / 2, 1);
    await pause(350); // the slider waits for the hand to rest
    await stage.take(0.25);
  }
  await boris.mouse.up();
  await stage.take(2.5);
}

function steps(from, to, count) {
  return Array.from({ length: count }, (_, n) => Math.round(from + ((to - from) * (n + 1)) / count));
}

async function dragged(stage, index, from, to, { wait = 0 } = {}) {
  const { page } = stage.windows[index];
  await stage.moveTo(index, from, { dx: 0.3, dy: 0.3 });
  await page.mouse.down();
  const box = await to.boundingBox();
  await stage.move(index, box.x + box.width * 0.4, box.y + Math.min(box.height * 0.6, 120), 14);
  await stage.take(0.5);
  await page.mouse.up();
  await settled(page);
  await stage.take();
  await pause(wait * 300); // for the other window to hear of it
  await stage.watch(wait || 0.5);
}
