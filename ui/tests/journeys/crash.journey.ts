import { createServer, request as ask } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { freePort, kill, newFolder, ready, start, stop } from "./server";
import { aBrowser, aPerson, card, column, drag, eventually, isSamePage, open, PASSWORD, shown } from "./world";

test("6: the server dies in mid-drag and comes back: the drop is settled once, with one event and no reload", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two"], Doing: ["Three"] });
  const page = await open(anna, board.id);
  const before = await anna.seq(board.id);
  await drag(page, card(page, "One"), card(page, "Three"), { y: 0.1, drop: false });
  await kill(inject("folder"));
  await page.mouse.up();
  const wanted = { Ideas: ["Two"], Doing: ["One", "Three"] };
  expect(await shown(page)).toEqual(wanted);
  await page.getByText("Offline · 1 change waiting").waitFor();
  start(inject("folder"), inject("port"));
  await ready(inject("folder"), inject("port"));
  await eventually(() => anna.order(board.id), wanted);
  await eventually(() => page.getByText(/Offline/).count(), 0);
  expect(await shown(page)).toEqual(wanted);
  expect(await anna.seq(board.id)).toBe(before + 1);
  expect(await isSamePage(page)).toBe(true);
});

/** A proxy that serves Doska below a path, and takes the path off what it passes on, as nginx or Caddy are set up to. */
async function proxy(prefix: string, port: number): Promise<{ port: number; close: () => void }> {
  const server = createServer((incoming, outgoing) => {
    const path = incoming.url ?? "/";
    if (!path.startsWith(`${prefix}/`)) return void outgoing.writeHead(404).end("nothing of Doska's");
    const passed = ask({ port, path: path.slice(prefix.length), method: incoming.method, headers: incoming.headers }, (answer) => {
      outgoing.writeHead(answer.statusCode!, answer.headers);
      answer.pipe(outgoing);
    });
    passed.on("error", () => outgoing.destroy());
    outgoing.on("close", () => passed.destroy());
    incoming.pipe(passed);
  }).listen(0, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  return { port: (server.address() as AddressInfo).port, close: () => void server.close().closeAllConnections() };
}

let folder: string;
let door: { port: number; close: () => void };

beforeAll(async () => {
  folder = newFolder();
  const port = await freePort();
  door = await proxy("/kanban", port);
  start(folder, port, { DOSKA_PUBLIC_URL: `http://localhost:${door.port}/kanban` });
  await ready(folder, port);
});

afterAll(async () => {
  door.close();
  await stop(folder);
});

test("27: below a path of a proxy: the first account, a board, a live change, a deep address, an invitation", async () => {
  const origin = `http://localhost:${door.port}`;
  const page = await (await aBrowser({ baseURL: origin })).newPage();
  await page.goto("/kanban/");
  await page.getByRole("heading", { name: "Make the first account" }).waitFor();
  await page.getByText("doska create-admin").waitFor();
  await page.getByLabel("Username").fill("anna");
  await page.getByLabel("E-mail").fill("anna@example.com");
  await page.getByLabel("Password", { exact: true }).fill(PASSWORD);
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByLabel("Title of the board").fill("Website");
  await page.getByRole("button", { name: "Make a board" }).click();
  await page.waitForSelector("[data-column]");
  await page.keyboard.press("c");
  await page.keyboard.type("Draw");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.waitForURL(/\/kanban\/b\/[0-9a-f-]+$/);
  const second = await page.context().newPage();
  await second.goto(page.url());
  await card(second, "Draw").waitFor();
  await drag(page, card(page, "Draw"), column(page, "Done"), { y: 0.5 });
  await eventually(() => shown(second), { "To do": [], "In progress": [], Done: ["Draw"] });
  await card(second, "Draw").locator("a").click();
  await second.waitForURL(/\/kanban\/b\/.*\/t\//);
  await second.reload();
  await second.locator("[data-panel]").getByRole("heading", { name: "Draw", level: 1 }).waitFor();
  expect(await second.evaluate(() => [...document.images].every((image) => new URL(image.src).pathname.startsWith("/kanban/users/")))).toBe(true);
  await page.goto(`${page.url()}/people`);
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByLabel("The link is shown only now:").inputValue();
  expect(link.startsWith(`${origin}/kanban/invited#`)).toBe(true);
  const boris = await (await aBrowser({ baseURL: origin })).newPage();
  await boris.goto(link);
  await boris.getByText("invites you to the board “Website”").waitFor();
  expect(new URL(boris.url()).hash).toBe("");
  await boris.getByLabel("Username").first().fill("boris");
  await boris.getByLabel("E-mail").first().fill("boris@example.com");
  await boris.getByLabel("Password", { exact: true }).first().fill(PASSWORD);
  await boris.getByRole("button", { name: "Create account and join" }).click();
  await card(boris, "Draw").waitFor();
});
