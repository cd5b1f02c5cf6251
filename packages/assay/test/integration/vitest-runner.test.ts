import { beforeAll, describe, expect, test } from "vitest";
import { suiteLimits } from "#domain";
import { VitestRunner } from "#oracle";
import { JavaScriptProject, outcomes, sandbox, withoutSandbox } from "../support/javascript-project.ts";

const runner = new VitestRunner(sandbox);
let reason: string | undefined;
beforeAll(async () => {
  reason = await withoutSandbox();
});

const header = 'import { afterAll, beforeAll, describe, expect, it, test } from "vitest";\n';
const project = (files: Record<string, string>, options: { name?: string } = {}) => {
  const manifest = { type: "module", scripts: { test: "vitest" }, devDependencies: { vitest: "*" } };
  const tests = Object.entries(files).map(([path, text]) => [path, /\.test\./.test(path) ? header + text : text]);
  return JavaScriptProject.make(
    { "package.json": JSON.stringify(manifest), ...Object.fromEntries(tests) },
    { ...options, modules: ["vitest"] },
  );
};

describe("VitestRunner", () => {
  test("tells each outcome, with ids that are unique and can be asked for again", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    await using made = await project(
      {
        "vitest.config.ts": 'import { defineConfig } from "vitest/config"; export default defineConfig({ test: {} });',
        "src/cart.ts":
          "export const total = (prices: number[]): number => prices.reduce((sum, price) => sum - price, 0);\n",
        "src/cart.test.ts": `import { total } from "./cart";
          describe("cart", () => {
            it("totals", () => expect(total([2])).toBe(2));
            it("twin", () => {});
            it("twin", () => expect({ a: 1 }).toEqual({ a: 2 }));
            it.skip("skipped", () => {});
            it.todo("later");
            it("slow", async () => { await new Promise(() => {}); }, 50);
          });
          describe("set-up", () => { beforeAll(() => { throw new TypeError("no"); }); it("x", () => {}); });`,
      },
      { name: "un projet à part" },
    );
    const run = await made.run(runner);
    expect(run.report.complete).toBe(true);
    expect(outcomes(run)).toEqual({
      "src/cart.test.ts > cart > later": "skipped",
      "src/cart.test.ts > cart > skipped": "skipped",
      "src/cart.test.ts > cart > slow": "timed-out",
      "src/cart.test.ts > cart > totals": "failed",
      "src/cart.test.ts > cart > twin": "passed",
      "src/cart.test.ts > cart > twin #2": "failed",
      "src/cart.test.ts > set-up > x": "errored",
    });
    expect(run.report.results.find(({ id }) => id.endsWith("totals"))?.failure).toMatchObject({
      type: "AssertionError",
      file: "src/cart.test.ts",
      line: 4,
      expected: "2",
      actual: "-2",
    });
    const id = "src/cart.test.ts > cart > twin #2";
    expect(outcomes(await made.run(runner, { selection: [id] }))).toEqual({ [id]: "failed" });
  });

  test("tells files that cannot be loaded, exits and late errors as failures", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    await using made = await project({
      "missing.test.ts": 'import "./nowhere"; test("a", () => {});',
      "syntax.test.ts": 'test("a", () => {',
      "exit.test.ts": 'test("exits", () => process.exit(0));',
      "late.test.ts":
        'test("a", async () => { setTimeout(() => { throw new RangeError("late"); }, 1); await new Promise((done) => setTimeout(done, 100)); });',
    });
    const run = await made.run(runner);
    const types = Object.fromEntries(run.report.collectionErrors.map(({ file, type }) => [file, type]));
    expect(types).toMatchObject({
      "missing.test.ts": "ERR_MODULE_NOT_FOUND",
      "syntax.test.ts": "SyntaxError",
      "late.test.ts": "RangeError",
    });
    const testFiles = new Set(run.report.collectionErrors.map(({ testFile }) => testFile));
    expect([...testFiles]).toEqual(expect.arrayContaining(["missing.test.ts", "syntax.test.ts"]));
    expect(outcomes(run)["exit.test.ts > exits"]).not.toBe("passed");
  });

  test("compiles a configuration beside it, whatever an earlier vite left in the read-only dependencies", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    await using made = await project({
      "vitest.config.ts": "export default { test: { retry: 1 } };",
      "node_modules/.vite-temp/vitest.config.ts.timestamp-1-1.mjs": "",
      "node_modules/.vite/vitest/results.json": "{}",
      "a.test.ts": 'test("passes", () => {});',
    });
    const { profile, workspace } = made;
    const run = await made.run(runner);
    expect(run.report.collectionErrors).toEqual([]);
    expect(outcomes(run)).toEqual({ "a.test.ts > passes": "passed" });
    await using screen = await runner.screen({ profile, workspace, limits: suiteLimits, testMsMax: 5000 });
    expect(await screen.try({ id: 1, files: {}, tests: ["a.test.ts > passes"] })).toEqual({ id: 1, kind: "passed" });
  });

  test("ends a run whose test hangs and says which file it was", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    await using made = await project({ "hang.test.ts": 'test("hangs", () => { for (;;); }); test("next", () => {});' });
    const run = await made.run(runner, { limits: { ...suiteLimits, wallMsMax: 15_000 } });
    expect(Object.values(outcomes(run))).not.toContain("passed");
    expect(run.report.collectionErrors).toContainEqual(
      expect.objectContaining({ type: "Timeout", file: "hang.test.ts" }),
    );
  });

  test("takes a file for all of its tests: one at least, none that fails, some of them skipped", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    const source = "export const twice = (n: number): number => n * 2;\nif (1 < 0) throw new Error();\n";
    await using made = await project({
      "src/twice.ts": source,
      "src/twice.test.ts": `import { twice } from "./twice";
        test("three", () => expect(twice(3)).toBe(6)); test.skip("later", () => {});`,
      "src/empty.test.ts": "",
    });
    const { profile, workspace } = made;
    await using screen = await runner.screen({ profile, workspace, limits: suiteLimits, testMsMax: 5000 });
    const attempt = (text: string, file = "src/twice.test.ts") =>
      screen.try({ id: 1, files: { "src/twice.ts": text }, tests: [file] });
    expect(await attempt(source)).toEqual({ id: 1, kind: "passed" });
    expect(await attempt(source.replace("* 2", "* 3"))).toMatchObject({
      kind: "failed",
      test: "src/twice.test.ts > three",
    });
    expect(await attempt(source.replace("1 < 0", "1 > 0"))).toMatchObject({ kind: "broken" });
    expect((await attempt(source, "src/empty.test.ts")).kind).not.toBe("passed");
  });

  test("tries candidates in a vitest that stays alive, also after one that hangs", async (ctx) => {
    if (reason !== undefined) ctx.skip(reason);
    const source = "export const twice = (n: number): number => n + 2;\n";
    await using made = await project({
      "src/twice.ts": source,
      "src/twice.test.ts": `import { twice } from "./twice";
        test("three", () => expect(twice(3)).toBe(6)); test("zero", () => expect(twice(0)).toBe(0));`,
    });
    const { profile, workspace } = made;
    await using screen = await runner.screen({ profile, workspace, limits: suiteLimits, testMsMax: 5000 });
    const tests = ["src/twice.test.ts > three", "src/twice.test.ts > zero"];
    const attempt = (id: number, text: string) => screen.try({ id, files: { "src/twice.ts": text }, tests });
    expect(await attempt(1, source.replace("+ 2", "* 2"))).toEqual({ id: 1, kind: "passed" });
    expect(await attempt(2, source.replace("+ 2", "+ 3"))).toMatchObject({ id: 2, kind: "failed", test: tests[1] });
    expect(await attempt(3, source.replace("n + 2", "n +"))).toMatchObject({ id: 3, kind: "broken" });
    expect(await attempt(4, source.replace("n + 2", "{ for (;;); }"))).toMatchObject({ id: 4, kind: "timed-out" });
    expect(await attempt(5, source.replace("+ 2", "* 2"))).toEqual({ id: 5, kind: "passed" });
    expect(await screen.try({ id: 6, files: {}, tests })).toMatchObject({ id: 6, kind: "failed", test: tests[0] });
  });
});
