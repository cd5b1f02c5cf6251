import { extname } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { levelShown, passedControls } from "#domain";
import { ControlledRunner, JestRunner, NodeTestRunner, VitestRunner } from "#oracle";
import type { TestRun, TestRunner } from "#ports";
import { JavaScriptProject, outcomes, sandbox, withoutSandbox } from "../support/javascript-project.ts";

let reason: string | undefined;
beforeAll(async () => {
  reason = await withoutSandbox();
});

const nodeTests = `
import assert from "node:assert/strict";
import { describe, it, test } from "node:test";
import { double } from "../src/double.mjs";
test("one value", () => { assert.equal(double(2), 4); });
test("several", async () => {
  assert.strictEqual(double(1), 2);
  assert.deepEqual([double(1), double("a")], [2, "aa"]);
  assert.throws(() => double(Symbol("x")), TypeError);
});
describe("suite", () => {
  it("is true", () => { assert.ok(double(1) === 2); assert(double(3) > 5); });
  it(\`has a template title\`, () => assert.match(double("b"), /^bb$/));
  for (const n of [1, 2]) it("case " + n, () => { assert.equal(double(n), n * 2); });
});
test("with subtests", async (t) => {
  await t.test("first", () => { assert.equal(double(5), 10); });
  await t.test("second", () => { assert.notEqual(double(5), 11); });
});
test.skip("skipped", () => { assert.equal(double(1), 3); });
`;

const expectTests = (imports: string) => `
${imports}
test("one value", () => { expect(double(2)).toBe(4); });
test("several", async () => {
  expect(double(1)).toEqual(2);
  await expect(Promise.resolve({ twice: double("a") })).resolves.toEqual({ twice: "aa" });
  expect(() => double(Symbol("x"))).toThrow(TypeError);
  expect(double(3)).not.toBe(7);
});
describe("suite", () => {
  it("is true", () => { expect(double(1) === 2).toBe(true); expect(double(4)).toBeGreaterThan(7); });
  it.each([[1, 2], [3, 6]])("doubles %i to %i", (given, wanted) => { expect(double(given)).toBe(wanted); });
});
test.skip("skipped", () => { expect(double(1)).toBe(3); });
`;

type Kind = {
  name: string;
  runner: TestRunner;
  tests: string;
  /** Its ending is that of the module too. */
  file: string;
  manifest: object;
  modules: string[];
  honest: string;
};

const kinds: Kind[] = [
  {
    name: "node:test",
    runner: new NodeTestRunner(sandbox),
    tests: nodeTests,
    file: "test/double.test.mjs",
    manifest: { scripts: { test: "node --test" } },
    modules: [],
    honest: "export const double = (x) => x + x;",
  },
  {
    name: "vitest",
    runner: new VitestRunner(sandbox),
    tests: expectTests(`import { describe, expect, it, test } from "vitest";
      import { double } from "../src/double.mjs";`),
    file: "test/double.test.mjs",
    manifest: { scripts: { test: "vitest" }, devDependencies: { vitest: "*" } },
    modules: ["vitest"],
    honest: "export const double = (x) => x + x;",
  },
  {
    name: "jest",
    runner: new JestRunner(sandbox),
    tests: expectTests('const { double } = require("../src/double.cjs");'),
    file: "test/double.test.cjs",
    manifest: {
      scripts: { test: "jest" },
      devDependencies: { jest: "*" },
      jest: { testMatch: ["**/*.test.cjs"], moduleFileExtensions: ["js", "cjs"] },
    },
    modules: ["jest"],
    honest: "exports.double = (x) => x + x;",
  },
];

async function open({ tests, file, manifest, modules }: Kind, source: string) {
  return await JavaScriptProject.make(
    { "package.json": JSON.stringify(manifest), [`src/double${extname(file)}`]: source, [file]: tests },
    { modules },
  );
}

const level = (run: TestRun, tests: readonly string[]) =>
  levelShown({ ...run, level: run.level ?? "in-process" } as never, { tests, files: [] });

const hostile: Record<string, Record<string, string>> = {
  "node:test": {
    "patches node:assert": `import assert from "node:assert";
      import { syncBuiltinESMExports } from "node:module";
      for (const strict of [assert, assert.strict]) for (const name of ["equal", "notEqual", "strictEqual", "notStrictEqual", "deepEqual",
        "notDeepEqual", "deepStrictEqual", "ok", "throws", "doesNotThrow", "match", "doesNotMatch"]) strict[name] = () => {};
      syncBuiltinESMExports();
      export const double = () => 0;`,
    "reads the expected value in its caller's source": `import { readFileSync } from "node:fs";
      export const double = (x) => {
        const place = /(\\/[^():]+double\\.test\\.mjs):(\\d+):\\d+/.exec(new Error().stack);
        const line = readFileSync(place[1], "utf8").split("\\n")[Number(place[2]) - 1];
        const found = /assert\\.equal\\(double\\(\\d\\), (\\d+)\\)/.exec(line);
        return found ? Number(found[1]) : x + x;
      };`,
  },
  vitest: {
    "patches the matchers of expect": `
      import { expect } from "vitest";
      const pass = function () { return { pass: !this.isNot, message: () => "" }; };
      expect.extend({ toBe: pass, toEqual: pass, toThrow: pass });
      export const double = () => 0;`,
    "makes every result a pass after the test": `
      import { afterEach } from "vitest";
      afterEach(({ task }) => {
        Object.defineProperty(task.result, "state", { get: () => "pass", set() {} });
      });
      export const double = () => 0;`,
  },
  jest: {
    "patches the matchers of expect": `
      const pass = function () { return { pass: !this.isNot, message: () => "" }; };
      expect.extend({ toBe: pass, toEqual: pass, toThrow: pass, toBeGreaterThan: pass });
      exports.double = () => 0;`,
    "replaces expect": `
      const anything = new Proxy(() => {}, { get: (_, name) => (name === "then" ? undefined : anything), apply: () => anything });
      globalThis.expect = anything;
      exports.double = () => 0;`,
  },
};

describe.each(kinds)("controls of $name", (kind) => {
  const one = `${kind.file} > one value`;
  const controls = (seed: number) => ({ controls: { seed, targets: [one] } });

  test("tell what an ordinary run tells, and fail on honest code", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    await using project = await open(kind, kind.honest);
    const plain = await project.run(kind.runner);
    const checked = await project.run(new ControlledRunner(kind.runner), controls(7));
    expect(checked.uncontrolled).toBeUndefined();
    expect(outcomes(checked)).toEqual(outcomes(plain));
    expect(checked.report.collected).toEqual(plain.report.collected);
    expect(checked.level).toBe("controlled");
    expect(checked.controls?.filter(({ outcome }) => outcome !== "failed")).toEqual([]);
    const passing = plain.report.results.filter(({ outcome }) => outcome === "passed").map(({ id }) => id);
    expect(level(checked, passing)).toBe("controlled");
    expect(await project.workspace.diff()).toBe("");
  });

  test.for(Object.entries(hostile[kind.name] ?? {}))("pass on a module that %s", async ([, source], ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    await using project = await open(kind, source);
    expect(outcomes(await project.run(kind.runner))[one]).toBe("passed");
    const checked = await project.run(new ControlledRunner(kind.runner), controls(11));
    expect(passedControls(checked as never)).toContain(one);
    expect(level(checked, [one])).toBe("in-process");
  });
});
