/** Records Doska: from `git clone` to the first board in a terminal, then at work in two browsers. `make recording`.
 *
 * Needs Chromium (CHROMIUM=...), ffmpeg with libx264 and libwebp, git, and npm, which brings xterm.js for the recording
 * alone. Serves on port 8000, or on DOSKA_PORT. Leaves docs/recording/doska.mp4 and doska.webp.
 */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as scenes from "./scenes.mjs";
import { chromium, FPS, HERE, install, ROOT, Stage } from "./stage.mjs";
import { play, Shell } from "./terminal.mjs";

const XTERM = "@xterm/xterm@6.0.0";
const HOME = "/tmp/demo-home";
const ADDRESS = "https://example.com/doska.git"; // what is cloned is this repository, under a name that says nothing
const FLAGS = ["--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--force-color-profile=srgb", "--no-first-run", "--disable-background-networking"];
const LIMITS = { "doska.mp4": 6 << 20, "doska.webp": 2 << 20 };
const port = process.env.DOSKA_PORT ?? "8000";
// Where data are by themselves, but for root, whose own Doska is not for a film.
const SETTINGS = { DOSKA_DATA_DIR: join(HOME, ".local/share/doska"), ...(process.env.DOSKA_PORT && { DOSKA_PORT: port }) };
const base = `http://localhost:${port}`;

function homeMade() {
  if (existsSync(HOME)) throw new Error(`${HOME} is there already: remove it`);
  mkdirSync(HOME, { mode: 0o755 });
  const config = ["-c", "safe.directory=*"];
  execFileSync("git", ["config", "--file", join(HOME, ".gitconfig"), `url.${ROOT}.insteadOf`, ADDRESS]);
  execFileSync("git", ["config", "--file", join(HOME, ".gitconfig"), "safe.directory", "*"]);
  execFileSync("git", [...config, "-C", ROOT, "status", "--short"]);
}

function filmed(stage, animated) {
  const video = ["-c:v", "libx264", "-preset", "medium", "-tune", "animation", "-crf", "26", "-pix_fmt", "yuv420p", "-movflags", "+faststart"];
  ffmpeg(["-i", stage.list(), "-vf", `fps=${FPS}`, ...video, join(HERE, "doska.mp4")]);
  const small = ["-vf", `fps=${FPS},scale=1200:-1:flags=lanczos`, "-c:v", "libwebp_anim", "-quality", "80", "-loop", "0"];
  ffmpeg(["-i", stage.list(...animated), ...small, join(HERE, "doska.webp")]);
  for (const [name, most] of Object.entries(LIMITS)) {
    const { size } = statSync(join(HERE, name));
    console.log(`${name}: ${Math.round(size / 1024)} kB`);
    if (size > most) throw new Error(`${name} is larger than ${most} bytes`);
  }
}

function ffmpeg(rest) {
  execFileSync("ffmpeg", ["-hide_banner", "-loglevel", "error", "-y", "-safe", "0", "-f", "concat", ...rest], { stdio: "inherit" });
}

const folder = mkdtempSync(join(tmpdir(), "doska-recording-"));
homeMade();
const xterm = join(install(folder, XTERM), "@xterm/xterm");
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
const shells = [];
try {
  const first = new Shell(HOME, HOME, SETTINGS);
  shells.push(first);
  await first.run(`git clone ${ADDRESS}`);
  await first.run("cd doska");
  await first.run("make run", /Ctrl-C stops it|doska: .*\n/, 900);
  if (!first.text.includes("Ctrl-C stops it")) throw new Error("Doska did not start");
  const stage = await Stage.open(browser, join(folder, "frames"));
  await stage.arrange([{ title: "Terminal", terminal: true }]);
  await stage.caption("With Python and make: one command");
  await play(stage, xterm, first.chunks);

  await scenes.firstBoard(stage, browser, base);

  const second = new Shell(HOME, join(HOME, "doska"), SETTINGS);
  shells.push(second);
  await second.run(".venv/bin/doska demo", /sign in: [^]*\$\S* $/, 60);
  await stage.arrange([{ title: "Terminal", terminal: true }]);
  await stage.caption("A board with two weeks of history, to look around in");
  await play(stage, xterm, second.chunks, { end: 3 });

  const [, board] = /\/b\/([0-9a-f-]{36})/.exec(second.text);
  const [, password] = /password (\S+)/.exec(second.text);
  const people = await scenes.enter(browser, base, board, password);
  const from = stage.frames.length;
  await scenes.dragSeenLive(stage, people);
  await scenes.undone(stage, people);
  const to = stage.frames.length;
  await scenes.talked(stage, people);
  await scenes.lookBack(stage, people);
  writeFileSync(join(folder, "frames.json"), JSON.stringify({ frames: stage.frames, animated: [from, to] }));
  filmed(stage, [from, to]);
} catch (error) {
  for (const shell of shells) console.error(shell.text.slice(-3000));
  throw error;
} finally {
  for (const shell of shells.reverse()) await shell.stop().catch(console.error);
  await browser.close();
  rmSync(HOME, { recursive: true, force: true });
  if (!process.env.KEEP) rmSync(folder, { recursive: true, force: true });
  else console.log(`kept: ${folder}`);
}
