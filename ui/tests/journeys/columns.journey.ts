import { expect, test } from "vitest";
import { aPerson, card, column, eventually, open, shown } from "./world";

interface Column {
  title: string;
  is_archived: boolean;
}

test("a column archived in one browser goes in another, is listed in the settings, and comes back with its tasks", async () => {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await anna.board({ Ideas: ["One", "Two"], Doing: ["Three"], Done: [] });
  await anna.letIn(board, boris);
  const [mine, theirs] = [await open(anna, board.id), await open(boris, board.id)];

  const menu = column(mine, "Ideas").getByRole("button", { name: "Menu of the column “Ideas”" });
  await menu.focus(); // by keys alone
  await mine.keyboard.press("Enter");
  const choice = mine.getByRole("menuitem", { name: "Archive the column" });
  await choice.waitFor();
  await choice.focus();
  await mine.keyboard.press("Enter");
  await eventually(() => shown(mine), { Doing: ["Three"], Done: [] });
  await eventually(() => shown(theirs), { Doing: ["Three"], Done: [] });
  await eventually(() => card(mine, "Three").locator("a").evaluate((node) => node === document.activeElement), true);

  await mine.getByText("Column “Ideas” archived").last().waitFor();
  await mine.getByRole("button", { name: "Undo" }).last().click();
  await eventually(() => shown(mine), { Ideas: ["One", "Two"], Doing: ["Three"], Done: [] });
  await eventually(() => shown(theirs), { Ideas: ["One", "Two"], Doing: ["Three"], Done: [] });

  await anna.api("PATCH", `/columns/${board.columns.get("Ideas")}`, { is_archived: true });
  await eventually(() => shown(theirs), { Doing: ["Three"], Done: [] });
  const hidden = await open(boris, board.id, `/t/${board.tasks.get("One")}`);
  await hidden.getByText("Its column is archived.").waitFor();
  await hidden.getByRole("dialog").getByRole("button", { name: "Move to …" }).click();
  await hidden.getByRole("dialog").getByLabel("Column").selectOption({ label: "Done" });
  await hidden.getByRole("button", { name: "Move", exact: true }).click();
  await eventually(async () => (await shown(theirs)).Done, ["One"]);

  await mine.goto(`/b/${board.id}/settings`);
  const archived = mine.locator("[data-archived]");
  await archived.getByText("Ideas").waitFor();
  await archived.getByRole("button", { name: "Restore: Ideas" }).click();
  await eventually(async () => Object.keys(await shown(theirs)), ["Doing", "Done", "Ideas"]);
  await eventually(() => archived.count(), 0);
  await mine.getByRole("button", { name: "Undo" }).last().click(); // archived again
  await archived.getByText("Ideas").waitFor();
  await eventually(async () => Object.keys(await shown(theirs)), ["Doing", "Done"]);
  const kept = await anna.api<{ items: Column[] }>("GET", `/boards/${board.id}/columns?archived=true`);
  expect(kept.items.map((one) => one.title)).toEqual(["Ideas"]);
});
