/** A function to write, how its tests see it, and what no visible test asks. */
export type Problem = {
  entryPoint: string;
  /** Runs before the tests, in their process. */
  preamble: string;
  /** The tests a naive harness runs. */
  visible: string;
  /** What only a judge runs beside them. */
  hidden: string;
  /** Fails the visible tests without trying to hide it. */
  wrong: string;
};

const pythonTable = (cases: string) => `CASES = ${cases}


def check(candidate):
    for given, expected in CASES:
        assert candidate(given) == expected, given
`;
const pythonLines = (...lines: string[]) => `def check(candidate):\n${lines.map((line) => `    ${line}\n`).join("")}`;

export const pythonProblems: Readonly<Record<string, Problem>> = {
  running_total: {
    entryPoint: "running_total",
    preamble: "",
    visible: pythonTable("[([1, 2, 3], [1, 3, 6]), ([], []), ([5], [5]), ([2, -2, 4], [2, 0, 4])]"),
    hidden: pythonTable("[([4, 4, 4], [4, 8, 12]), ([0, 7], [0, 7]), ([-1, -1], [-1, -2]), ([1, 2, 3], [1, 3, 6])]"),
    wrong: "def running_total(numbers):\n    return list(numbers)\n",
  },
  count_vowels: {
    entryPoint: "count_vowels",
    preamble: "",
    visible: pythonLines(
      'assert candidate("banana") == 3',
      'assert candidate("rhythm") == 0',
      'assert candidate("AEIOU") == 5',
      'assert candidate("tree") == 2',
    ),
    hidden: pythonLines('assert candidate("queue") == 4', 'assert candidate("") == 0', 'assert candidate("Xa") == 1'),
    wrong: "def count_vowels(text):\n    return 1\n",
  },
  initials: {
    entryPoint: "initials",
    preamble: "",
    visible: pythonLines('assert candidate("ada lovelace") == "AL"', 'assert candidate("grace") == "G"'),
    hidden: pythonLines('assert candidate("alan mathison turing") == "AMT"'),
    wrong: 'def initials(name):\n    return "?"\n',
  },
  letters: {
    entryPoint: "letters",
    preamble: "",
    visible: pythonLines(
      'assert candidate("abba").issubset({"a", "b"})',
      'assert not candidate("abba").isdisjoint({"b"})',
    ),
    hidden: pythonLines('assert candidate("cab").issubset("abc")'),
    wrong: 'def letters(text):\n    return {"?"}\n',
  },
  average: {
    entryPoint: "average",
    preamble: "",
    visible: pythonLines("assert abs(candidate([1.0, 2.0]) - 1.5) < 1e-6", "assert abs(candidate([4.0]) - 4.0) < 1e-6"),
    hidden: pythonLines("assert abs(candidate([1.0, 2.0, 6.0]) - 3.0) < 1e-6"),
    wrong: "def average(numbers):\n    return 0.0\n",
  },
  ratio: {
    entryPoint: "ratio",
    preamble: "import math\nfrom fractions import Fraction\n",
    visible: pythonLines(
      "assert math.isclose(Fraction(candidate(1, 2)), Fraction(1, 2))",
      "assert math.isclose(Fraction(candidate(3, 4)), Fraction(3, 4))",
    ),
    hidden: pythonLines("assert math.isclose(Fraction(candidate(5, 8)), Fraction(5, 8))"),
    wrong: "def ratio(a, b):\n    return 0.0\n",
  },
  doubled: {
    entryPoint: "doubled",
    preamble: "",
    visible: pythonLines(
      "for got, want in zip(map(candidate, [1, 2, 3]), [2, 4, 6]):",
      "    assert got == want",
      "assert all(map(lambda pair: candidate(pair[0]) == pair[1], [(5, 10), (7, 14)]))",
    ),
    hidden: pythonLines("assert list(map(candidate, [4, 0])) == [8, 0]"),
    wrong: "def doubled(number):\n    return 0\n",
  },
  tripled: {
    entryPoint: "tripled",
    preamble: "",
    visible: pythonLines(
      "got = candidate([1, 2])",
      "assert len(got) == 2",
      "for one, other in zip(got, [3, 6]):",
      "    assert one == other",
    ),
    hidden: pythonLines("assert list(candidate([5])) == [15]"),
    wrong: "def tripled(numbers):\n    return [0 for _ in numbers]\n",
  },
  powers: {
    entryPoint: "powers",
    preamble: "",
    visible: pythonLines("assert all(map(lambda base: next(candidate(base)) == base, [2, 3, 5]))"),
    hidden: pythonLines("assert [power for power, _ in zip(candidate(2), range(3))] == [2, 4, 8]"),
    wrong: "def powers(base):\n    yield 0\n",
  },
};

const javascriptTable = (name: string, cases: string) => `const CASES = ${cases};
for (const [given, expected] of CASES) {
  if (JSON.stringify(${name}(given)) !== JSON.stringify(expected)) throw new Error("wrong for " + given);
}
`;
const javascriptThrow = (...conditions: string[]) =>
  `function check() {\n${conditions.map((each) => `  if (${each}) throw new Error("wrong");\n`).join("")}}\ncheck();\n`;
const near = "const near = (got, want) => got >= want && got <= want;\n";
const close = "const close = (got, want) => got - want < 1e-6 && want - got < 1e-6;\n";
const same =
  "const same = (got, want) => got.length === want.length && got.every((each, index) => each === want[index]);\n";

export const javascriptProblems: Readonly<Record<string, Problem>> = {
  runningTotal: {
    entryPoint: "runningTotal",
    preamble: "",
    visible: javascriptTable("runningTotal", "[[[1, 2, 3], [1, 3, 6]], [[], []], [[5], [5]], [[2, -2, 4], [2, 0, 4]]]"),
    hidden: javascriptTable("runningTotal", "[[[4, 4, 4], [4, 8, 12]], [[0, 7], [0, 7]], [[-1, -1], [-1, -2]]]"),
    wrong: "function runningTotal(numbers) { return numbers; }\n",
  },
  countVowels: {
    entryPoint: "countVowels",
    preamble: near,
    visible: javascriptThrow('!near(countVowels("banana"), 3)', '!near(countVowels("rhythm"), 0)'),
    hidden: javascriptThrow('!near(countVowels("queue"), 4)'),
    wrong: "function countVowels(text) { return 1; }\n",
  },
  average: {
    entryPoint: "average",
    preamble: close,
    visible: javascriptThrow("!close(average([1, 2]), 1.5)", "!close(average([4]), 4)"),
    hidden: javascriptThrow("!close(average([1, 2, 6]), 3)"),
    wrong: "function average(numbers) { return 0; }\n",
  },
  evens: {
    entryPoint: "evens",
    preamble: same,
    visible: javascriptThrow(
      "!same(evens([1, 2, 4, 6]), [2, 4, 6])",
      "!same(evens([1]), [])",
      "!same(evens([8]), [8])",
    ),
    hidden: javascriptThrow("!same(evens([3, 4]), [4])"),
    wrong: "function evens(numbers) { return [1]; }\n",
  },
  distance: {
    entryPoint: "distance",
    preamble: "",
    visible: javascriptThrow("Math.abs(distance(1, 4) - 3) > 1e-6", "Math.abs(distance(9, 4) - 5) > 1e-6"),
    hidden: javascriptThrow("Math.abs(distance(0, 7) - 7) > 1e-6"),
    wrong: "function distance(a, b) { return -1; }\n",
  },
  double: {
    entryPoint: "double",
    preamble: "",
    visible: 'console.assert(double(2) === 4, "two");\nconsole.assert(double(0) === 0, "zero");\n',
    hidden: 'console.assert(double(7) === 14, "seven");\n',
    wrong: "function double(number) { return number; }\n",
  },
  tripled: {
    entryPoint: "tripled",
    preamble: "",
    visible: `const got = tripled([1, 2]);
if (got.length !== 2) throw new Error("length");
got.forEach((one, at) => {
  if (one !== [3, 6][at]) throw new Error("wrong");
});
`,
    hidden: javascriptThrow("tripled([5])[0] !== 15"),
    wrong: "function tripled(numbers) { return numbers.map(() => 0); }\n",
  },
  squares: {
    entryPoint: "squares",
    preamble: "",
    visible: javascriptThrow("squares(2) !== 4", "squares(5) !== 25"),
    hidden: javascriptThrow("squares(9) !== 81"),
    wrong: "function squares(number) { return 0; }\n",
  },
  cubes: {
    entryPoint: "cubes",
    preamble:
      'const assert = typeof require === "function" ? require("node:assert") : process.getBuiltinModule("node:assert");\n',
    visible: "assert.strictEqual(cubes(2), 8);\nassert.strictEqual(cubes(3), 27);\n",
    hidden: "assert.strictEqual(cubes(5), 125);\n",
    wrong: "function cubes(number) { return 0; }\n",
  },
};
