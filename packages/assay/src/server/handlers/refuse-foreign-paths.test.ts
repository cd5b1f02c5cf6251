import { type Goal, goalSchema } from "@assay/sdk";
import { describe, expect, test } from "vitest";
import { scratch } from "../../../test/support/scratch.ts";
import { folderOf, refuseForeignPaths, refuseForeignWork } from "./refuse-foreign-paths.ts";

const digest = `sha256:${"0".repeat(64)}`;
const caller = (keyId: string) => ({ tenant: "default", keyId, scopes: new Set(["runs" as const]) });
const solveAt = (out: string) => ({
  kind: "solve",
  tests: [{ path: "/t.txt", digest }],
  hidden: [],
  guardrails: "off",
  force: true,
  keepUnproven: true,
  out,
});

function planOf(root: string, goal: unknown): Goal {
  const work = { kind: "goal" as const, goal };
  const task = { key: "a", title: "a", dependsOn: [], phase: 0, resources: {}, work };
  const plan = { tasks: [task], resourceLimits: {}, parallelMax: 1, onFailure: "continue" as const };
  return { kind: "plan", root, title: "a plan", plan };
}

const codeOf = (refusal: Promise<void>): Promise<string> =>
  refusal.then(
    () => "let through",
    (error) => error.fault.code,
  );

describe("a key for runs", () => {
  test("has nothing written outside of the project, by a goal, a plan's task or a plan within it, with or without a root", async () => {
    await using space = await scratch();
    const root = await space.tree("project", { "a.py": "" });
    for (const out of ["/etc/x.py", `${space.path}/x.py`, `${root}/.git`]) {
      const goal = solveAt(out);
      for (const asked of [
        goalSchema.parse({ ...goal, root }),
        planOf(root, goal),
        planOf(root, { ...goal, root }),
        planOf(root, planOf(root, goal)),
      ]) {
        expect(await codeOf(refuseForeignPaths(asked, root, caller("k1")))).toBe("forbidden");
        expect(await codeOf(refuseForeignPaths(asked, root, caller("local")))).toBe("let through");
      }
      expect(await codeOf(refuseForeignWork({ kind: "goal", goal }, root, caller("k1")))).toBe("forbidden");
      expect(await codeOf(refuseForeignWork({ kind: "goal", goal: planOf(root, goal) }, root, caller("k1")))).toBe(
        "forbidden",
      );
    }
    expect(await codeOf(refuseForeignPaths(planOf(root, solveAt(`${root}/new.py`)), root, caller("k1")))).toBe(
      "let through",
    );
  });

  test("is refused what is no goal, or another project's, before a run of it exists", async () => {
    for (const goal of [{ kind: "cook" }, "solve", { ...solveAt("/project/a.py"), root: "/" }]) {
      expect(await codeOf(refuseForeignPaths(planOf("/project", goal), "/project", caller("k1")))).toBe(
        "config-invalid",
      );
      expect(await codeOf(refuseForeignWork({ kind: "goal", goal }, "/project", caller("k1")))).toBe("config-invalid");
    }
  });

  test("may give a step what is no work, and binds its runs to the project; the local key's are bound to nothing", async () => {
    for (const input of [undefined, { turn: 1 }, { kind: "delegate" }]) {
      expect(await codeOf(refuseForeignWork(input, "/project", caller("k1")))).toBe("let through");
    }
    expect([folderOf(caller("k1"), "/project"), folderOf(caller("local"), "/project")]).toEqual([
      "/project",
      undefined,
    ]);
  });
});
