import { svelte } from "@sveltejs/vite-plugin-svelte";
import tailwindcss from "@tailwindcss/vite";
import { defineConfig } from "vite";

// What the API owns; everything else is the interface's (src/routes.ts).
const API = ["/about", "/auth", "/boards", "/columns", "/health", "/subtasks", "/tasks", "/users", "/docs", "/openapi.json"];
const server = process.env.DOSKA_URL ?? "http://localhost:8000";

export default defineConfig({
  plugins: [tailwindcss(), svelte()],
  build: {
    outDir: "../src/doska/pages",
    emptyOutDir: true,
    target: "es2023",
    modulePreload: false, // a single script: there is nothing to load before it
    assetsInlineLimit: 0, // the page's policy allows no data: addresses
    reportCompressedSize: false,
  },
  server: {
    proxy: Object.fromEntries(API.map((prefix) => [`^${prefix}(?=/|\\?|$)`, { target: server }])),
  },
});
