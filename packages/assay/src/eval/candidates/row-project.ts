import { languageOf, parseSource, parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";
import type { Problem } from "../datasets/problem.ts";

export type RowProject = {
  /** The path of the one module, and of its text what the problem's tests are to see. */
  solution: string;
  moduleOf: (text: string) => string;
  files: Readonly<Record<string, string>>;
};

/** A small project of a problem: one module, one test for every assertion of the suite. Throws for code that does not parse. */
export function projectOf(problem: Pick<Problem, "language" | "entryPoint">, code: string, suite: string): RowProject {
  if (problem.language === "python") {
    const tests = pythonTests(problem.entryPoint, suite);
    const files = { "solution.py": code, "test_solution.py": tests, "pytest.ini": "[pytest]\n" };
    return { solution: "solution.py", files, moduleOf: (text) => text };
  }
  const names = topLevelNames(treeOf("a.js", code));
  const exported = `\nmodule.exports = { ${names.join(", ")} };\n`;
  const manifest = JSON.stringify({ name: "row", private: true, scripts: { test: "node --test" } });
  const files = { "solution.js": code + exported, "solution.test.js": jsTests(suite, names), "package.json": manifest };
  return { solution: "solution.js", files, moduleOf: (text) => text.replace(exported, "") };
}

function treeOf(path: string, source: string): SyntaxTree {
  const language = languageOf(path);
  const parsed = language && parseSource(language, source);
  if (parsed?.kind !== "parsed") throw new Error(`the code does not parse: ${parsed?.reason}`);
  return parsed.tree;
}

function pythonTests(entryPoint: string, source: string): string {
  const tree = treeOf("a.py", source);
  const head: string[] = [];
  const tests: string[] = [];
  for (const statement of parts(tree.root)) {
    const check = statement.kind === "function_definition" && textOf(tree, statement).startsWith("def check");
    if (!check && statement.shape !== "expression-statement") head.push(textOf(tree, statement));
    if (!check) continue;
    const parameter = statement.children.find((child) => child.shape === "parameters");
    const name = parameter && parts(parameter)[0];
    const setup: string[] = [`${name ? textOf(tree, name) : "candidate"} = assay_module.${entryPoint}`];
    for (const inner of bodyOf(statement)) {
      const text = textOf(tree, inner);
      const trivial = /^assert True\b/.test(text) || /^["']/.test(text);
      if (trivial) continue;
      if (inner.kind !== "assert_statement" && inner.shape !== "for-each") setup.push(text);
      else tests.push(`def test_${tests.length + 1}():\n${[...setup, text].map((line) => `    ${line}`).join("\n")}\n`);
    }
  }
  // Tests may well have a variable `solution` of their own.
  return ["import solution as assay_module", "from solution import *", ...head, ...tests].join("\n\n");
}

function jsTests(source: string, names: string[]): string {
  const tree = treeOf("a.js", source);
  const tests: string[] = [];
  for (const node of walk(tree.root)) {
    const assertion = node.shape === "expression-statement" && textOf(tree, node).startsWith("console.assert(");
    if (!assertion) continue;
    const siblings = node.parent ? parts(node.parent) : [];
    const setup = siblings
      .slice(0, siblings.indexOf(node))
      .map((sibling) => textOf(tree, sibling))
      .filter((text) => !text.startsWith("console.assert("));
    const lines = [...setup, textOf(tree, node).replace("console.assert(", "assert.ok(")];
    tests.push(`test("${tests.length + 1}", () => {\n${lines.join("\n")}\n});`);
  }
  const head = ['const { test } = require("node:test");', 'const assert = require("node:assert");'];
  return [...head, `const { ${names.join(", ")} } = require("./solution.js");`, ...tests].join("\n\n");
}

function bodyOf(node: SyntaxNode): SyntaxNode[] {
  const block = node.children.find((child) => child.shape === "block");
  return block ? parts(block) : [];
}

function topLevelNames(tree: SyntaxTree): string[] {
  const names: string[] = [];
  for (const statement of parts(tree.root)) {
    const named = statement.shape === "function" ? statement : statement.children.find((c) => c.shape === "declarator");
    const name = named && parts(named)[0];
    if (name?.shape === "identifier") names.push(textOf(tree, name));
  }
  return names;
}
