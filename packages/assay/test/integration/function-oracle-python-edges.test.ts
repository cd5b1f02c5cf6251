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

describe("an object that counts as a list does", () => {
  const kind = (body: string) => `class A:\n    def __len__(s): return 2\n${body}\ndef f(x): return A()`;
  const pairs = "for got, want in zip(r, [1, 2]): assert got == want";
  const unsure = (title: string, candidate: string, tests: string): Case => ({
    title: `proves nothing when ${title}`,
    candidate,
    tests: `r = f(1)\n${tests}`,
    outcome: "unsupported",
  });
  const none = kind("    def __iter__(s): return iter(())");
  checks([
    unsure("it gives fewer items than it says", none, `assert len(r) == 2\n${pairs}`),
    unsure("it says so afterwards", none, `${pairs}\nassert len(r) == 2`),
    unsure(
      "its own items are gone through",
      kind("    def items(s): return []"),
      "for k, v in r.items(): assert k == v",
    ),
    unsure(
      "it is asked what is left",
      kind("    def difference(s, o): return set()"),
      "assert len(r.difference({1})) == 0",
    ),
    unsure(
      "a text of its own is replaced",
      kind("    def replace(s, a, b): return b"),
      "assert r.replace('ab', '') == ''",
    ),
    unsure("items are taken out", kind("    def remove(s, a): pass"), "r.remove(1)"),
    {
      title: "is believed when it gives as many, before and after a change",
      candidate:
        "class A:\n    def __init__(s): s.a = []\n    def push(s, x): s.a.append(x)\n    def __len__(s): return len(s.a)\n    def __iter__(s): return iter(s.a)\ndef f(): return A()",
      tests:
        "r = f()\nassert list(r) == [] and len(r) == 0\nr.push(4)\nassert len(r) == 1\nfor x in r: assert x == 4\nassert len(r) == 1",
      outcome: "passed",
    },
    {
      title: "is believed as a view of a dictionary",
      candidate: "def f(x): return x.keys()",
      tests:
        "r = f({1: 2, 3: 4})\nassert len(r) == 2\nassert sorted(r) == [1, 3]\nassert len(list(r)) == 2 and set(r) == {1, 3}",
      outcome: "passed",
    },
  ]);
});

describe("the end of an iteration", () => {
  const raising = "def f(x): raise StopIteration";
  const empty = "def f(x): return iter(())";
  const nothing = "def f(x): return []";
  const unlike = (tests: string, candidate: string, outcome: Case["outcome"] = "failed"): Case => ({
    title: `is not taken for the tests' own: ${tests.replaceAll("\n", "; ")} with ${candidate}`,
    candidate,
    tests,
    outcome,
  });
  const doubles = "[(1, 2), (2, 4)]";
  checks([
    unlike("for got, want in zip(map(f, [1, 2]), [2, 4]): assert got == want", raising),
    unlike(`assert all(map(lambda p: f(p[0]) == p[1], ${doubles}))`, raising),
    unlike("assert all(got == 2 for got in iter(lambda: f(1), 0))", raising),
    unlike("assert list(map(f, [1, 2])) == []", raising),
    unlike("import itertools\nfor got in itertools.starmap(f, [(1,)]): assert got == 2", raising),
    unlike(
      "for n, got in enumerate(map(f, range(3))): assert got == 2 * n",
      "class E(StopIteration): pass\ndef f(x): raise E",
    ),
    unlike(
      "assert all(map(lambda x: f(x).y == 1, [1]))",
      "class A:\n    y = property(lambda s: next(iter(())))\ndef f(x): return A()",
    ),
    unlike(
      "assert all(map(lambda x: f(x)[0] == 1, [1]))",
      "class A:\n    def __getitem__(s, i): raise StopIteration\ndef f(x): return A()",
    ),
    unlike(
      "assert all(map(lambda x: len(f(x)) == 1, [1]))",
      "class A:\n    def __len__(s): raise StopIteration\ndef f(x): return A()",
    ),
    unlike(
      "for got in map(lambda x: list(f(x)), [1]): assert got == [1]",
      "class A:\n    def __iter__(s): raise StopIteration\ndef f(x): return A()",
    ),
    unlike(`assert all(map(lambda p: next(f(p[0])) == p[1], ${doubles}))`, empty),
    unlike(`assert all(map(lambda p: next(iter(f(p[0]))) == p[1], ${doubles}))`, nothing),
    unlike("try: f(1)\nexcept StopIteration: pass", raising, "unsupported"),
    unlike("try: f(1)\nexcept RuntimeError: pass", raising),
    unlike("for got in map(f, [1]): assert got == 2", "def f(x): raise StopAsyncIteration"),
    unlike("for got in map(f, [1]): assert got == 2", "def f(x): raise GeneratorExit", "crashed"),
    unlike("for got in map(f, [1]): assert got == 2", "def f(x): raise KeyboardInterrupt", "crashed"),
  ]);
  const honest = (candidate: string, tests: string): Case => ({
    title: `is one where an iterator has it: ${tests.replaceAll("\n", "; ")}`,
    candidate,
    tests,
    outcome: "passed",
  });
  checks([
    honest(
      "def f(n): yield from range(n)",
      "assert list(f(3)) == [0, 1, 2]\nassert next(f(0), 7) == 7\nassert next(f(1)) == 0",
    ),
    honest(
      "def f(n): yield from range(n)",
      "a = f(1)\nnext(a)\ntry: next(a)\nexcept StopIteration: pass\nelse: assert False",
    ),
    honest(
      "def f(n): yield from range(n)",
      "class Own:\n    def __init__(s, i): s.i = i\n    def __iter__(s): return s\n    def __next__(s): return next(s.i) + 1\nassert list(Own(f(2))) == [1, 2]",
    ),
    honest("def f(items): return sum(items)", "assert f(x + 1 for x in [1, 2]) == 5"),
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
