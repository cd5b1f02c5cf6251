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
    oracle = await openFunctionOracle(sandbox, { language: "python", workers: 2 });
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    why = error.fault.message;
  }
}, 60_000);
afterAll(() => oracle?.[Symbol.asyncDispose]());

const limits = {
  wallMsMax: 20_000,
  cpuMsMax: 10_000,
  memoryBytesMax: 128 * 1024 * 1024,
  processesMax: 8,
  frameBytesMax: 4 * 1024 * 1024,
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
    language: "python",
    candidate,
    entryPoint: "f",
    preamble: "",
    tests,
    limits,
    ...changes,
  });
}

/** Tests that the candidate `f = identity` must pass: what comes back is what was sent. */
const travels = [
  "None",
  "True",
  "-0.0",
  "float('inf')",
  "1e-320",
  "10**5000",
  "-(2**63)",
  "'\\ud800 ü \\x00'",
  "b'\\x00\\xff'",
  "bytearray(b'ab')",
  "(1, (2,), [])",
  "[[], {}, set()]",
  "{1: 'a', (1, 2): None, 'x': {True: 2.5}}",
  "{1, 2, 3}",
  "frozenset({(1, 2)})",
  "range(2, 9, 3)",
  "complex(1, -0.0)",
  "collections.Counter('abca')",
  "collections.OrderedDict([(2, 1), (1, 2)])",
  "collections.deque([1, 2], 5)",
  "decimal.Decimal('1.10')",
  "fractions.Fraction(3, 7)",
  "datetime.date(2024, 2, 29)",
  "datetime.datetime(2024, 2, 29, 1, 2, 3, 4)",
  "datetime.timedelta(days=-1, microseconds=3)",
  "int",
];

describe("plain values", () => {
  it.each(travels)(
    "carries %s there and back, with its type",
    async (context, value = context as unknown as string) => {
      const tests = [
        "import collections, datetime, decimal, fractions",
        `value = ${value}`,
        "back = f([value])",
        "assert type(back) is list and type(back[0]) is type(value)",
        "assert back[0] == value and (type(value) is int or repr(back[0]) == repr(value))",
      ].join("\n");
      const { outcome } = await check(skipless, "def f(x):\n    return list(x)\n", tests);
      expect(outcome).toEqual({ kind: "passed" });
    },
  );
});

/** `it.each` gives no context; where there is no oracle the first test of this file has said so. */
const skipless = { skip: (reason?: string) => Promise.reject(new Error(reason)) } as unknown as TestContext;

describe("a check", () => {
  it("passes at the level out-of-process, with its calls and times", async (context) => {
    const seen = await check(context, "def f(x):\n    return x * 2\n", "assert f(2) == 4\nassert f('a') == 'aa'\n");
    expect(seen).toMatchObject({ outcome: { kind: "passed" }, calls: 2, level: "out-of-process" });
    expect(seen.isolation).toMatchObject({ kind: "namespaces", network: "none", seccomp: true });
    expect(seen.cpuMs).toBeGreaterThan(0);
  });

  const wrong: [title: string, candidate: string, tests: string, outcome: object][] = [
    ["a failed assertion", "def f(x): return 0", "assert f(1) == 1, 'no'", { kind: "failed", type: "AssertionError" }],
    ["an exception of the candidate", "def f(x): return 1 / 0", "f(1)", { kind: "failed", type: "ZeroDivisionError" }],
    ["a syntax error", "def f(x: return", "f(1)", { kind: "invalid", type: "SyntaxError" }],
    ["an exception at import", "raise ValueError('x')", "f(1)", { kind: "invalid", type: "ValueError", message: "x" }],
    ["a missing function", "def g(): pass", "f(1)", { kind: "invalid", type: "NameError" }],
    ["tests that call nothing", "def f(): pass", "pass", { kind: "no-calls" }],
    ["tests that end early", "def f(): return 1", "f()\nraise SystemExit(0)", { kind: "failed", type: "SystemExit" }],
    ["an exit at import", "import os\nos._exit(0)", "f(1)", { kind: "crashed" }],
    ["an exit in a call", "import os\ndef f(x): os._exit(0)", "f(1)", { kind: "crashed" }],
    ["SystemExit in a call", "import sys\ndef f(x): sys.exit(0)", "f(1)", { kind: "crashed" }],
    [
      "an exit that tests catch",
      "import os\ndef f(x): os._exit(0)",
      "try:\n    f(1)\nexcept BaseException: pass",
      { kind: "crashed" },
    ],
    ["a segmentation fault", "import ctypes\ndef f(x): ctypes.string_at(0)", "f(1)", { kind: "crashed" }],
    ["an endless loop", "def f(x):\n    while True: pass", "f(1)", { kind: "timed-out", by: "cpu" }],
    ["sleep without end", "import time\ndef f(x): time.sleep(99)", "f(1)", { kind: "timed-out", by: "wall" }],
    [
      "memory without end",
      "def f(x):\n    a = []\n    while True: a.append(bytearray(1 << 22))",
      "f(1)",
      { kind: "out-of-memory" },
    ],
    ["a flood", "def f(x): return 'x' * (1 << 23)", "f(1)", { kind: "flood" }],
    [
      "a forged frame",
      'import os\ndef f(x):\n    os.write(3, b\'{"answer":5,"value":1}\\n\')\n    return 1',
      "f(1)\nf(1)",
      { kind: "crashed" },
    ],
    [
      "a class that equals everything",
      "class A:\n    def __eq__(s, o): return True\ndef f(x): return A()",
      "assert f(1) == 1",
      { kind: "unsupported" },
    ],
    ["a truthy object", "class A: pass\ndef f(x): return A()", "assert f(1)", { kind: "unsupported" }],
    [
      "an int that lies",
      "class I(int):\n    def __eq__(s, o): return True\ndef f(x): return I(5)",
      "assert f(1) == 1",
      { kind: "unsupported" },
    ],
    [
      "an unsupported value that tests catch",
      "class A: pass\ndef f(x): return A()",
      "try:\n    f(1) == 1\nexcept BaseException: pass",
      { kind: "unsupported" },
    ],
    [
      "an exception of its own",
      "class E(Exception): pass\ndef f(x): raise E('x')",
      "try:\n    f(1)\nexcept ValueError: pass",
      { kind: "failed", type: "RemoteError" },
    ],
  ];
  it.each(wrong)("tells %s", async (title, candidate, tests, outcome) => {
    // What waits is ended by the wall, and what works by its CPU time, however slow the machine.
    const wallMsMax = title.startsWith("sleep") ? 2500 : 60_000;
    const tight = { ...limits, cpuMsMax: 700, wallMsMax };
    const seen = await check(skipless, candidate, tests, { limits: tight });
    expect(seen.outcome).toMatchObject(outcome);
  });

  const honest: [title: string, candidate: string, tests: string][] = [
    [
      "a generator",
      "def f(n):\n    for i in range(n): yield i",
      "assert list(f(3)) == [0, 1, 2]\nassert next(f(2)) == 0",
    ],
    ["a callback", "def f(g, xs): return [g(x) for x in xs]", "assert f(lambda x: x + 1, [1, 2]) == [2, 3]"],
    ["a builtin as a callback", "def f(g, x): return g(x)", "assert f(len, [1, 2]) == 2"],
    ["a closure that is returned", "def f(n):\n    return lambda x: x + n", "assert f(2)(3) == 5"],
    [
      "an exception through a callback",
      "def f(g):\n    try: g()\n    except KeyError: return 'seen'",
      "def boom(): raise KeyError('k')\nassert f(boom) == 'seen'",
    ],
    [
      "an argument changed in place",
      "def f(x): x.sort(); x[0].append(9)",
      "inner = [1]\nxs = [[2], inner]\nf(xs)\nassert xs == [[1, 9], [2]]",
    ],
    ["its own argument returned", "def f(x):\n    x.append(1)\n    return x", "a = []\nassert f(a) is a and a == [1]"],
    [
      "an object with attributes and methods",
      "class P:\n    def __init__(s): s.x = 1\n    def up(s): s.x += 1\ndef f(): return P()",
      "p = f()\np.up()\nassert p.x == 2",
    ],
    [
      "an expected exception",
      "def f(x):\n    if x < 0: raise ValueError('neg')\n    return x",
      "try:\n    f(-1)\n    assert False\nexcept ValueError as e:\n    assert str(e) == 'neg'",
    ],
    [
      "a subclass of an expected exception",
      "class E(ValueError): pass\ndef f(x): raise E('x')",
      "try:\n    f(1)\n    assert False\nexcept ValueError: pass",
    ],
    ["printing", "def f(x):\n    print('passed')\n    return x", "assert f(1) == 1"],
    [
      "threads",
      "import threading\ndef f(x):\n    out = []\n    t = threading.Thread(target=lambda: out.append(x)); t.start(); t.join()\n    return out",
      "assert f(1) == [1]",
    ],
    [
      "a cache that outlives the call",
      "from functools import lru_cache\n@lru_cache\ndef f(n): return n if n < 2 else f(n - 1) + f(n - 2)",
      "assert f(80) == 23416728348467685",
    ],
    ["deep recursion", "def f(n): return 0 if n == 0 else 1 + f(n - 1)", "assert f(900) == 900"],
    [
      "a defaultdict",
      "import collections\ndef f(s):\n    d = collections.defaultdict(int)\n    for c in s: d[c] += 1\n    return d",
      "assert f('aa') == {'a': 2}",
    ],
    [
      "a file of its own in /tmp",
      "def f(x):\n    open('/tmp/a', 'w').write(x)\n    return open('/tmp/a').read()",
      "assert f('x') == 'x'",
    ],
    ["a check function", "def f(x): return x", "def check(candidate):\n    assert candidate(3) == 3"],
  ];
  it.each(honest)("lets %s pass", async (_, candidate, tests) => {
    const { outcome } = await check(skipless, candidate, tests);
    expect(outcome).toEqual({ kind: "passed" });
  });

  it("hides the tests from the candidate's memory", async (context) => {
    const candidate = [
      "import gc, sys",
      "def f(x):",
      "    texts = [o for o in gc.get_objects() if isinstance(o, (dict, list))]",
      "    return any('NEEDLE' + '-7' in repr(o)[:100000] for o in texts if o is not texts)",
    ].join("\n");
    const { outcome } = await check(context, candidate, "needle = 'NEEDLE-7'\nassert f(1) is False\n");
    expect(outcome).toEqual({ kind: "passed" });
  });

  it("leaves nothing for the next one, not even a process that would not go", async (context) => {
    const stay = [
      "import os, time",
      "def f(x):",
      "    if os.fork() == 0:",
      "        os.setsid()",
      "        if os.fork() == 0:",
      "            while True: time.sleep(0.1)",
      "        os._exit(0)",
      "    open('/tmp/left', 'w').write('x')",
      "    return len(os.listdir('/tmp'))",
    ].join("\n");
    for (let round = 0; round < 20; round += 1) {
      const { outcome } = await check(context, stay, "assert f(1) == 1\n");
      expect(outcome).toEqual({ kind: "passed" });
    }
    const alone = "import os\ndef f(): return os.getpid(), os.listdir('/proc'), os.listdir('/tmp')\n";
    const { outcome } = await check(context, alone, "assert f() == (1, [], [])\n");
    expect(outcome).toEqual({ kind: "passed" });
  });

  it("waits for its turn, and stops waiting when it is aborted", async (context) => {
    if (oracle === undefined) return context.skip(why);
    const sleep = { candidate: "import time\ndef f(): time.sleep(0.3); return 1\n", tests: "assert f() == 1\n" };
    const busy = Promise.all([1, 2].map(() => check(context, sleep.candidate, sleep.tests)));
    const late = oracle.check(
      { language: "python", ...sleep, entryPoint: "f", preamble: "", limits },
      AbortSignal.timeout(50),
    );
    await expect(late).rejects.toMatchObject({ fault: { code: "interrupted" } });
    for (const { outcome } of await busy) expect(outcome).toEqual({ kind: "passed" });
  });
});
