import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { ScriptedProposer } from "../fakes/scripted-proposer.ts";
import { thorough } from "../support/depth.ts";
import { withoutSandbox } from "../support/javascript-project.ts";
import { resultOf, runAssay } from "../support/run-assay.ts";
import { scratch } from "../support/scratch.ts";
import { readText, solvePlace } from "../support/solve-place.ts";

const problem = await withoutSandbox();
beforeEach((context) => {
  if (problem !== undefined) context.skip(problem);
});

const lines = `# the greatest common divisor
gcd(12, 18) -> 6
gcd(7, 5) → 1
gcd(0, 4) => 4
gcd(-1, 4) -> raises ValueError
`;
const wrong = "def gcd(a, b):\n    return min(a, b)\n";
const right = `def gcd(a, b):
    if a < 0 or b < 0:
        raise ValueError("negative")
    while b:
        a, b = b, a % b
    return a
`;

describe("assay solve", () => {
  test("repairs a first answer and proves the second, with a receipt that anybody can check again", async () => {
    await using place = await solvePlace();
    const proposer = new ScriptedProposer([{ "solution.py": wrong }, { "solution.py": right }]);
    const out = join(place.root, "gcd.py");
    const { result } = await place.solve(proposer, { tests: [await place.given("cases.txt", lines)], out });
    expect(result.summary).toContain("Solved at attempt 2: 4/4 tests pass");
    expect(result).toMatchObject({ outcome: "accepted", exitCode: 0, visibleTests: { passed: 4, total: 4 } });
    expect(await readText(out)).toBe(right);
    expect(result.verdict?.level).toBe("controlled");

    const [, second] = proposer.requests;
    expect(second?.earlier?.map(({ verdict }) => verdict.kind)).toEqual(["rejected"]);
    expect(second?.earlier?.[0]?.failures.flatMap(({ tests }) => tests)).toContain("test_cases.py::test_line_2");

    const verify = ["verify", result.receipt ?? "", "--rerun", "--json"];
    expect(resultOf(await runAssay(place.home, verify))).toMatchObject({ outcome: "accepted", exitCode: 0 });
  });

  test("keeps hidden tests from whoever proposes, reports the gap, and refuses what only knows the visible ones", async () => {
    await using place = await solvePlace();
    const special = `def gcd(a, b):
    if a < 0:
        raise ValueError("negative")
    return {(12, 18): 6, (7, 5): 1, (0, 4): 4}[a, b]
`;
    const hidden = "from solution import gcd\n\ndef test_unseen():\n    assert gcd(4711, 9422) == 4711\n";
    const proposer = new ScriptedProposer([{ "solution.py": special }, { "solution.py": right }]);
    const out = join(place.root, "gcd.py");
    const tests = [await place.given("cases.txt", lines)];
    const goal = { tests, hidden: [await place.given("test_cases.py", hidden)], out };
    const { result, events } = await place.solve(proposer, goal);
    expect(result).toMatchObject({
      outcome: "rejected",
      exitCode: 1,
      visibleTests: { passed: 4, total: 4 },
      hiddenTests: { passed: 0, total: 1 },
      stillFailingTests: ["test_hidden_cases.py::test_unseen"],
    });
    expect(result.summary).toContain("visible 4/4, hidden 0/1");
    expect(result.receipt).toBeUndefined();
    // Nobody is asked again: what hidden tests say would be told by that.
    expect(proposer.requests).toHaveLength(1);
    const { signal: _, onProgress: __, ...asked } = proposer.requests[0] ?? {};
    expect(JSON.stringify(asked)).not.toMatch(/4711|unseen|hidden/);
    expect(proposer.requests[0]?.snapshot.files).toEqual(["pytest.ini", "solution.py", "test_cases.py"]);
    await expect(readText(out)).rejects.toThrow("ENOENT");
    expect(events.filter(({ type }) => type === "verdict-reached")).toHaveLength(2);
  });

  test("proves a TypeScript solution on held-out lines too, writes it and a patch", async () => {
    await using place = await solvePlace();
    const cases = [1, 2, 3, 4, 5, 6].map((n) => `double(${n}) -> [${n * 2}]`).join("\n");
    const answer = "export function double(n: number): number[] {\n  return [n * 2];\n}\n";
    const { result } = await place.solve(new ScriptedProposer([{ "solution.ts": answer }]), {
      tests: [await place.given("cases.txt", cases)],
      holdOut: { fraction: 0.5, seed: 3 },
      language: "typescript",
      patchOut: join(place.root, "double.patch"),
    });
    expect(result.summary).toContain("visible 3/3, hidden 3/3");
    expect(result).toMatchObject({ outcome: "accepted", exitCode: 0, hiddenTests: { passed: 3, total: 3 } });
    expect(await readText(result.solution?.path)).toBe(answer);
    expect(await readText(join(place.root, "double.patch"))).toContain("--- /dev/null\n+++ b/solution.ts\n");
    const verify = ["verify", result.receipt ?? "", "--rerun", "--json"];
    expect(resultOf(await runAssay(place.home, verify))).toMatchObject({ outcome: "accepted", exitCode: 0 });
  });

  test("accepts no answer that attacks its tests, tells the next attempt why, and keeps the best", async () => {
    await using place = await solvePlace();
    const suite =
      'import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { add } from "../src/add.js";\n' +
      'test("small", () => assert.equal(add(1, 2), 3));\ntest("large", () => assert.equal(add(40, 50), 90));\n';
    const shouts = "export const add = (a, b) => 3;\nconsole.log('ok 1 - small\\nok 2 - large\\n# pass 2');\n";
    const edits = {
      "src/add.js": "export const add = () => 3;\n",
      "test/add.test.js": 'import { test } from "node:test";\ntest("small", () => {});\ntest("large", () => {});\n',
    };
    const leaves = "export function add() {\n  process.exit(0);\n}\n";
    const beside = { "src/add.js": shouts, "src/helper.js": "export {};\n" };
    const proposer = new ScriptedProposer([edits, { "src/add.js": leaves }, beside, { "src/add.js": shouts }]);
    const goal = { tests: [await place.given("test/add.test.js", suite)], guardrails: "block" as const };
    const { result, events } = await place.solve(proposer, goal, 4);
    const reasons = events.flatMap((event) =>
      event.type === "verdict-reached" ? event.verdict.reasons.slice(0, 1) : [],
    );
    expect(reasons.map(({ code }) => code)).toEqual(["oracle-touched", "guardrail", "out-of-scope", "test-failed"]);
    expect(proposer.requests[2]?.earlier?.at(-1)?.verdict.reasons[0]?.detail).toContain("src/add.js:2");
    expect(result).toMatchObject({ outcome: "not-found", exitCode: 1, visibleTests: { passed: 1, total: 2 } });
    expect(result.stillFailingTests).toEqual([expect.stringContaining("large")]);
    expect(result.summary).toContain("No solution was found in 4 attempts. The best passes 1 of 2 tests");
    expect(await readText(result.solution?.path)).toBe(shouts);
  });

  test("says so where vitest is not installed in the user's project", async () => {
    await using place = await solvePlace();
    const suite =
      'import { expect, test } from "vitest";\nimport { f } from "./f.ts";\ntest("f", () => expect(f()).toBe(1));\n';
    const { result } = await place.solve(new ScriptedProposer([]), { tests: [await place.given("f.test.ts", suite)] });
    expect(result).toMatchObject({ outcome: "failed", exitCode: 4, fault: { code: "dependency-missing" } });
    expect(result.fault?.message).toBe(`the tests are vitest's, and vitest is not installed in ${place.root}`);
  });

  test("asks nobody where the tests pass with a stub, or cannot be collected", async () => {
    await using place = await solvePlace();
    const proposer = new ScriptedProposer([{ "solution.py": right }]);
    const idle = "from solution import gcd\n\ndef test_nothing():\n    assert callable(gcd)\n";
    const { result } = await place.solve(proposer, { tests: [await place.given("test_idle.py", idle)] });
    expect(result).toMatchObject({ outcome: "inconclusive", exitCode: 3 });
    expect(result.summary).toContain("No test fails with a stub that does nothing (1 collected)");
    const broken = "from solution import gcd\nimport pytest_of_nobody.things as _\nraise OSError(gcd)\n";
    const unread = await place.solve(proposer, {
      tests: [await place.given("test_broken.py", broken)],
      stub: await place.given("solution.py", "def gcd(a, b):\n    pass\n"),
    });
    expect(unread.result).toMatchObject({ outcome: "inconclusive", exitCode: 3 });
    expect(unread.result.summary).toContain("The tests cannot be collected (test_broken.py:2)");
    expect(proposer.requests).toHaveLength(0);
  });

  thorough("joins lines to a suite of vitest, with the vitest of the user's project", async () => {
    await using place = await solvePlace(["vitest"]);
    const suite =
      'import { expect, test } from "vitest";\nimport { half } from "./half";\ntest("half", () => expect(half(4)).toBe(2));\n';
    const answer = 'export function half(n) {\n  if (n % 2 !== 0) throw new RangeError("odd");\n  return n / 2;\n}\n';
    const { result } = await place.solve(new ScriptedProposer([{ "half.js": answer }]), {
      tests: [
        await place.given("half.test.js", suite),
        await place.given("cases.txt", "half(8) => 4\nhalf(3) => throws RangeError"),
      ],
      language: "javascript",
    });
    expect(result.summary).toContain("3/3 tests pass");
    expect(result).toMatchObject({ outcome: "accepted", exitCode: 0, verdict: { level: "controlled" } });
  });

  thorough(
    "writes what the hidden tests refuse only where that is asked for, and says that it is refused",
    async () => {
      await using place = await solvePlace();
      const out = join(place.root, "same.js");
      const suite =
        'import assert from "node:assert/strict";\nimport { test } from "node:test";\nimport { same } from "./same.js";\n' +
        'test("a", () => assert.equal(same(1), 1));\ntest("b", () => assert.equal(same(2), 2));\n';
      const seen = (text: string) => (text.includes('test("a"') ? 1 : 2);
      const proposer = new ScriptedProposer([]);
      proposer.propose = async (request) => {
        const shown = await readText(join(request.snapshot.directory, "same.test.js"));
        const answer = { "same.js": `export const same = () => ${seen(shown)};\n` };
        return new ScriptedProposer([answer]).propose(request);
      };
      const tests = [await place.given("same.test.js", suite)];
      const { result } = await place.solve(proposer, {
        tests,
        holdOut: { fraction: 0.5, seed: 2 },
        out,
        keepUnproven: true,
      });
      expect(result).toMatchObject({ outcome: "rejected", exitCode: 1, solution: { written: out } });
      expect(result.summary).toContain("visible 1/1, hidden 0/1");
      expect(await readText(out)).toMatch(/^export const same = \(\) => [12];\n$/);
    },
  );

  test("tells the user what is wrong with what was given, before anything runs", async () => {
    await using place = await scratch();
    const root = await place.tree("project", { "cases.txt": "gcd(4, 6) -> 2\n\ngcd(1 2) -> 1\n" });
    const solve = async (...args: string[]) =>
      resultOf(await runAssay(place.path, ["solve", ...args, "-C", root, "--json"]));
    const tests = ["--tests", join(root, "cases.txt")];
    const unread = await solve("the greatest common divisor", ...tests);
    expect(unread).toMatchObject({ exitCode: 2, fault: { code: "usage" } });
    expect(unread.fault?.message).toBe('cases.txt:3: "gcd(1 2)" is not one expression of python');
    expect((await solve("-", ...tests)).fault?.message).toBe("standard input is empty");
    expect((await solve("gcd", ...tests, "--out", join(root, "cases.txt"))).fault?.message).toContain(
      "cases.txt is there already",
    );
    expect((await solve("spec.md", ...tests)).fault?.message).toBe("there is no file spec.md");
    expect((await solve("gcd", "--tests", join(root, "none.py"))).fault?.message).toContain("cannot be read: ENOENT");
  });
});
