import { defineConfig } from "vitest/config";

/** Journeys in a real browser against a real server: one after the other, for they share both. */
export default defineConfig({
  test: {
    include: ["tests/journeys/*.journey.ts"],
    globalSetup: "tests/journeys/server.ts",
    environment: "node",
    fileParallelism: false,
    testTimeout: 120_000,
    retry: 1, // a busy machine may starve a browser once; what fails twice is broken
    hookTimeout: 120_000,
    expect: { poll: { timeout: 30_000, interval: 100 } }, // for slow and busy machines
    teardownTimeout: 60_000,
  },
});
