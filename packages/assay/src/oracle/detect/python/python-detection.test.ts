import { chmod, chown, mkdir, mkdtemp, readdir, realpath, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { digestOf, type Snapshot } from "#ports";
import { detectPython } from "../python.ts";
import { isPythonOracle, isTestFile } from "./file-kinds.ts";
import { pathFileTargets } from "./path-files.ts";
import { iniSection, pytestSettings } from "./pytest-settings.ts";
import { mayStart } from "./startable.ts";
import { findSystemPythons } from "./system-python.ts";
import { findVirtualEnvironments, readVirtualEnvironment } from "./virtual-environment.ts";

let folder: string;
let root: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "assay-python-")));
  root = join(folder, "project");
  await mkdir(root);
});
afterEach(async () => await rm(folder, { recursive: true, force: true }));

async function write(path: string, content = ""): Promise<string> {
  const full = join(folder, path);
  await mkdir(dirname(full), { recursive: true });
  await writeFile(full, content);
  return full;
}

/** Everything in the project but its environments, as a workspace would have copied it. */
async function snapshot(): Promise<Snapshot> {
  const files = (await readdir(root, { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((file) => !file.startsWith(".venv/"))
    .sort();
  return { digest: digestOf(files.join()), root, directory: root, files, excluded: [] };
}

/** A virtual environment with pytest, made from a Python beside the project; its bin/python leaves a mark when started. */
async function virtualEnvironment(): Promise<{ base: string; mark: string }> {
  const base = join(folder, "base");
  const mark = join(folder, "started");
  const python = await write("base/bin/python3", `#!/bin/sh\ntouch ${mark}\n`);
  await chmod(python, 0o755);
  await write("base/lib/python3.11/os.py");
  await write(
    "project/.venv/pyvenv.cfg",
    `home = ${base}/bin\nversion = 3.11.9\ninclude-system-site-packages = false\n`,
  );
  await write("project/.venv/lib/python3.11/site-packages/pytest/__init__.py");
  await write("project/.venv/lib/python3.11/site-packages/pytest-8.4.1.dist-info/METADATA");
  await mkdir(join(root, ".venv/bin"));
  await symlink(python, join(root, ".venv/bin/python"));
  return { base, mark };
}

describe("detectPython", () => {
  test("uses the project's own environment and mounts it with its base, starting neither", async () => {
    const { base, mark } = await virtualEnvironment();
    await write("project/shop/price.py");
    await write("project/tests/test_price.py");
    const detection = await detectPython(await snapshot());
    expect(detection).toMatchObject({
      kind: "detected",
      profile: {
        runner: "pytest",
        interpreter: join(root, ".venv/bin/python"),
        mounts: [{ source: join(root, ".venv") }, { source: base }],
        oracleFiles: ["tests/test_price.py"],
        sourceFiles: ["shop/price.py"],
      },
    });
    await expect(stat(mark)).rejects.toThrow("ENOENT");
  });

  test("uses another project's environment where it is told of one", async () => {
    await virtualEnvironment();
    const own = await snapshot();
    await write("small/test_price.py");
    const small = { ...own, root: join(folder, "small"), directory: join(folder, "small"), files: ["test_price.py"] };
    expect(await detectPython(small, [], root)).toMatchObject({
      kind: "detected",
      profile: { root: small.root, interpreter: join(root, ".venv/bin/python") },
    });
  });

  test("counts as tests what the configuration names", async () => {
    await virtualEnvironment();
    await write("project/pytest.ini", "[pytest]\ntestpaths = specs\npython_files = check_*.py\n");
    await write("project/specs/check_price.py");
    await write("project/specs/data.json");
    await write("project/price.py");
    const detection = await detectPython(await snapshot(), ["more"]);
    if (detection.kind === "undetected") throw new Error(detection.fault.message);
    expect(detection.profile.oracleFiles).toEqual(["pytest.ini", "specs/check_price.py", "specs/data.json"]);
    expect(detection.profile.sourceFiles).toEqual(["price.py"]);
  });

  test("says what is missing: Python, or tests", async () => {
    expect(await detectPython(await snapshot())).toMatchObject({ fault: { code: "not-a-project" } });
    await write("project/price.py");
    expect(await detectPython(await snapshot())).toMatchObject({ fault: { code: "no-tests" } });
  });
});

describe("readVirtualEnvironment", () => {
  test("mounts no folder that merely claims to be a Python", async () => {
    const { base } = await virtualEnvironment();
    await rm(join(base, "lib"), { recursive: true });
    expect(await readVirtualEnvironment(join(root, ".venv"), root)).toMatchObject({
      reason: expect.stringContaining("is gone"),
    });
  });

  test("does without an environment that has no pytest", async () => {
    await virtualEnvironment();
    await rm(join(root, ".venv/lib/python3.11/site-packages/pytest"), { recursive: true });
    expect(await readVirtualEnvironment(join(root, ".venv"), root)).toMatchObject({
      reason: "pytest is not installed in it",
    });
  });

  test("is found under any name", async () => {
    await write("project/my-env/pyvenv.cfg");
    expect(await findVirtualEnvironments(root)).toEqual([join(root, "my-env")]);
  });
});

describe("pathFileTargets", () => {
  test("mounts another project's folder, never a hidden one or one above the project", async () => {
    await write("library/tool.py");
    await write(".ssh/key.py");
    const lines = [
      join(folder, "library"),
      join(folder, ".ssh"),
      folder,
      "/",
      "/root",
      "import os; os.system('x')",
      root,
    ];
    const site = dirname(await write("site/links.pth", lines.join("\n")));
    const { mounted, details } = await pathFileTargets([site], root);
    expect(mounted).toEqual([join(folder, "library")]);
    expect(details.join("\n")).toContain(".ssh");
  });
});

describe("pathFileTargets below the home folder and of others", () => {
  const home = process.env.HOME;
  afterEach(() => {
    if (home === undefined) delete process.env.HOME;
    else process.env.HOME = home;
  });

  test("mounts projects and their src, and nothing else of the user's, also not over a link", async () => {
    process.env.HOME = join(folder, "ada");
    await write("ada/notes/plan.py");
    await write("ada/code/tool/pyproject.toml");
    await write("ada/code/tool/src/tool/__init__.py");
    await write("ada/code/flat/setup.py");
    await symlink(join(folder, "ada/notes"), join(folder, "link"));
    const lines = ["ada/notes", "ada/code", "ada/code/tool/src", "ada/code/flat", "link"];
    const site = dirname(await write("site/links.pth", lines.map((line) => join(folder, line)).join("\n")));
    const { mounted } = await pathFileTargets([site], root);
    expect(mounted).toEqual([join(folder, "ada/code/flat"), join(folder, "ada/code/tool/src")]);
  });

  test("mounts no folder that belongs to another user", async (ctx) => {
    if (process.getuid?.() !== 0) ctx.skip("only root can give a folder to another user");
    await write("library/tool.py");
    await chown(join(folder, "library"), 54_321, 54_321);
    const site = dirname(await write("site/links.pth", join(folder, "library")));
    expect((await pathFileTargets([site], root)).mounted).toEqual([]);
  });
});

describe("mayStart", () => {
  const home = process.env.HOME;
  afterEach(() => {
    if (home === undefined) delete process.env.HOME;
    else process.env.HOME = home;
  });
  const python = async (path: string) => {
    const full = await write(path, "#!/bin/sh\n");
    await chmod(full, 0o755);
    return full;
  };

  test("starts what the system and the user's version managers installed", async () => {
    process.env.HOME = join(folder, "ada");
    const shim = await python("ada/.pyenv/shims/python3");
    expect(await mayStart(shim, root)).toBe(true);
    expect(await mayStart("/bin/sh", root)).toBe(true);
    const linked = join(folder, "ada/.local/bin/python3");
    await mkdir(dirname(linked), { recursive: true });
    await symlink(await python("ada/.local/share/uv/python/3.13/bin/python3.13"), linked);
    expect(await mayStart(linked, root)).toBe(true);
  });

  test("starts nothing that lies elsewhere, also not over a link in either direction", async () => {
    process.env.HOME = join(folder, "ada");
    const own = await python("bin/python3");
    expect(await mayStart(own, root)).toBe(false);
    await mkdir(join(folder, "ada/.local/bin"), { recursive: true });
    await symlink(own, join(folder, "ada/.local/bin/python3"));
    expect(await mayStart(join(folder, "ada/.local/bin/python3"), root)).toBe(false);
    await symlink("/bin/sh", join(folder, "python"));
    expect(await mayStart(join(folder, "python"), root)).toBe(false);
  });

  test("starts no virtual environment and nothing that shares a folder with the project", async () => {
    process.env.HOME = join(folder, "ada");
    const environment = await python("ada/.local/tool/bin/python3");
    await write("ada/.local/tool/pyvenv.cfg");
    expect(await mayStart(environment, root)).toBe(false);
    const beside = await python("ada/.local/repository/python/bin/python3");
    expect(await mayStart(beside, root)).toBe(true);
    expect(await mayStart(beside, join(folder, "ada/.local/repository/project"))).toBe(false);
  });
});

describe("an environment of a repository around the project", () => {
  test("is read and used when it is active, and not started", async () => {
    const { mark } = await virtualEnvironment();
    const inner = join(root, "inner");
    await write("project/inner/tests/test_price.py");
    const path = process.env.PATH;
    process.env.PATH = `${join(root, ".venv/bin")}:${path}`;
    try {
      const files = ["tests/test_price.py"];
      const detection = await detectPython({
        digest: digestOf("inner"),
        root: inner,
        directory: inner,
        files,
        excluded: [],
      });
      expect(detection).toMatchObject({ kind: "detected", profile: { interpreter: join(root, ".venv/bin/python") } });
      expect((await findSystemPythons(inner, undefined)).filter((found) => found.startsWith(folder))).toEqual([]);
    } finally {
      process.env.PATH = path;
    }
    await expect(stat(mark)).rejects.toThrow("ENOENT");
  });
});

describe("findSystemPythons", () => {
  test("never offers an interpreter that lies in the project", async () => {
    const own = await write("project/bin/python3", "#!/bin/sh\n");
    await chmod(own, 0o755);
    const before = process.env.PATH;
    process.env.PATH = `${join(root, "bin")}:bin:${before}`;
    try {
      const found = await findSystemPythons(root, undefined);
      expect(found.filter((path) => path.startsWith(root) || !path.startsWith("/"))).toEqual([]);
    } finally {
      process.env.PATH = before;
    }
  });
});

describe("pytestSettings", () => {
  const read = (files: Record<string, string>) => pytestSettings(async (file) => files[file]);

  test("reads the first file that configures pytest", async () => {
    expect(
      await read({
        "pyproject.toml": '[tool.pytest.ini_options]\ntestpaths = ["a", "b"]\npythonpath = "src"\n',
        "setup.cfg": "[tool:pytest]\ntestpaths = other\n",
      }),
    ).toEqual({ file: "pyproject.toml", testPaths: ["a", "b"], pythonFiles: [], pythonPath: ["src"] });
    expect((await read({ "tox.ini": "[tox]\n[pytest]\npython_files =\n    a_*.py\n    b.py\n" })).pythonFiles).toEqual([
      "a_*.py",
      "b.py",
    ]);
  });

  test("takes a broken or foreign file for none", async () => {
    expect(await read({ "pyproject.toml": "= nonsense" })).toEqual({ testPaths: [], pythonFiles: [], pythonPath: [] });
    expect((await read({ "pyproject.toml": "[project]\nname = 'x'\n" })).file).toBeUndefined();
  });

  test("reads sections as configparser does", () => {
    expect(iniSection("# c\n[a]\nx = 1\n  2\ny: 3\n[b]\nz=4\n", "a")).toEqual({ x: "1 2", y: "3" });
    expect(iniSection("[b]\n", "a")).toBeUndefined();
  });
});

describe("file kinds", () => {
  test.each([
    "tests/data/a.json",
    "test_a.py",
    "pkg/a_test.py",
    "conftest.py",
    "pyproject.toml",
    "uv.lock",
    "requirements-dev.txt",
    "requirements/base.txt",
    ".github/workflows/ci.yml",
    "Makefile",
    "src/sitecustomize.py",
  ])("counts %s to the oracle", (path) => {
    expect(isPythonOracle(path)).toBe(true);
  });

  test.each(["src/pkg/testing/tools.py", "pkg/latest.py", "contest.py", "README.md", "docs/makefile.md"])(
    "does not count %s to the oracle",
    (path) => {
      expect(isPythonOracle(path)).toBe(false);
    },
  );

  test("knows the names that pytest collects", () => {
    expect(["test_a.py", "a/b_test.py"].every(isTestFile)).toBe(true);
    expect(["a.py", "site-packages/x/test_a.py", ".venv/test_a.py"].some(isTestFile)).toBe(false);
  });
});
