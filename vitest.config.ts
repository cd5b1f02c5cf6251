import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: ["packages/*/src/**/*.test.ts"],
          testTimeout: 60_000,
        },
      },
      {
        test: {
          name: "integration",
          include: ["packages/*/test/integration/**/*.test.ts"],
          testTimeout: 300_000,
        },
      },
      {
        test: {
          name: "crash",
          include: ["packages/*/test/crash/**/*.test.ts"],
          testTimeout: 1_200_000,
        },
      },
      {
        test: {
          name: "adversarial",
          include: ["packages/*/test/adversarial/**/*.test.ts"],
          testTimeout: 600_000,
        },
      },
    ],
  },
});
