import { appendFile, cp, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { thorough } from "../support/depth.ts";
import { type Ended, projectCopy, resultOf, runAssay } from "../support/run-assay.ts";
import { commitAll, readTree, type Scratch, scratch } from "../support/scratch.ts";

/** Heals a project made of these files, and checks that its tree is as it was. */
async function healFiles(
  space: Scratch,
  files: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<Ended> {
  const project = await space.tree("project", files);
  const before = await readTree(project);
  const ended = await runAssay(space.path, ["heal", project, "--json", ...args]);
  const after = Object.entries(await readTree(project)).filter(([path]) => !path.startsWith(".assay/"));
  expect(Object.fromEntries(after)).toEqual(before);
  expect(ended.signal).toBeNull();
  expect(resultOf(ended).exitCode).toBe(ended.code);
  return ended;
}

const pyproject = { "pyproject.toml": '[project]\nname = "p"\nversion = "1"\n' };

describe("assay heal given something it cannot heal", () => {
  test.each([
    { what: "a folder that is no project", files: { "notes.txt": "hello" }, code: 2, fault: "not-a-project" },
    { what: "a project without tests", files: { ...pyproject, "p.py": "X = 1\n" }, code: 3, fault: "no-tests" },
    {
      what: "a test file without a test",
      files: { ...pyproject, "test_p.py": "X = 1\n" },
      code: 3,
      fault: "no-tests",
    },
    {
      what: "a project whose runner is not supported",
      files: {
        "package.json": '{"name":"p","scripts":{"test":"mocha"},"devDependencies":{"mocha":"*"}}',
        "test/a.js": "",
      },
      code: 3,
      fault: "oracle-unavailable",
    },
    {
      what: "tests that need a module that is not installed",
      files: { ...pyproject, "test_p.py": "import not_installed_anywhere\n\n\ndef test_a():\n    assert True\n" },
      code: 4,
      fault: "dependency-missing",
    },
  ])("ends with $code and says what to do for $what", async ({ files, code, fault }) => {
    await using space = await scratch();
    const ended = await healFiles(space, files);
    expect(resultOf(ended)).toMatchObject({ exitCode: code, fault: { code: fault } });
  });

  test("says that there is nothing to do when all tests pass", async () => {
    await using space = await scratch();
    const ended = await healFiles(space, { ...pyproject, "test_p.py": "def test_a():\n    assert True\n" });
    expect(resultOf(ended)).toMatchObject({ exitCode: 0, outcome: "nothing-to-do" });
  });

  test("finds nothing for a test file that cannot be collected, and says where it is broken", async () => {
    await using space = await scratch();
    const ended = await healFiles(space, { ...pyproject, "p.py": "X = 1\n", "test_p.py": "def test_a(:\n    pass\n" });
    expect(resultOf(ended)).toMatchObject({ exitCode: 1, outcome: "not-found" });
    expect(ended.stdout).toContain("SyntaxError");
  });

  test.each([
    {
      what: "a test that kills the run",
      source:
        "import os\n\n\ndef test_a():\n    assert True\n\n\ndef test_b():\n    os.kill(os.getpid(), 9)\n\n\ndef test_c():\n    pass\n",
    },
    { what: "only skipped tests", source: "import pytest\n\n\n@pytest.mark.skip\ndef test_a():\n    assert False\n" },
  ])("does not call $what a pass", async ({ source }) => {
    await using space = await scratch();
    const ended = await healFiles(space, { ...pyproject, "p.py": "X = 1\n", "test_p.py": source });
    expect([1, 3]).toContain(ended.code);
    expect(resultOf(ended).outcome).not.toBe("nothing-to-do");
  });

  test("does not accept a change under which a test fails that the baseline never reached", async () => {
    await using space = await scratch();
    const files = {
      ...pyproject,
      "p.py": "def size(items):\n    return len(items) + 1\n",
      "test_p.py": `import os
from p import size

def test_b():
    if size([1]) != 1:
        os._exit(1)

def test_d():
    assert size([]) == 1 and size([1, 2]) == 3
`,
    };
    const ended = await healFiles(space, files, ["--max-time", "20"]);
    expect(resultOf(ended).outcome).not.toBe("accepted");
  });

  test("ends a suite that hangs at the time that was given", async () => {
    await using space = await scratch();
    const files = { ...pyproject, "test_p.py": "def test_hang():\n    while True:\n        pass\n" };
    const ended = await healFiles(space, files, ["--max-time", "6"]);
    expect([3, 5]).toContain(ended.code);
    expect(resultOf(ended).summary).toMatch(/test_hang|time that it may use/);
  });

  thorough("ends a suite that prints without end", async () => {
    await using space = await scratch();
    const flood = "import os\n\n\ndef test_flood():\n    while True:\n        os.write(1, b'x' * 65536)\n";
    const ended = await healFiles(space, {
      ...pyproject,
      "pytest.ini": "[pytest]\naddopts = -s\n",
      "test_p.py": flood,
    });
    expect(resultOf(ended)).toMatchObject({ exitCode: 3, fault: { code: "oracle-unavailable" } });
  });

  thorough("contains a test that forks without end and one that fills the disk", async () => {
    await using space = await scratch();
    const source = `import os, time

def test_forks():
    for _ in range(2000):
        if os.fork() == 0:
            time.sleep(600)

def test_fills():
    with open("filler", "wb") as filler:
        for _ in range(4096):
            filler.write(b"x" * (1 << 20))
`;
    const ended = await healFiles(space, { ...pyproject, "test_p.py": source }, ["--max-time", "20"]);
    expect([1, 3, 5]).toContain(ended.code);
    expect(await sleepers()).toEqual([]);
  });
});

describe("assay heal on a project in use", () => {
  thorough("heals a dirty tree as it is, and applies to it", async () => {
    await using copy = await projectCopy("python-prices");
    await commitAll(copy.project);
    await appendFile(join(copy.project, "prices/total.py"), "\n\nUNCOMMITTED = True\n");
    const ended = await runAssay(copy.home, ["heal", copy.project, "--apply", "--json"]);
    expect(resultOf(ended)).toMatchObject({ outcome: "accepted", applied: true });
    expect(await readFile(join(copy.project, "prices/total.py"), "utf8")).toContain("UNCOMMITTED");
  });

  test("lets one process work on a project and tells the second who it is", async () => {
    await using copy = await projectCopy("python-prices");
    let second: Promise<Ended> | undefined;
    const first = await runAssay(copy.home, ["heal", copy.project, "--json"], {
      onStdout: () => {
        second ??= runAssay(copy.home, ["heal", copy.project, "--json"]);
      },
    });
    expect(resultOf(first).outcome).toBe("accepted");
    const refused = await second;
    expect(refused && resultOf(refused)).toMatchObject({ exitCode: 4, fault: { code: "run-locked" } });
  });

  test("stops at Ctrl-C with 130, and the run can be resumed", async () => {
    await using copy = await projectCopy("python-prices");
    let interrupted = false;
    const stopped = await runAssay(copy.home, ["heal", copy.project, "--json"], {
      onStdout: (text, pid) => {
        if (interrupted || !text.includes("evidence-recorded")) return;
        interrupted = true;
        process.kill(pid, "SIGINT");
      },
    });
    expect(stopped.code).toBe(130);
    expect(resultOf(stopped)).toMatchObject({ outcome: "paused", exitCode: 130 });
    const resumed = await runAssay(copy.home, ["resume", "last", "-C", copy.project, "--json"]);
    expect(resultOf(resumed)).toMatchObject({ outcome: "accepted", exitCode: 0 });
  });

  thorough("ends a run for good when it is cancelled", async () => {
    await using copy = await projectCopy("python-prices");
    await runAssay(copy.home, ["heal", copy.project, "--json"], { env: { ASSAY_CRASH_AT: "step-executed:4" } });
    expect((await runAssay(copy.home, ["cancel", "last", "-C", copy.project])).code).toBe(0);
    const resumed = await runAssay(copy.home, ["resume", "last", "-C", copy.project, "--json"]);
    expect(resultOf(resumed)).toMatchObject({ outcome: "cancelled", exitCode: 130 });
  });

  test("applies what was proven when a run that was killed before that is resumed with --apply, once", async () => {
    await using copy = await projectCopy("python-prices");
    await runAssay(copy.home, ["heal", copy.project, "--apply", "--json"], {
      env: { ASSAY_CRASH_AT: "tree-before-apply" },
    });
    for (let time = 0; time < 2; time++) {
      const resumed = await runAssay(copy.home, ["resume", "last", "--apply", "-C", copy.project, "--json"]);
      expect(resultOf(resumed)).toMatchObject({ outcome: "accepted", exitCode: 0, applied: true });
    }
  });

  thorough("does not take the runs of a copied project for its own", async () => {
    await using copy = await projectCopy("python-prices");
    await runAssay(copy.home, ["heal", copy.project, "--json"], { env: { ASSAY_CRASH_AT: "step-executed:4" } });
    const twin = join(copy.home, "twin");
    await cp(copy.project, twin, { recursive: true });
    const resumed = await runAssay(copy.home, ["resume", "last", "-C", twin, "--json"]);
    expect(resultOf(resumed)).toMatchObject({ exitCode: 4, fault: { code: "state-not-writable" } });
  });

  test("does not believe a state directory that came with the project", async () => {
    await using copy = await projectCopy("python-prices");
    await runAssay(copy.home, ["heal", copy.project, "--json"]);
    await using other = await projectCopy("python-prices");
    await cp(join(copy.project, ".assay"), join(other.project, ".assay"), { recursive: true });
    const ended = await runAssay(other.home, ["heal", other.project, "--json"]);
    expect(resultOf(ended)).toMatchObject({ exitCode: 4, fault: { code: "state-not-writable" } });
  });
});

/** Processes that the fork test would have left behind. */
async function sleepers(): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir("/proc")).filter((name) => /^\d+$/.test(name))) {
    const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
    const environment = await readFile(`/proc/${pid}/cgroup`, "utf8").catch(() => "");
    if (command.includes("test_p.py") && environment !== "") found.push(command);
  }
  return found;
}
