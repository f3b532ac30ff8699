/** Many changes by others at once: what is read stays where it is, to the pixel, and what is typed stays typed. */
import type { Page } from "playwright-core";
import { expect, test } from "vitest";
import { aPerson, column, eventually, open, shown, type Person } from "./world";

const CARDS = 1_000;
const MOVES = 200;
const TOP = 300; // the card that is at the top of the list when the storm comes
const AT_ONCE = 10; // so that several changes are drawn in one frame
const FIRST = 20; // of a list, that are drawn in any case

interface Watch {
  id: string;
  from: number;
  worst: number;
  frames: number;
}

interface LongBoard {
  id: string;
  long: string;
  other: string;
  tasks: string[];
}

/** A board with one long column, made in batches. */
async function longBoard(person: Person): Promise<LongBoard> {
  const board = await person.board({ Long: [], Other: [] });
  const [long, other] = [board.columns.get("Long")!, board.columns.get("Other")!];
  for (let first = 0; first < CARDS; first += 100) {
    const operations = Array.from({ length: 100 }, (_, place) => ({ op: "create_task", body: { column_id: long, title: titleOf(first + place) } }));
    await person.api("POST", `/boards/${board.id}/batch`, { operations });
  }
  const { tasks } = await person.api<{ tasks: { id: string; title: string }[] }>("GET", `/boards/${board.id}/snapshot`);
  const byTitle = new Map(tasks.map((task) => [task.title, task.id]));
  return { id: board.id, long, other, tasks: Array.from({ length: CARDS }, (_, place) => byTitle.get(titleOf(place))!) };
}

/** Titles of one and of three lines: cards are of different heights. */
function titleOf(place: number): string {
  return `Task ${place}${place % 3 ? "" : ", with so long a title that it takes more than one line of its card, and that of the next one does not"}`;
}

/** Scroll a list, which draws more of it as it goes, until a card is at its top. */
async function scrollTo(page: Page, id: string): Promise<void> {
  await expect.poll(() => page.evaluate((wanted) => {
    const card = document.querySelector(`[data-card="${wanted}"]`);
    const list = (card?.closest("[data-list]") ?? document.querySelector("[data-list]"))!;
    if (card) list.scrollTop += card.getBoundingClientRect().top - list.getBoundingClientRect().top;
    else list.scrollTop = list.scrollHeight;
    return card !== null && Math.abs(card.getBoundingClientRect().top - list.getBoundingClientRect().top) < 1;
  }, id), { timeout: 20_000, interval: 20 }).toBe(true);
}

/** Watch in each frame how far a card is from where it was. */
async function watch(page: Page, id: string): Promise<void> {
  await page.evaluate((id) => {
    const top = () => document.querySelector(`[data-card="${id}"]`)?.getBoundingClientRect().top ?? Infinity;
    const found: Watch = { id, from: top(), worst: 0, frames: 0 };
    Object.assign(window, { found });
    const look = () => {
      found.frames++;
      found.worst = Math.max(found.worst, Math.abs(top() - found.from));
      requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, id);
}

/** Moves from everywhere to everywhere, but never of the card at the top: above and below it, within the view, in and out. */
function storm({ long, other, tasks }: LongBoard): [string, object][] {
  const at = (place: number) => tasks[place]!;
  const kinds: ((n: number) => [string, object])[] = [
    (n) => [at(TOP + 100 + n), { column_id: long, before: at(n) }], // from below to above
    (n) => [at(150 + n), { column_id: long, at: "bottom" }], // from above to below
    (n) => [at(TOP - 1 - n), { column_id: long, at: "top" }], // within what is above
    (n) => [at(TOP + 1 + (n % 8)), { column_id: long, after: at(TOP - 60 - n) }], // from the view to above
    (n) => [at(50 + n), { column_id: other, at: "top" }], // out of the column
    (n) => [at(TOP + 500 + n), { column_id: long, before: at(TOP) }], // just above the top of the view
    (n) => [at(TOP + 600 + n), { column_id: long, after: at(TOP) }], // into the view
  ];
  return Array.from({ length: MOVES }, (_, n) => kinds[n % kinds.length]!(Math.floor(n / kinds.length)));
}

interface Read {
  anna: Person;
  boris: Person;
  board: LongBoard;
  page: Page;
}

/** Anna reads a long column, a card of which is at the top of her view; Boris is about to change it. */
async function reading(top: number): Promise<Read> {
  const [anna, boris] = [await aPerson("anna"), await aPerson("boris")];
  const board = await longBoard(boris);
  await boris.api("POST", `/boards/${board.id}/users`, { user_id: anna.id, role: "MEMBER" });
  const page = await open(anna, board.id);
  await scrollTo(page, board.tasks[top]!);
  await watch(page, board.tasks[top]!);
  return { anna, boris, board, page };
}

/** Wait until all is drawn; nothing may have moved in any frame. */
async function stood({ boris, board, page }: Read): Promise<void> {
  const after = await boris.order(board.id);
  await eventually(async () => (await shown(page)).Long, after.Long!.slice(0, (await shown(page)).Long!.length));
  await eventually(async () => (await shown(page)).Other!.slice(0, FIRST), after.Other!.slice(0, FIRST));
  const { worst, frames } = await page.evaluate(() => (window as unknown as { found: Watch }).found);
  expect(frames).toBeGreaterThan(0);
  expect(worst).toBeLessThanOrEqual(1);
}

async function batch({ boris, board }: Read, moves: [string, object][]): Promise<void> {
  const operations = moves.map(([task_id, body]) => ({ op: "move_task", task_id, body }));
  await boris.api("POST", `/boards/${board.id}/batch`, { operations });
}

test("21: 200 moves by others: a scrolled list stays where it is, and every typed letter is there", async () => {
  const read = await reading(TOP);
  const { boris, board, page } = read;
  await column(page, "Other").getByRole("button", { name: "Add" }).click();
  const moves = storm(board);
  const typing = page.keyboard.type("what is typed in a storm stays typed", { delay: 20 });
  for (let first = 0; first < moves.length; first += AT_ONCE) {
    await Promise.all(moves.slice(first, first + AT_ONCE).map(([task, to]) => boris.api("POST", `/tasks/${task}/move`, to)));
  }
  await typing;
  await stood(read);
  expect(await page.evaluate(() => (document.activeElement as HTMLTextAreaElement).value)).toBe("what is typed in a storm stays typed");
});

test("21: a hundred cards that come in above at once do not push what is read out of the list", async () => {
  const read = await reading(15); // of those that are drawn at once
  const { long, tasks } = read.board;
  await batch(read, tasks.slice(200, 300).map((task) => [task, { column_id: long, at: "top" }]));
  await stood(read);
});

test("21: a list that others have emptied above what is read stays there when more comes in", async () => {
  const read = await reading(8);
  const { long, other, tasks } = read.board;
  await batch(read, tasks.slice(0, 8).map((task) => [task, { column_id: other, at: "top" }]));
  await stood(read);
  await batch(read, tasks.slice(200, 208).map((task) => [task, { column_id: long, at: "top" }]));
  await stood(read);
});
