import { describe, expect, test } from "vitest";
import { suiteLimits } from "#domain";
import { NodeTestRunner } from "#oracle";
import type { EditBatch } from "#ports";
import { JavaScriptProject, sandbox, withoutSandbox } from "../support/javascript-project.ts";

const missing = await withoutSandbox();
const title = `edits tried one after the other in one node:test${missing === undefined ? "" : ` (skipped: ${missing})`}`;

type Try = [find: string, text: string];
const file = "src/shop.ts";
const source = `export const seen: number[] = [];
const rate = Math.max(1, 2);
export class Shop {
  get total(): number {
    let total = 0;
    for (const n of [1, 2]) total -= n;
    return total;
  }
}
const early = (): number => 3;
export const three = early();
export const later = async (n: number): Promise<number> => n - rate;
`;
const tests = `import assert from "node:assert/strict";
import { after, before, describe, it, test } from "node:test";
import { later, seen, Shop, three } from "../src/shop.ts";
describe("shop", () => {
  let shop: Shop;
  before(() => { shop = new Shop(); });
  after(() => { shop = undefined as never; });
  it("sums", () => assert.equal(shop.total, 3));
  it("waits", async () => assert.equal(await later(1), 3));
});
test("clean", () => assert.deepEqual(seen, []));
test("early", () => assert.equal(three, 4));
test("parts", async (t) => {
  await t.test("one", () => assert.equal(new Shop().total < 0, true));
  await t.test("two", (_, done) => setImmediate(() => done(new Shop().total === 3 ? undefined : new Error("no"))));
});
`;
const commonJs = `const { test } = require("node:test");
const { later } = require("../src/plain.cjs");
test("plain", (t) => t.mock.fn(later)(1) === 2 || assert.fail());
`;

/** The kind of each edit's outcome. */
async function kinds(tries: readonly Try[], target: string, guards: string[] = [], more: Partial<EditBatch> = {}) {
  await using project = await JavaScriptProject.make({
    "package.json": '{ "type": "module", "scripts": { "test": "node --test" } }',
    [file]: source,
    "src/plain.cjs": "exports.later = (n) => n - 1;\n",
    "test/shop.test.ts": tests,
    "test/plain.test.cjs": commonJs,
  });
  const { profile, workspace } = project;
  const screen = await new NodeTestRunner(sandbox).screen({ profile, workspace, limits: suiteLimits, testMsMax: 2000 });
  await using open = screen;
  const text = more.source ?? source;
  const candidates = tries.map(([find, replacement], id) => {
    const start = text.indexOf(find);
    return { id, start, end: start + find.length, text: replacement, order: 0 };
  });
  const batch = { id: 5, file, source, targets: [target], orders: [guards], candidates, fuelFactor: 1, ...more };
  const outcomes = new Map<number, string>();
  // A batch's time may be up before all of its edits were reached: who asks takes what is left to the next one.
  for (let left = candidates; left.length > 0; left = candidates.filter((each) => !outcomes.has(each.id))) {
    const settled = (await open.tryEdits?.({ ...batch, candidates: left })) ?? [];
    for (const outcome of settled) outcomes.set(outcome.id, outcome.kind);
    if (settled.length === 0) break;
  }
  return tries.map((_, id) => outcomes.get(id) ?? "none");
}

const id = (name: string) => `test/shop.test.ts > ${name}`;
const mend: Try = ["total -= n", "total += n"];

describe.skipIf(missing !== undefined)(title, () => {
  test("tells what passes from what fails, hangs or ends the process, and goes on", async () => {
    const tries: Try[] = [
      ["total -= n", "total -= 2 * n"],
      ["return total", "for (;;) total += 1"],
      ["return total", "return (() => { Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0); return 0; })()"],
      ["return total", "return process.exit(0)"],
      mend,
      ["return total", "return -total"],
      ["Math.max", "Math.min"],
    ];
    const expected = ["failed", "timed-out", "timed-out", "failed", "passed", "passed", "unsuited"];
    expect(await kinds(tries, id("shop > sums"), [id("clean")])).toEqual(expected);
  });

  test("waits for what is asynchronous, and knows subtests", async () => {
    const tries: Try[] = [
      ["n - rate", "n + rate"],
      ["n - rate", "new Promise(() => {})"],
      ["n - rate", "Promise.reject(new Error())"],
      ["n - rate", "n * rate"],
    ];
    expect(await kinds(tries, id("shop > waits"))).toEqual(["passed", "timed-out", "failed", "failed"]);
    expect(await kinds([mend, ["total -= n", "total -= 1"]], id("parts > two"))).toEqual(["passed", "failed"]);
  });

  test("takes tests in CommonJS", async () => {
    const text = "exports.later = (n) => n - 1;\n";
    const tries: Try[] = [["n - 1", "n * 1"], ["n - 1", "n + 1"]]; // biome-ignore format: pairs
    const more = { file: "src/plain.cjs", source: text };
    expect(await kinds(tries, "test/plain.test.cjs > plain", [], more)).toEqual(["failed", "passed"]);
  });

  test("leaves aside what ran when it was loaded, and what an edit before may have left behind", async () => {
    expect(await kinds([["=> 3", "=> 4"]], id("early"))).toEqual(["unsuited"]);
    const spoil: Try = ["return total", "seen.push(1); return total"];
    expect(await kinds([spoil, mend], id("shop > sums"), [id("clean")])).toEqual(["unsuited", "unsuited"]);
  });

  test("tries nothing where the tests come out otherwise than was said", async () => {
    expect(await kinds([mend], id("clean"))).toEqual(["none"]);
    expect(await kinds([mend], id("shop > sums"), [id("early")])).toEqual(["unsuited"]);
    expect(await kinds([mend], id("absent"))).toEqual(["none"]);
  });
});
