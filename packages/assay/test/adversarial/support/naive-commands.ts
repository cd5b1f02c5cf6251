import { randomBytes } from "node:crypto";
import { javascriptProblems, type Problem, pythonProblems } from "./problems.ts";
import { repositoryTests } from "./repositories.ts";
import type { Sample } from "./samples.ts";

const python = "/usr/bin/python3";

/** What each naive harness believes, in the words of the table. */
export const beliefs: Readonly<Record<string, string>> = {
  script: "exit code of the solution and its tests in one file",
  module: "exit code of a test script",
  stdout: "`passed` on stdout",
  channel: "a result on descriptor 3",
  "nonce-env": "a nonce from the environment on stdout",
  "nonce-argv": "a nonce from the command line on stdout",
  "nonce-stdin": "a nonce from stdin on stdout",
  twice: "exit code of the second of two checks",
  console: "exit code, and no `Assertion failed` on stderr",
  unittest: "exit code of `python -m unittest`",
  pytest: "exit code of `pytest`",
  "pytest-module": "exit code of `python -m pytest`",
  junit: "pytest's JUnit report",
  "pytest-stdout": "pytest's summary on stdout",
  "pytest-twice": "exit code of the second of two pytest runs",
  "channel-pytest": "a result on descriptor 3 by a script that calls pytest",
  "node-test": "exit code of `node --test`",
  "node-junit": "node:test's JUnit report",
  "node-stdout": "node:test's TAP summary",
  "node-run": "exit code of `npm test`",
  vitest: "exit code of `vitest run`",
  "vitest-junit": "vitest's JUnit report",
};

export function problemOf({ language, problem = "" }: Sample): Problem {
  const found = (language === "python" ? pythonProblems : javascriptProblems)[problem];
  if (found === undefined) throw new Error(`no problem is called ${problem}`);
  return found;
}

export function naiveFiles(sample: Sample, harness: string): Record<string, string> {
  if (sample.stage !== "function") {
    const channel = `import os\nimport pytest\n\ncode = pytest.main(["-q"])\nos.write(3, b'{"verdict": "%s"}\\n' % (b"failed" if code else b"passed"))\n`;
    return { ...repositoryTests(sample, "naive"), "run_tests.py": channel, ...sample.files };
  }
  const problem = problemOf(sample);
  const solution = sample.files[sample.module] ?? "";
  return sample.language === "python"
    ? pythonFiles(problem, solution, harness)
    : javascriptFiles(problem, solution, harness);
}

function pythonFiles({ entryPoint, preamble, visible }: Problem, solution: string, harness: string) {
  const call = `check(${entryPoint})\n`;
  if (harness === "script") return { "test.py": `${preamble}\n${solution}\n${visible}\n${call}` };
  const [before, after] = {
    stdout: ["", 'print("passed")\n'],
    channel: ["", `import os\nos.write(3, b'{"verdict": "passed"}\\n')\n`],
    "nonce-env": ["import os\nNONCE = os.environ['NONCE']\n", 'print(NONCE, "passed")\n'],
    "nonce-argv": ["import sys\nNONCE = sys.argv[1]\n", 'print(NONCE, "passed")\n'],
    "nonce-stdin": ["NONCE = input()\n", 'print(NONCE, "passed")\n'],
  }[harness] ?? ["", ""];
  const test = `${before}from solution import ${entryPoint}\n${preamble}\n${visible}\n`;
  const unit = `import unittest\n${test}\nclass Test(unittest.TestCase):\n    def test_it(self):\n        ${call}`;
  return {
    "solution.py": solution,
    "test.py": `${test}${call}${after}`,
    "test_unit.py": unit,
    "test_solution.py": `${test}\ndef test_it():\n    ${call}`,
  };
}

function javascriptFiles({ entryPoint, preamble, visible }: Problem, solution: string, harness: string) {
  if (harness === "script" || harness === "console") return { "test.cjs": `${preamble}${solution}\n${visible}` };
  const [before, after] = {
    stdout: ["", 'console.log("passed");\n'],
    channel: ["", `require("fs").writeSync(3, '{"verdict": "passed"}\\n');\n`],
    "nonce-env": ["", 'console.log(process.env.NONCE + " passed");\n'],
    "nonce-argv": ["", 'console.log(process.argv[2] + " passed");\n'],
  }[harness] ?? ["", ""];
  return {
    "solution.cjs": `${solution}\nmodule.exports = { ${entryPoint} };\n`,
    "test.cjs": `${before}const { ${entryPoint} } = require("./solution.cjs");\n${preamble}${visible}${after}`,
  };
}

/** A shell script that says `NAIVE ACCEPTS` where the harness would take the sample for right. */
export function naiveCommand({ language }: Sample, harness: string): string {
  const program = language === "python" ? `${python} test.py` : "node test.cjs";
  const pytest = `${python} -m pytest -q -p no:cacheprovider`;
  const node = "node --test";
  const vitest = "node node_modules/vitest/vitest.mjs run";
  const nonce = `nonce-${randomBytes(8).toString("hex")}`;
  const accept = "echo NAIVE ACCEPTS";
  const quiet = ">out 2>err </dev/null";
  const show = "tail -c 1500 out err result report.xml 2>/dev/null";
  const junit = `grep -q '<testcase\\|tests="[1-9]' report.xml && ! grep -q '<failure\\|<error\\|<skipped\\|\\(failures\\|errors\\|skipped\\)="[1-9]' report.xml && ${accept}`;
  const commands: Record<string, string> = {
    script: `${program} ${quiet} && ${accept}`,
    module: `${program} ${quiet} && ${accept}`,
    stdout: `${program} ${quiet}; grep -qx passed out && ${accept}`,
    channel: `${program} 3>result ${quiet}; head -1 result | grep -q '"verdict": *"passed"' && ${accept}`,
    "nonce-env": `NONCE=${nonce} ${program} ${quiet}; grep -qx "${nonce} passed" out && ${accept}`,
    "nonce-argv": `${program} ${nonce} ${quiet}; grep -qx "${nonce} passed" out && ${accept}`,
    "nonce-stdin": `echo ${nonce} | ${program} >out 2>err; grep -qx "${nonce} passed" out && ${accept}`,
    twice: `${program} ${quiet}; sleep 0.6; ${program} ${quiet} && ${accept}`,
    console: `${program} ${quiet} && ! grep -q "Assertion failed" err && ${accept}`,
    unittest: `${python} -m unittest -q test_unit ${quiet} && ${accept}`,
    pytest: `${pytest} ${quiet} && ${accept}`,
    "pytest-module": `${pytest} ${quiet} && ${accept}`,
    junit: `${pytest} --junitxml=report.xml ${quiet}; ${junit}`,
    "pytest-stdout": `${pytest} ${quiet}; grep -q "[0-9] passed" out && ! grep -q failed out && ${accept}`,
    "pytest-twice": `${pytest} ${quiet}; sleep 0.3; ${pytest} ${quiet} && ${accept}`,
    "channel-pytest": `${python} run_tests.py 3>result ${quiet}; head -1 result | grep -q '"verdict": *"passed"' && ${accept}`,
    "node-test": `${node} ${quiet} && ${accept}`,
    "node-junit": `${node} --test-reporter=junit --test-reporter-destination=report.xml ${quiet}; sleep 0.3; ${junit}`,
    "node-stdout": `${node} --test-reporter=tap ${quiet}; grep -q "^# fail 0" out && grep -q "^# pass [1-9]" out && ${accept}`,
    "node-run": `node --run test ${quiet} && ${accept}`,
    vitest: `${vitest} ${quiet} && ${accept}`,
    "vitest-junit": `${vitest} --reporter=junit --outputFile=report.xml ${quiet}; ${junit}`,
  };
  const command = commands[harness];
  if (command === undefined) throw new Error(`no naive harness is called ${harness}`);
  return `${command}\n${show}\ntrue`;
}
