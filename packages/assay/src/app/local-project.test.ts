import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { planSchema } from "@assay/sdk";
import { expect, test, vi } from "vitest";
import { openLocalProject } from "./local-project.ts";

test("a plan that nobody can execute is refused before there is a run of it", async () => {
  const place = await mkdtemp(join(tmpdir(), "assay-local-"));
  try {
    vi.stubEnv("XDG_CONFIG_HOME", join(place, "config"));
    await mkdir(join(place, "project"));
    await using project = await openLocalProject(join(place, "project"), {});
    const work = { kind: "goal", goal: {} };
    const plan = planSchema.parse({ tasks: [{ key: "a", title: "a", dependsOn: ["b"], work }] });
    const made = project.create({ kind: "plan", root: project.root, title: "unsound", plan }, {});
    await expect(made).rejects.toThrow("the plan cannot be executed");
    expect(await project.list()).toEqual([]);
  } finally {
    vi.unstubAllEnvs();
    await rm(place, { recursive: true });
  }
});
