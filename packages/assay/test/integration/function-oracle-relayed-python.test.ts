import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FaultError } from "#domain";
import { openFunctionOracle } from "#oracle";
import type { FunctionOracle, Sandbox } from "#ports";
import { openSandbox } from "#sandbox";

let oracle: FunctionOracle | undefined;
let why = "";

/** A machine whose sandbox lets nothing make namespaces inside: what may nest ends at once. */
function withoutNesting(sandbox: Sandbox): Sandbox {
  return {
    probe: () => sandbox.probe(),
    execute: (request) => sandbox.execute(request),
    open: (request) => sandbox.open(request.mayNest === true ? { ...request, argv: ["/bin/false"] } : request),
  };
}

beforeAll(async () => {
  try {
    const { sandbox } = await openSandbox({ unsafe: false });
    oracle = await openFunctionOracle(withoutNesting(sandbox), { language: "python", workers: 2 });
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    why = error.fault.message;
  }
}, 60_000);
afterAll(() => oracle?.[Symbol.asyncDispose]());

const limits = {
  wallMsMax: 20_000,
  cpuMsMax: 1_000,
  memoryBytesMax: 128 * 1024 * 1024,
  processesMax: 8,
  frameBytesMax: 1024 * 1024,
};

const cases: [string, string, string][] = [
  ["right", "def f(x):\n    return x + 1", "passed"],
  ["wrong", "def f(x):\n    return x", "failed"],
  ["one that equals everything", "class E:\n    def __eq__(self, o): return True\ndef f(x): return E()", "unsupported"],
  ["one that exits in a call", "import os\ndef f(x):\n    os._exit(0)", "crashed"],
  ["one that exits when it is loaded", "raise SystemExit(0)", "crashed"],
  ["one that writes a forged last word", "import os\nos.write(3, b'={}\\n')\ndef f(x): return 0", "crashed"],
  ["one that never returns", "def f(x):\n    while True: pass", "timed-out"],
  ["one that answers too much", "def f(x): return 'x' * 2_000_000", "flood"],
  ["one that takes all memory", "def f(x): return bytearray(1 << 40)", "out-of-memory"],
  ["one that is no Python", "def f(x:", "invalid"],
];

describe("functions in Python where namespaces cannot be made inside the sandbox", () => {
  it.for(cases)("tells %s", async ([, candidate, kind], context) => {
    if (oracle === undefined) return context.skip(why);
    const { outcome, level } = await oracle.check({
      language: "python",
      candidate,
      entryPoint: "f",
      preamble: "",
      tests: "def check(f):\n    assert f(1) == 2\n    assert f(5) == 6\n",
      limits,
    });
    expect(outcome.kind, JSON.stringify(outcome)).toBe(kind);
    expect(level).toBe("out-of-process");
  });
});
