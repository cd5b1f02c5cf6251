import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { attemptName, functionLimits, runId } from "#domain";
import type { Workspace } from "#ports";
import { openSandbox } from "#sandbox";
import { LayeredWorkspaces } from "#workspace";
import { readTree, scratch } from "../support/scratch.ts";

const files = { "a.py": "1\n", "gone.py": "", "sub/b.py": "b\n", "gr öße.txt": "x" };
const opened = await openSandbox({ unsafe: false }).catch(() => undefined);

describe("in the sandbox", () => {
  for (const overlay of [true, false]) {
    test(`a workspace shows its edits, can be written, and forgets (${overlay ? "overlay" : "copy"})`, async (context) => {
      if (opened === undefined) return context.skip("nothing isolates on this machine");
      if (overlay && !opened.overlay) return context.skip(`no overlay: ${opened.reason}`);
      await using space = await scratch();
      const root = await space.tree("mein pröject", files);
      const workspaces = new LayeredWorkspaces({ stateDirectory: join(space.path, "state"), overlay });
      const snapshot = await workspaces.snapshot(root);
      await using workspace = await workspaces.open(snapshot, attemptName(runId("heal-0123456789"), "fix", "1"));
      await workspace.apply([
        { kind: "rewrite", path: "a.py", content: "2\n" },
        { kind: "rewrite", path: "new/n.py", content: "n\n" },
        { kind: "diff", diff: "diff --git a/gone.py b/gone.py\ndeleted file mode 100644\n" },
      ]);
      const script =
        "cat a.py sub/b.py new/n.py; ls; echo w > sub/w && echo w > new/w && echo w >> a.py && rm sub/b.py && ls sub";
      for (let time = 0; time < 2; time += 1) {
        const { stdout, stderr, termination } = await run(workspace, script);
        expect(stderr.text).toBe("");
        expect(termination).toEqual({ kind: "exited", code: 0 });
        expect(stdout.text).toBe("2\nb\nn\na.py\ngr öße.txt\nnew\nsub\nw\n");
      }
      expect(await readTree(root)).toEqual(files);
      expect(await readTree(snapshot.directory)).toEqual(files);
      expect(await workspace.read("a.py")).toBe("2\n");
    });
  }

  async function run(workspace: Workspace, script: string) {
    if (opened === undefined) throw new Error("skipped");
    return opened.sandbox.execute({
      argv: ["sh", "-c", script],
      cwd: workspace.snapshot.root,
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8" },
      workspace: await workspace.mount(),
      mounts: [],
      limits: functionLimits,
    });
  }
});
