import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Digest } from "@assay/sdk";
import { expect, test } from "vitest";
import type { Run, Workflow } from "#engine";
import { goal, memoryEngine, workflow } from "../../../test/support/engine-parts.ts";
import { scratch } from "../../../test/support/scratch.ts";
import { deliver } from "./deliver.ts";
import type { SolveGoal } from "./tools.ts";

/** A project, a folder beside it, and runs that deliver a solution, as a part of another one or by themselves. */
async function place() {
  const space = await scratch();
  const root = await space.tree("project", { "a.py": "" });
  const outside = join(space.path, "outside");
  await mkdir(outside);
  const goalTo = (more: Partial<SolveGoal>): SolveGoal => ({
    kind: "solve",
    root,
    tests: [],
    hidden: [],
    guardrails: "off",
    force: true,
    keepUnproven: false,
    ...more,
  });
  const solving = (more: Partial<SolveGoal>) =>
    workflow(async (run: Run) => {
      const kept = { solution: { path: "/kept" } };
      return (await deliver(run, goalTo(more), kept, { path: "s.py", text: "solved\n" })).fault?.code ?? "written";
    });
  const within = (part: Workflow) =>
    workflow(async (run: Run) => {
      await run.step("before", null, () => null);
      return JSON.parse((await run.child("part", part, goal)).summary);
    });
  const drive = async (flow: Workflow, writesWithin?: string) => {
    const engine = memoryEngine({ workflows: [flow] });
    const run = await engine.create(flow, goal, { writesWithin });
    const said = async (id: typeof run) => JSON.parse((await engine.resume(id)).result.summary) as string;
    return { engine, run, first: await said(run), said };
  };
  return { root, outside, solving, within, drive, [Symbol.asyncDispose]: () => space[Symbol.asyncDispose]() };
}

test("a run that is bound to a folder delivers nothing outside of it, its parts and forks neither", async () => {
  await using at = await place();
  const { root, outside } = at;
  for (const more of [{ out: join(outside, "s.py") }, { patchOut: join(outside, "s.patch") }]) {
    const flow = at.within(at.solving(more));
    const { engine, run, first, said } = await at.drive(flow, root);
    expect(first).toBe("forbidden");
    expect(await said(await engine.fork(run, { step: "before" }))).toBe("forbidden");
    // Begun by somebody whose runs write anywhere, forked by somebody whose runs do not.
    const free = await at.drive(at.within(at.solving({ out: join(root, "free.py") })));
    const fork = await free.engine.fork(free.run, { step: "before", writesWithin: outside });
    expect([free.first, await free.said(fork)]).toEqual(["written", "forbidden"]);
  }
  expect(await readdir(outside)).toEqual([]);
  expect((await at.drive(at.solving({ out: join(root, "in.py") }), root)).first).toBe("written");
  expect(await readFile(join(root, "in.py"), "utf8")).toBe("solved\n");
  expect((await at.drive(at.solving({ out: join(outside, "free.py") }))).first).toBe("written");
});

test("no link that was made after the goal was let through leads a bound run out, to write or to read", async () => {
  await using at = await place();
  const { root, outside } = at;
  await writeFile(join(outside, "secret"), "a secret\n");
  await symlink(outside, join(root, "sub"));
  await symlink(join(outside, "secret"), join(root, "linked.py"));
  const digest = `sha256:${"0".repeat(64)}` as Digest;
  for (const more of [
    { out: join(root, "sub/s.py") },
    { stub: { path: join(root, "linked.py"), digest }, patchOut: join(root, "s.patch") },
  ]) {
    expect((await at.drive(at.solving(more), root)).first).toBe("forbidden");
  }
  expect(await readdir(outside)).toEqual(["secret"]);
  expect((await readdir(root)).includes("s.patch")).toBe(false);
});
