import { defineConfig } from "vitest/config";

/** Tests learn nothing from one another, and nothing of the user's. */
const env = { ASSAY_KNOWLEDGE: "off" };

export default defineConfig({
  test: {
    // Most of a test's time is that of a child process; on two cores one worker would leave one of them idle.
    maxWorkers: 2,
    projects: [
      {
        test: {
          env,
          name: "unit",
          include: ["packages/*/src/**/*.test.ts"],
          testTimeout: 240_000,
        },
      },
      {
        test: {
          env,
          name: "integration",
          include: ["packages/*/test/integration/**/*.test.ts"],
          testTimeout: 300_000,
        },
      },
      {
        test: {
          env,
          name: "crash",
          include: ["packages/*/test/crash/**/*.test.ts"],
          testTimeout: 1_200_000,
        },
      },
      {
        test: {
          env,
          name: "simulation",
          include: ["packages/*/test/simulation/**/*.test.ts"],
          testTimeout: 600_000,
        },
      },
      {
        test: {
          env,
          name: "adversarial",
          include: ["packages/*/test/adversarial/**/*.test.ts"],
          testTimeout: 600_000,
        },
      },
    ],
  },
});
