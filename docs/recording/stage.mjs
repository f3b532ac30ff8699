/** The stage: a page that shows windows, a cursor and a caption, and a camera that takes it frame by frame.
 *
 * A frame is a screenshot, taken when everything has been drawn: how fast the machine is does not show.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

export const HERE = dirname(fileURLToPath(import.meta.url));
export const ROOT = resolve(HERE, "../..");
export const { chromium } = createRequire(join(ROOT, "ui/package.json"))("playwright-core");
export const FPS = 12;
export const SIZE = { width: 1600, height: 900 };
const BAR = 40;
const EDGE = 24;

const PAGE = `<!doctype html><meta charset="utf-8"><style>
  * { box-sizing: border-box; margin: 0 }
  body { width: ${SIZE.width}px; height: ${SIZE.height}px; overflow: hidden; font: 500 15px system-ui, "DejaVu Sans", sans-serif;
    background: radial-gradient(circle at 30% 20%, #34495e, #1b2530 75%) }
  .window { position: absolute; border-radius: 10px; overflow: hidden; box-shadow: 0 18px 50px #0008; background: #101418 }
  .bar { height: ${BAR}px; display: flex; align-items: center; gap: 8px; padding: 0 14px; background: #2b3138; color: #cfd6dd }
  .bar i { width: 12px; height: 12px; border-radius: 50%; background: #596470 }
  .bar b { margin-left: 10px; font-weight: 500; overflow: hidden; white-space: nowrap; text-overflow: ellipsis }
  .window img { display: block }
  .tty { padding: 12px }
  .tty .xterm-viewport { background: #101418 !important; overflow: hidden }
  #cursor { position: absolute; width: 26px; z-index: 9; filter: drop-shadow(0 1px 2px #0009) }
  #caption { position: absolute; left: 0; right: 0; bottom: 14px; text-align: center; color: #fff; font-size: 22px; z-index: 8;
    text-shadow: 0 1px 6px #000 }
  #waited { position: absolute; right: 44px; top: 76px; padding: 6px 12px; border-radius: 8px; background: #f2b84b; color: #222; z-index: 8 }
</style><div id="windows"></div><div id="caption"></div><div id="waited" hidden></div>
<svg id="cursor" viewBox="0 0 24 24" style="display: none"><path d="M4 2l16 11-7 1 4 7-3 1.6-4-7.2L4 20z" fill="#fff" stroke="#111" stroke-width="1.4"/></svg>`;

export class Stage {
  static async open(browser, folder) {
    const stage = new Stage();
    stage.page = await browser.newPage({ viewport: SIZE });
    stage.folder = folder;
    stage.frames = []; // file, and how many frames it stays
    mkdirSync(folder, { recursive: true });
    await stage.page.setContent(PAGE);
    return stage;
  }

  /** Arrange windows: [{ title, page? }], side by side; a page is shown by its screenshots. */
  async arrange(windows) {
    const width = (SIZE.width - EDGE * (windows.length + 1)) / windows.length;
    this.windows = windows.map((one, index) => ({
      ...one,
      x: EDGE + index * (width + EDGE),
      y: EDGE,
      width: Math.floor(width),
      height: SIZE.height - 2 * EDGE - 36,
    }));
    for (const one of this.windows) {
      if (one.page) await one.page.setViewportSize({ width: one.width, height: one.height - BAR });
    }
    await this.page.evaluate(
      ([list, bar]) => {
        document.querySelector("#windows").innerHTML = list
          .map(
            (one, n) => `<div class="window" style="left:${one.x}px;top:${one.y}px;width:${one.width}px;height:${one.height}px">
              <div class="bar"><i></i><i></i><i></i><b></b></div>
              ${one.terminal ? `<div class="tty" id="terminal"></div>` : `<img id="w${n}" width="${one.width}" height="${one.height - bar}">`}</div>`,
          )
          .join("");
      },
      [this.windows.map(({ page: _, ...rest }) => rest), BAR],
    );
    this.cursor = null;
  }

  async caption(text) {
    await this.page.evaluate((given) => (document.querySelector("#caption").textContent = given), text);
  }

  /** Point at a place of a window's page. */
  at(index, x, y) {
    const one = this.windows[index];
    this.cursor = { x: one.x + x - 5, y: one.y + BAR + y - 3 };
  }

  /** Take a frame that stays for so many seconds (at least one frame). */
  async take(seconds = 0) {
    const shots = await Promise.all(this.windows.map((one) => (one.page ? shot(one.page) : null)));
    const titles = this.windows.map((one) => (one.page ? `${one.title}  ·  ${one.page.url().replace(/^https?:\/\//, "")}` : one.title));
    await this.page.evaluate(
      async ([images, names, cursor]) => {
        const bars = document.querySelectorAll(".bar b");
        names.forEach((name, n) => (bars[n].textContent = name));
        for (const [n, image] of images.entries()) {
          if (!image) continue;
          const element = document.querySelector(`#w${n}`);
          element.src = `data:image/png;base64,${image}`;
          await element.decode();
        }
        const arrow = document.querySelector("#cursor");
        arrow.style.display = cursor ? "" : "none";
        if (cursor) Object.assign(arrow.style, { left: `${cursor.x}px`, top: `${cursor.y}px` });
      },
      [shots, titles, this.cursor],
    );
    const file = join(this.folder, `${String(this.frames.length).padStart(5, "0")}.png`);
    writeFileSync(file, await this.page.screenshot({ animations: "allow" }));
    this.frames.push([file, Math.max(1, Math.round(seconds * FPS))]);
  }

  /** Take frames for so long, as things move by themselves. */
  async watch(seconds) {
    for (let n = 0; n < seconds * FPS; n++) await this.take();
  }

  /** Move the mouse of a window's page in steps, a frame each. */
  async move(index, x, y, steps = 8) {
    const { page } = this.windows[index];
    const from = this.mouse?.index === index ? this.mouse : { x: x + 120, y: y + 160 };
    for (let step = 1; step <= steps; step++) {
      const part = step / steps;
      const ease = part * part * (3 - 2 * part);
      const [left, top] = [from.x + (x - from.x) * ease, from.y + (y - from.y) * ease];
      await page.mouse.move(left, top);
      this.at(index, left, top);
      await this.take();
    }
    this.mouse = { index, x, y };
  }

  async moveTo(index, locator, { dx = 0.5, dy = 0.5, steps = 8 } = {}) {
    const box = await locator.boundingBox();
    await this.move(index, box.x + box.width * dx, box.y + box.height * dy, steps);
  }

  async click(index, locator, place = {}) {
    await this.moveTo(index, locator, place);
    await this.windows[index].page.mouse.down();
    await this.windows[index].page.mouse.up();
    await settled(this.windows[index].page);
    await this.take(0.3);
  }

  async type(index, text) {
    for (const letter of text) {
      await this.windows[index].page.keyboard.insertText(letter);
      await this.take();
    }
  }

  /** Write the list that ffmpeg reads. */
  list(from = 0, to = this.frames.length) {
    const lines = this.frames.slice(from, to).flatMap(([file, count]) => [`file '${file}'`, `duration ${(count / FPS).toFixed(4)}`]);
    const path = join(this.folder, `list-${from}-${to}.txt`);
    writeFileSync(path, `ffconcat version 1.0\n${lines.join("\n")}\nfile '${this.frames[to - 1][0]}'\n`);
    return path;
  }
}

async function shot(page) {
  return (await page.screenshot({ animations: "allow", caret: "initial" })).toString("base64");
}

/** Install what a script alone needs, in a folder of its own; the npm beside a wheel's Node is a broken link. */
export function install(folder, name) {
  const own = join(dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js");
  const npm = existsSync(own) ? [process.execPath, own] : ["npm"];
  const options = ["install", "--silent", "--no-save", "--ignore-scripts", "--prefix", folder, name];
  execFileSync(npm[0], [...npm.slice(1), ...options], { stdio: "inherit" });
  return join(folder, "node_modules");
}

/** Wait until the page has drawn what is there. */
export async function settled(page) {
  await page.evaluate(() => new Promise((next) => requestAnimationFrame(() => requestAnimationFrame(next))));
}
