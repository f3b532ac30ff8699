/** People with browsers, for journeys. Every page fails its journey on a policy violation, a console or a page error. */
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Locator, type Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";

export const PASSWORD = "correct horse battery 9";
const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
// What Chromium itself says of an answer that a journey expects: a refusal is no error of the page.
const EXPECTED = /Failed to load resource: (the server responded with a status of (401|404|409|412|422|429|5\d\d)|net::ERR)/;

let browser: Browser;
const contexts: BrowserContext[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: CHROMIUM, args: FLAGS });
});

afterEach(async () => {
  await Promise.all(contexts.splice(0).map((context) => context.close()));
  expect(complaints.splice(0)).toEqual([]);
});

afterAll(async () => {
  await browser.close();
});

/** Somebody's browser: a cookie jar of its own. */
export async function aBrowser(options: BrowserContextOptions = {}): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US", baseURL: inject("base"), ...options });
  contexts.push(context);
  context.setDefaultTimeout(20_000);
  context.on("page", watch);
  return context;
}

function watch(page: Page): void {
  page.on("pageerror", (error) => complaints.push(`${page.url()}: ${error.message}`));
  page.on("console", (message) => {
    const isBad = message.type() === "error" || /Content Security Policy|Refused to/.test(message.text());
    if (isBad && !EXPECTED.test(message.text())) complaints.push(`${page.url()}: ${message.text()}`);
  });
}

/** A person who is signed in, with the API at hand for setting things up. */
export class Person {
  id = "";
  constructor(
    readonly context: BrowserContext,
    readonly username: string,
  ) {}

  async page(path = "/"): Promise<Page> {
    const page = await this.context.newPage();
    await page.goto(path);
    return page;
  }

  async api<T = Record<string, never>>(method: string, path: string, body?: unknown): Promise<T> {
    const answer = await this.context.request.fetch(path, { method, ...(body === undefined ? {} : { data: body }), failOnStatusCode: true });
    return (answer.status() === 204 ? null : await answer.json()) as T;
  }

  async board(columns: Record<string, string[]>, title = "Website"): Promise<Made> {
    const board = await this.api<{ id: string }>("POST", "/boards", { title, columns: Object.keys(columns) });
    const made = await this.api<{ items: { id: string; title: string }[] }>("GET", `/boards/${board.id}/columns`);
    const tasks = new Map<string, string>();
    for (const [name, titles] of Object.entries(columns)) {
      const column = made.items.find((one) => one.title === name)!;
      for (const text of titles) {
        const task = await this.api<{ id: string }>("POST", "/tasks", { column_id: column.id, title: text });
        tasks.set(text, task.id);
      }
    }
    return { id: board.id, columns: new Map(made.items.map((one) => [one.title, one.id])), tasks };
  }

  /** The tasks of a board as the server has them, by column. */
  async order(board: string): Promise<Record<string, string[]>> {
    const found = await this.api<{ columns: { id: string; title: string }[]; tasks: { column_id: string; title: string }[] }>("GET", `/boards/${board}/snapshot`);
    return Object.fromEntries(found.columns.map((one) => [one.title, found.tasks.filter((task) => task.column_id === one.id).map((task) => task.title)]));
  }
}

export interface Made {
  id: string;
  columns: Map<string, string>;
  tasks: Map<string, string>;
}

let people = 0;

export async function aPerson(name = "anna", options: BrowserContextOptions = {}): Promise<Person> {
  const context = await aBrowser(options);
  const username = `${name}${process.pid}${people++}`;
  const person = new Person(context, username);
  const made = await person.api<{ id: string }>("POST", "/users", { username, email: `${username}@example.com`, password: PASSWORD });
  person.id = made.id;
  return person;
}

/** Open a board and wait for its cards. */
export async function open(person: Person, board: string, more = ""): Promise<Page> {
  const page = await person.page(`/b/${board}${more}`);
  await page.waitForSelector("[data-column]");
  return page;
}

export const column = (page: Page, title: string): Locator => page.locator("[data-column]").filter({ has: page.getByRole("heading", { name: new RegExp(`^${title}`) }) });
export const card = (page: Page, title: string): Locator => page.locator("[data-card]").filter({ hasText: title });

/** The cards of a screen, by column, from top to bottom. */
export async function shown(page: Page): Promise<Record<string, string[]>> {
  return page.evaluate(() =>
    Object.fromEntries(
      [...document.querySelectorAll("[data-column]")].map((one) => [
        one.querySelector("h2")!.firstChild!.textContent!.trim(),
        [...one.querySelectorAll("[data-card] a > .title")].map((title) => title.textContent!.trim()),
      ]),
    ),
  );
}

/** Wait until a question has the answer: no sleeps. */
export async function eventually<T>(ask: () => Promise<T>, wanted: T): Promise<void> {
  await expect.poll(ask, { timeout: 15_000, interval: 100 }).toEqual(wanted);
}

/** Drag with a mouse, in steps, to a point of the target; `drop` false leaves it in the air. */
export async function drag(page: Page, from: Locator, to: Locator, { y = 0.5, drop = true } = {}): Promise<void> {
  const [a, b] = [(await from.boundingBox())!, (await to.boundingBox())!];
  await page.mouse.move(a.x + 30, a.y + 15);
  await page.mouse.down();
  await page.mouse.move(a.x + 40, a.y + 25, { steps: 3 });
  await page.mouse.move(b.x + b.width / 2, b.y + b.height * y, { steps: 8 });
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
  if (drop) await page.mouse.up();
}
