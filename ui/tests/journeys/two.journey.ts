import { expect, test } from "vitest";
import { aPerson, card, column, downloaded, drag, eventually, isSamePage, open, PASSWORD, shown } from "./world";

test("26: somebody else signs in in another tab: nothing is done in their name, and unsent work waits for its owner", async () => {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await anna.board({ Ideas: ["One"], Doing: [] });
  await anna.letIn(board, boris);
  const page = await open(anna, board.id);
  const seq = await anna.seq(board.id);
  const other = await anna.context.newPage();
  await anna.context.request.post("/auth/login", { data: { login: boris.username, password: PASSWORD } }); // the cookie is Boris's now
  await other.goto(`/b/${board.id}`);
  await card(other, "One").waitFor();
  await drag(page, card(page, "One"), column(page, "Doing"), { y: 0.3 });
  const sheet = page.getByRole("dialog", { name: "Sign in again" });
  await sheet.getByText("Somebody else has signed in here meanwhile").waitFor();
  await sheet.getByText("1 change was not sent yet").waitFor();
  expect(await boris.seq(board.id)).toBe(seq); // nothing was done in Boris's name
  await sheet.getByLabel("Username or e-mail").fill(boris.username);
  await sheet.getByLabel("Password").fill(PASSWORD);
  await sheet.getByRole("button", { name: "Sign in" }).click();
  await sheet.getByText(/What was not sent is .*’s/).waitFor();
  const saved = await downloaded<{ unsent: { what: string }[] }>(page, () => sheet.getByRole("button", { name: "Save as a file" }).click());
  expect(saved.unsent.map((one) => one.what)).toEqual(["“One” moved"]);
  await sheet.getByRole("button", { name: "Discard" }).click();
  await expect.poll(() => isSamePage(page).catch(() => true)).toBe(false); // Boris begins anew
  await eventually(() => shown(page), { Ideas: ["One"], Doing: [] });
  expect(await boris.seq(board.id)).toBe(seq);
});

test("26: the owner signs in again over the open work, and it goes on", async () => {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await anna.board({ Ideas: ["One"], Doing: [] });
  const page = await open(anna, board.id);
  await anna.context.request.post("/auth/login", { data: { login: boris.username, password: PASSWORD } });
  await drag(page, card(page, "One"), column(page, "Doing"), { y: 0.3 });
  const sheet = page.getByRole("dialog", { name: "Sign in again" });
  await sheet.getByLabel("Password").fill(PASSWORD);
  await sheet.getByRole("button", { name: "Sign in" }).click();
  await eventually(() => anna.order(board.id), { Ideas: [], Doing: ["One"] });
  expect(await isSamePage(page)).toBe(true);
});

test("who else has changed a text is named: while one types, in a conflict, and when it was merged", async () => {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await anna.board({ Ideas: ["One"] });
  await anna.letIn(board, boris);
  await boris.api("PATCH", `/users/${boris.id}`, { name: "Boris Godunov" });
  const task = board.tasks.get("One")!;
  await anna.api("PATCH", `/tasks/${task}`, { description: "first\nsecond\nthird" });
  const page = await open(anna, board.id, `/t/${task}`);
  const title = page.getByLabel("Title", { exact: true });
  await title.focus();
  await title.fill("Mine");
  await boris.api("PATCH", `/tasks/${task}`, { title: "Theirs" });
  await page.getByText("Boris Godunov changed this meanwhile.").first().waitFor();
  expect(await title.inputValue()).toBe("Mine");
  await title.press("Enter");
  await page.getByText("By Boris Godunov: Theirs").waitFor();
  await page.getByRole("button", { name: "Take theirs" }).click();
  await page.locator("[data-describe]").click();
  const description = page.getByLabel("Description", { exact: true });
  await description.fill("first\nsecond\nTHIRD");
  await boris.api("PATCH", `/tasks/${task}`, { description: "FIRST\nsecond\nthird" });
  await page.getByText("Boris Godunov changed this meanwhile.").first().waitFor();
  await description.press("ControlOrMeta+Enter");
  const merged = page.getByRole("group", { name: "Merged with the change by Boris Godunov." });
  expect(await merged.textContent()).toContain("FIRST");
  const server = async () => (await anna.api<{ description: string }>("GET", `/tasks/${task}`)).description;
  await eventually(server, "FIRST\nsecond\nTHIRD");
  await merged.getByRole("button", { name: "Bring back mine" }).click();
  await eventually(server, "first\nsecond\nTHIRD");
});

test("signing out with unsent work asks first: wait, save as a file, or discard", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One"], Doing: [] });
  const page = await open(anna, board.id);
  await page.keyboard.press("c");
  await page.keyboard.type("half a thought");
  await page.keyboard.press("Escape");
  await page.route("**/tasks/*/move", (route) => route.abort());
  await drag(page, card(page, "One"), column(page, "Doing"), { y: 0.3 });
  await page.getByText("Offline · 1 change waiting").waitFor();
  await page.getByRole("link", { name: "Profile" }).first().click();
  await page.getByRole("button", { name: "Sign out" }).click();
  const asked = page.getByRole("alertdialog", { name: "Sign out" });
  await asked.getByText("1 change was not sent yet, 1 draft was not saved").waitFor();
  const saved = await downloaded<{ unsent: object[]; drafts: { text: string }[] }>(page, () => asked.getByRole("button", { name: "Save as a file" }).click());
  expect([saved.unsent.length, saved.drafts.map((one) => one.text)]).toEqual([1, ["half a thought"]]);
  await asked.getByRole("button", { name: "Wait" }).click();
  await page.unroute("**/tasks/*/move");
  await eventually(() => anna.order(board.id), { Ideas: [], Doing: ["One"] }); // it goes on, though another screen is open
  await page.getByRole("button", { name: "Sign out" }).click();
  await asked.getByText(/^1 draft was not saved/).waitFor();
  await asked.getByRole("button", { name: "Discard and sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  expect(await page.evaluate(() => Object.keys(localStorage).filter((name) => name.startsWith("doska.draft")))).toEqual([]);
});

test("signing out while files are on their way asks first, and discards them", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One"] });
  const page = await open(anna, board.id, `/t/${board.tasks.get("One")}`);
  await page.route("**/attachments?name=*", () => undefined); // they go on and on
  const files = ["a.txt", "b.txt"].map((name) => ({ name, mimeType: "text/plain", buffer: Buffer.from(name) }));
  await page.locator("[data-attachments] input[type=file]").setInputFiles(files);
  await eventually(() => page.locator("[data-upload]").count(), 2);
  await page.getByRole("link", { name: "Profile" }).first().click();
  await page.getByRole("button", { name: "Sign out" }).click();
  const asked = page.getByRole("alertdialog", { name: "Sign out" });
  await asked.getByText("2 files are still being sent. Only this browser has that.").waitFor();
  expect(await asked.getByRole("button").allInnerTexts()).toEqual(["Wait", "Discard and sign out"]);
  const ended = page.waitForEvent("requestfailed", (request) => request.url().includes("/attachments?name="));
  await asked.getByRole("button", { name: "Discard and sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await ended;
  expect(await page.evaluate(() => dispatchEvent(new Event("beforeunload", { cancelable: true })))).toBe(true); // nothing holds the tab
});

test("another screen and back: what was done on the board can still be undone", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One"], Doing: [] });
  const page = await open(anna, board.id);
  await drag(page, card(page, "One"), column(page, "Doing"), { y: 0.3 });
  await eventually(() => anna.order(board.id), { Ideas: [], Doing: ["One"] });
  await page.getByRole("link", { name: "My tasks" }).first().click();
  await page.getByRole("heading", { name: "My tasks" }).waitFor();
  await page.goBack();
  await card(page, "One").waitFor();
  await page.keyboard.press("ControlOrMeta+z");
  expect(await shown(page)).toEqual({ Ideas: ["One"], Doing: [] }); // in the same frame
  await eventually(() => anna.order(board.id), { Ideas: ["One"], Doing: [] });
});
