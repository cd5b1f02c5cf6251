/** A problem of HumanEval's size as a repository: one module, one file of tests, candidates that are right and wrong. */
export type SmallProject = {
  files: Record<string, string>;
  /** The file that candidates replace. */
  solution: string;
  /** The test files, which are run whole. */
  tests: readonly string[];
  candidates: readonly { content: string; passes: boolean }[];
};

const right = `from typing import List


def running_maximum(numbers: List[int]) -> List[int]:
    """The largest number seen up to each place of the list."""
    result = []
    largest = None
    for number in numbers:
        if largest is None or number > largest:
            largest = number
        result.append(largest)
    return result
`;

const cases = ["[]", "[1]", "[1, 2, 3, 4]", "[4, 3, 2, 1]", "[3, 2, 3, 100, 3]", "[-5, -7, -1]"];
const answers = ["[]", "[1]", "[1, 2, 3, 4]", "[4, 4, 4, 4]", "[3, 3, 3, 100, 100]", "[-5, -5, -1]"];

const tests = [
  "import pytest\n\nfrom solution import running_maximum\n",
  ...cases.map(
    (given, index) => `def test_${index + 1}():\n    assert running_maximum(${given}) == ${answers[index]}\n`,
  ),
  "def test_refuses_what_is_no_list():\n    with pytest.raises(TypeError):\n        running_maximum(7)\n",
].join("\n\n");

const wrong: readonly [string, string][] = [
  ["number > largest", "number < largest"],
  ["number > largest", "number >= 0"],
  ["result.append(largest)", "result.append(number)"],
  ["largest = None", "largest = 0"],
  ["return result", "return result[1:]"],
];

/** Every second candidate is right; no two have the same text. */
export function smallProject(candidates: number): SmallProject {
  return {
    files: { "solution.py": right, "test_solution.py": tests, "pytest.ini": "[pytest]\n" },
    solution: "solution.py",
    tests: ["test_solution.py"],
    candidates: Array.from({ length: candidates }, (_, index) => {
      const passes = index % 2 === 0;
      const [from, to] = wrong[Math.floor(index / 2) % wrong.length] ?? ["", ""];
      return { content: `${passes ? right : right.replace(from, to)}\n# candidate ${index}\n`, passes };
    }),
  };
}
