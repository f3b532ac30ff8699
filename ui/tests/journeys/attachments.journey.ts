import type { Locator, Page } from "playwright-core";
import { describe, expect, inject, test } from "vitest";
import { jpeg, noise, placeSegment, png, transfer } from "./pictures";
import { kill, ready, start } from "./server";
import { aPerson, attach, card, eventually, isSamePage, open, PASSWORD, type Made, type Person } from "./world";

const LOGO = png(640, 400, [214, 69, 69]);
const MB = 1 << 20;

interface Attachment {
  id: string;
  title: string;
  url: string | null;
  size: number | null;
  media_type: string | null;
}

const section = (page: Page) => page.locator("[data-attachments]");
const row = (page: Page, title: string) => page.locator("[data-attachment]").filter({ hasText: title });
const upload = (page: Page, title: string) => page.locator("[data-upload]").filter({ hasText: title });
const names = (page: Page) => page.locator("[data-attachment] a.title, [data-attachment] span.title").allInnerTexts();
const count = (page: Page, title: string) => card(page, title).getByRole("link").getAttribute("aria-describedby").then((id) => page.locator(`#${id}`).textContent());
const chooser = (page: Page) => section(page).locator("input[type=file]");

async function attached(person: Person, task: string): Promise<Attachment[]> {
  return (await person.api<{ items: Attachment[] }>("GET", `/tasks/${task}/attachments`)).items;
}

/** What takes dropped and pasted files comes a little after the board, in parts: none of them says that all are there, so the page is asked. */
async function takesFiles(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { result } = await session.send("Runtime.evaluate", { expression: "window" });
  const takes = () => session.send("DOMDebugger.getEventListeners", { objectId: result.objectId! }).then(({ listeners }) => listeners.some((one) => one.type === "drop"));
  await eventually(takes, true);
  await session.detach();
}

async function drop(page: Page, on: Locator, ...files: { name: string; type: string; content: Buffer }[]): Promise<void> {
  await takesFiles(page);
  const dataTransfer = await transfer(page, files);
  for (const type of ["dragenter", "dragover", "drop"]) await on.dispatchEvent(type, { dataTransfer });
}

async function pasteFiles(page: Page, into: Locator, ...files: { name: string; type: string; content: Buffer }[]): Promise<void> {
  await takesFiles(page);
  const clipboardData = await transfer(page, files);
  await into.evaluate((node, data) => node.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })), clipboardData);
}

async function aTask(person: Person): Promise<{ board: Made; task: string }> {
  const board = await person.board({ Ideas: ["One", "Two"] });
  return { board, task: board.tasks.get("One")! };
}

/** Let a page send slowly, as from a train. */
async function slow(page: Page, bytesASecond: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.emulateNetworkConditions", { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: bytesASecond });
}

describe("attachments", () => {
  test("a picture dropped on a card is seen in another browser, and is gone in both once it is undone", async () => {
    const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
    const { board, task } = await aTask(anna);
    await anna.letIn(board, boris);
    const [mine, theirs] = [await open(anna, board.id), await open(boris, board.id, `/t/${task}`)];
    await drop(mine, card(mine, "One").locator("a"), { name: "logo.png", type: "image/png", content: LOGO });
    await row(theirs, "logo.png").waitFor();
    const picture = row(theirs, "logo.png").locator("img");
    await eventually(() => picture.evaluate((node) => (node as HTMLImageElement).naturalWidth), 640);
    expect(await row(theirs, "logo.png").innerText()).toContain("kB");
    await eventually(() => count(mine, "One").then((words) => words?.includes("1 attachment")), true);
    await eventually(() => count(theirs, "One").then((words) => words?.includes("1 attachment")), true);
    await mine.getByRole("button", { name: "Undo" }).last().click();
    await eventually(() => names(theirs), []);
    await eventually(() => count(mine, "One").then((words) => words?.includes("attachment")), false);
    expect(await attached(anna, task)).toEqual([]);
  });

  test("a pasted picture gets a name with its time, and stands in the description that it was pasted into", async () => {
    const anna = await aPerson();
    const { board, task } = await aTask(anna);
    const page = await open(anna, board.id, `/t/${task}`);
    await section(page).waitFor();
    await pasteFiles(page, page.locator("[data-panel]"), { name: "image.png", type: "image/png", content: LOGO });
    await eventually(async () => (await names(page)).map((name) => /^Picture \d{4}-\d\d-\d\d \d\d-\d\d-\d\d\.png$/.test(name)), [true]);
    await page.locator("[data-describe]").click();
    const text = page.getByLabel("Description", { exact: true });
    await text.fill("See ");
    await pasteFiles(page, text, { name: "plan.png", type: "image/png", content: png(300, 200, [47, 111, 219]) });
    await eventually(() => text.inputValue().then((value) => /^See !\[plan\.png\]\(\/attachments\/[0-9a-f-]{36}\/content\)$/.test(value)), true);
    await page.keyboard.press("ControlOrMeta+Enter");
    const picture = page.locator("[data-markdown] img");
    await picture.waitFor();
    expect(await picture.getAttribute("alt")).toBe("plan.png");
    await eventually(() => picture.evaluate((node) => (node as HTMLImageElement).naturalWidth), 300);
    expect((await attached(anna, task)).map((one) => one.media_type)).toEqual(["image/png", "image/png"]);
    await page.reload();
    await eventually(() => picture.count(), 1);
  });

  test("a file is deleted for good after a question, by its author or a moderator, and nothing offers to undo it", async () => {
    const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
    const { board, task } = await aTask(anna);
    await anna.letIn(board, boris);
    for (const name of ["plan.bin", "other.bin"]) await attach(boris, task, name, Buffer.from(name));
    await attach(anna, task, "anna.bin", Buffer.from("hers"));
    const [page, theirs] = [await open(anna, board.id, `/t/${task}`), await open(boris, board.id, `/t/${task}`)];
    await row(theirs, "anna.bin").getByRole("button", { name: "Menu" }).click();
    expect(await theirs.getByRole("menuitem", { name: "Delete for good …" }).count()).toBe(0);
    await row(page, "plan.bin").getByRole("button", { name: "Menu" }).click();
    await page.getByRole("menuitem", { name: "Delete for good …" }).click();
    const question = page.getByRole("dialog", { name: "Delete for good?" });
    await eventually(() => question.getByRole("button", { name: "Cancel" }).evaluate((node) => node === document.activeElement), true);
    await question.getByRole("button", { name: "Cancel" }).click();
    await eventually(() => question.count(), 0);
    expect((await attached(anna, task)).length).toBe(3);
    await row(page, "plan.bin").getByRole("button", { name: "Menu" }).click();
    await page.getByRole("menuitem", { name: "Delete for good …" }).click();
    await question.getByRole("button", { name: "Delete for good" }).click();
    await page.getByText("“plan.bin” deleted for good").first().waitFor();
    await eventually(() => names(theirs), ["other.bin", "anna.bin"]);
    expect(await page.getByRole("region", { name: "Messages" }).getByRole("button", { name: "Undo" }).count()).toBe(0);
    await page.keyboard.press("ControlOrMeta+z");
    await page.getByText("Nothing to undo on this board in this tab.").first().waitFor();
  });

  test("a larger picture is shown small once the server has made it so, and as it is where no server does", async () => {
    const anna = await aPerson();
    const { board, task } = await aTask(anna);
    await attach(anna, task, "noise.png", noise(500, 400));
    await attach(anna, task, "broken.png", Buffer.from("\x89PNG\r\n\x1a\nand nothing of a picture", "latin1"));
    const page = await open(anna, board.id, `/t/${task}`);
    const picture = row(page, "noise.png").locator("img");
    await eventually(() => picture.evaluate((node) => [320, 500].includes((node as HTMLImageElement).naturalWidth)), true);
    await eventually(() => row(page, "broken.png").locator("img").count(), 0); // its ending stands there instead
    await row(page, "broken.png").getByText("PNG", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Look at broken.png" }).click();
    await page.getByText("The picture cannot be shown.").waitFor();
  });

  test("pictures in a description are only those of its board", async () => {
    const anna = await aPerson();
    const [{ task: other }, { board, task }] = [await aTask(anna), await aTask(anna)];
    const [foreign, own] = [await attach<Attachment>(anna, other, "foreign.png", LOGO), await attach<Attachment>(anna, board.tasks.get("Two")!, "own.png", LOGO)];
    await anna.api("PATCH", `/tasks/${task}`, { description: `![foreign](/attachments/${foreign.id}/content) ![own](/attachments/${own.id}/content)` });
    const page = await open(anna, board.id, `/t/${task}`);
    const shown = page.locator("[data-markdown]");
    await eventually(() => shown.locator("img").evaluateAll((all) => all.map((one) => (one as HTMLImageElement).alt)), ["own"]);
    expect(await shown.innerText()).toContain("foreign");
  });

  test("two files go at once, each says how far it is, one is cancelled, and the others arrive", async () => {
    const anna = await aPerson();
    const { board, task } = await aTask(anna);
    const page = await open(anna, board.id, `/t/${task}`);
    await section(page).waitFor();
    await slow(page, 256 * 1024);
    const files = ["a.bin", "b.bin", "c.bin"].map((name) => ({ name, mimeType: "application/octet-stream", buffer: Buffer.alloc(MB, name) }));
    await chooser(page).setInputFiles(files);
    await eventually(() => page.locator("[data-upload]").evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.upload)), ["sending", "sending", "waiting"]);
    await upload(page, "c.bin").getByText("Waits for its turn").waitFor();
    await eventually(() => page.getByRole("progressbar", { name: "a.bin" }).evaluate((node) => (node as HTMLProgressElement).position > 0), true);
    await upload(page, "b.bin").getByRole("button", { name: "Cancel: b.bin" }).click();
    await eventually(() => upload(page, "b.bin").count(), 0);
    await eventually(() => names(page), ["a.bin", "c.bin"]);
    expect((await attached(anna, task)).map((one) => one.size)).toEqual([MB, MB]);
  });

  test("what the server would not take is refused in words, and stays until it is put away", async () => {
    const anna = await aPerson();
    const { board, task } = await aTask(anna);
    const page = await open(anna, board.id, `/t/${task}`);
    await section(page).waitFor();
    const sent: string[] = [];
    page.on("request", (request) => request.method() === "POST" && sent.push(request.url()));
    await chooser(page).setInputFiles({ name: "film.mp4", mimeType: "video/mp4", buffer: Buffer.alloc(25 * MB + 1) });
    await upload(page, "film.mp4").getByText("Too large: more than 25 MB.").waitFor();
    expect(sent).toEqual([]);
    await page.getByRole("button", { name: "Do not attach: film.mp4" }).click();
    for (let at = 0; at < 100; at++) await anna.api("POST", `/tasks/${task}/links`, { url: `https://example.com/${at}` });
    await chooser(page).setInputFiles({ name: "plan.pdf", mimeType: "application/pdf", buffer: Buffer.alloc(10 * MB, "%PDF-1.7") });
    await upload(page, "plan.pdf").getByText("The limit is reached: 100 attachments of a task.").waitFor();
    await row(page, "https://example.com/0").first().getByRole("button").click();
    await page.getByRole("menuitem", { name: "Remove" }).click();
    await eventually(async () => (await attached(anna, task)).length, 50); // a page of them; 99 are left
    await page.getByRole("button", { name: "Try again: plan.pdf" }).click();
    await row(page, "plan.pdf").waitFor();
    expect(await upload(page, "plan.pdf").count()).toBe(0);
  });

  test("a server that dies while a file arrives gets it again when it is back, and has it once", async () => {
    const anna = await aPerson();
    const { board, task } = await aTask(anna);
    const page = await open(anna, board.id, `/t/${task}`);
    await section(page).waitFor();
    await slow(page, 512 * 1024);
    await chooser(page).setInputFiles({ name: "talk.bin", mimeType: "application/octet-stream", buffer: Buffer.alloc(3 * MB, 7) });
    await eventually(() => page.getByRole("progressbar").evaluate((node) => (node as HTMLProgressElement).position > 0), true);
    await kill(inject("folder"));
    await upload(page, "talk.bin").getByText("Goes on by itself. Doska does not answer.").waitFor();
    start(inject("folder"), inject("port"));
    await ready(inject("folder"), inject("port"));
    await row(page, "talk.bin").waitFor();
    await eventually(() => page.locator("[data-upload]").count(), 0);
    expect((await attached(anna, task)).map((one) => [one.title, one.size])).toEqual([["talk.bin", 3 * MB]]);
    expect(await isSamePage(page)).toBe(true);
  });

  test("an answer that was lost is asked for again with the same key: the file is attached once", async () => {
    const anna = await aPerson();
    const { board, task } = await aTask(anna);
    const page = await open(anna, board.id, `/t/${task}`);
    await section(page).waitFor();
    const keys: (string | undefined)[] = [];
    await page.route("**/attachments?*", async (route) => {
      keys.push(route.request().headers()["idempotency-key"]);
      if (keys.length > 1) return route.continue();
      await route.fetch();
      await route.abort();
    });
    await chooser(page).setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("notes") });
    await eventually(async () => keys.length, 2);
    await eventually(() => page.locator("[data-upload]").count(), 0);
    expect(new Set(keys).size).toBe(1);
    expect((await attached(anna, task)).map((one) => one.title)).toEqual(["notes.txt"]);
    expect(await names(page)).toEqual(["notes.txt"]);
  });

  test("a sign-in that has ended holds files up, and they go on after it", async () => {
    const anna = await aPerson();
    const { board, task } = await aTask(anna);
    const page = await open(anna, board.id, `/t/${task}`);
    await section(page).waitFor();
    await anna.context.request.post("/auth/logout");
    await chooser(page).setInputFiles({ name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("notes") });
    const sheet = page.locator("dialog form");
    await sheet.getByLabel("Password", { exact: true }).fill(PASSWORD);
    await sheet.getByRole("button", { name: "Sign in" }).click();
    await row(page, "notes.txt").waitFor();
    expect((await attached(anna, task)).map((one) => one.title)).toEqual(["notes.txt"]);
    expect(await isSamePage(page)).toBe(true);
  });

  test("an attachment is renamed in place, removed, and brought back by the toast", async () => {
    const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
    const { board, task } = await aTask(anna);
    await anna.letIn(board, boris);
    await attach(anna, task, "draft.txt", Buffer.from("words"));
    const [mine, theirs] = [await open(anna, board.id, `/t/${task}`), await open(boris, board.id, `/t/${task}`)];
    await row(mine, "draft.txt").getByRole("button", { name: "Menu of “draft.txt”" }).click();
    await mine.getByRole("menuitem", { name: "Rename" }).click();
    const field = mine.getByLabel("Name of the attachment");
    expect(await field.evaluate((node) => [(node as HTMLInputElement).selectionStart, (node as HTMLInputElement).selectionEnd])).toEqual([0, "draft".length]);
    await mine.keyboard.type("final");
    await mine.keyboard.press("Enter");
    await eventually(() => names(theirs), ["final.txt"]);
    const menu = mine.getByRole("button", { name: "Menu of “final.txt”" });
    await eventually(() => menu.evaluate((node) => node === document.activeElement), true);
    await menu.click();
    await mine.getByRole("menuitem", { name: "Remove" }).click();
    await eventually(() => names(theirs), []);
    await mine.getByRole("button", { name: "Undo" }).last().click();
    await eventually(() => names(theirs), ["final.txt"]);
    await eventually(() => names(mine), ["final.txt"]);
    await eventually(() => count(theirs, "One").then((words) => words?.includes("1 attachment")), true);
    const [download] = await Promise.all([mine.waitForEvent("download"), mine.getByRole("link", { name: "final.txt" }).click()]);
    expect(download.suggestedFilename()).toBe("final.txt");
  });

  test("pictures are looked at one after the other by keyboard alone, and the focus goes back", async () => {
    const anna = await aPerson();
    const { board, task } = await aTask(anna);
    for (const [name, color] of [["red.png", [214, 69, 69]], ["blue.png", [47, 111, 219]]] as const) await attach(anna, task, name, png(800, 600, [...color]));
    await attach(anna, task, "notes.txt", Buffer.from("no picture"));
    const page = await open(anna, board.id, `/t/${task}`);
    const opener = page.getByRole("button", { name: "Look at red.png" });
    await opener.focus();
    await page.keyboard.press("Enter");
    const viewer = page.getByRole("dialog", { name: "Pictures of the task" });
    await viewer.getByRole("img", { name: "red.png" }).waitFor();
    await viewer.getByText("1 of 2").waitFor();
    await page.keyboard.press("ArrowRight");
    await viewer.getByRole("img", { name: "blue.png" }).waitFor();
    await page.keyboard.press("ArrowRight");
    await viewer.getByRole("img", { name: "red.png" }).waitFor();
    await eventually(() => viewer.getByRole("img", { name: "red.png" }).evaluate((node) => (node as HTMLImageElement).naturalWidth), 800);
    await page.keyboard.press("Escape");
    await eventually(() => viewer.count(), 0);
    await eventually(() => opener.evaluate((node) => node === document.activeElement), true);
    expect(page.url()).toContain(task); // Escape closed one layer
  });

  test("a link shows where it leads, and one that pretends to lead elsewhere is unmasked", async () => {
    const anna = await aPerson();
    const { board, task } = await aTask(anna);
    const page = await open(anna, board.id, `/t/${task}`);
    await section(page).getByRole("button", { name: "Add a link" }).click();
    await page.getByLabel("Address").fill("javascript:alert(1)");
    await page.keyboard.press("Enter");
    await page.getByText("An address begins with https:// or http://.").waitFor();
    await page.getByLabel("Address").fill("example.com/plan");
    await page.getByLabel("Title (if it is to have one)").fill("The plan");
    await page.keyboard.press("Enter");
    await eventually(async () => (await attached(anna, task)).map((one) => [one.title, one.url]), [["The plan", "https://example.com/plan"]]);
    await anna.api("POST", `/tasks/${task}/links`, { url: "https://evil.example/x", title: "bank.example" });
    await row(page, "bank.example").getByText("leads to evil.example").waitFor();
    expect(await row(page, "The plan").innerText()).toContain("example.com");
    expect(await page.getByRole("link", { name: "The plan" }).evaluate((node) => [(node as HTMLAnchorElement).href, (node as HTMLAnchorElement).rel])).toEqual([
      "https://example.com/plan",
      "noopener noreferrer nofollow",
    ]);
    await page.keyboard.press("ControlOrMeta+z");
  });

  test("an observer sees attachments and downloads them, and cannot attach, rename or remove any", async () => {
    const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
    const { board, task } = await aTask(anna);
    await anna.letIn(board, boris, "OBSERVER");
    await attach(anna, task, "plan.txt", Buffer.from("words"));
    const page = await open(boris, board.id, `/t/${task}`);
    await row(page, "plan.txt").getByRole("button", { name: "Menu of “plan.txt”" }).click();
    await page.getByRole("menuitem").first().waitFor();
    expect(await page.getByRole("menuitem").allInnerTexts()).toEqual(["Download", "Copy for a description"]);
    await page.keyboard.press("Escape");
    expect(await chooser(page).count()).toBe(0);
    await drop(page, page.locator("[data-panel]"), { name: "logo.png", type: "image/png", content: LOGO });
    await drop(page, card(page, "Two").locator("a"), { name: "logo.png", type: "image/png", content: LOGO });
    await pasteFiles(page, page.locator("[data-panel]"), { name: "image.png", type: "image/png", content: LOGO });
    expect(await page.locator("[data-upload]").count()).toBe(0);
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("link", { name: "plan.txt" }).click()]);
    expect(download.suggestedFilename()).toBe("plan.txt");
    expect(await attached(anna, task)).toHaveLength(1);
  });

  test("before a picture goes to a public board it is asked whether it may tell where it was taken", async () => {
    const anna = await aPerson();
    const { board, task } = await aTask(anna);
    await anna.api("PATCH", `/boards/${board.id}`, { is_public: true });
    const page = await open(anna, board.id, `/t/${task}`);
    await section(page).waitFor();
    const content = await jpeg(page, placeSegment());
    const file = { name: "IMG_1.jpg", mimeType: "image/jpeg", buffer: content };
    await chooser(page).setInputFiles(file);
    await upload(page, "IMG_1.jpg").getByText("This picture tells where it was taken").waitFor();
    expect(await attached(anna, task)).toEqual([]);
    await page.getByRole("button", { name: "Attach without the place" }).click();
    await row(page, "IMG_1.jpg").waitFor();
    const [kept] = await attached(anna, task);
    const bytes = await (await anna.context.request.get(`/attachments/${kept!.id}/content`)).body();
    expect([kept!.media_type, bytes.length]).toEqual(["image/jpeg", content.length]);
    expect(bytes.includes(Buffer.from([52, 0, 0, 0, 1, 0, 0, 0, 30, 0, 0, 0]))).toBe(false);
    await chooser(page).setInputFiles(file);
    await page.getByRole("button", { name: "Attach as it is" }).click();
    await eventually(async () => (await attached(anna, task)).length, 2);
    const whole = (await attached(anna, task))[1]!;
    expect(Buffer.compare(await (await anna.context.request.get(`/attachments/${whole.id}/content`)).body(), content)).toBe(0);
  });

  test("a file dropped on a task that is just being made waits for it, and what is on its way is seen without its panel", async () => {
    const anna = await aPerson();
    const { board } = await aTask(anna);
    const page = await open(anna, board.id);
    let go: (() => void) | undefined;
    const held = new Promise<void>((next) => (go = next));
    await page.route("**/tasks", async (route) => {
      await held;
      await route.continue();
    });
    await page.keyboard.press("c");
    await page.keyboard.type("Three");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Escape");
    await drop(page, card(page, "Three").locator("a"), { name: "logo.png", type: "image/png", content: LOGO });
    await page.locator("[data-uploads]").getByText("Waits for its turn").waitFor();
    go!();
    await eventually(() => count(page, "Three").then((words) => words?.includes("1 attachment")), true);
    await eventually(() => page.locator("[data-uploads]").count(), 0);
  });
});
