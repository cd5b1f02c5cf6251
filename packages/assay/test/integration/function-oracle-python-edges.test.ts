import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FaultError } from "#domain";
import { openFunctionOracle } from "#oracle";
import type { FunctionOracle, FunctionOutcome } from "#ports";
import { openSandbox } from "#sandbox";

let oracle: FunctionOracle | undefined;
let why = "";

beforeAll(async () => {
  try {
    const { sandbox } = await openSandbox({ unsafe: false });
    oracle = await openFunctionOracle(sandbox, { language: "python", workers: 1 });
  } catch (error) {
    if (!(error instanceof FaultError)) throw error;
    why = error.fault.message;
  }
}, 60_000);
afterAll(() => oracle?.[Symbol.asyncDispose]());

async function outcomeOf(lent: FunctionOracle, candidate: string, tests: string): Promise<FunctionOutcome> {
  const limits = {
    wallMsMax: 8_000,
    cpuMsMax: 4_000,
    memoryBytesMax: 256 * 1024 * 1024,
    processesMax: 16,
    frameBytesMax: 4 * 1024 * 1024,
  };
  const seen = await lent.check({ language: "python", candidate, entryPoint: "f", preamble: "", tests, limits });
  return seen.outcome;
}

type Case = { title: string; candidate: string; tests: string; outcome: FunctionOutcome["kind"] };

function checks(cases: readonly Case[]): void {
  for (const { title, candidate, tests, outcome } of cases) {
    it(title, async (context) => {
      if (oracle === undefined) return context.skip(why);
      expect(await outcomeOf(oracle, `${candidate}\n`, `${tests}\n`)).toMatchObject({ kind: outcome });
    });
  }
}

const changes = (kind: string, value: string, change: string, after: string): Case => ({
  title: `are seen in ${kind}`,
  candidate: `def f(x): ${change}`,
  tests: `import collections\na = ${value}\nf(a)\nassert a == ${after}, a`,
  outcome: "passed",
});

describe("changes of an argument", () => {
  checks([
    changes("a deque", "collections.deque([1])", "x.append(2)", "collections.deque([1, 2])"),
    changes("a Counter", "collections.Counter('aa')", "x['b'] = 3", "collections.Counter(a=2, b=3)"),
    changes("an OrderedDict", "collections.OrderedDict(a=1, b=2)", "x.move_to_end('a')", "{'b': 2, 'a': 1}"),
    changes("a defaultdict", "collections.defaultdict(list)", "x['k'].append(1)", "{'k': [1]}"),
    changes("a list inside a tuple", "(1, [])", "x[1].append(2)", "(1, [2])"),
    {
      title: "are seen in one given by name, which may be what is returned",
      candidate: "def f(*, x):\n    x.append(1)\n    return x",
      tests: "a = []\nassert f(x=a) is a and a == [1]",
      outcome: "passed",
    },
    {
      title: "are seen after an exception",
      candidate: "def f(x):\n    x.append(1)\n    raise KeyError(3)",
      tests: "a = []\ntry: f(a)\nexcept KeyError as e: assert e.args == (3,)\nassert a == [1]",
      outcome: "passed",
    },
    {
      title: "make a check unsupported where the argument holds one object twice",
      candidate: "def f(x): x[0].append(1)",
      tests: "row = []\na = [row, row]\nf(a)\nassert a == [[1], [1]]",
      outcome: "unsupported",
    },
    {
      title: "that there are none leaves such an argument alone",
      candidate: "def f(x): return sum(map(sum, x))",
      tests: "row = [1]\nassert f([row, row]) == 2",
      outcome: "passed",
    },
  ]);
});

describe("an object that cannot travel", () => {
  const made = "class A(list):\n    __add__ = __str__ = __enter__ = lambda s, *a: 'x'\ndef f(): return A()";
  const uses = ["str(f())", "repr(f())", "f() + f()", "isinstance(f(), list)", "f() == f()", "1 in f()", "hash(f())"];
  checks(
    uses.map((use) => ({
      title: `is not judged by ${use}`,
      candidate: made,
      tests: `assert not ${use} or True`,
      outcome: "unsupported",
    })),
  );
  checks([
    {
      title: "may make the values that a defaultdict lacks",
      candidate: "import collections\ndef f(): return collections.defaultdict(lambda: 7)",
      tests: "assert f()['x'] == 7",
      outcome: "passed",
    },
  ]);
});

describe("the end of a check", () => {
  const later = (act: string) =>
    `import os, threading, time\ndef f(x):\n    threading.Thread(target=lambda: (time.sleep(0.02), ${act})).start()\n    return x`;
  const tests = "import time\nassert f(1) == 1\ntime.sleep(0.3)";
  checks([
    {
      title: "finds a candidate that ended after its last answer",
      candidate: later("os._exit(0)"),
      tests,
      outcome: "crashed",
    },
    {
      title: "finds an answer that nobody asked for",
      candidate: later('os.write(3, b\'{"answer":1,"value":null,"changed":[]}\\n\')'),
      tests,
      outcome: "crashed",
    },
    { title: "minds no thread that goes on", candidate: later("time.sleep(9)"), tests, outcome: "passed" },
  ]);
});

describe("memory in many processes", () => {
  checks([
    {
      title: "is told before it takes the sandbox with it",
      candidate: [
        "import os, time",
        "def f(x):",
        "    for _ in range(12):",
        "        if os.fork() == 0:",
        "            a = bytearray(200 << 20)",
        "            for at in range(0, len(a), 4096): a[at] = 1",
        "            time.sleep(30)",
        "    time.sleep(30)",
      ].join("\n"),
      tests: "f(1)",
      outcome: "out-of-memory",
    },
    { title: "harms nobody after it", candidate: "def f(x): return x", tests: "assert f(1) == 1", outcome: "passed" },
  ]);
});
