import { expect, test } from "vitest";
import type { KnownMethods } from "#ports";
import { learnedMode } from "./learned-mode.ts";

const about = { language: "python", category: "assertion" } as const;
const weighing = (weights: Readonly<Record<string, number>>): KnownMethods => ({
  moment: 0,
  weight: ({ method }, seed) => weights[method] ?? seed,
});

test("keeps to the rule where nothing was learned, or little", () => {
  expect(learnedMode("diff", weighing({}), about)).toBe("diff");
  expect(learnedMode("diff", weighing({ rewrite: 0.6 }), about)).toBe("diff");
});

test("takes what healed such failures clearly more often", () => {
  expect(learnedMode("update", weighing({ update: 0.2, rewrite: 0.9 }), about)).toBe("rewrite");
});
