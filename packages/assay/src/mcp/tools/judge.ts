import { changeKindSchema, type Goal } from "@assay/sdk";
import { z } from "zod";
import type { OpenProject } from "#app";
import { raise } from "#domain";
import { runContentSchema } from "../run-content.ts";
import { driveRun } from "../runs/drive-run.ts";
import { defineTool } from "../tool.ts";
import {
  budgetArguments,
  minLevelArgument,
  projectArgument,
  revisionArgument,
  testsArgument,
  waitArgument,
} from "./arguments.ts";

/** In UTF-16 code units; with all of them escaped it still fits into one message. */
const patchLengthMax = 500_000;

export const judgeTool = defineTool({
  name: "judge",
  title: "Judge a change",
  description:
    "Runs the tests of both sides of a change in clean copies, in a sandbox, and decides by a published table of rules whether it is what it claims to be. The change is `head`, or `patch`, or else the working tree as it is. A change to tests or to how they are run is inconclusive here: a person decides on it with `assay judge --allow-test-changes`.",
  input: z.strictObject({
    project: projectArgument,
    base: revisionArgument.meta({ description: "The git revision that the change was made from." }),
    head: revisionArgument.optional().meta({ description: "The git revision to judge." }),
    patch: z.string().min(1).max(patchLengthMax).optional().meta({ description: "A unified diff against the base." }),
    expect: changeKindSchema.optional().meta({ description: "What the change claims to be; inferred if absent." }),
    tests: testsArgument,
    guardrails: z.enum(["warn", "block"]).default("warn").meta({
      description: "What to do about added code that a rule flags.",
    }),
    minLevel: minLevelArgument,
    maxSeconds: budgetArguments.maxSeconds,
    waitSeconds: waitArgument,
  }),
  output: runContentSchema,
  annotations: { readOnlyHint: true, idempotentHint: false, openWorldHint: false },
  async call({ project: name, base, head, patch, maxSeconds, waitSeconds, ...asked }, call) {
    if (head !== undefined && patch !== undefined) raise("usage", "head and patch are two changes", "give one of them");
    const root = await call.serving.roots.project(name);
    const { expect, minLevel, tests, guardrails } = asked;
    return driveRun(call, root, waitSeconds, async (project, signal) =>
      project.start(
        {
          kind: "judge",
          root: project.root,
          base,
          change: await changeOf(project, head, patch),
          tests,
          // What loosens the rules is for a person to say.
          allowTestChanges: false,
          unprovenHunksMax: 0,
          guardrails,
          ...(expect === undefined ? {} : { expect }),
          ...(minLevel === undefined ? {} : { minLevel }),
        },
        { ...(maxSeconds === undefined ? {} : { secondsMax: maxSeconds }), signal },
      ),
    );
  },
});

async function changeOf(
  project: OpenProject,
  head: string | undefined,
  patch: string | undefined,
): Promise<Extract<Goal, { kind: "judge" }>["change"]> {
  if (head !== undefined) return { kind: "revision", head };
  if (patch === undefined) return { kind: "tree" };
  return { kind: "patch", digest: await project.keep(new TextEncoder().encode(patch)) };
}
