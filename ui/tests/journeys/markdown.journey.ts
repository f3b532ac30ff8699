import { expect, test } from "vitest";
import { aPerson, open } from "./world";

const HOSTILE = `# Plan
Draw **the logo**, see [the site](https://example.com/a) and [bank.example](https://evil.example/x)

- [x] sketch
- [ ] colours

| a | b |
|---|--:|
| 1 | 2 |

<img src=x onerror="document.title='broken in'"><script>document.title='broken in'</script>
[press](javascript:document.title='broken in') ![cat](https://tracker.example/cat.png)`;

test("a description is shown as Markdown: of elements, and of none that does anything", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One"] });
  const task = board.tasks.get("One")!;
  await anna.api("PATCH", `/tasks/${task}`, { description: HOSTILE });
  const page = await anna.page();
  const asked: string[] = [];
  page.on("request", (request) => asked.push(new URL(request.url()).hostname));
  await page.goto(`/b/${board.id}/t/${task}`);
  const shown = page.locator("[data-markdown]");
  await shown.getByRole("heading", { name: "Plan", level: 3 }).waitFor();
  expect(await shown.locator("strong").textContent()).toBe("the logo");
  expect((await shown.locator("li").allTextContents()).map((text) => text.replace(/\s+/g, " ").trim())).toEqual(["☑Done: sketch", "☐To do: colours"]);
  expect(await shown.getByRole("columnheader").allTextContents()).toEqual(["a", "b"]);
  expect(await shown.locator("a").evaluateAll((all) => (all as HTMLAnchorElement[]).map((one) => [one.href, one.rel, one.textContent]))).toEqual([
    ["https://example.com/a", "noopener noreferrer nofollow", "the site"],
    ["https://evil.example/x", "noopener noreferrer nofollow", "bank.example"],
    ["https://tracker.example/cat.png", "noopener noreferrer nofollow", "cat"],
  ]);
  expect(await shown.innerText()).toContain("bank.example\u00a0(evil.example)");
  expect(await shown.innerText()).toContain(`<script>document.title='broken in'</script>`);
  expect(await shown.locator("script, img, svg, iframe, [id], [onerror]").count()).toBe(0);
  expect(await page.title()).toContain("One");
  expect(new Set(asked)).toEqual(new Set(["localhost"]));
});

test("a text that would take too long to parse is shown as it was typed, and the page goes on", async () => {
  const anna = await aPerson();
  const board = await anna.board({ Ideas: ["One"] });
  const task = board.tasks.get("One")!;
  const description = `**so** ${"![".repeat(20_000)}`;
  await anna.api("PATCH", `/tasks/${task}`, { description });
  const page = await open(anna, board.id, `/t/${task}`);
  await page.getByText("**so** ![![![").waitFor();
  await page.locator("[data-describe]").click();
  expect(await page.getByLabel("Description", { exact: true }).inputValue()).toBe(description);
});
