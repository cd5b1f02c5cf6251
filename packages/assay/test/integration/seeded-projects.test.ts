import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { attemptName, runId, suiteLimits } from "#domain";
import { realToolsOrSkip } from "../support/real-tools.ts";
import { scratch } from "../support/scratch.ts";
import { copySeededProject, occurrences, seededBugs, seededProjects } from "../support/seeded-bugs.ts";

describe("the projects that bugs are seeded in", () => {
  it.for(seededProjects)("%s is green as it is", async (project, context) => {
    await using place = await scratch();
    const tools = await realToolsOrSkip(place.path, context);
    const directory = join(place.path, project);
    await copySeededProject(project, directory);
    const snapshot = await tools.workspaces.snapshot(directory);
    const profile = await tools.detect(snapshot);
    await using workspace = await tools.workspaces.open(snapshot, attemptName(runId("test-00000001"), "seeded", "1"));
    const limits = { ...suiteLimits, wallMsMax: 60_000 };
    const run = await tools.runners[profile.runner]?.run({ profile, workspace, selection: [], limits });
    expect(run?.report.complete).toBe(true);
    expect(run?.report.results.filter(({ outcome }) => outcome !== "passed")).toEqual([]);
    expect(run?.report.results.length).toBeGreaterThanOrEqual(15);
  });

  it.for(seededBugs)("$kind: its place in $project is found once", async (bug) => {
    expect(bug.replace).not.toBe(bug.find);
    expect(await occurrences(bug)).toBe(1);
  });

  it("are of twenty kinds, four in each", () => {
    expect(new Set(seededBugs.map(({ kind }) => kind)).size).toBe(20);
    for (const name of seededProjects) expect(seededBugs.filter(({ project }) => project === name)).toHaveLength(4);
  });
});
