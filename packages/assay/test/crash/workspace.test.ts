import { spawnSync } from "node:child_process";
import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readTree, scratch } from "../support/scratch.ts";

const steps = join(import.meta.dirname, "..", "support", "workspace-steps.ts");
const files = { "a.py": "1\n", "b.py": "1\n", "sub/gone.py": "1\n" };
const diff =
  "--- a/a.py\n+++ b/a.py\n@@ -1 +1 @@\n-1\n+2\n--- a/b.py\n+++ b/b.py\n@@ -1 +1 @@\n-1\n+2\n" +
  "--- a/sub/gone.py\n+++ /dev/null\n@@ -1 +0,0 @@\n-1\n--- /dev/null\n+++ b/new/n.py\n@@ -0,0 +1 @@\n+n\n";
const after = { "a.py": "2\n", "b.py": "2\n", "new/n.py": "n\n" };

const points = [
  "snapshot-copied",
  "tree-before-apply",
  "tree-partly-applied",
  "tree-partly-applied:2",
  "tree-partly-applied:3",
  "tree-partly-applied:4",
  "tree-after-apply",
];

describe("after kill -9", () => {
  test.each(points)(
    "at %s the same call again finishes, with every file as before or as after in between",
    async (point) => {
      await using space = await scratch();
      const root = await space.tree("project", files);
      await writeFile(join(space.path, "diff"), diff);
      const run = (crashAt?: string) =>
        spawnSync(process.execPath, [steps, join(space.path, "state"), root, join(space.path, "diff")], {
          encoding: "utf8",
          env: { PATH: process.env.PATH, ...(crashAt && { ASSAY_CRASH_AT: crashAt }) },
        });

      expect(run(point).signal).toBe("SIGKILL");
      for (const [path, text] of Object.entries(await readTree(root))) {
        const states = [(files as Record<string, string>)[path], (after as Record<string, string>)[path]];
        // What was written beside a target is not yet a file of the project.
        if (!/(?:^|\/)\.assay-fresh-[0-9a-f]{16}$/.test(path)) expect(states).toContain(text);
      }

      const { stdout, stderr } = run();
      expect(stderr).toBe("");
      expect(JSON.parse(stdout)).toMatchObject({
        applied: { kind: "applied", changed: Object.keys(after).concat("sub/gone.py") },
      });
      expect(await readTree(root)).toEqual(after);
      expect((await readdir(root)).filter((name) => name.startsWith("."))).toEqual([]);
      expect(await readdir(join(space.path, "state", "snapshots"))).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
    },
  );
});
