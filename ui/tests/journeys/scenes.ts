/** Every screen, and the states of it that matter: what axe, and people, look at. */
import { inject } from "vitest";
import type { BrowserContextOptions, Page } from "playwright-core";
import { jpeg, placeSegment, png } from "./pictures";
import { promote } from "./server";
import { aBrowser, aPerson, attach, card, drag, open, PASSWORD, type Made, type Person } from "./world";

/** Who and what the scenes are of. */
export interface Cast {
  anna: Person;
  boris: Person;
  nobody: Person["context"];
  board: Made;
  /** Each scene says it in its language: what is clicked has no other name. */
  isRussian: boolean;
}

const day = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const LONG = "Averylongwordwithoutanyspacesthatgoesonandonandonuntilitdoesnotfitanywhere";

const DESCRIPTION = `See https://example.com
and then:
- draw
- show

## Steps

1. **first**, [bank.example](https://evil.example)
2. \`second\`

- [x] done
- [ ] open

> said

| a | b |
|---|--:|
| 1 | 2 |

\`\`\`
code
\`\`\``;

async function talk(anna: Person, boris: Person, task: string, isRussian: boolean): Promise<void> {
  const say = (person: Person, body: string) => person.api<{ id: string }>("POST", "/comments", { task_id: task, body });
  const asked = await say(boris, isRussian ? `@${anna.username}, какой цвет? См. https://example.com` : `@${anna.username}, which colour? See https://example.com`);
  const answer = await say(anna, isRussian ? "**Синий**, и без `градиентов`:\n\n- знак\n- слово" : "**Blue**, and no `gradients`:\n\n- sign\n- word");
  await say(boris, LONG);
  await anna.api("PATCH", `/comments/${answer.id}`, { body: isRussian ? "**Синий**, без `градиентов`" : "**Blue**, without `gradients`" });
  for (const person of [anna, boris]) await person.api("PUT", `/comments/${answer.id}/reactions/${encodeURIComponent("👍")}`);
  await anna.api("PUT", `/comments/${asked.id}/reactions/${encodeURIComponent("👀")}`);
}

export async function aCast(options: BrowserContextOptions = {}): Promise<Cast> {
  const [anna, boris] = [await aPerson("anna", options), await aPerson("boris", options)];
  const isRussian = options.locale === "ru-RU";
  const names = isRussian ? ["К выполнению", "В процессе", "Проверка", "Готово"] : ["To do", "In progress", "Review", "Done"];
  const cards = isRussian ? ["Нарисовать логотип", "Собрать отзывы", "Исправить вход", "Выпустить"] : ["Draw the logo", "Collect opinions", "Mend the sign-in", "Release it"];
  const board = await anna.board({ [names[0]!]: [cards[0]!, cards[1]!, LONG], [names[1]!]: ["Four"], [names[2]!]: ["Five", "Six"], [names[3]!]: [cards[3]!] }, isRussian ? "Новый сайт" : "New website");
  await anna.letIn(board, boris);
  await boris.api("PATCH", `/users/${boris.id}`, { name: isRussian ? "Борис Годунов" : "Boris Godunov" });
  const [first, second] = [board.tasks.get(cards[0]!), board.tasks.get(cards[1]!)];
  await anna.api("PATCH", `/tasks/${first}`, { due_on: day(-2), priority: "HIGH", color: "#d64545", description: DESCRIPTION });
  await anna.api("PATCH", `/tasks/${second}`, { due_on: day(0), color: "#2f6fdb" });
  await talk(anna, boris, first!, isRussian);
  for (const person of [anna, boris]) await anna.api("PUT", `/tasks/${first}/assignees/${person.id}`);
  for (const [title, color] of [[isRussian ? "Ошибка" : "Bug", "#d64545"], ["", "#ffe9a8"], [LONG.slice(0, 50), "#111111"]]) {
    const label = await anna.api<{ id: string }>("POST", "/labels", { board_id: board.id, title, color });
    await anna.api("PUT", `/tasks/${first}/labels/${label.id}`);
  }
  for (const title of ["sketch", "colours"]) await anna.api("POST", "/subtasks", { task_id: first, title });
  await withFiles(anna, first!, isRussian);
  await anna.api("PATCH", `/columns/${board.columns.get(names[2]!)}`, { task_limit: 1, color: "#9b51c9" });
  await anna.api("PATCH", `/columns/${board.columns.get(names[1]!)}`, { task_limit: 1, limit_is_hard: true });
  return { anna, boris, nobody: await aBrowser(options), board, isRussian };
}

/** Pictures, a file and two links, one of which pretends. */
async function withFiles(anna: Person, task: string, isRussian: boolean): Promise<void> {
  const files: [string, Buffer][] = [
    [isRussian ? "Логотип.png" : "Logo.png", png(640, 400, [214, 69, 69])],
    [`${LONG}.png`, png(300, 500, [58, 143, 77])],
    [isRussian ? "Договор.pdf" : "Contract.pdf", Buffer.from("%PDF-1.7\n")],
  ];
  for (const [name, content] of files) await attach(anna, task, name, content);
  await anna.api("POST", `/tasks/${task}/links`, { url: "https://example.com/plan", title: isRussian ? "План" : "The plan" });
  await anna.api("POST", `/tasks/${task}/links`, { url: "https://evil.example/x", title: "bank.example" });
}

type Show = (cast: Cast) => Promise<Page>;

const first = ({ board }: Cast) => [...board.tasks.keys()][0]!;
const firstId = (cast: Cast) => cast.board.tasks.get(first(cast))!;
const at = (more: string) => (cast: Cast) => panelled(cast, more);

async function panelled(cast: Cast, more: string): Promise<Page> {
  const page = await open(cast.anna, cast.board.id, more);
  await page.locator("[data-panel] h2, [data-panel] h1").first().waitFor({ state: "attached" });
  return page;
}

/** A board, with a key pressed on its first card. */
const keyed = (...keys: string[]) => async (cast: Cast) => {
  const page = await open(cast.anna, cast.board.id);
  await card(page, first(cast)).locator("a").focus();
  for (const key of keys) await page.keyboard.press(key);
  return page;
};

const plain = (path: string) => async ({ anna }: Cast) => {
  const page = await anna.page(path);
  await page.locator("h1").first().waitFor();
  return page;
};

const outside = (path: string, about: object = {}) => async ({ nobody }: Cast) => {
  const page = await nobody.newPage();
  const said = { version: "1", registration: "open", password_chars_min: 8, has_people: true, ...about };
  await page.route("**/about", (route) => route.fulfill({ json: said }));
  await page.goto(path);
  await page.locator("h1").first().waitFor();
  return page;
};

/** With what is said in sight. */
async function talked(page: Page): Promise<Page> {
  await page.locator("[data-comment] [data-markdown]").last().waitFor();
  await page.locator("[data-comment]").last().scrollIntoViewIfNeeded();
  return page;
}

async function conflict(cast: Cast, field: "title" | "description"): Promise<Page> {
  const task = cast.board.tasks.get("Five")!;
  const page = await panelled(cast, `/t/${task}`);
  if (field === "title") await page.locator("[data-panel] textarea").first().fill("Mine");
  else {
    await page.locator("[data-describe]").click();
    await page.locator("[data-panel] textarea").nth(1).fill("mine\nand then:\n- draw");
  }
  await cast.boris.api("PATCH", `/tasks/${task}`, { [field]: field === "title" ? "Theirs" : "theirs\nand then:\n- draw" });
  await page.locator("details").waitFor();
  await page.keyboard.press("ControlOrMeta+Enter");
  await page.locator("[data-panel] [role=group] button.button-main").first().waitFor();
  return page;
}

export const SCENES: Record<string, Show> = {
  "sign-in": outside("/sign-in"),
  "sign-up": outside("/sign-up"),
  "first account": outside("/sign-up", { has_people: false }),
  "registration closed": outside("/sign-up", { registration: "closed" }),
  "closed and empty": outside("/sign-up", { registration: "closed", has_people: false }),
  "new password": outside("/password#x"),
  "new password without a link": outside("/password"),
  invited: async (cast) => {
    const { url } = await cast.anna.api<{ url: string }>("POST", `/boards/${cast.board.id}/invitations`, { role: "MEMBER" });
    const page = await cast.nobody.newPage();
    await page.goto(url);
    await page.locator("form").first().waitFor();
    return page;
  },
  boards: async ({ anna }) => {
    const page = await anna.page("/");
    await page.locator("main li").first().waitFor();
    return page;
  },
  my: async ({ anna }) => {
    const page = await anna.page("/my");
    await page.locator("main section").first().waitFor();
    return page;
  },
  me: async ({ anna }) => {
    const page = await anna.page("/me");
    await page.locator("[name=days]").waitFor();
    await page.locator("input[name=name]").nth(1).fill("script");
    await page.locator("input[name=name]").nth(1).press("Enter");
    await page.locator("code").first().waitFor();
    return page;
  },
  lost: plain("/nowhere"),
  board: async (cast) => open(cast.anna, cast.board.id),
  filtered: async (cast) => open(cast.anna, cast.board.id, "?q=zzz"),
  selected: keyed("x", "Shift+ArrowDown"),
  lifted: keyed("Space", "ArrowRight"),
  keys: keyed("?"),
  palette: keyed("ControlOrMeta+k"),
  move: keyed("m"),
  due: keyed("d"),
  people: keyed("p"),
  priority: keyed("l"),
  labels: async (cast) => {
    const page = await keyed("t")(cast);
    await page.getByRole("combobox").fill("b");
    return page;
  },
  "card menu": async (cast) => {
    const page = await open(cast.anna, cast.board.id);
    await card(page, first(cast)).hover();
    await card(page, first(cast)).locator("button").click();
    await page.locator("[role=menuitem]").first().waitFor();
    return page;
  },
  adder: async (cast) => {
    const page = await open(cast.anna, cast.board.id);
    await page.keyboard.press("c");
    await page.keyboard.insertText("x".repeat(501));
    await page.keyboard.press("Enter");
    await page.getByRole("alert").last().waitFor();
    return page;
  },
  dragging: async (cast) => {
    const page = await open(cast.anna, cast.board.id);
    await drag(page, card(page, first(cast)), card(page, "Five"), { y: 0.2, drop: false });
    return page;
  },
  refused: async (cast) => {
    const page = await open(cast.anna, cast.board.id);
    await drag(page, card(page, first(cast)), page.locator("[data-column]").nth(1), { y: 0.5 });
    await page.locator(".border-danger").waitFor();
    return page;
  },
  offline: async (cast) => {
    const page = await open(cast.anna, cast.board.id);
    await page.route("**/move", (route) => route.abort());
    await drag(page, card(page, first(cast)), page.locator("[data-column]").nth(3), { y: 0.5 });
    await page.locator("header [role=status]").waitFor();
    return page;
  },
  observer: async (cast) => {
    await cast.anna.api("PUT", `/boards/${cast.board.id}/users/${cast.boris.id}`, { role: "OBSERVER" });
    const page = await open(cast.boris, cast.board.id);
    await cast.anna.api("PUT", `/boards/${cast.board.id}/users/${cast.boris.id}`, { role: "MEMBER" });
    return page;
  },
  task: async (cast) => panelled(cast, `/t/${firstId(cast)}`),
  viewer: async (cast) => {
    const page = await panelled(cast, `/t/${firstId(cast)}`);
    await page.locator("[data-attachment] > button").first().click();
    await page.locator("dialog img").waitFor();
    return page;
  },
  "attachment menu": async (cast) => {
    const page = await panelled(cast, `/t/${firstId(cast)}`);
    await page.locator("[data-attachment] [aria-haspopup]").first().click();
    await page.locator("[data-attachment] [role=menuitem]").first().waitFor();
    return page;
  },
  uploads: async (cast) => {
    await cast.anna.api("PATCH", `/boards/${cast.board.id}`, { is_public: true });
    const page = await panelled(cast, `/t/${cast.board.tasks.get("Five")}`);
    await page.route("**/attachments?*", () => undefined); // they never arrive
    const place = { name: "IMG_1.jpg", mimeType: "image/jpeg", buffer: await jpeg(page, placeSegment()) };
    const large = { name: "film.mp4", mimeType: "video/mp4", buffer: Buffer.alloc((25 << 20) + 1) };
    const some = ["a.png", "b.txt", "c.txt"].map((name) => ({ name, mimeType: name === "a.png" ? "image/png" : "text/plain", buffer: png(300, 200, [31, 138, 138]) }));
    await page.locator("[data-attachments] input[type=file]").setInputFiles([...some, place, large]);
    await page.locator("[data-upload=failed]").waitFor();
    await cast.anna.api("PATCH", `/boards/${cast.board.id}`, { is_public: false });
    return page;
  },
  "uploads of a closed task": async (cast) => {
    const page = await SCENES.uploads!(cast);
    await page.locator("[data-panel]").press("Escape");
    await page.locator("[data-uploads]").waitFor();
    return page;
  },
  "task deleted": async (cast) => {
    const id = cast.board.tasks.get("Six")!;
    const page = await panelled(cast, `/t/${id}`);
    await cast.boris.api("DELETE", `/tasks/${id}`);
    await page.locator("[data-panel] [role=status] button").waitFor();
    return page;
  },
  "title conflict": (cast) => conflict(cast, "title"),
  "description conflict": (cast) => conflict(cast, "description"),
  comments: async (cast) => talked(await panelled(cast, `/t/${firstId(cast)}`)),
  "naming somebody": async (cast) => {
    const page = await talked(await panelled(cast, `/t/${firstId(cast)}`));
    await page.locator("[data-composer] textarea").focus();
    await page.keyboard.type("So @");
    await page.locator("[data-composer] [role=option]").first().waitFor();
    return page;
  },
  reacting: async (cast) => {
    const page = await talked(await panelled(cast, `/t/${firstId(cast)}`));
    await page.locator("[data-comment]").nth(1).locator("[aria-haspopup=dialog]").click();
    await page.locator("[data-comment] [popover] form").waitFor();
    return page;
  },
  "comment conflict": async (cast) => {
    const task = cast.board.tasks.get("Four")!;
    const { id } = await cast.anna.api<{ id: string }>("POST", "/comments", { task_id: task, body: "It is so" });
    const page = await talked(await panelled(cast, `/t/${task}`));
    await page.locator("[data-comment] [aria-haspopup=menu]").click();
    await page.locator("[data-comment] [role=menuitem]").first().click();
    await page.locator("[data-comment] textarea").fill("It is not so");
    await cast.anna.api("PATCH", `/comments/${id}`, { body: "It is so, I think" });
    await page.locator("[data-comment] details").waitFor();
    await page.keyboard.press("ControlOrMeta+Enter");
    await page.locator("[data-comment] [role=group] button.button-main").waitFor();
    return page;
  },
  "people of a board": at("/people"),
  settings: async (cast) => {
    const page = await panelled(cast, "/settings");
    await page.locator("fieldset").first().locator("> button").click();
    await page.locator("fieldset .button-danger").waitFor();
    return page;
  },
  activity: async (cast) => {
    const page = await panelled(cast, "/activity");
    await page.locator("[data-panel] li").first().waitFor();
    return page;
  },
  past: async (cast) => {
    const page = await panelled(cast, "/activity");
    await page.locator("[data-panel] li").nth(3).locator("button").first().click();
    await page.locator("[data-panel] .border-warn").waitFor();
    return page;
  },
  "no column": async ({ anna }) => {
    const board = await anna.api<{ id: string }>("POST", "/boards", { title: "Empty", columns: [] });
    const page = await anna.page(`/b/${board.id}`);
    await page.locator("#add-column").waitFor();
    return page;
  },
  failed: async (cast) => {
    const page = await cast.anna.context.newPage();
    await page.route("**/snapshot", (route) => route.fulfill({ status: 500, contentType: "application/problem+json", body: '{"type": "/problems/internal-error", "title": "x", "request_id": "0190"}' }));
    await page.goto(`/b/${cast.board.id}`);
    await page.locator("h1").waitFor();
    return page;
  },
  "signed out": async (cast) => {
    const page = await open(cast.boris, cast.board.id);
    await cast.boris.context.request.post("/auth/logout");
    await drag(page, card(page, first(cast)), page.locator("[data-column]").nth(3), { y: 0.5 });
    await page.locator("dialog form").waitFor();
    await cast.boris.context.request.post("/auth/login", { data: { login: cast.boris.username, password: PASSWORD } });
    return page;
  },
  leaving: async (cast) => {
    const page = await open(cast.anna, cast.board.id);
    await page.keyboard.press("c");
    await page.keyboard.type("a thought");
    await page.keyboard.press("Escape");
    await page.goto("/me");
    await page.locator("main > div button").last().click();
    await page.locator("[role=alertdialog]").waitFor();
    return page;
  },
  admin: async ({ anna }) => {
    promote(inject("folder"), inject("port"), anna.username);
    const page = await anna.page("/admin");
    await page.locator("main li").nth(1).waitFor();
    await page.locator("main li").filter({ has: page.locator("label") }).first().locator("button").last().click();
    await page.locator("main input[readonly]").waitFor();
    return page;
  },
};
