import { expect, test } from "vitest";
import type { Page } from "playwright-core";
import { aBrowser, aPerson, card, column, eventually, open, PASSWORD, shown, type Person } from "./world";

const panel = (page: Page) => page.locator("[data-panel]");

test("a column with tasks is deleted: the dry run counts them, archived ones too; they move, or go; undo brings all back", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two", "Old"], Doing: ["Three"], Empty: [] });
  await anna.api("PATCH", `/tasks/${board.tasks.get("Old")}`, { is_archived: true });
  const page = await open(anna, board.id, "/settings");
  const settings = (name: string) => panel(page).getByRole("group", { name });
  await settings("Ideas").getByRole("button", { name: "Delete column" }).click();
  await settings("Ideas").getByText("3 tasks are in it, archived ones too.").waitFor();
  await settings("Ideas").getByLabel("What becomes of them").selectOption({ label: "Move them to “Doing”" });
  await settings("Ideas").getByRole("button", { name: "Delete column" }).click();
  await eventually(() => anna.order(board.id), { Doing: ["Three", "One", "Two"], Empty: [] });
  await eventually(() => shown(page), { Doing: ["Three", "One", "Two"], Empty: [] });
  await settings("Empty").getByRole("button", { name: "Delete column" }).click(); // nothing to ask
  await eventually(() => anna.order(board.id), { Doing: ["Three", "One", "Two"] });
  await settings("Doing").getByRole("button", { name: "Delete column" }).click();
  await settings("Doing").getByText("4 tasks are in it").waitFor();
  expect(await settings("Doing").getByLabel("What becomes of them").inputValue()).toBe("delete"); // there is no other column
  await settings("Doing").getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("button", { name: "Undo", exact: true }).first().click();
  await page.getByRole("button", { name: "Undo", exact: true }).first().click();
  await eventually(() => anna.order(board.id), { Ideas: ["One", "Two"], Doing: ["Three"], Empty: [] });
  await eventually(() => shown(page), { Ideas: ["One", "Two"], Doing: ["Three"], Empty: [] });
});

test("a board is deleted only by typing its key", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: [] });
  const { key } = await anna.api<{ key: string }>("GET", `/boards/${board.id}`);
  const page = await open(anna, board.id, "/settings");
  await panel(page).getByRole("button", { name: "Delete the board" }).click();
  const field = panel(page).getByLabel(new RegExp(`Type ${key} to delete`));
  const button = panel(page).getByRole("button", { name: "Delete the board" });
  expect(await button.isDisabled()).toBe(true);
  await field.fill(key);
  await button.click();
  await page.getByRole("heading", { name: "Boards" }).waitFor();
  await page.goto(`/b/${board.id}`);
  await page.getByText("no longer shared with you, or it was deleted").waitFor();
});

test("limits of columns: at the limit, over it, said in words; a hard one refuses, a soft one warns", async () => {
  const anna = await aPerson();
  const board = await anna.board({ At: ["1", "2"], Over: ["3", "4"], Below: ["5"] });
  await anna.api("PATCH", `/columns/${board.columns.get("At")}`, { task_limit: 2, limit_is_hard: true });
  await anna.api("PATCH", `/columns/${board.columns.get("Over")}`, { task_limit: 1 });
  await anna.api("PATCH", `/columns/${board.columns.get("Below")}`, { task_limit: 3 });
  const page = await open(anna, board.id);
  for (const name of ["At, 2 tasks, at most 2", "Over, 2 tasks, 1 wanted at most, over the limit", "Below, 1 task, 3 wanted at most"]) {
    await page.getByRole("heading", { level: 2, name, exact: true }).waitFor();
  }
  expect((await column(page, "Over").textContent())!.replaceAll(/\s+/g, " ")).toContain("! 2 / 1");
});

test("undo is drawn in the same frame: a move, a rename, a deletion, a new task, a column", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two"], Doing: ["Three"] });
  const page = await open(anna, board.id);
  const before = await shown(page);
  const acts: (() => Promise<void>)[] = [
    async () => {
      await page.keyboard.press("Space");
      await page.keyboard.press("ArrowRight");
      await page.keyboard.press("Space");
    },
    async () => page.keyboard.press("Delete"),
    async () => {
      await page.keyboard.press("e");
      await page.getByRole("dialog").getByLabel("Title", { exact: true }).fill("Renamed");
      await page.keyboard.press("Enter");
    },
  ];
  for (const act of acts) {
    await card(page, "One").locator("a").focus();
    const seq = await anna.seq(board.id);
    await act();
    await eventually(() => anna.seq(board.id), seq + 1);
    await expect.poll(() => shown(page)).not.toEqual(before);
    await page.route("**/undo", async (route) => {
      await eventually(() => shown(page), before); // while the server has not even been asked
      await route.continue();
    });
    await page.keyboard.press("ControlOrMeta+z");
    expect(await shown(page)).toEqual(before);
    await eventually(() => anna.seq(board.id), seq + 2);
    await page.unroute("**/undo");
    await eventually(() => shown(page), before);
  }
});

test("a task that is deleted, or archived, while it is open stays readable and comes back", async () => {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await anna.board({ Ideas: ["One", "Two"] });
  await anna.letIn(board, boris);
  const page = await open(anna, board.id, `/t/${board.tasks.get("One")}`);
  await page.locator("[data-describe]").click();
  await page.getByLabel("Description", { exact: true }).fill("typed");
  await boris.api("PATCH", `/tasks/${board.tasks.get("One")}`, { is_archived: true });
  await panel(page).getByText("This task is archived.").waitFor();
  await panel(page).getByRole("button", { name: "Restore" }).click();
  await eventually(() => anna.order(board.id), { Ideas: ["Two", "One"] });
  await boris.api("DELETE", `/tasks/${board.tasks.get("One")}`);
  await panel(page).getByText("This task was deleted. What you typed is still here.").waitFor();
  await panel(page).getByRole("button", { name: "Restore" }).click();
  await eventually(async () => Object.values(await anna.order(board.id)).flat().sort(), ["One", "Two"]);
  await eventually(() => panel(page).getByText("This task was deleted").count(), 0);
});

test("a public board is for reading: a chip says why, nothing can be changed, and its history is not for strangers", async () => {
  const [anna, carol] = [await aPerson("anna"), await aPerson("carol")];
  const board = await anna.board({ Ideas: ["One"], Empty: [] });
  await anna.api("PATCH", `/boards/${board.id}`, { is_public: true });
  const page = await open(carol, board.id);
  await page.getByText("Public board: you can look").waitFor();
  await page.getByText("No tasks here").waitFor();
  expect(await page.locator("[data-add], #add-column").count()).toBe(0);
  await page.goto(`/b/${board.id}/activity`);
  await page.getByText("What happened here is for the people of the board.").waitFor();
  await page.goto(`/b/${board.id}/settings`);
  await page.getByText("Only the creator and moderators change the board").waitFor();
  await page.goto(`/b/${board.id}/t/${board.tasks.get("One")}`);
  await panel(page).getByRole("heading", { level: 1, name: "One" }).waitFor();
  expect(await panel(page).getByLabel("Status").isDisabled()).toBe(true);
  await anna.api("PATCH", `/boards/${board.id}`, { is_archived: true });
  const mine = await open(anna, board.id);
  await mine.getByText("This board is archived.").waitFor();
  expect(await mine.locator("[data-add]").count()).toBe(0);
});

test("activity follows what happens, and an undo shows in it by itself", async () => {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await anna.board({ Ideas: ["One"] });
  await anna.letIn(board, boris);
  const page = await open(anna, board.id, "/activity");
  await panel(page).getByRole("listitem").first().waitFor();
  await boris.api("PATCH", `/tasks/${board.tasks.get("One")}`, { title: "Renamed" });
  const line = panel(page).getByRole("listitem").filter({ hasText: "Renamed" }).first();
  await line.waitFor();
  await line.getByRole("button", { name: "Undo" }).click();
  await eventually(() => shown(page), { Ideas: ["One"] });
  await expect.poll(async () => panel(page).getByRole("listitem").first().textContent()).toContain("took back");
});

test("an invitation: shown before anything happens, accepted by who is signed in, refused when it is used", async () => {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await anna.board({ Ideas: ["One"] });
  const page = await open(anna, board.id, "/people");
  await page.getByText("You are alone here.").waitFor();
  await page.getByRole("button", { name: "Make a link" }).click();
  const link = await page.getByLabel("The link is shown only now:").inputValue();
  const other = await boris.page(link);
  await other.getByText(`You are signed in as ${boris.username}.`).waitFor();
  await other.getByRole("button", { name: "Join the board" }).click();
  await card(other, "One").waitFor();
  await panel(page).getByText(boris.username).first().waitFor(); // live
  const used = await boris.context.newPage();
  await used.goto(link);
  await used.getByText("This link is not valid (any more). Ask for a new one.").waitFor();
  await used.goto("/invited");
  await used.getByText("There is no link in this address.").waitFor();
});

test("an administrator's link sets a new password; a link that is none says so", async () => {
  const page = await (await aBrowser()).newPage();
  await page.goto("/password#no-link-at-all");
  await page.getByLabel("New password").fill("another horse battery 9");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("This link is not valid (any more). Ask for a new one.").waitFor();
  await page.goto("/password");
  await page.getByText("There is no link in this address.").waitFor();
});

test("registration that is closed, an account that is disabled: said in words", async () => {
  const page = await (await aBrowser()).newPage();
  const about = { version: "1", registration: "closed", password_chars_min: 8, has_people: true };
  await page.route("**/about", (route) => route.fulfill({ json: about }));
  await page.goto("/sign-up");
  await page.getByText("Registration is closed here. Ask an administrator for an invitation.").waitFor();
  await page.unroute("**/about");
  await page.route("**/about", (route) => route.fulfill({ json: { ...about, has_people: false } }));
  await page.goto("/sign-in");
  await page.getByText("Whoever runs it makes the first account by the command: doska create-admin").waitFor();
  await page.unroute("**/about");
  const disabled = { type: "/problems/account-disabled", title: "disabled", status: 403 };
  await page.route("**/auth/login", (route) => route.fulfill({ status: 403, contentType: "application/problem+json", body: JSON.stringify(disabled) }));
  await page.goto("/sign-in");
  await signIn(page, "anna", PASSWORD);
  await page.getByText("This account is disabled. Ask an administrator.").waitFor();
});

test("2: six wrong passwords are told, then the right one is in, once one has waited", async () => {
  const anna = await aPerson();
  const page = await (await aBrowser()).newPage();
  await page.goto("/sign-in");
  for (let times = 1; times <= 6; times++) {
    const status = await signIn(page, anna.username, "not my password");
    await page.getByText(status === 429 ? /Too many attempts. Try again in \d+ s./ : "Wrong name or password.").waitFor();
  }
  await expect.poll(() => signIn(page, anna.username, PASSWORD), { timeout: 60_000 }).toBe(200);
  await page.getByRole("heading", { name: "Boards" }).waitFor();
});

test("2: after too many attempts the wait counts down, and then one may try again", async () => {
  const page = await (await aBrowser()).newPage();
  await page.clock.install();
  const problem = { type: "/problems/too-many-attempts", title: "wait", status: 429 };
  await page.route("**/auth/login", (route) => route.fulfill({ status: 429, contentType: "application/problem+json", headers: { "retry-after": "30" }, body: JSON.stringify(problem) }));
  await page.goto("/sign-in");
  await page.getByLabel("Username or e-mail").waitFor(); // a page that still starts needs its timers
  await page.clock.pauseAt(Date.now() + 60_000);
  await signIn(page, "anna", PASSWORD);
  await page.getByText("Too many attempts. Try again in 30 s.").waitFor();
  await page.clock.runFor(5_000);
  await page.getByText("Too many attempts. Try again in 25 s.").waitFor();
  const button = page.getByRole("button", { name: "Sign in", exact: true });
  expect(await button.isDisabled()).toBe(true);
  await page.clock.runFor(26_000);
  await expect.poll(() => button.isDisabled()).toBe(false);
  expect(await page.getByLabel("Username or e-mail").inputValue()).toBe("anna");
});

/** Fill in the form, send it once it can be sent, and give the answer's status. */
async function signIn(page: Page, name: string, password: string): Promise<number> {
  await page.getByLabel("Username or e-mail").fill(name);
  await page.getByLabel("Password", { exact: true }).fill(password);
  const answered = page.waitForResponse("**/auth/login");
  await page.getByRole("button", { name: "Sign in", exact: true }).click(); // disabled while one waits
  return (await answered).status();
}

test("my tasks by due, boards with a search from ten up, and what is archived behind a switch", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["Late one", "Today’s", "Undated"] });
  await myTasks(anna, board.tasks);
  const page = await anna.page("/my");
  for (const name of ["Late", "Today", "No due date"]) await page.getByRole("heading", { level: 2, name, exact: true }).waitFor();
  for (let at = 0; at < 9; at++) await anna.api("POST", "/boards", { title: `Board ${at}` });
  const away = await anna.api<{ id: string }>("POST", "/boards", { title: "Put away" });
  await anna.api("PATCH", `/boards/${away.id}`, { is_archived: true });
  await page.goto("/");
  await page.getByLabel("Search boards").fill("board 7");
  await eventually(() => page.getByRole("main").getByRole("listitem").count(), 1);
  await page.getByRole("link", { name: /Board 7/ }).waitFor();
  await page.getByLabel("Search boards").fill("put");
  await page.getByText("No board has that in its title.").waitFor();
  await page.getByLabel("Show archived").check();
  await page.getByRole("link", { name: /Put away/ }).waitFor();
});

async function myTasks(anna: Person, tasks: Map<string, string>): Promise<void> {
  for (const id of tasks.values()) await anna.api("PUT", `/tasks/${id}/assignees/${anna.id}`);
  await anna.api("PATCH", `/tasks/${tasks.get("Late one")}`, { due_on: "2020-01-01" });
  await anna.api("PATCH", `/tasks/${tasks.get("Today’s")}`, { due_on: new Date().toISOString().slice(0, 10) });
}

test("people of a board: added by search, given a role, handed the board, removed; who is left leaves", async () => {
  const [anna, boris, carol] = [await aPerson("anna"), await aPerson("boris"), await aPerson("carol")];
  const board = await anna.board({ Ideas: ["One"] });
  const page = await open(anna, board.id, "/people");
  const roles = async () => {
    const { items } = await boris.api<{ items: { user: { username: string }; role: string }[] }>("GET", `/boards/${board.id}/users`).catch(() => ({ items: [] }));
    return Object.fromEntries(items.map((one) => [one.user.username, one.role]));
  };
  for (const person of [boris, carol]) {
    await panel(page).getByLabel("Add somebody").fill(person.username);
    await panel(page).getByRole("button", { name: new RegExp(person.username) }).click();
    await panel(page).getByLabel(`Role of ${person.username}`).waitFor();
  }
  await panel(page).getByLabel(`Role of ${boris.username}`).selectOption({ label: "Moderator" });
  await eventually(roles, { [anna.username]: "CREATOR", [boris.username]: "MODERATOR", [carol.username]: "MEMBER" });
  const line = (person: Person) => panel(page).getByRole("listitem").filter({ hasText: person.username });
  await line(carol).getByRole("button", { name: "Remove" }).click();
  await line(boris).getByRole("button", { name: "Hand over" }).click();
  await panel(page).getByText(`${boris.username} becomes the creator, and you a moderator.`).waitFor();
  await line(boris).getByRole("button", { name: "Hand over" }).click();
  await eventually(roles, { [anna.username]: "MODERATOR", [boris.username]: "CREATOR" });
  await panel(page).getByRole("button", { name: "Leave this board" }).click();
  await eventually(roles, { [boris.username]: "CREATOR" });
  await page.getByRole("heading", { name: "Nothing here" }).waitFor();
});
