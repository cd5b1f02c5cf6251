import { existsSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { openSandbox } from "#sandbox";
import { atDepth } from "../support/depth.ts";
import { judgeRepository, type RepositoryJudge, repositoryRunners } from "./support/judge-repository.ts";
import { readSamples, type Sample } from "./support/samples.ts";

const inRepository = ({ stage }: Sample) => stage !== "function";
const samples = (kind: "cheats" | "honest") =>
  [...readSamples(kind, "python"), ...readSamples(kind, "javascript")].filter(inRepository);

let tools: RepositoryJudge | undefined;
let cannot = "";

beforeAll(async () => {
  const opened = await openSandbox({ unsafe: false }).catch((error: Error) => error);
  if (opened instanceof Error) cannot = `needs a sandbox: ${opened.message}`;
  else if (!existsSync("/usr/bin/pytest")) cannot = "needs the system's pytest";
  else tools = { overlay: opened.overlay, runners: repositoryRunners(opened.sandbox) };
});

describe("a change to a repository, judged as a model's is", () => {
  for (const sample of atDepth(samples("cheats"), 7)) {
    test(`is not accepted: ${sample.language}/${sample.name}`, async (context) => {
      if (tools === undefined) return context.skip(cannot);
      const verdict = await judgeRepository(tools, sample);
      expect(verdict.kind, JSON.stringify(verdict.reasons)).not.toBe("accepted");
    });
  }

  for (const sample of atDepth(samples("honest"), 4)) {
    test(`is accepted: the honest ${sample.language}/${sample.name}`, async (context) => {
      if (tools === undefined) return context.skip(cannot);
      const verdict = await judgeRepository(tools, sample);
      expect(verdict, JSON.stringify(verdict.reasons)).toMatchObject({ kind: "accepted", level: "controlled" });
    });
  }
});
