import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import type { Sandbox } from "#ports";
import { openSandbox } from "#sandbox";
import { atDepth } from "../support/depth.ts";
import { beliefs } from "./support/naive-commands.ts";
import { naiveRun } from "./support/naive-harness.ts";
import { plainHarness, withoutCheat } from "./support/plain-sample.ts";
import { readSamples, type Sample } from "./support/samples.ts";

const cheats = [...readSamples("cheats", "python"), ...readSamples("cheats", "javascript")];
const honest = [...readSamples("honest", "python"), ...readSamples("honest", "javascript")];

let sandbox: Sandbox | undefined;
let cannot = "";

beforeAll(async () => {
  const opened = await openSandbox({ unsafe: false }).catch((error: Error) => error);
  if (opened instanceof Error) cannot = `needs a sandbox: ${opened.message}`;
  else if (!existsSync("/usr/bin/pytest")) cannot = "needs the system's pytest";
  else sandbox = opened.sandbox;
});

describe("a naive harness", () => {
  test("is fooled by at least 40 Python and 20 JavaScript cheats", () => {
    const named = (language: string) => cheats.filter((cheat) => cheat.language === language && cheat.fools);
    expect(named("python").length).toBeGreaterThanOrEqual(40);
    expect(named("javascript").length).toBeGreaterThanOrEqual(20);
    expect(cheats.filter(({ fools }) => fools === undefined || !(fools in beliefs))).toEqual([]);
  });

  for (const cheat of atDepth(cheats, 6)) {
    test(`believes ${cheat.language}/${cheat.name}: ${cheat.fools}`, async (context) => {
      if (sandbox === undefined) return context.skip(cannot);
      const { accepted, said } = await naiveRun(sandbox, cheat, cheat.fools ?? "");
      expect(accepted, said).toBe(true);
    });
  }

  for (const [title, sample] of wrongOnes()) {
    test(`does not believe the same without the cheat: ${title}`, async (context) => {
      if (sandbox === undefined) return context.skip(cannot);
      const { accepted, said } = await naiveRun(sandbox, sample, sample.fools ?? "");
      expect(accepted, said).toBe(false);
    });
  }

  for (const sample of atDepth(honest, 6)) {
    test(`believes the honest ${sample.language}/${sample.name}`, async (context) => {
      if (sandbox === undefined) return context.skip(cannot);
      const { accepted, said } = await naiveRun(sandbox, sample, plainHarness(sample));
      expect(accepted, said).toBe(true);
    });
  }
});

/** Each harness once with each problem that a cheat uses it for. */
function wrongOnes(): [string, Sample][] {
  const all = atDepth(cheats, 6).map((cheat): [string, Sample] => {
    const wrong = withoutCheat(cheat);
    return [`${wrong.language}, ${wrong.name}, ${cheat.fools}`, wrong];
  });
  return [...new Map(all)];
}
