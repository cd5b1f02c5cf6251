import type { Digest, GivenFile } from "@assay/sdk";
import { raise } from "#domain";
import type { Run } from "#engine";
import type { Blobs } from "#ports";
import type { GivenText, Material } from "./input/given.ts";
import { type ProjectPlan, planProject } from "./input/plan-project.ts";
import type { SolveGoal, SolveTools } from "./tools.ts";

/** Reads what the user gave and makes a small project of it; nothing is written yet. */
export async function makePlan(run: Run, goal: SolveGoal, { blobs, progress }: SolveTools): Promise<ProjectPlan> {
  progress({ kind: "phase", phase: "read" });
  const { description, stub, tests, hidden, language, name } = goal;
  return run.step("plan", { description, stub, tests, hidden, holdOut: goal.holdOut, language, name }, async () => {
    const material: Material = {
      ...(description === undefined ? {} : { description: await textOf(blobs, description) }),
      ...(stub === undefined ? {} : { stub: await read(blobs, stub) }),
      tests: await Promise.all(tests.map((file) => read(blobs, file))),
      hidden: await Promise.all(hidden.map((file) => read(blobs, file))),
    };
    return planProject(material, { language, name, holdOut: goal.holdOut });
  });
}

async function read(blobs: Blobs, { path, digest }: GivenFile): Promise<GivenText> {
  return { path, text: await textOf(blobs, digest) };
}

async function textOf(blobs: Blobs, digest: Digest): Promise<string> {
  const bytes = await blobs.get(digest);
  if (bytes === undefined)
    raise("journal-corrupt", `what was given (${digest}) is missing from the store`, "start again");
  return new TextDecoder().decode(bytes);
}
