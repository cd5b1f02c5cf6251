import { beforeAll, describe, expect, test } from "vitest";
import { suiteLimits } from "#domain";
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

  test("tells why jest could not start", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    await using made = await project({
      "a.test.js": 'test("passes", () => {});',
      "jest.config.js": 'throw new Error("EROFS: read-only file system, mkdir");',
    });
    const { report } = await made.run(runner);
    expect(report).toMatchObject({ collected: [], complete: true });
    expect(report.collectionErrors.map(({ message }) => message).join()).toContain("EROFS: read-only file system");
  });

  test("tries candidates in a process each, whatever the one before did in its own", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    const file = "twice.test.js";
    await using made = await project({
      "twice.js": "exports.twice = (n) => n * 2;\n",
      [file]: `const { twice } = require("./twice");
        it("doubles", () => expect(twice(2)).toBe(4));
        it("keeps zero", () => expect(twice(0)).toBe(0));\n`,
    });
    const { profile, workspace } = made;
    await using screen = await runner.screen({ profile, workspace, limits: suiteLimits, testMsMax: 5000 });
    const tests = [`${file} > doubles`];
    const attempt = (id: number, text: string, wanted: string[] = tests) =>
      screen.try({ id, files: { "twice.js": text }, tests: wanted });
    expect(await attempt(1, "exports.twice = (n) => n + 1;")).toMatchObject({ id: 1, kind: "failed", test: tests[0] });
    expect(await attempt(2, "exports.twice = (n) => n + n;")).toEqual({ id: 2, kind: "passed" });
    const spoils = "Object.getPrototypeOf(process.emit).call = 1; process.exit(0); exports.twice = () => 4;";
    expect((await attempt(3, spoils)).kind).not.toBe("passed");
    expect((await attempt(4, "exports.twice = (n) => { for (;;); };")).kind).toBe("timed-out");
    expect((await attempt(5, "exports.twice = (n) => ;")).kind).toBe("broken");
    expect(await attempt(6, "exports.twice = (n) => n + n;", [file])).toEqual({ id: 6, kind: "passed" });
    expect((await attempt(7, "exports.twice = (n) => n + n;", [`${file} > is not there`])).kind).toBe("broken");
  });
});
