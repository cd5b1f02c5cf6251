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

  test("of watched files those are told that were written, removed, or went with their folder", async (context) => {
    if (opened === undefined) return context.skip("nothing isolates on this machine");
    if (!opened.overlay) return context.skip(`no overlay: ${opened.reason}`);
    await using space = await scratch();
    const watched = ["tests/data/golden.txt", "tests/kept.txt", "tests/test_a.py"];
    const root = await space.tree("project", Object.fromEntries(watched.map((path) => [path, "x\n"])));
    const workspaces = new LayeredWorkspaces({ stateDirectory: join(space.path, "state"), overlay: true });
    const snapshot = await workspaces.snapshot(root);
    await using workspace = await workspaces.open(snapshot, attemptName(runId("heal-0123456789"), "fix", "2"));
    const written = async (script: string) => (await run(workspace, script, watched)).written;
    expect(await written("cat tests/*.txt tests/data/*; echo new >tests/new.txt; mkdir tests/out")).toEqual([]);
    expect(await written("echo w >tests/test_a.py; rm tests/kept.txt")).toEqual(["tests/kept.txt", "tests/test_a.py"]);
    expect(await written("cp -p tests/kept.txt k; echo w >tests/kept.txt; mv k tests/kept.txt")).toEqual([
      "tests/kept.txt",
    ]);
    expect(await written("echo w >tests/data/golden.txt; rm -r tests/data")).toEqual(["tests/data/golden.txt"]);
    expect(await written("rm -r tests/data; mkdir tests/data; touch tests/data/b")).toEqual(["tests/data/golden.txt"]);
    expect(await written("mkdir o; mv tests/data o/; ln -s ../o/data tests/data")).toContain("tests/data/");
    expect(await written("rm -r tests; echo >tests")).toEqual(watched);
  });

  async function run(workspace: Workspace, script: string, watched: readonly string[] = []) {
    if (opened === undefined) throw new Error("skipped");
    return opened.sandbox.execute({
      argv: ["sh", "-c", script],
      cwd: workspace.snapshot.root,
      env: { PATH: "/usr/bin:/bin", LC_ALL: "C.UTF-8" },
      workspace: await workspace.mount(),
      watched,
      mounts: [],
      limits: functionLimits,
    });
  }
});
