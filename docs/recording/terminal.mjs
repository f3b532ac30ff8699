/** A real shell in a real terminal: what it prints is kept with its time, and played on the stage by xterm.js. */
import { spawn } from "node:child_process";
import { join } from "node:path";
import { FPS, HERE } from "./stage.mjs";

const SHAPE = { columns: 110, rows: 27 };
const GAP_MAX_S = 0.8; // what nobody wants to watch is cut, and how long it took is told
const TOLD_FROM_S = 4;
const PASSED = /^(PIP_|npm_config_|NODE_EXTRA_CA|SSL_CERT)|_proxy$/i; // what installing may need here

export class Shell {
  constructor(home, folder, more = {}) {
    const kept = Object.fromEntries(Object.entries(process.env).filter(([name]) => PASSED.test(name)));
    const env = {
      ...kept,
      HOME: home,
      PATH: process.env.RECORDING_PATH ?? "/usr/local/bin:/usr/bin:/bin",
      LANG: "C.UTF-8",
      TERM: "xterm-256color",
      PS1: "\\[\\e[1;32m\\]\\w $\\[\\e[0m\\] ", // a dollar, also where root records
      PIP_QUIET: "1",
      npm_config_progress: "false",
      HISTFILE: "",
      ...more,
    };
    const { columns, rows } = SHAPE;
    this.chunks = [];
    this.process = spawn("python3", [join(HERE, "shell.py"), String(columns), String(rows), "bash", "--noprofile", "--norc", "-i"], { cwd: folder, env });
    this.process.stdout.setEncoding("utf8");
    this.process.stdout.on("data", (text) => this.chunks.push({ at: performance.now() / 1000, text }));
    this.process.stderr.pipe(process.stderr);
  }

  get text() {
    return this.chunks.map((chunk) => chunk.text).join("");
  }

  /** Type a command as a person does, and wait for what it is to print. */
  async run(command, wanted = /\$\S* $/, seconds = 30) {
    await this.until(/\$\S* $/);
    for (const letter of command) {
      this.process.stdin.write(letter);
      await pause(45);
    }
    await pause(300);
    const before = this.text.length;
    this.process.stdin.write("\r");
    await this.until(wanted, before + 1, seconds);
  }

  async until(wanted, from = 0, seconds = 30) {
    const end = performance.now() + seconds * 1000;
    while (!wanted.test(this.text.slice(from))) {
      if (performance.now() > end) throw new Error(`no ${wanted} in ${this.text.slice(from)}`);
      await pause(30);
    }
  }

  async stop() {
    if (this.process.exitCode !== null) return;
    const ended = new Promise((done) => this.process.once("exit", done));
    this.process.stdin.write("\x03");
    await this.until(/\$\S* $/, this.text.length);
    this.process.stdin.write("exit\r");
    await ended;
  }
}

/** Play what a shell has printed in the stage's terminal. */
export async function play(stage, xterm, chunks, { end = 2 } = {}) {
  await stage.page.addStyleTag({ path: join(xterm, "css/xterm.css") });
  await stage.page.addScriptTag({ path: join(xterm, "lib/xterm.js") });
  await stage.page.evaluate(({ columns, rows }) => {
    const look = { fontFamily: "DejaVu Sans Mono, monospace", fontSize: 22, lineHeight: 1.15, theme: { background: "#101418" } };
    globalThis.screenTerminal = new Terminal({ cols: columns, rows, ...look });
    globalThis.screenTerminal.open(document.querySelector("#terminal"));
    globalThis.screenTerminal.focus();
  }, SHAPE);
  let [pending, last] = [0, chunks[0]?.at ?? 0];
  for (const { at, text } of chunks) {
    const gap = at - last;
    last = at;
    if (gap > TOLD_FROM_S) await tell(stage, `${Math.round(gap)} s later`);
    pending += Math.min(gap, GAP_MAX_S);
    if (pending >= 1 / FPS) {
      await stage.take(pending);
      pending = 0;
    }
    await tell(stage, "");
    await print(stage, text);
  }
  await stage.take(end);
}

async function print(stage, text) {
  const written = (given) =>
    new Promise((done) => globalThis.screenTerminal.write(given, () => requestAnimationFrame(() => requestAnimationFrame(done))));
  await stage.page.evaluate(written, text);
}

async function tell(stage, text) {
  await stage.page.evaluate((given) => {
    const element = document.querySelector("#waited");
    element.textContent = given;
    element.hidden = !given;
  }, text);
}

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));
