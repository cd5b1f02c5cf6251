import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { openFunctionOracle } from "#oracle";
import type { FunctionOracle } from "#ports";
import { openSandbox } from "#sandbox";
import { atDepth } from "../support/depth.ts";
import { judgeFunction } from "./support/judge-function.ts";
import { readSamples } from "./support/samples.ts";

describe.each(["python", "javascript"] as const)("a %s function, judged from another process", (language) => {
  let oracle: FunctionOracle | undefined;
  let cannot = "";
  const samples = (kind: "cheats" | "honest") =>
    readSamples(kind, language).filter(({ stage }) => stage === "function");

  beforeAll(async () => {
    try {
      const { sandbox } = await openSandbox({ unsafe: false });
      oracle = await openFunctionOracle(sandbox, { language, workers: 2 });
    } catch (error) {
      cannot = `needs a sandbox: ${(error as Error).message}`;
    }
  });
  afterAll(() => oracle?.[Symbol.asyncDispose]());

  for (const sample of atDepth(samples("cheats"), 4)) {
    test(`does not pass: ${sample.name}`, async (context) => {
      if (oracle === undefined) return context.skip(cannot);
      // A second time for what the first one may have left behind.
      for (const round of [1, 2]) {
        const { outcome } = await judgeFunction(oracle, sample);
        expect(outcome.kind, `${round}: ${JSON.stringify(outcome)}`).not.toBe("passed");
        expect(outcome.kind, JSON.stringify(outcome)).not.toBe("fault");
      }
    });
  }

  for (const sample of atDepth(samples("honest"), 4)) {
    test(`passes: the honest ${sample.name}`, async (context) => {
      if (oracle === undefined) return context.skip(cannot);
      const { outcome, level } = await judgeFunction(oracle, sample);
      expect(outcome, JSON.stringify(outcome)).toEqual({ kind: "passed" });
      expect(level).toBe("out-of-process");
    });
  }
});
