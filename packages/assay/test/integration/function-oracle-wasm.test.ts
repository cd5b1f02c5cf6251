import { describe, expect, it, type TestContext } from "vitest";
import { FaultError } from "#domain";
import { openFunctionOracle } from "#oracle";
import type { FunctionCheck, FunctionLanguage, FunctionOracle } from "#ports";
import { openSandbox } from "#sandbox";

const limits = {
  wallMsMax: 30_000,
  cpuMsMax: 10_000,
  memoryBytesMax: 64 * 1024 * 1024,
  processesMax: 8,
  frameBytesMax: 1024 * 1024,
};

async function open(context: TestContext, language: FunctionLanguage, unsafe: boolean): Promise<FunctionOracle> {
  try {
    const { sandbox } = await openSandbox({ unsafe });
    return await openFunctionOracle(sandbox, { language, workers: 1, wasm: true });
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    return context.skip(error.fault.message);
  }
}

const check = (language: FunctionLanguage, candidate: string, tests: string): FunctionCheck => ({
  language,
  candidate,
  entryPoint: "f",
  preamble: "",
  tests,
  limits,
});

describe("a JavaScript function in QuickJS", () => {
  const cases: [title: string, candidate: string, tests: string, outcome: object][] = [
    ["passes", "const f = (x) => x * 2;", "console.assert(f(2) === 4)", { kind: "passed" }],
    ["fails", "const f = (x) => x;", "console.assert(f(2) === 4)", { kind: "failed" }],
    [
      "changes its argument",
      "function f(x) { x.push(1); return x }",
      "const a = []; console.assert(f(a) === a && a.length === 1)",
      { kind: "passed" },
    ],
    [
      "throws what the tests expect",
      "function f() { throw new RangeError('no') }",
      "try { f(); console.assert(false) } catch (e) { console.assert(e instanceof RangeError && e.message === 'no') }",
      { kind: "passed" },
    ],
    ["does not compile", "const f = (", "f()", { kind: "invalid" }],
    [
      "returns what cannot travel",
      "class A {}\nconst f = () => new A();",
      "console.assert(f())",
      { kind: "unsupported" },
    ],
    [
      "finds nothing of the host",
      "const f = () => [typeof process, typeof require, typeof fetch, typeof WebAssembly].join();",
      "console.assert(f() === 'undefined,undefined,undefined,undefined')",
      { kind: "passed" },
    ],
    ["takes all memory", "const f = () => { const a = []; for (;;) a.push(new Array(1e5).fill(1)) };", "f()", {}],
  ];
  it.each(cases)("%s", async (_, candidate, tests, outcome) => {
    await using oracle = await open(skipless, "javascript", false);
    const seen = await oracle.check(check("javascript", candidate, tests));
    expect(seen.outcome).toMatchObject(outcome);
    if (!("kind" in outcome)) expect(seen.outcome.kind).not.toBe("passed");
  });

  it("says that WebAssembly isolates where nothing else does", async (context) => {
    await using oracle = await open(context, "javascript", true);
    const seen = await oracle.check(check("javascript", "const f = (x) => x + 1;", "console.assert(f(1) === 2)"));
    expect(seen).toMatchObject({ outcome: { kind: "passed" }, isolation: { kind: "wasm" } });
  });
});

describe("a Python function in Pyodide", () => {
  it("passes and fails as elsewhere, and cannot reach the host by the usual doors", async (context) => {
    await using oracle = await open(context, "python", false);
    const honest = await oracle.check(check("python", "def f(x): return {x: [x * 2.5]}", "assert f(2) == {2: [5.0]}"));
    expect(honest).toMatchObject({ outcome: { kind: "passed" }, level: "out-of-process" });
    const escaping = "def f():\n    try:\n        import js\n        return 'out'\n    except ImportError: return 'in'";
    const inside = await oracle.check(check("python", escaping, "assert f() == 'in'"));
    expect(inside.outcome).toEqual({ kind: "passed" });
    const wrong = await oracle.check(check("python", "def f(x): return x", "assert f(2) == 4"));
    expect(wrong.outcome).toMatchObject({ kind: "failed", type: "AssertionError" });
  }, 120_000);
});

/** `it.each` gives no context; where there is no sandbox the other tests of this file have said so. */
const skipless = { skip: (reason?: string) => Promise.reject(new Error(reason)) } as unknown as TestContext;
