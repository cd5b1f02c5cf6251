import { beforeAll, describe, expect, test } from "vitest";
import { JestRunner } from "#oracle";
import { JavaScriptProject, outcomes, sandbox, withoutSandbox } from "../support/javascript-project.ts";

const runner = new JestRunner(sandbox);
let reason: string | undefined;
beforeAll(async () => {
  reason = await withoutSandbox();
});

const project = (files: Record<string, string>, options: { name?: string } = {}) => {
  const manifest = { scripts: { test: "jest" }, devDependencies: { jest: "*" } };
  return JavaScriptProject.make(
    { "package.json": JSON.stringify(manifest), ...files },
    { ...options, modules: ["jest"] },
  );
};

describe("JestRunner", () => {
  test("tells each outcome, with ids that are unique and can be asked for again", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    await using made = await project(
      {
        "src/cart.js": "exports.total = (prices) => prices.reduce((sum, price) => sum - price, 0);\n",
        "src/cart.test.js": `const { total } = require("./cart");
          describe("cart", () => {
            it("totals", () => expect(total([2])).toBe(2));
            it("twin", () => {});
            it("twin", () => expect({ a: 1 }).toEqual({ a: 2 }));
            it.skip("skipped", () => {});
            it.todo("later");
            it("throws", () => null.x);
            it("slow", async () => { await new Promise(() => {}); }, 50);
          });`,
      },
      { name: "un projet à part" },
    );
    const run = await made.run(runner);
    expect(run.report).toMatchObject({ complete: true, collectionErrors: [] });
    expect(outcomes(run)).toEqual({
      "src/cart.test.js > cart > later": "skipped",
      "src/cart.test.js > cart > skipped": "skipped",
      "src/cart.test.js > cart > slow": "timed-out",
      "src/cart.test.js > cart > throws": "failed",
      "src/cart.test.js > cart > totals": "failed",
      "src/cart.test.js > cart > twin": "passed",
      "src/cart.test.js > cart > twin #2": "failed",
    });
    const failures = new Map(run.report.results.map(({ id, failure }) => [id, failure]));
    expect(failures.get("src/cart.test.js > cart > totals")).toMatchObject({
      type: "AssertionError",
      file: "src/cart.test.js",
      line: 3,
      expected: "2",
      actual: "-2",
    });
    expect(failures.get("src/cart.test.js > cart > throws")).toMatchObject({ type: "TypeError" });
    const id = "src/cart.test.js > cart > twin #2";
    expect(outcomes(await made.run(runner, { selection: [id] }))).toEqual({ [id]: "failed" });
  });

  test("tells files that cannot be loaded and processes that end as failures", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    await using made = await project({
      "missing.test.js": 'require("./nowhere"); test("a", () => {});',
      "syntax.test.js": 'test("a", () => {',
      "exit.test.js": 'test("exits", () => process.exit(0)); test("next", () => {});',
      "after.test.js": 'describe("s", () => { afterAll(() => { throw new Error("no"); }); it("x", () => {}); });',
    });
    const run = await made.run(runner);
    const types = Object.fromEntries(run.report.collectionErrors.map(({ file, type }) => [file, type]));
    expect(types).toEqual({
      "after.test.js": "Error",
      "exit.test.js": "Error",
      "missing.test.js": "MODULE_NOT_FOUND",
      "syntax.test.js": "SyntaxError",
    });
    expect(run.report.collectionErrors.map(({ testFile }) => testFile)).toEqual(Object.keys(types).sort());
    expect(outcomes(run)).toEqual({ "after.test.js > s > x": "passed", "exit.test.js > exits": "errored" });
  });
});
