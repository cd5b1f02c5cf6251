import type { SyntaxNode, SyntaxTree } from "#syntax";
import { readJavaScriptTests } from "./read-javascript-tests.ts";
import { readPythonTests } from "./read-python-tests.ts";

/** One test as its source has it. */
export type TestUnit = {
  /** As the end of its id has it: `TestCart::test_total`, `cart > total`. */
  name: string;
  line: number;
  node: SyntaxNode;
  /** What surrounds its body and decides whether and how it runs: decorators, call and options. */
  header: string;
  /** Its name is computed, or it stands for several tests. */
  several: boolean;
};

/** Anything else in a test file, or in a group of tests. */
export type OtherPart = {
  /** Of the group around it; empty: the file. */
  group: string;
  line: number;
  node: SyntaxNode;
};

export type TestSource = { tree: SyntaxTree; tests: TestUnit[]; others: OtherPart[] };

/** Finds the tests of a parsed file by their syntax. */
export function readTests(tree: SyntaxTree): TestSource {
  return tree.language.name === "python" ? readPythonTests(tree) : readJavaScriptTests(tree);
}
