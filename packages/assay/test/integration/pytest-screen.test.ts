import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { FaultError } from "#domain";
import { openPytestProject, whyNoPytest } from "../support/pytest-project.ts";

const missing = await whyNoPytest();
const title = `PytestScreen${missing === undefined ? "" : ` (skipped: ${missing})`}`;
const path = "calc/core.py";
const fails = "tests/test_outcomes.py::test_fails";
const passes = "tests/test_outcomes.py::test_passes";

describe.skipIf(missing !== undefined)(title, () => {
  test("tells candidates that pass from those that do not, and why", async () => {
    await using project = await openPytestProject("pytest-outcomes");
    const source = await readFile(join(project.root, path), "utf8");
    const right = source.replace("a - b", "a + b");
    await using screen = await project.screen(2000);
    const attempt = async (content: string, tests = [fails, passes]) =>
      await screen.try({ id: 7, files: { [path]: content }, tests });

    expect(await attempt(right)).toEqual({ id: 7, kind: "passed" });
    expect(await attempt(source)).toMatchObject({ kind: "failed", test: fails, failureType: "AssertionError" });
    // The same size within the same second: stale bytecode would make it pass.
    expect(await attempt(source.replace("a - b", "a * b"))).toMatchObject({ kind: "failed", test: fails });
    expect(await attempt("def broken(:\n")).toMatchObject({ kind: "failed", failureType: "SyntaxError" });
    expect(await attempt(right.replace("return a + b", "while True: pass"))).toMatchObject({
      kind: "timed-out",
      test: fails,
    });
    expect(await attempt("import os\nos._exit(0)\n")).toMatchObject({ kind: "failed", failureType: "ProcessExited" });
    expect(await attempt(right, ["tests/test_outcomes.py::test_absent"])).toMatchObject({ kind: "failed" });
    expect(await attempt(right, ["tests/test_outcomes.py::test_skipped"])).toMatchObject({ kind: "failed" });
    expect(await attempt(right.replace("return a + b", "return len('x' * (1 << 40))"))).toMatchObject({
      kind: "failed",
      failureType: "MemoryError",
    });
    expect(await attempt(right)).toEqual({ id: 7, kind: "passed" });
  });

  test("takes a file for all of its tests: one at least, none that fails, some of them skipped", async () => {
    await using project = await openPytestProject("pytest-imports");
    await using screen = await project.screen(2000);
    const file = "tests/test_missing_name.py";
    const source = await readFile(join(project.root, "shop/price.py"), "utf8");
    const name = (await readFile(join(project.root, file), "utf8")).match(/import (\w+)/)?.[1] ?? "";
    const attempt = (text: string, tests = [file]) =>
      screen.try({ id: 3, files: { "shop/price.py": `${source}\n\n${text}\n` }, tests });
    expect(await attempt("")).toMatchObject({ kind: "failed", failureType: "ImportError" });
    expect(await attempt(`def ${name}(*given):\n    raise LookupError`)).toMatchObject({
      kind: "failed",
      failureType: "LookupError",
    });
    const skipping = `import pytest\n\n\ndef ${name}(*given):\n    pytest.skip("not here")`;
    expect(await attempt(skipping)).toEqual({ id: 3, kind: "passed" });
    expect(await attempt("", ["tests/test_healthy.py"])).toEqual({ id: 3, kind: "passed" });
    expect(await attempt("", ["shop/price.py"])).toMatchObject({ kind: "failed", failureType: "NotCollected" });
  });

  test("puts the files back after each candidate", async () => {
    await using project = await openPytestProject("pytest-outcomes");
    await using screen = await project.screen(2000);
    const tests = [fails];
    const files = { [path]: "def add(a, b):\n    return a + b\n\n\ndef half(a):\n    return a\n", "calc/extra.py": "" };
    expect((await screen.try({ id: 1, files, tests })).kind).toBe("passed");
    expect((await screen.try({ id: 2, files: {}, tests })).kind).toBe("failed");
    const usesExtra = { [path]: "import calc.extra\n" };
    expect(await screen.try({ id: 3, files: usesExtra, tests })).toMatchObject({ failureType: "ModuleNotFoundError" });
  });

  test("survives a candidate that kills its process group and refuses paths outside the project", async () => {
    await using project = await openPytestProject("pytest-outcomes");
    await using screen = await project.screen(2000);
    const killer = { [path]: "import os, signal\nos.killpg(0, signal.SIGKILL)\n" };
    expect((await screen.try({ id: 1, files: killer, tests: [fails] })).kind).toBe("failed");
    const outside = { "../outside.py": "" };
    expect((await screen.try({ id: 2, files: outside, tests: [fails] })).kind).toBe("broken");
    expect((await screen.try({ id: 3, files: {}, tests: [passes] })).kind).toBe("passed");
  });

  test("rejects with sandbox-failed once its process is gone", async () => {
    await using project = await openPytestProject("pytest-outcomes");
    await using screen = await project.screen(2000);
    const parricide = { [path]: "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\n" };
    const error = await screen.try({ id: 1, files: parricide, tests: [fails] }).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(FaultError);
    expect((error as FaultError).fault.code).toBe("sandbox-failed");
  });

  test("works where conftest files take part in starting pytest up", async () => {
    await using project = await openPytestProject("pytest-conftest");
    await using screen = await project.screen(2000);
    const tests = ["tests/test_option.py::test_option", "tests/test_option.py::test_plain"];
    expect(await screen.try({ id: 1, files: {}, tests })).toEqual({ id: 1, kind: "passed" });
    expect(await screen.try({ id: 2, files: { "box.py": "SIZE = 3\n" }, tests })).toMatchObject({ kind: "failed" });
  });
});
