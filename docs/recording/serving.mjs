/** A Doska of our own with the demo on it, for pictures: on a free port, gone when the work is done. */
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ROOT } from "./stage.mjs";

const PYTHON = process.env.DOSKA_PYTHON ?? join(ROOT, ".venv/bin/python");
const READY_MS = 60_000;

/** Serve with the demo; gives work the address, the board's id and the password of its people. */
export async function withDemo(work) {
  const folder = mkdtempSync(join(tmpdir(), "doska-pictures-"));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const env = { ...process.env, DOSKA_DATA_DIR: join(folder, "data"), DOSKA_PORT: String(port), DOSKA_LOG_LEVEL: "warning" };
  const server = spawn(PYTHON, ["-m", "doska", "serve"], { cwd: ROOT, env, stdio: ["ignore", "ignore", "inherit"] });
  try {
    await ready(base);
    const told = execFileSync(PYTHON, ["-m", "doska", "demo"], { cwd: ROOT, env, encoding: "utf8" });
    const [, board] = /\/b\/([0-9a-f-]{36})/.exec(told);
    const [, password] = /password (\S+)/.exec(told);
    await work({ base, board, password });
  } finally {
    const ended = new Promise((done) => server.once("exit", done));
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ready(base) {
  const end = Date.now() + READY_MS;
  while (Date.now() < end) {
    if ((await fetch(`${base}/health/ready`).catch(() => null))?.ok) return;
    await new Promise((again) => setTimeout(again, 100));
  }
  throw new Error("the server is not ready");
}

function freePort() {
  return new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => found(port));
    });
  });
}
