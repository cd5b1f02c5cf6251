/**
 * How the search's cost grows with the length of the file, the number of tests, and the size of the package: the same bug in made
 * projects of different sizes.
 *
 *   node packages/assay/test/bench/search-growth.ts [words of a case]
 */
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { realTools } from "../support/real-tools.ts";
import { healRow } from "./heal-row.ts";

type Size = { name: string; files: number; functionsPerFile: number; testsPerFile: number };

const linesPerFunction = 10;
const sizes: readonly Size[] = [
  ...[50, 500, 5000].map((lines) => ({
    name: `${lines} lines, 10 tests`,
    files: 1,
    functionsPerFile: lines / linesPerFunction,
    testsPerFile: 10,
  })),
  ...[10, 200, 2000].map((tests) => ({
    name: `500 lines, ${tests} tests`,
    files: 1,
    functionsPerFile: 50,
    testsPerFile: tests,
  })),
  { name: "200 files of 100 lines, 2000 tests", files: 200, functionsPerFile: 10, testsPerFile: 10 },
];

const [words = ""] = process.argv.slice(2);
for (const size of sizes.filter(({ name }) => name.includes(words))) await measure(size);

async function measure(size: Size): Promise<void> {
  const home = await mkdtemp(join(tmpdir(), "assay-bench-"));
  try {
    const directory = join(home, "project");
    const { files, wrong } = projectOf(size);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(directory, path)), { recursive: true });
      await writeFile(join(directory, path), text);
    }
    const started = performance.now();
    const result = await healRow(await realTools(home), directory, wrong, { wallMsMax: 120_000, withFailures: true });
    const whole = (performance.now() - started) / 1000;
    const { first, plausible, equal, candidates, seconds } = result;
    console.log(
      `${size.name.padEnd(36)} ${plausible > 0 ? (equal ? "equal" : "other") : "none"} after ${first?.candidates ?? "-"} candidates, ` +
        `${first?.seconds.toFixed(2) ?? "-"} s to the first, ${seconds.toFixed(2)} s in all (${candidates} candidates); ` +
        `with baseline, coverage and the last run ${whole.toFixed(1)} s${result.note ? ` (${result.note})` : ""}`,
    );
  } finally {
    await rm(home, { recursive: true, force: true });
  }
}

/** The bug is in the middle function of the middle file; two tests of it fail. */
function projectOf({ files, functionsPerFile, testsPerFile }: Size) {
  const all: Record<string, string> = { "pytest.ini": "[pytest]\npythonpath = .\n", "package/__init__.py": "" };
  const wrongFile = files >> 1;
  const wrongFunction = functionsPerFile >> 1;
  let wrong = { solution: "", canonical: "" };
  for (let file = 0; file < files; file += 1) {
    const indexes = Array.from({ length: functionsPerFile }, (_, index) => index);
    const right = indexes.map((index) => functionText(index)).join("\n\n");
    const isWrong = file === wrongFile;
    const text = isWrong
      ? indexes.map((index) => functionText(index, index === wrongFunction ? "<=" : "<")).join("\n\n")
      : right;
    all[`package/module_${file}.py`] = text;
    if (isWrong) wrong = { solution: `package/module_${file}.py`, canonical: right };
    all[`tests/test_module_${file}.py`] = testsOf(file, functionsPerFile, testsPerFile, wrongFunction);
  }
  return { files: all, wrong };
}

function functionText(index: number, sign = "<"): string {
  return `def total_${index}(values, limit):
    """Sums what is below the limit, ${index} more for each."""
    total = 0
    for value in values:
        if value ${sign} limit:
            total += value + ${index}
    if total > 1000:
        return 1000
    return total
`;
}

function testsOf(file: number, functions: number, tests: number, wrongFunction: number): string {
  const lines = [`from package import module_${file} as module`, ""];
  for (let test = 0; test < tests; test += 1) {
    const at = test < 2 ? wrongFunction : test % functions;
    const limit = 5 + test;
    const values = [1, 2, 3, limit];
    const sum = 6 + at * 3;
    lines.push(
      `def test_${test}():`,
      `    assert module.total_${at}(${JSON.stringify(values)}, ${limit}) == ${Math.min(1000, sum)}`,
      "",
    );
  }
  return lines.join("\n");
}
