/** Draws schema.sql as docs/pictures/schema.png: `make drawing`. Needs Chromium (CHROMIUM=...) and npm.
 *
 * Liam ERD makes a page of the schema; its diagram is opened with all columns, and taken whole.
 */
import { execFileSync } from "node:child_process";
import { createReadStream, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join, normalize } from "node:path";
import { chromium, install, ROOT } from "./stage.mjs";

const LIAM = "@liam-hq/cli@0.7.24";
const FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb"];
const SIZE = { width: 2400, height: 1500 };
const TYPES = { ".html": "text/html", ".js": "text/javascript", ".css": "text/css", ".json": "application/json", ".svg": "image/svg+xml" };
const EDGE = 24;
const FILE = join(ROOT, "docs/pictures/schema.png");
// The diagram alone, without the page's own tools; its lines are to be seen at half the size, too.
const STYLE = `
  body * { visibility: hidden }
  .react-flow, .react-flow *, marker, marker * { visibility: visible }
  .react-flow { position: fixed !important; inset: 0; z-index: 9999; background: #141616 }
  .react-flow__panel, .react-flow__controls { display: none !important }
  .react-flow__edge path { stroke: #8a96a3 !important; stroke-width: 1.4px !important; opacity: 1 !important }`;

/** Show all of the diagram at its own size; gives how much room that takes. */
function laid(edge) {
  const nodes = [...document.querySelectorAll(".react-flow__node")].map((node) => {
    const [x, y] = node.style.transform.match(/-?[\d.]+/g).map(Number);
    return { x, y, right: x + node.offsetWidth, bottom: y + node.offsetHeight };
  });
  const [left, top] = [Math.min(...nodes.map((node) => node.x)), Math.min(...nodes.map((node) => node.y))];
  document.querySelector(".react-flow__viewport").style.transform = `translate(${edge - left}px, ${edge - top}px) scale(1)`;
  const [right, bottom] = [Math.max(...nodes.map((node) => node.right)), Math.max(...nodes.map((node) => node.bottom))];
  return { width: Math.ceil(right - left + 2 * edge), height: Math.ceil(bottom - top + 2 * edge) };
}

function served(folder) {
  const server = createServer((request, response) => {
    const path = normalize(new URL(request.url, "http://localhost").pathname);
    const wanted = join(folder, path);
    const file = existsSync(wanted) && statSync(wanted).isFile() ? wanted : join(folder, "index.html");
    response.setHeader("content-type", TYPES[extname(file)] ?? "application/octet-stream");
    createReadStream(file).pipe(response);
  });
  return new Promise((ready) => server.listen(0, "127.0.0.1", () => ready(server)));
}

const folder = mkdtempSync(join(tmpdir(), "doska-drawing-"));
const schema = join(ROOT, "schema.sql");
const tables = [...readFileSync(schema, "utf8").matchAll(/^CREATE (?:UNLOGGED )?TABLE public\.(\w+)/gm)].map(([, name]) => name);
const liam = join(install(folder, LIAM), ".bin/liam");
execFileSync(liam, ["erd", "build", "--format", "postgres", "--input", schema], { stdio: "inherit", cwd: folder });
const server = await served(join(folder, "dist"));
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
try {
  const page = await browser.newPage({ viewport: SIZE, deviceScaleFactor: 1.25 });
  await page.goto(`http://127.0.0.1:${server.address().port}/?showMode=ALL_FIELDS`);
  await page.waitForFunction((names) => names.every((name) => document.querySelector(`.react-flow__node[data-id="${name}"]`)), tables);
  await page.waitForFunction(() => document.querySelectorAll(".react-flow__edge").length > 0);
  await page.addStyleTag({ content: STYLE });
  const size = await page.evaluate(laid, EDGE);
  await page.setViewportSize(size);
  await page.evaluate(laid, EDGE); // it has fitted itself to the new size
  await page.screenshot({ path: FILE, animations: "disabled" });
  console.log(`${tables.length} tables, ${await page.locator(".react-flow__edge").count()} lines, ${size.width} x ${size.height}`);
} finally {
  await browser.close();
  server.close();
  rmSync(folder, { recursive: true, force: true });
}
