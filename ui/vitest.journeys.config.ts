import { defineConfig } from "vitest/config";

/** Journeys in a real browser against a real server: one after the other, for they share both. */
export default defineConfig({
  test: {
    include: ["tests/journeys/*.journey.ts"],
    globalSetup: "tests/journeys/server.ts",
    environment: "node",
    fileParallelism: false,
    testTimeout: 60_000,
    hookTimeout: 90_000,
  },
});
