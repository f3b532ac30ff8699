/** The page of docs/examples, as its first lines say it is opened: beside a running Doska. */
import { resolve } from "node:path";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, inject, test } from "vitest";
import { aBrowser, aPerson, eventually, PASSWORD } from "./world";

let vite: ViteDevServer;
let address: string;

beforeAll(async () => {
  process.env.DOSKA_URL = inject("base"); // its configuration reads it
  vite = await createServer({ root: resolve(import.meta.dirname, "../../../docs/examples"), logLevel: "error", server: { port: 0 } });
  await vite.listen();
  address = `${vite.resolvedUrls!.local[0]}live-board.html`;
});

afterAll(() => vite.close());

test("the example signs in, follows a board, adds, moves, and takes back", async () => {
  const boris = await aPerson("boris");
  const board = await boris.board({ Ideas: ["One"], Doing: [] });
  const page = await (await aBrowser()).newPage();
  await page.goto(address);
  await page.getByLabel("Username").fill(boris.username);
  await page.getByLabel("Password").fill(PASSWORD);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByLabel("Board").selectOption(board.id);
  const shown = () => page.locator("section").evaluateAll((all) => all.map((one) => [...one.querySelectorAll("article")].map((card) => card.firstChild!.textContent)));
  await eventually(shown, [["One"], []]);
  await eventually(() => page.getByRole("status").textContent(), "live");
  await boris.api("POST", "/tasks", { title: "Two", column_id: board.columns.get("Ideas") });
  await eventually(shown, [["One", "Two"], []]);
  await page.getByLabel("New task").fill("Three");
  await page.getByRole("button", { name: "Add" }).click();
  await page.getByRole("button", { name: "Move Two to Doing" }).click();
  await eventually(shown, [["One", "Three"], ["Two"]]);
  await eventually(() => boris.order(board.id), { Ideas: ["One", "Three"], Doing: ["Two"] });
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(() => boris.order(board.id), { Ideas: ["One", "Two", "Three"], Doing: [] });
  await eventually(shown, [["One", "Two", "Three"], []]);
  await page.getByRole("button", { name: "Undo" }).click();
  await eventually(shown, [["One", "Two"], []]);
});
