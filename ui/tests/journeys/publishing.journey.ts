import { expect, test } from "vitest";
import { aPerson, eventually, open } from "./world";

test("before a board is made public it is said how much becomes readable, archived tasks too", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One", "Two", "Old"] });
  const [one, old] = [board.tasks.get("One")!, board.tasks.get("Old")!];
  for (const task of [one, old]) await anna.api("POST", "/comments", { task_id: task, body: "Said" });
  await anna.api("POST", `/tasks/${old}/links`, { url: "https://example.com/" });
  await anna.api("PATCH", `/tasks/${old}`, { is_archived: true });
  const page = await open(anna, board.id, "/settings");
  await page.getByRole("button", { name: "Make public" }).click();
  const question = page.getByRole("group").filter({ hasText: "Anyone signed in here" });
  await question.getByText("2 tasks, 1 archived task, 2 comments, and 1 file.").waitFor();
  await question.getByRole("button", { name: "Cancel" }).click();
  expect((await anna.api<{ is_public: boolean }>("GET", `/boards/${board.id}`)).is_public).toBe(false);
  await page.getByRole("button", { name: "Make public" }).click();
  await question.getByRole("button", { name: "Make public" }).click();
  await eventually(async () => (await anna.api<{ is_public: boolean }>("GET", `/boards/${board.id}`)).is_public, true);
});
