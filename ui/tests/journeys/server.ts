/** Starts a real `doska serve` with a database of its own; `kill` and `start` are for journeys that need them. */
import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, chmodSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { TestProject } from "vitest/node";

const ROOT = resolve(import.meta.dirname, "../../..");
const PYTHON = process.env.DOSKA_PYTHON ?? join(ROOT, ".venv/bin/python");
const READY_MS = 60_000;

declare module "vitest" {
  interface ProvidedContext {
    base: string;
    folder: string;
    port: number;
  }
}

export function start(folder: string, port: number, more: Record<string, string> = {}): ChildProcess {
  const settings = {
    DOSKA_DATA_DIR: join(folder, "data"),
    DOSKA_PUBLIC_URL: `http://localhost:${port}`,
    DOSKA_REQUESTS_A_MINUTE: "0",
    DOSKA_LOG_LEVEL: "warning",
    ...more,
  };
  return spawn(PYTHON, ["-m", "doska", "serve", "--port", String(port)], {
    cwd: ROOT,
    env: { ...process.env, ...settings },
    stdio: ["ignore", "inherit", "inherit"],
  });
}

export async function ready(base: string): Promise<void> {
  const end = Date.now() + READY_MS;
  while (Date.now() < end) {
    const answer = await fetch(`${base}/health/ready`).catch(() => null);
    if (answer?.ok) return;
    await new Promise((again) => setTimeout(again, 100));
  }
  throw new Error("the server is not ready");
}

export async function freePort(): Promise<number> {
  return new Promise((found) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => found(port));
    });
  });
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), "doska-journeys-"));
  chmodSync(folder, 0o755);
  const port = await freePort();
  const base = `http://localhost:${port}`;
  const server = start(folder, port);
  await ready(base);
  project.provide("base", base);
  project.provide("folder", folder);
  project.provide("port", port);
  return async () => {
    const ended = new Promise((done) => server.once("exit", done));
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
}
