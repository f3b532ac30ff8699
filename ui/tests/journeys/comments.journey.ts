import type { Locator, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { axe, shoot, sideways } from "./axe";
import { aCast, SCENES } from "./scenes";
import { aPerson, card, eventually, open, type Made, type Person } from "./world";

interface Comment {
  id: string;
  body: string;
  author: { id: string } | null;
  mentions: { handle: string; user: { id: string } | null }[];
  reactions: { emoji: string; count: number }[];
}

const comments = (page: Page) => page.locator("[data-comments]");
const texts = (page: Page) => comments(page).locator("[data-markdown]").allInnerTexts();
const field = (page: Page) => comments(page).getByLabel("Write a comment");
const isFocused = (one: Locator) => one.evaluate((node) => node === document.activeElement);

async function two(): Promise<{ anna: Person; boris: Person; board: Made; task: string }> {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await anna.board({ Ideas: ["One"] });
  await anna.letIn(board, boris);
  return { anna, boris, board, task: board.tasks.get("One")! };
}

async function say(person: Person, task: string, body: string): Promise<Comment> {
  return person.api<Comment>("POST", "/comments", { task_id: task, body });
}

async function said(person: Person, task: string): Promise<Comment[]> {
  return (await person.api<{ items: Comment[] }>("GET", `/tasks/${task}/comments`)).items;
}

async function panel(person: Person, board: Made, task: string): Promise<Page> {
  const page = await open(person, board.id, `/t/${task}`);
  await comments(page).getByText("Reading the comments").waitFor({ state: "detached" });
  await comments(page).waitFor();
  return page;
}

async function write(page: Page, text: string): Promise<void> {
  await field(page).fill(text);
  await field(page).press("ControlOrMeta+Enter");
}

/** Let what is above the field grow between a scrolling and the event that tells of it, as when two things come right after each other. */
async function growAsSoonAsScrolled(page: Page): Promise<void> {
  await comments(page).evaluate((section) => {
    const grow = () => (section.querySelector("ol")!.style.paddingTop = "50px");
    section.parentElement!.addEventListener("scroll", grow, { once: true, capture: true });
  });
}

describe("comments", () => {
  test("a comment written in one browser is seen in another and counted on the card; undone, it is gone in both", async () => {
    const { anna, boris, board, task } = await two();
    const [mine, theirs] = [await panel(anna, board, task), await panel(boris, board, task)];
    await write(mine, "It is **done**");
    await eventually(() => texts(mine), ["It is done"]);
    await eventually(() => texts(theirs), ["It is done"]);
    expect(await field(mine).inputValue()).toBe("");
    expect(await isFocused(field(mine))).toBe(true);
    expect(await comments(theirs).locator("[data-comment] strong").first().textContent()).toBe(anna.username);
    expect(await comments(theirs).getByText("edited").count()).toBe(0);
    await expect.poll(() => card(theirs, "One").getByRole("link").getAttribute("aria-describedby").then((id) => theirs.locator(`#${id}`).textContent())).toContain("1 comment");
    await mine.keyboard.press("ControlOrMeta+z");
    await eventually(() => texts(mine), []);
    await eventually(() => texts(theirs), []);
    await mine.keyboard.press("ControlOrMeta+Shift+z");
    await eventually(() => texts(theirs), ["It is done"]);
    expect((await said(anna, task)).length).toBe(1);
  });

  test("somebody of the board is named by keyboard alone, and shown by name to everybody", async () => {
    const { anna, boris, board, task } = await two();
    await boris.api("PATCH", `/users/${boris.id}`, { name: "Boris Godunov" });
    const page = await panel(anna, board, task);
    await field(page).focus();
    await page.keyboard.type("Hello @god");
    const list = page.getByRole("listbox", { name: "People of this board" });
    const option = list.getByRole("option", { name: "Boris Godunov" });
    await option.waitFor();
    expect(await field(page).getAttribute("aria-controls")).toBe(await list.getAttribute("id"));
    expect(await field(page).getAttribute("aria-activedescendant")).toBe(await option.getAttribute("id"));
    await page.keyboard.press("Escape"); // closes the list alone
    await list.waitFor({ state: "detached" });
    await page.keyboard.press("Backspace");
    await option.waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    expect(await field(page).inputValue()).toBe(`Hello @${boris.username} `);
    await page.keyboard.type("and @nobody");
    await page.keyboard.press("ControlOrMeta+Enter");
    await eventually(() => texts(page), ["Hello @Boris Godunov and @nobody"]);
    await expect.poll(async () => (await said(anna, task))[0]?.mentions.map((one) => one.user?.id)).toEqual([boris.id]);
    const theirs = await panel(boris, board, task);
    await eventually(() => comments(theirs).locator("[data-mention]").allInnerTexts(), ["@Boris Godunov"]);
  });

  test("one's own is edited in place; changed elsewhere meanwhile, both texts are there, and nothing is lost", async () => {
    const { anna, boris, board, task } = await two();
    const comment = await say(anna, task, "first\nsecond");
    await say(boris, task, "theirs");
    const page = await panel(anna, board, task);
    const own = comments(page).locator(`[data-comment="${comment.id}"]`);
    const edit = async (text: string) => {
      await own.getByRole("button", { name: "Menu of the comment" }).click();
      await page.getByRole("menuitem", { name: "Edit", exact: true }).click();
      await own.getByLabel("Edit the comment").fill(text);
    };
    await edit("first\nmine");
    await own.getByLabel("Edit the comment").press("Escape");
    await own.getByText("Draft kept").waitFor();
    await own.getByRole("button", { name: "Go on" }).click();
    expect(await own.getByLabel("Edit the comment").inputValue()).toBe("first\nmine");
    await anna.api("PATCH", `/comments/${comment.id}`, { body: "first\nelsewhere" }); // in another browser of hers
    await own.getByLabel("Edit the comment").press("ControlOrMeta+Enter");
    const merge = own.getByRole("group", { name: /same lines/ });
    expect(await merge.textContent()).toMatch(/mine.*elsewhere/s);
    await merge.getByLabel("Result").fill("first\nmine and elsewhere");
    await merge.getByRole("button", { name: "Save" }).click();
    await eventually(async () => (await said(anna, task))[0]!.body, "first\nmine and elsewhere");
    await own.getByText("edited", { exact: true }).waitFor();
    await edit("last");
    await own.getByRole("button", { name: "Save" }).click();
    await eventually(async () => (await said(anna, task))[0]!.body, "last");
    await page.keyboard.press("ControlOrMeta+z");
    await eventually(async () => (await said(anna, task))[0]!.body, "first\nmine and elsewhere");
    await eventually(() => texts(page), ["first\nmine and elsewhere", "theirs"]);
    await comments(page).locator("[data-comment]").last().getByRole("button", { name: "Menu of the comment" }).click();
    await eventually(() => page.getByRole("menuitem").allInnerTexts(), ["Delete"]); // of another's; she made the board
  });

  test("reactions: by click and by keyboard, of any emoji, and who has reacted is said in words", async () => {
    const { anna, boris, board, task } = await two();
    await say(anna, task, "Shall we?");
    const [mine, theirs] = [await panel(anna, board, task), await panel(boris, board, task)];
    await comments(mine).getByRole("button", { name: "React" }).click();
    await mine.getByRole("button", { name: "👍" }).click();
    await comments(theirs).getByRole("button", { name: `👍 1: ${anna.username}` }).waitFor();
    await comments(theirs).getByRole("button", { name: "👍" }).press("Enter");
    await comments(mine).getByRole("button", { name: `👍 2: you and ${boris.username}`, pressed: true }).waitFor();
    await comments(mine).getByRole("button", { name: "React" }).press("Enter");
    await mine.getByLabel("Another emoji").fill("ok");
    await mine.keyboard.press("Enter");
    await mine.getByRole("alert").getByText("One emoji, please").waitFor();
    await mine.getByLabel("Another emoji").fill("🦄");
    await mine.keyboard.press("Enter");
    await comments(theirs).getByRole("button", { name: `🦄 1: ${anna.username}`, pressed: false }).waitFor();
    await comments(mine).getByRole("button", { name: "👍 2: you" }).press("Space");
    await comments(theirs).getByRole("button", { name: "👍 1: you", exact: true }).waitFor();
    await mine.keyboard.press("ControlOrMeta+z");
    await comments(theirs).getByRole("button", { name: `👍 2: you and ${anna.username}` }).waitFor();
    await eventually(async () => (await said(anna, task))[0]!.reactions.map((one) => [one.emoji, one.count]), [["👍", 2], ["🦄", 1]]);
  });

  test("a draft is there after the tab was closed; what is sent offline is drawn at once, and sent once", async () => {
    const { anna, boris, board, task } = await two();
    await say(boris, task, "well?");
    const page = await panel(anna, board, task);
    await field(page).pressSequentially("a thought");
    await page.close();
    const again = await panel(anna, board, task);
    expect(await field(again).inputValue()).toBe("a thought");
    await eventually(() => texts(again), ["well?"]); // what shows it is loaded
    await again.context().setOffline(true);
    await field(again).press("ControlOrMeta+Enter");
    await write(again, "another");
    await eventually(() => texts(again), ["well?", "a thought", "another"]);
    await again.getByText("Offline · 2 changes waiting").waitFor();
    await eventually(() => comments(again).getByText("not sent yet").count(), 2);
    await again.keyboard.press("ControlOrMeta+z"); // it was never sent: its text comes back
    await eventually(() => field(again).inputValue(), "another");
    await again.context().setOffline(false);
    await eventually(async () => (await said(anna, task)).map((one) => one.body), ["well?", "a thought"]);
    await eventually(() => texts(again), ["well?", "a thought"]);
    await eventually(() => again.getByText(/Offline/).count(), 0);
    await field(again).press("ControlOrMeta+Enter");
    await eventually(async () => (await said(anna, task)).map((one) => one.body), ["well?", "a thought", "another"]);
    await again.reload();
    await comments(again).waitFor();
    expect(await field(again).inputValue()).toBe("");
  });

  test("an observer reads, and is told why nothing more; a commenter comments, and changes no task", async () => {
    const { anna, boris, board, task } = await two();
    await say(anna, task, "Read this");
    await anna.api("PUT", `/comments/${(await said(anna, task))[0]!.id}/reactions/${encodeURIComponent("🎉")}`);
    await anna.api("PUT", `/boards/${board.id}/users/${boris.id}`, { role: "OBSERVER" });
    const page = await panel(boris, board, task);
    await eventually(() => texts(page), ["Read this"]);
    await comments(page).getByText("You observe this board: somebody with the role Commenter").waitFor();
    expect(await field(page).count()).toBe(0);
    expect(await comments(page).getByRole("button").allInnerTexts()).toEqual([""]); // who has reacted
    await comments(page).getByText(`🎉 1: ${anna.username}`).first().waitFor({ state: "attached" });
    const people = await open(anna, board.id, "/people");
    await people.getByLabel(`Role of ${boris.username}`).selectOption({ label: "Commenter" });
    await field(page).waitFor();
    await page.getByText("You can comment on this board").waitFor();
    expect(await page.locator("[data-add], [data-describe]").count()).toBe(0);
    await write(page, "Done");
    await eventually(async () => (await said(anna, task)).map((one) => one.body), ["Read this", "Done"]);
    await page.keyboard.press("ControlOrMeta+z");
    await eventually(async () => (await said(anna, task)).map((one) => one.body), ["Read this"]);
    await page.getByRole("button", { name: "Redo" }).last().click();
    await eventually(async () => (await said(anna, task)).map((one) => one.body), ["Read this", "Done"]);
    expect(await comments(page).getByRole("button", { name: `Menu of the comment by ${anna.username}` }).count()).toBe(0);
    await field(page).fill("half a thou");
    await anna.api("PUT", `/boards/${board.id}/users/${boris.id}`, { role: "OBSERVER" });
    await comments(page).getByText("You observe this board").waitFor();
    expect(await field(page).inputValue()).toBe("half a thou"); // nothing that was typed goes away
  });

  test("a moderator deletes what another has said, and the toast brings it back", async () => {
    const { anna, boris, board, task } = await two();
    await say(boris, task, "Rude");
    await say(boris, task, "Polite");
    const [mine, theirs] = [await panel(anna, board, task), await panel(boris, board, task)];
    await comments(mine).getByRole("button", { name: "Menu of the comment" }).first().click();
    await mine.getByRole("menuitem", { name: "Delete" }).click();
    await eventually(() => texts(mine), ["Polite"]);
    await eventually(() => isFocused(comments(mine).locator("[data-comment]")), true);
    await eventually(() => texts(theirs), ["Polite"]);
    await mine.getByRole("button", { name: "Undo", exact: true }).last().click();
    await eventually(() => texts(mine), ["Rude", "Polite"]);
    await eventually(() => texts(theirs), ["Rude", "Polite"]);
    await comments(theirs).getByRole("button", { name: "Menu of the comment" }).last().click();
    await theirs.getByRole("menuitem", { name: "Delete" }).click(); // one's own
    await eventually(() => texts(mine), ["Rude"]);
  });

  test("of many the latest are shown, and the earlier ones when they are asked for", async () => {
    const { anna, board, task } = await two();
    const operations = Array.from({ length: 70 }, (_, at) => ({ op: "create_comment", body: { task_id: task, body: `number ${at}` } }));
    await anna.api("POST", `/boards/${board.id}/batch`, { operations });
    const page = await panel(anna, board, task);
    await eventually(async () => (await texts(page)).length, 30);
    expect((await texts(page)).at(-1)).toBe("number 69");
    await comments(page).getByRole("button", { name: "Earlier comments" }).click();
    await eventually(async () => (await texts(page))[0], "number 10");
    await comments(page).getByRole("button", { name: "Earlier comments" }).click();
    await eventually(() => texts(page), operations.map((one) => one.body.body));
    expect(await comments(page).getByRole("button", { name: "Earlier comments" }).count()).toBe(0);
    await eventually(() => isFocused(comments(page).locator("[data-comment]").nth(9)), true);
  });

  test("who types is not disturbed by what others say, and the task's deletion leaves what was typed", async () => {
    const { anna, boris, board, task } = await two();
    for (let at = 0; at < 6; at++) await say(anna, task, `number ${at}`);
    const page = await panel(anna, board, task);
    await eventually(async () => (await texts(page)).length, 6);
    await field(page).pressSequentially("half a ");
    const top = () => field(page).evaluate((node) => Math.round(node.getBoundingClientRect().top));
    const before = await top();
    await growAsSoonAsScrolled(page);
    await say(boris, task, "Me too\n\n".repeat(5));
    await eventually(async () => (await texts(page)).length, 7);
    await page.keyboard.type("thought");
    expect(await field(page).inputValue()).toBe("half a thought");
    await expect.poll(async () => Math.abs((await top()) - before)).toBeLessThan(2);
    await boris.api("DELETE", `/tasks/${task}`);
    await comments(page).getByText("The task is not on the board").waitFor();
    expect(await field(page).inputValue()).toBe("half a thought");
    await page.getByRole("button", { name: "Restore" }).click();
    await comments(page).getByRole("button", { name: "Comment", exact: true }).waitFor(); // it can be sent again
    await field(page).press("ControlOrMeta+Enter");
    await eventually(async () => (await said(anna, task)).at(-1)!.body, "half a thought");
  });

  test("text that would be code is shown as text, and a preview shows it as it will be", async () => {
    const { anna, board, task } = await two();
    const page = await panel(anna, board, task);
    await field(page).fill(`<img src=x onerror="document.title='broken in'"> [press](javascript:alert(1)) **bold** ![cat](https://tracker.example/cat.png)`);
    await comments(page).getByRole("button", { name: "Preview" }).click();
    expect(await comments(page).getByRole("group", { name: "Preview" }).locator("strong").textContent()).toBe("bold");
    await comments(page).getByRole("button", { name: "Go on writing" }).click();
    await field(page).press("ControlOrMeta+Enter");
    await eventually(async () => (await said(anna, task)).length, 1);
    await comments(page).locator("[data-markdown] strong").waitFor();
    expect(await comments(page).locator("[data-markdown]").locator("img, script, [onerror], [href^=javascript]").count()).toBe(0);
    expect(await page.title()).toContain("One");
  });

  test("axe finds nothing, in both themes; nothing is wider than 320 px, in English and Russian", async () => {
    const found: string[] = [];
    const wide = await aCast({ bypassCSP: true, reducedMotion: "reduce" }); // axe is injected, which the page's policy forbids
    for (const name of ["comments", "naming somebody", "reacting", "comment conflict"]) {
      const page = await SCENES[name]!(wide);
      found.push(...(await axe(page, name)));
      await page.close();
    }
    const carl = await aPerson("carl", { bypassCSP: true });
    await wide.anna.letIn(wide.board, carl, "OBSERVER");
    const page = await panel(carl, wide.board, [...wide.board.tasks.values()][0]!);
    await comments(page).getByText("You observe this board").scrollIntoViewIfNeeded();
    found.push(...(await axe(page, "comments for an observer")));
    expect(found).toEqual([]);
    for (const locale of ["en-US", "ru-RU"]) {
      const cast = await aCast({ locale, viewport: { width: 320, height: 640 }, reducedMotion: "reduce" });
      for (const name of ["comments", "naming somebody", "reacting"]) {
        const page = await SCENES[name]!(cast);
        await expect.poll(() => sideways(page), { message: `${name} ${locale}` }).toBe(0);
        await shoot(page, name, `320 ${locale}`);
        await page.close();
      }
    }
  }, 240_000);
});
