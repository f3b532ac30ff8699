/** Serves this folder for trying, with the API of a running Doska (`DOSKA_URL`) behind it: page and API have one origin. */
const target = process.env.DOSKA_URL ?? "http://localhost:8000";

export default {
  cacheDir: "../../ui/node_modules/.vite-examples",
  optimizeDeps: { noDiscovery: true },
  server: {
    fs: { allow: [".", "../../ui"] },
    proxy: { "^/(about|auth|boards|columns|subtasks|tasks|users)(/|\\?|$)": { target } },
  },
};
