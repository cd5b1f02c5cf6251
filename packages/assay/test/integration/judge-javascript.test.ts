import { describe, expect, test } from "vitest";
import { thorough } from "../support/depth.ts";
import { codesOf, examined, type Files, gitRepository, judge } from "../support/judged-repository.ts";

const discount = (comparison: string) => `export function discount(quantity, least = 10) {
  if (quantity ${comparison} least) return 10;
  return 0;
}
`;

const nodeTests = (tail = "") => `import assert from "node:assert/strict";
import { test } from "node:test";
import { discount } from "../src/discount.js";

test("at least", () => assert.equal(discount(10), 10));
test("below", () => {
  assert.equal(discount(9), 0);
});
${tail}`;

const vitestTests = (tail = "") => `import { describe, expect, test } from "vitest";
import { discount } from "../src/discount.js";

describe("discount", () => {
  test("at least", () => expect(discount(10)).toBe(10));
  test("below", () => {
    expect(discount(9)).toBe(0);
  });
${tail}});
`;

const manifest = (script: string, more = {}) =>
  JSON.stringify({ name: "prices", type: "module", version: "1.0.0", scripts: { test: script }, ...more }, null, 2);

const runners = [
  { runner: "node:test", script: "node --test", file: "test/discount.test.js", tests: nodeTests, link: [] as string[] },
  { runner: "vitest", script: "vitest run", file: "test/discount.test.js", tests: vitestTests, link: ["vitest"] },
];

describe.each(runners)("assay judge on a project of $runner", ({ runner, script, file, tests, link }) => {
  const usually = runner === "node:test" ? test : thorough;
  const base: Files = { "package.json": manifest(script), "src/discount.js": discount(">"), [file]: tests() };
  const fix: Files = { "src/discount.js": discount(">=") };
  const judgeAfter = async (change: Files, args?: string[], from = base) => {
    await using repository = await gitRepository(from, link);
    await repository.commit(change);
    return await judge(repository, args);
  };

  test("accepts a real fix at the level that people need", async () => {
    const judged = await judgeAfter(fix);
    expect([judged.code, ...codesOf(judged)], judged.result.summary).toEqual([0, "all-expected-passed"]);
    expect(judged.result.verdict?.level).toBe("controlled");
    const { change, strength } = examined(judged);
    expect(change).toBe("fix");
    expect(strength?.tried).toBeGreaterThan(0);
    expect(strength?.killed).toBeGreaterThan(0);
  });

  usually("accepts a fix with a new test and a new version, and asks about a weakened one", async () => {
    const grown = tests('test("more", () => { if (discount(20) !== 10) throw new Error("no"); });\n');
    const honest = await judgeAfter({ ...fix, "package.json": manifest(script, { version: "1.0.1" }), [file]: grown });
    expect([honest.code, ...codesOf(honest)], honest.result.summary).toEqual([0, "all-expected-passed"]);
    expect(examined(honest).testChanges.map(({ kind }) => kind)).toEqual(["new-test"]);

    const weaker = tests()
      .replace("assert.equal(discount(9), 0)", "assert.ok(discount)")
      .replace("toBe(0)", "toBeDefined()");
    const weakened = await judgeAfter({ ...fix, [file]: weaker });
    expect([weakened.code, ...codesOf(weakened)]).toEqual([3, "tests-changed"]);
    expect(examined(weakened).testChanges.map(({ kind }) => kind)).toEqual(["weakened-assertion"]);
  });

  thorough("asks about `only` and a changed test command", async () => {
    const only = await judgeAfter({ ...fix, [file]: tests().replace("test(", "test.only(") });
    expect(codesOf(only)).toContain("tests-changed");
    expect(examined(only).testChanges.map(({ kind }) => kind)).toContain("new-skip");

    const command = await judgeAfter({ ...fix, "package.json": manifest(`${script} || true`) });
    expect(codesOf(command)).toContain("tests-changed");
    expect(examined(command).testChanges[0]).toMatchObject({ kind: "configuration", what: "changes scripts" });
  });

  usually("takes tests of what was missing for a feature", async () => {
    const feature = await judgeAfter(
      {
        "src/tax.js": "export const withTax = (price) => (price * 119) / 100;\n",
        "test/tax.test.js": tests()
          .replace(/discount\b/g, "withTax")
          .replace("src/withTax.js", "src/tax.js")
          .replace("withTax(10), 10", "withTax(100), 119")
          .replace("withTax(9), 0", "withTax(0), 0")
          .replace("withTax(10)).toBe(10)", "withTax(100)).toBe(119)")
          .replace("withTax(9)).toBe(0)", "withTax(0)).toBe(0)"),
      },
      [],
      { ...base, ...fix },
    );
    expect([feature.code, ...codesOf(feature)], feature.result.summary).toEqual([0, "all-expected-passed"]);
    expect(examined(feature).change).toBe("feature");
  });
});

test("a snapshot that stays as it is and a new file beside it do not keep a fix from being accepted", async () => {
  const file = "test/discount.test.js";
  const snapshot = "exports[`discount > shown 1`] = `10`;";
  const writes = `  test("shown", async () => {
    expect(discount(11)).toMatchSnapshot();
    const { writeFileSync } = await import("node:fs");
    writeFileSync(new URL("./output.txt", import.meta.url), "new");
  });
`;
  const base: Files = {
    "package.json": manifest("vitest run"),
    "src/discount.js": discount(">"),
    [file]: vitestTests(writes),
    "test/__snapshots__/discount.test.js.snap": `// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html\n\n${snapshot}\n`,
  };
  await using repository = await gitRepository(base, ["vitest"]);
  await repository.commit({ "src/discount.js": discount(">=") });
  const judged = await judge(repository);
  expect([judged.code, ...codesOf(judged)], judged.result.summary).toEqual([0, "all-expected-passed"]);
});
