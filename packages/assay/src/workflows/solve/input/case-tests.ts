import type { CaseLine } from "./read-cases.ts";

export type CaseRunner = "pytest" | "node-test" | "vitest";

/** Name of the file with the tests that stand for a file of cases. */
export function caseTestsPath(runner: CaseRunner): string {
  return runner === "pytest" ? "test_cases.py" : "cases.test.mjs";
}

/** The id that a case has in its file: its line's number, so that it stays the same whatever is held out. */
export function caseTestName(runner: CaseRunner, { line }: CaseLine): string {
  return runner === "pytest" ? `test_line_${line}` : `line ${line}`;
}

/**
 * Writes a test for every case, one after the other. `module` is how they import the solution: a dotted name in Python, a
 * relative path otherwise.
 */
export function writeCaseTests(cases: readonly CaseLine[], runner: CaseRunner, module: string): string {
  const names = [...new Set(cases.flatMap((one) => one.names))].sort();
  const imported = names.join(", ");
  const body = cases.map((one) => writers[runner](one, caseTestName(runner, one)));
  return [...headers[runner], importOf(runner, imported, module), ...body].join("\n");
}

const headers: Record<CaseRunner, readonly string[]> = {
  pytest: ["import pytest"],
  "node-test": ['import assert from "node:assert/strict";', 'import { test } from "node:test";'],
  vitest: ['import { expect, test } from "vitest";'],
};

function importOf(runner: CaseRunner, names: string, module: string): string {
  if (runner === "pytest") return `from ${module} import ${names}\n`;
  return `import { ${names} } from ${JSON.stringify(module)};\n`;
}

const writers: Record<CaseRunner, (one: CaseLine, name: string) => string> = {
  // In parentheses: what binds looser than a comparison would compare something else.
  pytest: ({ call, expected }, name) =>
    expected.kind === "raises"
      ? `\ndef ${name}():\n    with pytest.raises(${expected.exception}):\n        ${call}\n`
      : `\ndef ${name}():\n    assert (${call}) ${expected.identity ? "is" : "=="} (${expected.text})\n`,
  "node-test": ({ call, expected }, name) =>
    expected.kind === "raises"
      ? `test(${JSON.stringify(name)}, () => {\n  assert.throws(() => (${call}), { name: ${JSON.stringify(expected.exception)} });\n});\n`
      : `test(${JSON.stringify(name)}, () => {\n  assert.deepStrictEqual((${call}), (${expected.text}));\n});\n`,
  vitest: ({ call, expected }, name) =>
    expected.kind === "raises"
      ? `test(${JSON.stringify(name)}, () => {\n  expect(() => (${call})).toThrow(expect.objectContaining({ name: ${JSON.stringify(expected.exception)} }));\n});\n`
      : `test(${JSON.stringify(name)}, () => {\n  expect((${call})).toStrictEqual((${expected.text}));\n});\n`,
};
