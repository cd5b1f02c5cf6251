import { mkdir, mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOf, type Snapshot } from "#ports";
import { isOraclePath, ProjectDetection } from "./index.ts";

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "assay-mixed-")));
});
afterEach(async () => await rm(root, { recursive: true, force: true }));

/** A project with these files; its Python tests run in an environment of its own. */
async function project(files: Record<string, string>): Promise<Snapshot> {
  const base = join(root, "base");
  const environment: Record<string, string> = {
    "base/bin/python3": "",
    "base/lib/python3.12/os.py": "",
    "project/.venv/pyvenv.cfg": `home = ${base}/bin\n`,
    "project/.venv/bin/python": "",
    "project/.venv/lib/python3.12/site-packages/pytest/__init__.py": "",
  };
  const own = Object.entries(files).map(([path, content]) => [`project/${path}`, content] as const);
  for (const [path, content] of [...Object.entries(environment), ...own]) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), content);
  }
  const place = join(root, "project");
  return { digest: digestOf("x"), root: place, directory: place, files: Object.keys(files).sort(), excluded: [] };
}

const nodeTest = 'import { test } from "node:test";\ntest("a", () => {});\n';
const mixed = {
  "package.json": '{"name":"mixed","type":"module","scripts":{"test":"node --test"}}',
  "src/a.js": "",
  "src/b.js": "",
  "test/a.test.js": nodeTest,
  "scripts/tool.py": "",
  "tests/test_tool.py": "",
};
const runnerOf = async (detection: ProjectDetection, snapshot: Snapshot) => {
  const found = await detection.detect(snapshot);
  return found.kind === "detected" ? found.profile.runner : found.fault.code;
};

describe("isOraclePath", () => {
  test("counts to the oracle what does not exist yet but would decide the tests", () => {
    expect(isOraclePath("python", "src/conftest.py")).toBe(true);
    expect(isOraclePath("typescript", "vitest.config.ts")).toBe(true);
    expect(isOraclePath("python", "src/cart.py") || isOraclePath("javascript", "src/cart.js")).toBe(false);
  });
});

describe("ProjectDetection", () => {
  test("goes by the language of most files", async () => {
    expect(await runnerOf(new ProjectDetection(), await project(mixed))).toBe("node-test");
    const { "package.json": _, "src/b.js": __, "src/a.js": ___, ...rest } = mixed;
    expect(await runnerOf(new ProjectDetection(), await project({ ...rest, "pyproject.toml": "" }))).toBe("pytest");
  });

  test("does what a configuration says instead", async () => {
    expect(await runnerOf(new ProjectDetection({ runner: "pytest" }), await project(mixed))).toBe("pytest");
  });

  test("takes the other language when only that one has tests", async () => {
    const { "test/a.test.js": _, ...rest } = mixed;
    expect(await runnerOf(new ProjectDetection(), await project(rest))).toBe("pytest");
  });

  test("says that a folder without code is not a project", async () => {
    expect(await runnerOf(new ProjectDetection(), await project({ "README.md": "" }))).toBe("not-a-project");
  });
});
