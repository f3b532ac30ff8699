/** Builds the interface as it ships and as it could have been, each into a folder of its own: `node variants.mjs FOLDER`.
 *
 * - `doska`: as it ships.
 * - `all`: the same with all cards drawn at once.
 * - `dnd`: the same as shipped, but dragging by svelte-dnd-action.
 * - `dnd-all`: both.
 * - `react`: cards and dragging alone, by React and react-beautiful-dnd (`react/`), all cards.
 *
 * What differs is changed in the sources as they are read, so that nothing of it is in what ships; where a source no longer
 * has what is to be changed, the build fails.
 */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { build } from "../../ui/node_modules/vite/dist/node/index.js";

const HERE = import.meta.dirname;
const UI = resolve(HERE, "../../ui");
const PACKAGES = join(HERE, "node_modules");

const ALL_CARDS = { "src/parts/Column.svelte": [["let more = $state(0);", "let more = $state(Infinity);"]] };

/** svelte-dnd-action as its documentation uses it: a list of its own, that follows the column's while nothing is dragged. */
const DRAGGED_BY_LIBRARY = {
  "src/screens/Board.svelte": [["data-board {@attach dragged}", "data-board"], ["function dragged(", "export function dragged("]],
  "src/parts/Column.svelte": [
    ["const CARD_PX_MIN", 'import { dndzone, TRIGGERS } from "svelte-dnd-action";\n  const CARD_PX_MIN'],
    ["const shown = $derived(first + more);", `const shown = $derived(first + more);
  let items = $state.raw<CardShape[]>([]);
  let isHeld = $state(false);
  $effect.pre(() => { if (!isHeld) items = cards.slice(0, shown); });
  type Dragged = CustomEvent<{ items: CardShape[]; info: { id: string; trigger: string } }>;
  function consider({ detail }: Dragged) {
    const isPassed = detail.info.trigger === TRIGGERS.DRAGGED_LEFT && !cards.some((one) => one.id === detail.info.id);
    isHeld = !isPassed; // a column that is passed over is told no more: it would stay as it was
    items = detail.items;
  }
  function finalize({ detail }: Dragged) {
    isHeld = false;
    items = detail.items;
    const at = items.findIndex((one) => one.id === detail.info.id);
    if (at < 0 || detail.info.trigger !== TRIGGERS.DROPPED_INTO_ZONE) return;
    const next = items[at + 1];
    view.move(view.live.cards.get(detail.info.id)!, column.id, next ? { before: next.id } : { at: "bottom" });
  }`],
    ["data-list onscroll", "data-list use:dndzone={{ items, type: 'card', flipDurationMs: 0, dropTargetStyle: {} }} onconsider={consider} onfinalize={finalize} onscroll"],
    ["{#each cards.slice(0, shown) as card (card.id)}", "{#each items as card (card.id)}"],
  ],
};

function changed(...changes) {
  const wanted = new Map();
  for (const change of changes) for (const [file, pairs] of Object.entries(change)) wanted.set(join(UI, file), [...(wanted.get(join(UI, file)) ?? []), ...pairs]);
  return {
    name: "doska-variant",
    enforce: "pre",
    resolveId: (id) => (id === "svelte-dnd-action" ? join(PACKAGES, "svelte-dnd-action/src/index.js") : null),
    async load(id) {
      if (!wanted.has(id)) return null;
      let text = await readFile(id, "utf8");
      for (const [before, after] of wanted.get(id)) {
        if (!text.includes(before)) throw new Error(`${id} has no ${before}`);
        text = text.replace(before, () => after);
      }
      return text;
    },
  };
}

/** Build from the interface's own configuration. */
function variant(folder, ...changes) {
  process.chdir(UI);
  return build({ root: UI, configFile: join(UI, "vite.config.ts"), logLevel: "error", plugins: [changed(...changes)], build: { outDir: folder, emptyOutDir: true } });
}

async function react(folder) {
  const { default: tailwindcss } = await import("../../ui/node_modules/@tailwindcss/vite/dist/index.mjs");
  const alias = { "openapi-fetch": join(UI, "node_modules/openapi-fetch"), tailwindcss: join(UI, "node_modules/tailwindcss") };
  process.chdir(HERE);
  await build({
    root: join(HERE, "react"), configFile: false, logLevel: "error", plugins: [tailwindcss()], resolve: { alias },
    define: { "process.env.NODE_ENV": '"production"' },
    build: { outDir: folder, emptyOutDir: true, target: "es2023", modulePreload: false, reportCompressedSize: false },
  });
}

/** Install what the variants need, by the lock. */
function install() {
  const script = join(dirname(process.execPath), "../lib/node_modules/npm/bin/npm-cli.js");
  const npm = existsSync(script) ? [process.execPath, script] : ["npm"];
  const done = spawnSync(npm[0], [...npm.slice(1), "ci", "--ignore-scripts", "--omit=peer", "--loglevel=error"], { cwd: HERE, stdio: ["ignore", "ignore", "inherit"] });
  if (done.status !== 0) throw new Error("the libraries to compare with could not be installed");
}

const out = resolve(process.argv[2]);
if (!existsSync(PACKAGES)) install();
await variant(join(out, "doska"));
await variant(join(out, "all"), ALL_CARDS);
await variant(join(out, "dnd"), DRAGGED_BY_LIBRARY);
await variant(join(out, "dnd-all"), ALL_CARDS, DRAGGED_BY_LIBRARY);
await react(join(out, "react"));
