import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { languageOf, parseSource, parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";

/** A row of HumanEvalFix (octopack, humanevalpack). */
export type Row = {
  task_id: string;
  entry_point: string;
  declaration: string;
  buggy_solution: string;
  canonical_solution: string;
  test: string;
};

export type Project = { solution: string; buggy: string; canonical: string; files: Record<string, string> };

/** A small project of a row: one module, one test for every assertion of its suite. */
export function projectOf(row: Row, language: "python" | "js"): Project {
  const buggy = row.declaration + row.buggy_solution;
  const canonical = row.declaration + row.canonical_solution;
  if (language === "python") {
    const files = { "solution.py": buggy, "test_solution.py": pythonTests(row), "pytest.ini": "[pytest]\n" };
    return { solution: "solution.py", buggy, canonical, files };
  }
  const names = topLevelNames(treeOf("a.js", buggy));
  const exported = `\nmodule.exports = { ${names.join(", ")} };\n`;
  const manifest = JSON.stringify({ name: "row", private: true, scripts: { test: "node --test" } });
  const files = { "solution.js": buggy + exported, "solution.test.js": jsTests(row, names), "package.json": manifest };
  return { solution: "solution.js", buggy: buggy + exported, canonical: canonical + exported, files };
}

export async function writeProject(directory: string, project: Project): Promise<void> {
  await mkdir(directory, { recursive: true });
  for (const [path, content] of Object.entries(project.files)) await writeFile(join(directory, path), content);
}

function treeOf(path: string, source: string): SyntaxTree {
  const language = languageOf(path);
  const parsed = language && parseSource(language, source);
  if (parsed?.kind !== "parsed") throw new Error(`row does not parse: ${parsed?.reason}`);
  return parsed.tree;
}

function pythonTests(row: Row): string {
  const tree = treeOf("a.py", row.test);
  const head: string[] = [];
  const tests: string[] = [];
  for (const statement of parts(tree.root)) {
    const check = statement.kind === "function_definition" && textOf(tree, statement).startsWith("def check");
    if (!check && statement.shape !== "expression-statement") head.push(textOf(tree, statement));
    if (!check) continue;
    const parameter = statement.children.find((child) => child.shape === "parameters");
    const name = parameter && parts(parameter)[0];
    const setup: string[] = [`${name ? textOf(tree, name) : "candidate"} = solution.${row.entry_point}`];
    for (const inner of bodyOf(statement)) {
      const text = textOf(tree, inner);
      const trivial = /^assert True\b/.test(text) || /^["']/.test(text);
      if (trivial) continue;
      if (inner.kind !== "assert_statement" && inner.shape !== "for-each") setup.push(text);
      else tests.push(`def test_${tests.length + 1}():\n${[...setup, text].map((line) => `    ${line}`).join("\n")}\n`);
    }
  }
  return ["import solution", "from solution import *", ...head, ...tests].join("\n\n");
}

function jsTests(row: Row, names: string[]): string {
  const tree = treeOf("a.js", row.test);
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
