/** Visits a board in a real browser and tells what that cost: `node measure.mjs PLAN.json`, answers on standard output as JSON.
 *
 * The plan: `variants` (addresses by name), `board`, `columns`, `cookie` of who looks on, `rival` of who changes it
 * meanwhile, `rounds`, `events`, `chromium`. Each round visits every variant once, in turns from another one on.
 */
import { readFile } from "node:fs/promises";
import { chromium } from "../../ui/node_modules/playwright-core/index.mjs";
import { drag, events, load, moves } from "./works.mjs";

const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
  "--disable-sync", "--disable-renderer-backgrounding", "--disable-backgrounding-occluded-windows",
];
const VIEWPORT = { width: 1600, height: 900 }; // five columns beside each other

/** Tells when the first cards are on the screen, and which tasks and frames there were; runs before the page's own scripts. */
function watching() {
  const bench = { painted: 0, tasks: [], frames: [], isDragging: false, drop: 0 };
  Object.assign(window, { bench });
  const after = (what) => requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = what;
    port2.postMessage(0); // comes after the frame has been painted
  });
  const looking = new MutationObserver(() => {
    if (!document.querySelector("[data-card]")) return;
    looking.disconnect();
    after(() => (bench.painted = performance.now()));
  });
  looking.observe(document, { childList: true, subtree: true });
  new PerformanceObserver((list) => bench.tasks.push(...list.getEntries().map((one) => one.duration))).observe({ type: "longtask" });
  let before = 0;
  const frame = (now) => {
    if (bench.isDragging) {
      if (before) bench.frames.push(now - before);
      before = now;
      requestAnimationFrame(frame);
    } else before = 0;
  };
  addEventListener("mousedown", () => {
    Object.assign(bench, { isDragging: true, tasks: [], frames: [] });
    requestAnimationFrame(frame);
  }, true);
  for (const kind of ["pointerup", "mouseup"]) {
    addEventListener(kind, (event) => {
      bench.isDragging = false;
      after(() => (bench.drop ||= performance.now() - event.timeStamp));
    }, true);
  }
}

/** One variant in a browser profile of its own, with nothing kept from before. */
async function visit(browser, plan, name, isWithEvents) {
  const context = await browser.newContext({ viewport: VIEWPORT, baseURL: plan.variants[name], bypassCSP: true }); // the libraries need what the policy forbids
  try {
    const [key, value] = plan.cookie.split("=");
    await context.addCookies([{ name: key, value, url: plan.variants[name] }]);
    await context.addInitScript(watching);
    const page = await context.newPage();
    const complaints = [];
    page.on("pageerror", (error) => complaints.push(error.message));
    await page.goto("/health/live"); // so that the process stays the same from here on
    const session = await context.newCDPSession(page);
    await session.send("Performance.enable", { timeDomain: "threadTicks" });
    const at = { page, session, plan, origin: plan.variants[name] };
    const found = { load: await load(at), drag: await drag(at), move: await moves(at) };
    if (isWithEvents) found.events = await events(at);
    if (complaints.length) throw new Error(`${name}: ${complaints.join("; ")}`);
    return found;
  } finally {
    await context.close();
  }
}

const plan = JSON.parse(await readFile(process.argv[2], "utf8"));
const names = Object.keys(plan.variants);
const rounds = [];
for (let round = 0; round < plan.rounds; round++) {
  const found = {};
  for (let turn = 0; turn < names.length; turn++) {
    const name = names[(round + turn) % names.length];
    const browser = await chromium.launch({ executablePath: plan.chromium, args: FLAGS });
    found[name] = await visit(browser, plan, name, name === "doska").finally(() => browser.close());
    process.stderr.write(`round ${round + 1} of ${plan.rounds}: ${name}, ${Math.round(found[name].load.cpu)} ms to load\n`);
  }
  rounds.push(found);
}
process.stdout.write(JSON.stringify({ rounds, browser: await version(plan.chromium) }));

async function version(executablePath) {
  const browser = await chromium.launch({ executablePath, args: FLAGS });
  const found = browser.version();
  await browser.close();
  return found;
}
