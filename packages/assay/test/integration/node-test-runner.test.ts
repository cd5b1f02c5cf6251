import { beforeAll, describe, expect, test } from "vitest";
import { suiteLimits } from "#domain";
import { NodeTestRunner } from "#oracle";
import { JavaScriptProject, outcomes, sandbox, withoutSandbox } from "../support/javascript-project.ts";

const runner = new NodeTestRunner(sandbox);
let reason: string | undefined;
beforeAll(async () => {
  reason = await withoutSandbox();
});

const header =
  'import assert from "node:assert/strict"; import { after, before, describe, it, test } from "node:test";\n';
const manifest = JSON.stringify({ type: "module", scripts: { test: "node --test" } });
const project = (tests: Record<string, string>, options?: { name: string }) => {
  const files = Object.entries(tests).map(([path, text]) => [path, /\.test\./.test(path) ? header + text : text]);
  return JavaScriptProject.make({ "package.json": manifest, ...Object.fromEntries(files) }, options);
};

describe("NodeTestRunner", () => {
  test("tells passed, failed, skipped and todo apart, in suites and subtests, with ids that are unique", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    await using made = await project(
      {
        "src/cart.ts":
          "export const total = (prices: number[]): number => prices.reduce((sum, price) => sum - price, 0);\n",
        "test/cart.test.ts": `import { total } from "../src/cart.ts";
          describe("cart", () => {
            it("totals", () => assert.equal(total([2]), 2));
            it("twin", () => {});
            it("twin", () => assert.deepEqual({ a: 1 }, { a: 2 }));
            it.skip("skipped", () => {});
            it.todo("later", () => { throw new Error("not yet"); });
            it.only("marked only", () => {});
          });
          test("outer", async (t) => { await t.test("inner", () => { throw new TypeError("deep"); }); });`,
      },
      { name: "un projet à part" },
    );
    const run = await made.run(runner);
    expect(run.report).toMatchObject({ complete: true, collectionErrors: [] });
    expect(outcomes(run)).toEqual({
      "test/cart.test.ts > cart > later": "skipped",
      "test/cart.test.ts > cart > marked only": "passed",
      "test/cart.test.ts > cart > skipped": "skipped",
      "test/cart.test.ts > cart > totals": "failed",
      "test/cart.test.ts > cart > twin": "passed",
      "test/cart.test.ts > cart > twin #2": "failed",
      "test/cart.test.ts > outer": "failed",
      "test/cart.test.ts > outer > inner": "failed",
    });
    const failures = new Map(run.report.results.map(({ id, failure }) => [id, failure]));
    expect(failures.get("test/cart.test.ts > cart > totals")).toMatchObject({
      type: "AssertionError",
      file: "test/cart.test.ts",
      line: 4,
      expected: "2",
      actual: "-2",
    });
    expect(failures.get("test/cart.test.ts > outer > inner")).toMatchObject({ type: "TypeError", message: "deep" });
    // What was reported can be asked for again, a twin and a subtest too.
    for (const id of ["test/cart.test.ts > cart > twin #2", "test/cart.test.ts > outer > inner"]) {
      expect(outcomes(await made.run(runner, { selection: [id] }))).toEqual({ [id]: "failed" });
    }
  });

  test("tells files that cannot be loaded as collection errors, with their place", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    await using made = await project({
      "src/broken.js": "export const a = 1;\nexport const b = ;\n",
      "test/missing.test.js": 'import "../src/nowhere.js"; test("a", () => {});',
      "test/name.test.js": 'import { nothing } from "../src/fine.js"; test("a", () => nothing);',
      "src/fine.js": "export const something = 1;\r\n",
      "test/syntax.test.js": 'import "../src/broken.js"; test("a", () => {});',
      "test/fine.test.cjs": "",
      "test/empty.test.js": "",
    });
    const { report } = await made.run(runner);
    const byFile = Object.fromEntries(report.collectionErrors.map((error) => [error.file, error]));
    expect(report.collected).toEqual([]);
    expect(byFile["test/missing.test.js"]).toMatchObject({ type: "ERR_MODULE_NOT_FOUND" });
    expect(byFile["test/name.test.js"]).toMatchObject({ type: "SyntaxError" });
    expect(byFile["src/broken.js"]).toMatchObject({ type: "SyntaxError", line: 2, testFile: "test/syntax.test.js" });
    expect(byFile["test/name.test.js"]).toMatchObject({ testFile: "test/name.test.js" });
    expect(report.collectionErrors.length).toBe(4);
  });

  test("never takes an exit, a crash, a hang or a flood for a pass", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    await using made = await project({
      "test/exit.test.js": 'test("before", () => {}); test("exits", () => process.exit(0)); test("after", () => {});',
      "test/crash.test.js": 'test("crashes", () => process.abort());',
      "test/hang.test.js": 'test("hangs", () => { for (;;); });',
      "test/flood.test.js": 'test("floods", () => { console.log("x".repeat(3_000_000)); });',
      "test/late.test.js": 'test("late", () => { setTimeout(() => { throw new RangeError("too late"); }, 5); });',
      "test/early.test.js": "process.exit(0);",
    });
    const run = await made.run(runner, { limits: { ...suiteLimits, wallMsMax: 20_000 } });
    expect(outcomes(run)).toEqual({
      "test/crash.test.js > crashes": "errored",
      "test/exit.test.js > after": "not-run",
      "test/exit.test.js > before": "passed",
      "test/exit.test.js > exits": "errored",
      "test/flood.test.js > floods": "passed",
      "test/hang.test.js > hangs": "timed-out",
      "test/late.test.js > late": "passed",
    });
    expect(run.report.collectionErrors.map(({ type, file }) => [type, file]).sort()).toEqual([
      ["ProcessExited", "test/early.test.js"],
      ["RangeError", "test/late.test.js"],
    ]);
    expect(run.stdout.totalBytes).toBeGreaterThanOrEqual(3_000_000);
  });

  test("holds a failing set-up against its tests and a failing tear-down against its file", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    await using made = await project({
      "test/a.test.js": 'describe("s", () => { before(() => { throw new Error("no"); }); it("x", () => {}); });',
      "test/b.test.js": 'describe("s", () => { after(() => { throw new Error("no"); }); it("x", () => {}); });',
    });
    const run = await made.run(runner);
    expect(outcomes(run)).toEqual({ "test/a.test.js > s > x": "errored", "test/b.test.js > s > x": "passed" });
    expect(run.report.collectionErrors.map(({ file }) => file)).toEqual(["test/a.test.js", "test/b.test.js"]);
  });

  test("knows which lines each test executed", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    await using made = await project({
      "src/sign.ts":
        'export function sign(n: number): string {\n  if (n < 0) {\n    return "minus";\n  }\n  return "plus";\n}\n',
      "test/sign.test.ts": `import { sign } from "../src/sign.ts";
        test("minus", () => assert.equal(sign(-1), "minus"));
        test("plus", () => assert.equal(sign(1), "plus"));`,
    });
    const { coverage } = await made.run(runner, { coverage: true });
    expect(coverage?.["test/sign.test.ts > minus"]?.["src/sign.ts"]).toEqual([1, 2, 3]);
    expect(coverage?.["test/sign.test.ts > plus"]?.["src/sign.ts"]).toEqual([1, 2, 5]);
  });

  test("tries candidates in warm processes and puts the files back", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    const source = "export const twice = (n: number): number => n + 2;\n";
    await using made = await project({
      "src/twice.ts": source,
      "test/twice.test.ts": 'import { twice } from "../src/twice.ts"; test("twice", () => assert.equal(twice(3), 6));',
      "test/other.test.ts": 'import { twice } from "../src/twice.ts"; test("zero", () => assert.equal(twice(0), 0));',
    });
    const { profile, workspace } = made;
    await using screen = await runner.screen({ profile, workspace, limits: suiteLimits, testMsMax: 5000 });
    const tests = ["test/twice.test.ts > twice", "test/other.test.ts > zero"];
    const attempt = (id: number, text: string) => screen.try({ id, files: { "src/twice.ts": text }, tests });
    expect(await attempt(1, source.replace("+ 2", "* 2"))).toEqual({ id: 1, kind: "passed" });
    expect(await attempt(2, source.replace("+ 2", "+ 3"))).toMatchObject({ id: 2, kind: "failed", test: tests[1] });
    expect(await attempt(3, source.replace("n + 2", "n +"))).toMatchObject({ id: 3, kind: "broken" });
    expect(await attempt(4, `${source}process.exit(0);`)).toMatchObject({ id: 4, kind: "broken" });
    expect(await attempt(5, source.replace("n + 2", "{ for (;;); }"))).toMatchObject({ id: 5 });
    expect(await attempt(6, "export const twice = () => { for (;;); };")).toMatchObject({
      kind: "timed-out",
      test: tests[0],
    });
    expect(await screen.try({ id: 7, files: {}, tests })).toMatchObject({ id: 7, kind: "failed", test: tests[0] });
  });

  test("takes a file for all of its tests: one at least, none that fails, some of them skipped", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    const source = "export const twice = (n) => n * 2;\n";
    await using made = await project({
      "src/twice.js": source.replace("twice", "double"),
      "test/twice.test.js": `import { twice } from "../src/twice.js";
        test("twice", () => assert.equal(twice(3), 6)); test.skip("later", () => {});`,
      "test/empty.test.js": "",
    });
    const { profile, workspace } = made;
    await using screen = await runner.screen({ profile, workspace, limits: suiteLimits, testMsMax: 5000 });
    const attempt = (text: string, file = "test/twice.test.js") =>
      screen.try({ id: 1, files: { "src/twice.js": text }, tests: [file] });
    expect(await attempt(source)).toEqual({ id: 1, kind: "passed" });
    expect(await attempt(source.replace("2", "3"))).toMatchObject({
      kind: "failed",
      test: "test/twice.test.js > twice",
    });
    expect(await attempt(source.replace("twice", "double"))).toMatchObject({ kind: "broken" });
    expect(await attempt(source, "test/empty.test.js")).toMatchObject({ kind: "broken" });
  });

  test("tells no test the token that its events are known by", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    const preload = "process.execArgv.find((word) => word.startsWith('--import=')).slice('--import='.length)";
    await using made = await project({
      "test/spy.test.js": `const told = await import(${preload});
        test("finds the module", () => assert.equal(typeof told.readLine, "function"));
        test("finds no token", () => assert.doesNotMatch(JSON.stringify({ ...told }), /token|[0-9a-f]{32}/));`,
    });
    expect(outcomes(await made.run(runner))).toEqual({
      "test/spy.test.js > finds no token": "passed",
      "test/spy.test.js > finds the module": "passed",
    });
  });

  test("says that the screen is gone when its limit ended it", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    await using made = await project({ "test/a.test.js": 'test("a", () => { for (;;); });' });
    const { profile, workspace } = made;
    const limits = { ...suiteLimits, wallMsMax: 3000 };
    await using screen = await runner.screen({ profile, workspace, limits, testMsMax: 60_000 });
    await expect(screen.try({ id: 1, files: {}, tests: ["test/a.test.js > a"] })).rejects.toMatchObject({
      fault: { code: "sandbox-failed" },
    });
  });
});
