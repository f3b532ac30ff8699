/** What is measured of a board that is open: loading it, a drag, moves by others, many events. */
const STEPS = 60;
const MOVES = 20;
const QUIET_MS = 1_000; // after which what was begun is done, glow and greetings included
const PAINTED_MS_MAX = 60_000;
const BETWEEN_MS = 120; // so that each change of others is drawn by itself

const pause = (ms) => new Promise((go) => setTimeout(go, ms));

/** What the main thread has used so far, in ms of processor time: a busy machine does not change it. */
async function used({ session }) {
  const { metrics } = await session.send("Performance.getMetrics");
  const of = Object.fromEntries(metrics.map(({ name, value }) => [name, value * 1000]));
  return { cpu: of.TaskDuration, script: of.ScriptDuration, layout: of.LayoutDuration + of.RecalcStyleDuration };
}

async function spent(at, work, times = 1) {
  const before = await used(at);
  await work();
  const after = await used(at);
  return Object.fromEntries(Object.keys(after).map((name) => [name, (after[name] - before[name]) / times]));
}

export async function load(at) {
  const { page, plan } = at;
  const cost = await spent(at, async () => {
    await page.goto(`/b/${plan.board}`, { waitUntil: "commit" });
    await painted(page);
    await pause(QUIET_MS);
  });
  const seen = await page.evaluate(() => ({
    painted: window.bench.painted,
    cards: document.querySelectorAll("[data-card]").length,
    nodes: document.querySelectorAll("*").length,
    loaded: performance.getEntriesByType("resource").map(({ name, encodedBodySize, startTime }) => ({ path: new URL(name).pathname, bytes: encodedBodySize, isBefore: startTime < window.bench.painted })),
  }));
  return { ...cost, ...seen, heap: await heap(at) };
}

async function painted(page) {
  for (let waited = 0; waited < PAINTED_MS_MAX; waited += 50) {
    if (await page.evaluate(() => window.bench?.painted ?? 0)) return;
    await pause(50);
  }
  throw new Error(`no cards at ${page.url()}: ${await page.locator("body").innerText()}`);
}

/** Carry a card from the first column to the last one, past its neighbours' places in each, and drop it. */
export async function drag(at) {
  const { page, plan } = at;
  const [first, last] = [plan.columns[0], plan.columns.at(-1)];
  const card = page.locator(`[data-column="${first}"] [data-card]`).nth(2);
  const id = await card.getAttribute("data-card");
  const [from, to] = [await card.boundingBox(), await page.locator(`[data-column="${last}"]`).boundingBox()];
  const [x, y] = [from.x + 60, from.y + 20];
  const cost = await spent(at, async () => {
    await page.mouse.move(x, y);
    await page.mouse.down();
    for (let step = 1; step <= STEPS; step++) {
      const down = 300 * Math.abs(Math.sin((Math.PI * 2.5 * step) / STEPS)); // up and down over the cards
      await page.mouse.move(x + ((to.x + to.width / 2 - x) * step) / STEPS, y + down);
    }
  });
  const { tasks, frames } = await page.evaluate(() => window.bench);
  const drop = await spent(at, async () => {
    await page.mouse.up();
    await pause(QUIET_MS);
  });
  await page.locator(`[data-column="${last}"] [data-card="${id}"]`).waitFor(); // else it was not dropped where it was carried to
  const paint = await page.evaluate(() => window.bench.drop);
  await write(at, `/tasks/${id}/move`, { column_id: first, at: "top" });
  await pause(QUIET_MS);
  frames.sort((a, b) => a - b);
  return { ...cost, drop, paint, longest: Math.max(0, ...tasks), frame: frames[Math.floor(frames.length * 0.95)] ?? 0 };
}

/** Others move cards from one column to the next, one after the other. */
export async function moves(at) {
  const { page, plan } = at;
  const [from, to] = plan.columns.slice(1, 3);
  const ids = await page.locator(`[data-column="${from}"] [data-card]`).evaluateAll((all, count) => all.slice(0, count).map((one) => one.dataset.card), MOVES);
  const target = await page.locator(`[data-column="${to}"] [data-card]`).nth(4).getAttribute("data-card");
  const cost = await spent(at, async () => {
    for (const id of ids) {
      await write(at, `/tasks/${id}/move`, { column_id: to, before: target });
      await pause(BETWEEN_MS);
    }
    await pause(QUIET_MS);
  }, MOVES);
  await page.locator(`[data-column="${to}"] [data-card="${ids.at(-1)}"]`).waitFor(); // else it is not seen
  for (const id of ids.toReversed()) await write(at, `/tasks/${id}/move`, { column_id: from, at: "top" });
  await pause(QUIET_MS);
  return cost;
}

/** Many changes by others: what they leave in memory. */
export async function events(at) {
  const { page, plan } = at;
  const ids = await page.locator(`[data-column="${plan.columns[3]}"] [data-card]`).evaluateAll((all) => all.map((one) => one.dataset.card));
  const before = await heap(at);
  for (let count = 0; count < plan.events; count++) {
    const id = ids[count % ids.length];
    const place = { column_id: plan.columns[3 + (count % 2)], at: count % 3 ? "top" : "bottom" };
    if (count % 2) await write(at, `/tasks/${id}/move`, place);
    else await write(at, `/tasks/${id}`, { title: `Title ${count}` }, "PATCH");
  }
  await page.locator(`[data-board]`).waitFor();
  await pause(3 * QUIET_MS);
  return { before, after: await heap(at) };
}

/** The heap in use once all that is left over is collected, in MB. */
async function heap({ session }) {
  for (let turn = 0; turn < 3; turn++) await session.send("HeapProfiler.collectGarbage");
  const { usedSize } = await session.send("Runtime.getHeapUsage");
  return usedSize / 1e6;
}

async function write({ plan, origin }, path, body, method = "POST") {
  const headers = { cookie: plan.rival, "content-type": "application/json" };
  const answer = await fetch(origin + path, { method, headers, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${await answer.text()}`);
  await answer.arrayBuffer();
}
