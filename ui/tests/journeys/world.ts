/** People with browsers, for journeys. Every page fails its journey on a policy violation, a console or a page error. */
import { chromium, type Browser, type BrowserContext, type BrowserContextOptions, type Locator, type Page, type Route } from "playwright-core";
import { uuid7 } from "../../src/api/ids";
import { afterAll, afterEach, beforeAll, expect, inject } from "vitest";

export const PASSWORD = "correct horse battery 9";
// What Chromium itself says of an answer that a journey expects: a refusal is no error of the page.
const EXPECTED = /Failed to load resource: (the server responded with a status of (401|403|404|409|412|422|429|5\d\d)|net::ERR)/;

/** Long enough for a slow and busy machine: a journey that goes well never waits for it. */
export const WAIT_MS = 30_000;

/** How long each request of a page is held, in milliseconds: `make journeys SLOW=250` finds journeys that count on a fast line. */
const HELD_MS = Number(process.env.SLOW ?? 0);

let browser: Browser;
const contexts: BrowserContext[] = [];
const complaints: string[] = [];

beforeAll(async () => {
  browser = await chromium.connect(inject("browser"));
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
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: "en-US", timezoneId: "UTC", baseURL: inject("base"), ...options });
  contexts.push(context);
  context.setDefaultTimeout(WAIT_MS);
  context.setDefaultNavigationTimeout(WAIT_MS);
  context.on("page", watch);
  if (HELD_MS) await context.route("**/*", held);
  return context;
}

async function held(route: Route): Promise<void> {
  await new Promise((over) => setTimeout(over, HELD_MS));
  await route.continue().catch(() => undefined); // its page may be gone by now
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
      await this.fill(board.id, column.id, titles, tasks);
    }
    return { id: board.id, columns: new Map(made.items.map((one) => [one.title, one.id])), tasks };
  }

  /** Make tasks, a hundred at a time. */
  private async fill(board: string, column: string, titles: string[], tasks: Map<string, string>): Promise<void> {
    for (let at = 0; at < titles.length; at += 100) {
      const bodies = titles.slice(at, at + 100).map((title) => ({ id: uuid7(), column_id: column, title }));
      await this.api("POST", `/boards/${board}/batch`, { operations: bodies.map((body) => ({ op: "create_task", body })) });
      for (const body of bodies) tasks.set(body.title, body.id);
    }
  }

  /** Let somebody onto a board. */
  async letIn(board: Made, other: Person, role = "MEMBER"): Promise<void> {
    await this.api("POST", `/boards/${board.id}/users`, { user_id: other.id, role });
  }

  /** How many events a board has had. */
  async seq(board: string): Promise<number> {
    return (await this.api<{ seq: number }>("GET", `/boards/${board}`)).seq;
  }

  /** The tasks of a board as the server has them, by column. */
  async order(board: string): Promise<Record<string, string[]>> {
    const found = await this.api<{ columns: { id: string; title: string }[]; tasks: { column_id: string; title: string }[] }>("GET", `/boards/${board}/snapshot`);
    return Object.fromEntries(found.columns.map((one) => [one.title, found.tasks.filter((task) => task.column_id === one.id).map((task) => task.title)]));
  }
}

/** Whether the page is the one that was opened: not loaded anew. */
export async function isSamePage(page: Page): Promise<boolean> {
  return page.evaluate(() => "isSamePage" in globalThis);
}

export interface Made {
  id: string;
  columns: Map<string, string>;
  tasks: Map<string, string>;
}

let people = 0;

/** Paste a text as a person does: from the clipboard, into what has the focus. */
export async function paste(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await page.evaluate((words) => navigator.clipboard.writeText(words), text);
  await page.keyboard.press("ControlOrMeta+v");
}

/** What is saved as a file when something is pressed. */
export async function downloaded<T>(page: Page, press: () => Promise<void>): Promise<T> {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  const parts: Buffer[] = [];
  for await (const part of await download.createReadStream()) parts.push(part as Buffer);
  return JSON.parse(Buffer.concat(parts).toString()) as T;
}

/** Wait until two frames were drawn. */
export async function drawn(page: Page): Promise<void> {
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
}

/** Attach a file as a program does. */
export async function attach<T = Record<string, never>>(person: Person, task: string, name: string, data: Buffer): Promise<T> {
  const headers = { "content-type": "application/octet-stream" };
  const answer = await person.context.request.post(`/tasks/${task}/attachments`, { params: { name }, data, headers, failOnStatusCode: true });
  return (await answer.json()) as T;
}

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
  await page.evaluate(() => Object.assign(globalThis, { isSamePage: true })); // a reload forgets it
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
  await expect.poll(ask, { timeout: WAIT_MS, interval: 100 }).toEqual(wanted);
}

/** Drag with a mouse, in steps, to a point of the target; `drop` false leaves it in the air. */
export async function drag(page: Page, from: Locator, to: Locator, { y = 0.5, drop = true } = {}): Promise<void> {
  await page.bringToFront(); // a page behind another draws seldom, and input waits for its frames
  const [a, b] = [(await from.boundingBox())!, (await to.boundingBox())!];
  await page.mouse.move(a.x + 30, a.y + 15);
  await page.mouse.down();
  await page.mouse.move(a.x + 40, a.y + 25, { steps: 3 });
  await page.mouse.move(b.x + b.width / 2, b.y + b.height * y, { steps: 8 });
  await drawn(page);
  if (drop) await page.mouse.up();
}
