/** Starts what journeys share: a real `doska serve` with a database of its own, and a browser. */
import { execFileSync, spawn, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";

const ROOT = resolve(import.meta.dirname, "../../..");
const PYTHON = process.env.DOSKA_PYTHON ?? join(ROOT, ".venv/bin/python");
const WAIT_MS = 90_000;
// Of two flags of a name the last counts: first what Playwright itself turns off, as far as it concerns pages of this machine, then
// what loads two pages beside each of ours, for an address bar that nobody sees (Chromium 156: half of what opening a page takes).
const OFF = [
  "AvoidUnnecessaryBeforeUnloadCheckSync", "DestroyProfileOnBrowserClose", "HttpsUpgrades", "HttpsFirstBalancedModeAutoEnable",
  "MediaRouter", "PaintHolding", "ThirdPartyStoragePartitioning", "OptimizationHints", "NetworkTimeServiceQuerying", "AimEnabled",
  "PreconnectToSearch", "WebUIOmniboxPopup", "WebUIOmniboxAimPopup",
];
const FLAGS = [
  "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync", `--disable-features=${OFF.join(",")}`,
];

declare module "vitest" {
  interface ProvidedContext {
    base: string;
    browser: string;
    folder: string;
    port: number;
  }
}

/** Start Doska in a folder; `kill` and `stop` find it there. */
export function start(folder: string, port: number, more: Record<string, string> = {}): ChildProcess {
  const log = openSync(join(folder, "log"), "a");
  const server = spawn(PYTHON, ["-m", "doska", "serve", "--port", String(port)], { cwd: ROOT, env: settings(folder, port, more), stdio: ["ignore", log, log] });
  writeFileSync(join(folder, "pid"), String(server.pid));
  return server;
}

function settings(folder: string, port: number, more: Record<string, string> = {}): NodeJS.ProcessEnv {
  return {
    ...process.env,
    DOSKA_DATA_DIR: join(folder, "data"),
    DOSKA_PUBLIC_URL: `http://localhost:${port}`,
    DOSKA_REQUESTS_A_MINUTE: "0",
    DOSKA_SIGN_IN_ATTEMPTS_A_MINUTE: "100000", // all people of a journey have one address
    DOSKA_LOG_LEVEL: "warning",
    ...more,
  };
}

/** Make somebody an administrator, as whoever runs Doska does. */
export function promote(folder: string, port: number, username: string): void {
  const command = ["-m", "doska", "create-admin", "--username", username, "--email", `${username}@example.com`, "--password-stdin"];
  execFileSync(PYTHON, command, { cwd: ROOT, env: settings(folder, port), input: "not used: the account is there\n" });
}

function pidOf(folder: string): number {
  return Number(readFileSync(join(folder, "pid"), "utf8"));
}

export async function ready(folder: string, port: number): Promise<void> {
  await until(async () => (await fetch(`http://localhost:${port}/health/ready`).catch(() => null))?.ok === true, () => `the server is not ready: ${readFileSync(join(folder, "log"), "utf8").slice(-2000)}`);
}

/** End it as a crash would. */
export async function kill(folder: string): Promise<void> {
  process.kill(pidOf(folder), "SIGKILL");
  await gone(pidOf(folder));
}

export async function stop(folder: string): Promise<void> {
  const pid = pidOf(folder);
  if (isAlive(pid)) process.kill(pid, "SIGTERM");
  await gone(pid);
  rmSync(folder, { recursive: true, force: true });
}

async function gone(pid: number): Promise<void> {
  await until(async () => !isAlive(pid), () => `process ${pid} does not end`);
}

/** A process that has ended and whose parent has not looked yet is gone, too. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^\S+ \(.*\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return false;
  }
}

async function until(ask: () => Promise<boolean>, why: () => string): Promise<void> {
  const end = Date.now() + WAIT_MS;
  while (!(await ask())) {
    if (Date.now() > end) throw new Error(why());
    await new Promise((again) => setTimeout(again, 50));
  }
}

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "doska-journeys-"));
  chmodSync(folder, 0o755); // PostgreSQL runs as another user where this runs as root
  return folder;
}

export async function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => found(port));
    });
  });
}

/** A Chromium that runs: the one that is named, one on the path, or one of playwright-core's own. */
function findChromium(): string {
  const named = process.env.CHROMIUM ? [process.env.CHROMIUM] : ["chromium", "chromium-browser", "google-chrome", chromium.executablePath()];
  for (const program of named) {
    if (program.includes("/") && !existsSync(program)) continue;
    try {
      execFileSync(program, ["--version"], { stdio: "ignore" });
      return program.includes("/") ? program : execFileSync("sh", ["-c", `command -v ${program}`], { encoding: "utf8" }).trim();
    } catch {
      // Not there, or Ubuntu's stub that only names its snap.
    }
  }
  process.stderr.write("The journeys need Chromium: install it (apt-get install chromium), or name one with CHROMIUM=/path/to/chromium.\n");
  process.exit(1);
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const browser = await chromium.launchServer({ executablePath: findChromium(), args: FLAGS });
  const folder = newFolder();
  const port = await freePort();
  start(folder, port);
  await ready(folder, port);
  project.provide("base", `http://localhost:${port}`);
  project.provide("browser", browser.wsEndpoint());
  project.provide("folder", folder);
  project.provide("port", port);
  return async () => {
    await browser.close();
    await stop(folder);
  };
}
