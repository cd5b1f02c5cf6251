import { afterAll, beforeAll, describe, expect, it, type TestContext } from "vitest";
import { FaultError } from "#domain";
import { openFunctionOracle } from "#oracle";
import type { FunctionCheck, FunctionObservation, FunctionOracle } from "#ports";
import { openSandbox } from "#sandbox";

let oracle: FunctionOracle | undefined;
let why = "";

beforeAll(async () => {
  try {
    const { sandbox } = await openSandbox({ unsafe: false });
    oracle = await openFunctionOracle(sandbox, { language: "javascript", workers: 2 });
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    why = error.fault.message;
  }
}, 60_000);
afterAll(() => oracle?.[Symbol.asyncDispose]());

const limits = {
  wallMsMax: 20_000,
  cpuMsMax: 5_000,
  memoryBytesMax: 128 * 1024 * 1024,
  processesMax: 8,
  frameBytesMax: 1024 * 1024,
};

/** Checks a function `f`. */
async function check(
  context: TestContext,
  candidate: string,
  tests: string,
  changes: Partial<FunctionCheck> = {},
): Promise<FunctionObservation> {
  if (oracle === undefined) return context.skip(why);
  return await oracle.check({
    language: "javascript",
    candidate,
    entryPoint: "f",
    preamble: 'const assert = require("assert/strict");',
    tests,
    limits,
    ...changes,
  });
}

const values = `[undefined, null, true, NaN, -0, Infinity, 1e-320, 2n ** 200n, -5n, "\\ud800 ü \\0", [], [1, , 3], { a: { b: [] } },
  { ["__proto__"]: 1, constructor: 2 }, Object.assign(Object.create(null), { x: 1 }), new Map([[{}, 1]]), new Set([1, "a"]),
  new Date(5), new Date(NaN), /a\\/b/giu, new Uint8Array([1, 2]), new Float64Array([NaN, -0]), new ArrayBuffer(3),
  Object.assign([1], { index: 0 })]`;

/** Wrong solutions, most of them by design, with tests that `x => x + 1` passes. */
const increments = "for (let n = 0; n < 5; n += 1) console.assert(f(n) === n + 1);";
const hostile: [string, string, string][] = [
  ["exits when it is loaded", "process.exit(0); function f() {}", "crashed"],
  ["exits in a call", "const f = () => process.exit(0);", "crashed"],
  ["kills itself", "const f = () => process.kill(process.pid, 'SIGKILL');", "crashed"],
  ["exits between calls", "const f = (x) => { setImmediate(() => process.exit(0)); return x + 1; };", "crashed"],
  [
    "throws later, in a promise",
    "const f = (x) => { Promise.resolve().then(() => { throw new Error('late'); }); return x + 1; };",
    "crashed",
  ],
  [
    "throws later, in a timer",
    "const f = (x) => { if (x === 4) setTimeout(() => { throw new Error('late'); }); return x + 1; };",
    "crashed",
  ],
  ["has a valueOf", "const f = () => ({ valueOf: () => 1, [Symbol.toPrimitive]: () => 1 });", "unsupported failed"],
  ["returns a proxy", "const f = () => new Proxy(function () {}, { get: () => () => true });", "failed"],
  ["returns an object with a getter", "let n = 0; const f = () => ({ get x() { return n++; } });", "failed"],
  [
    "replaces JSON",
    'JSON.stringify = () => \'{"answer":0,"value":1}\'; JSON.parse = () => ({}); const f = () => 0;',
    "failed",
  ],
  [
    "replaces what arrays do",
    "for (const key of Reflect.ownKeys(Array.prototype)) if (typeof Array.prototype[key] === 'function') Array.prototype[key] = () => true; const f = () => 0;",
    "failed crashed invalid",
  ],
  [
    "replaces process.exit and fs",
    "process.exit = () => {}; const fs = require('fs'); fs.writeSync = () => 0; fs.readSync = () => 0; const f = () => 0;",
    "failed",
  ],
  ["replaces console.assert", "console.assert = () => {}; const f = () => 0;", "failed"],
  [
    "answers for itself",
    "const fs = require('fs'); const f = (x) => { fs.writeSync(3, '{\"answer\":0,\"value\":1}\\n'); return 0; };",
    "crashed failed",
  ],
  [
    "says the last word",
    'const fs = require(\'fs\'); fs.writeSync(3, \'={"secret":"","outcome":{"kind":"passed"},"calls":5,"cpuMs":0}\\n\'); const f = () => 0;',
    "crashed invalid",
  ],
  [
    "writes to every descriptor",
    'const fs = require(\'fs\'); const f = () => { for (let d = 0; d < 64; d += 1) try { fs.writeSync(d, \'={"outcome":{"kind":"passed"},"calls":1}\\n\'); } catch {} return 0; };',
    "crashed failed",
  ],
  ["never returns", "const f = () => { for (;;); };", "timed-out"],
  ["answers too much", "const f = () => 'x'.repeat(2_000_000);", "flood"],
  [
    "takes all memory",
    "const all = []; const f = () => { for (;;) all.push(new Array(100_000).fill(all.length)); };",
    "out-of-memory",
  ],
  ["has no such function", "const g = (x) => x + 1;", "invalid"],
  ["does not compile", "const f = (x => ;", "invalid"],
  ["throws when it is loaded", "throw new TypeError('no');", "invalid"],
];

describe("functions in JavaScript", () => {
  it("carries plain values there and back, with their types, and changes of arguments", async (context) => {
    const back = `for (const value of ${values}) { const [there] = f([value]); assert.deepStrictEqual(there, value); }`;
    expect((await check(context, "const f = (x) => x.slice()", back)).outcome).toEqual({ kind: "passed" });
    const changes =
      "const list = [3, 1, [2]]; const inner = list[2]; assert.equal(f(list), list); assert.deepEqual(list, [1, 3, [2, 9]]); assert.equal(list[2], inner);";
    const sorts = "function f(l) { l[2].push(9); [l[0], l[1]] = [l[1], l[0]]; return l; }";
    expect((await check(context, sorts, changes)).outcome).toEqual({ kind: "passed" });
  });

  it("calls functions, iterators and instances that stay where they are", async (context) => {
    const candidate =
      "class C { n = 1; add(x) { this.n += x; return this; } } function* g() { yield 1; yield [2]; } function f(h) { return h ? [h(1), h] : { g: g(), c: new C(), k: (x) => x * 2 }; }";
    const tests = `const { g, c, k } = f(); assert.deepEqual([...g], [1, [2]]); assert.equal(c.add(2).n, 3); assert.equal(k(4), 8);
      const own = (x) => f().k(x) + 1; const [three, same] = f(own); assert.equal(three, 3); assert.equal(same, own);`;
    expect((await check(context, candidate, tests)).outcome).toEqual({ kind: "passed" });
  });

  it("awaits promises, of the candidate and of the tests", async (context) => {
    const candidate =
      "async function f(x) { await new Promise((r) => setTimeout(r, 5)); if (x < 0) throw new RangeError('below'); return x + 1; }";
    const tests = "(async () => { assert.equal(await f(1), 2); await assert.rejects(f(-1), RangeError); })()";
    expect((await check(context, candidate, tests)).outcome).toEqual({ kind: "passed" });
    const wrong = await check(context, "async (x) => 0; async function f() { return 0; }", tests);
    expect(wrong.outcome).toMatchObject({ kind: "failed", type: "AssertionError" });
    const never = await check(context, "const f = (x) => x", "f(1); new Promise(() => {})");
    expect(never.outcome).toMatchObject({ kind: "failed", type: "Unfinished" });
  });

  it("throws what the candidate throws, and takes modules and types", async (context) => {
    const throws =
      "assert.throws(() => f(), { name: 'TypeError', message: /^bad/ }); assert.throws(() => f(), TypeError);";
    expect((await check(context, "function f() { throw new TypeError('bad 1'); }", throws)).outcome.kind).toBe(
      "passed",
    );
    expect((await check(context, "export const f = (x) => x + 1;", increments)).outcome.kind).toBe("passed");
    expect((await check(context, "const f = (x: number): number => x + 1;", increments)).outcome.kind).toBe("passed");
    expect((await check(context, "module.exports = { f: (x) => x + 1 };", increments)).outcome.kind).toBe("passed");
  });

  it.for(hostile)("does not let pass one that %s", async ([, candidate, kinds], context) => {
    const { outcome } = await check(context, candidate, increments, { limits: { ...limits, cpuMsMax: 1_000 } });
    expect(kinds.split(" "), JSON.stringify(outcome)).toContain(outcome.kind);
  });

  /** Answers the first call by hand with a frame's fields, and everything that is asked after it with a value. */
  const byHand = (fields: string, then: string) => `const fs = require("fs");
    const say = (answer) => fs.writeSync(3, JSON.stringify(answer) + "\\n");
    function heard() {
      const byte = Buffer.alloc(1);
      for (let text = ""; ; text += byte) {
        for (byte[0] = 0; byte[0] === 0; ) try { if (fs.readSync(0, byte, 0, 1) === 0) process.exit(0); } catch {}
        if (byte[0] === 10) return JSON.parse(text);
      }
    }
    function f() {
      say({ answer: 0, ...JSON.parse(${JSON.stringify(fields).replaceAll("`", "")}) });
      for (;;) say({ answer: heard().call, value: ${then}, changed: [] });
    }`;
  const forgeries: [title: string, fields: string, tests: string][] = [
    [
      "Array.prototype as an argument",
      '{"value":[1],"changed":[["__proto__",{"sp":[0,[["forEach",{"fn":7}]]]}]]}',
      "assert.deepEqual(f([1]), [1]); [[[1, 2], [1, 3]]].forEach(([a, b]) => assert.deepEqual(f(a), b));",
    ],
    ["the arguments' length as one", '{"argument":"length"}', "assert.equal(f(7), 1);"],
    ["an inherited name as one", '{"argument":"map"}', "assert.ok(f(7));"],
    ["a change of no argument", '{"value":1,"changed":[[5,[]]]}', "assert.equal(f([]), 1);"],
    ["a change by a text", '{"value":1,"changed":[["0",[2]]]}', "assert.equal(f([]), 1);"],
    ["changes that are no list", '{"value":1,"changed":{"length":1,"0":[0,[]]}}', "assert.equal(f([]), 1);"],
    ["a call of an array's method", '{"do":"call","call":0,"on":"constructor","args":[]}', "try { f(1) } catch {}"],
  ];
  it.for(forgeries)("refuses %s in an answer", async ([, fields, tests], context) => {
    const { outcome } = await check(context, byHand(fields, "1"), tests);
    expect(outcome, JSON.stringify(outcome)).toMatchObject({ kind: "crashed" });
  });

  it("carries a change and a value that are written by hand", async (context) => {
    const { outcome } = await check(
      context,
      byHand('{"value":1,"changed":[[0,[2]]]}', "1"),
      "const a = []; assert.equal(f(a), 1); assert.deepEqual(a, [2]);",
    );
    expect(outcome).toEqual({ kind: "passed" });
  });

  it("notices when the tests' own function is led to what the language has", async (context) => {
    const grouped =
      "const out = {}; f((a, b, c) => { out[a] ??= {}; out[a][b] = c; }); assert.equal(JSON.stringify(out), JSON.stringify({ x: { y: 1 } }));";
    expect((await check(context, "const f = (put) => put('x', 'y', 1);", grouped)).outcome).toEqual({ kind: "passed" });
    for (const [first, second] of [
      ["__proto__", "toJSON"],
      ["constructor", "keys"],
      ["toString", "call"],
    ]) {
      const candidate = `const f = (put) => put('${first}', '${second}', () => 1);`;
      const { outcome } = await check(context, candidate, grouped);
      expect(["crashed", "failed"], JSON.stringify(outcome)).toContain(outcome.kind);
    }
  });

  it("lets tests change what the language has, and overrule it", async (context) => {
    const tests = `Array.prototype.last = function () { return this.at(-1); };
      const a = {}; a.toString = () => "a"; assert.equal(String(a), "a");
      const e = new Error("x"); e.name = "Own"; assert.equal(String(e), "Own: x");
      const grow = [1]; assert.equal(f(grow, (x) => [x].last() + 1), 2); assert.equal(grow.last(), 2);
      Math.random = () => 4; assert.equal(f(grow, (x) => Math.random()), 4); assert.equal(Math.random(), 4);`;
    const { outcome } = await check(context, "const f = (a, g) => { a.push(2); return g(1); };", tests);
    expect(outcome).toEqual({ kind: "passed" });
  });

  const counted: [title: string, candidate: string, tests: string][] = [
    [
      "a length without items",
      "class A { length = 2; *[Symbol.iterator]() {} } const f = () => new A();",
      "const r = f(); assert.equal(r.length, 2); for (const [at, v] of [...r].entries()) assert.equal(v, at);",
    ],
    [
      "a length that is told afterwards",
      "class A { size = 2; *[Symbol.iterator]() {} } const f = () => new A();",
      "const r = f(); for (const v of r) assert.equal(v, 1); assert.equal(r.size, 2);",
    ],
    [
      "a forEach of its own",
      "const f = () => ({ length: 2, forEach() {} });",
      "const r = f(); assert.equal(r.length, 2); r.forEach((v, at) => assert.equal(v, at));",
    ],
    [
      "a filter of its own",
      "class A { filter() { return [] } } const f = () => new A();",
      "assert.equal(f().filter((x) => x !== 1).length, 0);",
    ],
    [
      "a text that is replaced",
      "const f = () => ({ replace: (a, b) => b });",
      "assert.equal(f().replace('abc', ''), '');",
    ],
  ];
  it.for(counted)("rests nothing on %s", async ([, candidate, tests], context) => {
    expect((await check(context, candidate, tests)).outcome.kind).toBe("unsupported");
  });

  it("believes an object that gives as many items as it says, and methods that nobody rests on", async (context) => {
    const candidate = `class A { a = []; get length() { return this.a.length; } push(x) { this.a.push(x); } *[Symbol.iterator]() { yield* this.a; } }
      const f = () => new A(); f.map = 1; `;
    const tests = `const r = f(); assert.deepEqual([...r], []); assert.equal(r.length, 0); r.push(3);
      assert.equal(r.length, 1); assert.deepEqual([...r], [3]);`;
    expect((await check(context, candidate, tests)).outcome).toEqual({ kind: "passed" });
    const made =
      "const f = () => { const m = new Map(); return { add: (k, v) => m.set(k, v).size, has: (k) => m.has(k), get: (k) => m.get(k) }; };";
    const asked = "const m = f(); assert.equal(m.add('a', 4), 1); assert.equal(m.get('a'), 4);";
    expect((await check(context, made, asked)).outcome).toEqual({ kind: "passed" });
    const judged = await check(context, made, `${asked} assert.ok(m.has('a'));`);
    expect(judged.outcome.kind).toBe("unsupported");
  });

  it("says when nothing was called, when a comparison proves nothing, and when a name hides the candidate", async (context) => {
    expect((await check(context, "const f = (x) => x", "assert.ok(f)")).outcome.kind).toBe("no-calls");
    const compared = "try { assert.deepEqual(f(), f()); } catch {}";
    expect((await check(context, "const f = () => new (class {})()", compared)).outcome.kind).toBe("unsupported");
    const hidden = await check(context, "const f = (x) => x", increments, { preamble: "const f = (x) => x + 1;" });
    expect(hidden.outcome.kind).not.toBe("passed");
  });

  it("starts each check anew", async (context) => {
    await check(
      context,
      "globalThis.left = 1; require('fs').writeFileSync('/tmp/left', ''); const f = (x) => x + 1;",
      increments,
    );
    const candidate = "const f = () => [typeof left, require('fs').existsSync('/tmp/left')];";
    const tests =
      "assert.deepEqual(f(), ['undefined', false]); assert.equal(typeof globalThis.seen, 'undefined'); globalThis.seen = 1;";
    for (let round = 0; round < 2; round += 1) {
      expect((await check(context, candidate, tests)).outcome).toEqual({ kind: "passed" });
    }
  });
});
