import { parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";
import { everywhere, type Fix } from "./fix-edit.ts";
import { nearest } from "./nearest.ts";
import type { ProjectNames } from "./project-names.ts";

/** Places of one name in a file, comments and strings left out. */
function leavesNamed(tree: SyntaxTree, name: string): SyntaxNode[] {
  return [...walk(tree.root)].filter((node) => node.named && node.children.length === 0 && textOf(tree, node) === name);
}

/** Each place by itself, the one on `line` first; then all of them. */
function* renamed(file: string, tree: SyntaxTree, name: string, to: string, line?: number): Iterable<Fix> {
  const places = leavesNamed(tree, name).sort((a, b) => Number(b.line === line) - Number(a.line === line));
  const one = ({ start, end }: SyntaxNode): Fix => ({ operator: "fix_name", file, start, end, text: to });
  if (line !== undefined || places.length === 1) for (const place of places.slice(0, 3)) yield one(place);
  if (places.length > 1) yield* everywhere(file, tree.source, places, to);
}

/** A name that nothing defines: another one of the file or the language, or one that has to be imported. */
export function* undefinedNameFixes(
  file: string,
  name: string,
  line: number | undefined,
  names: ProjectNames,
): Iterable<Fix> {
  const tree = names.tree(file);
  if (tree === undefined) return;
  for (const text of names.importsOf(file, name))
    yield { operator: "fix_import", file, ...names.importPlace(file), text };
  const known = new Set(
    [...walk(tree.root)].filter(({ shape }) => shape === "identifier").map((node) => textOf(tree, node)),
  );
  known.delete(name);
  for (const other of nearest(name, [...known, ...names.builtins(file)])) yield* renamed(file, tree, name, other, line);
}

/** A name that a module does not have: another one of it in the import, or that name for what the module has. */
export function* missingExportFixes(
  importer: string | undefined,
  module: string,
  name: string,
  names: ProjectNames,
): Iterable<Fix> {
  const exporter = names.fileOf(module, importer);
  const tree = exporter === undefined ? undefined : names.tree(exporter);
  if (exporter === undefined || tree === undefined) return;
  const own = names.exportsOf(exporter);
  const from = importer === undefined ? undefined : names.tree(importer);
  for (const other of nearest(name, own)) {
    if (importer !== undefined && from !== undefined) yield* renamed(importer, from, name, other);
    yield* renamed(exporter, tree, other, name);
  }
  for (const text of names.importsOf(exporter, name)) {
    yield { operator: "fix_import", file: exporter, ...names.importPlace(exporter), text };
  }
}

/** A module that is not there: one that is called nearly so. */
export function* missingModuleFixes(file: string, module: string, names: ProjectNames): Iterable<Fix> {
  const tree = names.tree(file);
  if (tree === undefined) return;
  for (const { written, other } of names.modulesLike(file, module)) {
    const at = importedText(tree, written);
    if (at !== undefined) yield { operator: "fix_import", file, start: at, end: at + written.length, text: other };
  }
}

function importedText(tree: SyntaxTree, written: string): number | undefined {
  for (const node of walk(tree.root)) {
    if (node.shape !== "import" && node.kind !== "export_statement" && node.shape !== "call") continue;
    const at = tree.source.slice(node.start, node.end).indexOf(written);
    if (at !== -1) return node.start + at;
  }
  return undefined;
}

/** An attribute that the object does not have: one that is called nearly so. */
export function* attributeFixes(
  file: string,
  name: string,
  line: number | undefined,
  names: ProjectNames,
): Iterable<Fix> {
  const tree = names.tree(file);
  if (tree === undefined || leavesNamed(tree, name).length === 0) return;
  for (const other of nearest(name, names.attributes())) yield* renamed(file, tree, name, other, line);
}

/** A variable of the function that was meant to be one around it: said so at the function's beginning. */
export function* outerNameFixes(file: string, name: string, line: number, names: ProjectNames): Iterable<Fix> {
  const tree = names.tree(file);
  if (tree === undefined || !tree.language.indented) return;
  const home = [...walk(tree.root)].findLast(
    (node) => node.shape === "function" && node.line <= line && line <= node.lineEnd,
  );
  const body = home?.children.find(({ shape }) => shape === "block");
  const first = body && parts(body)[0];
  if (first === undefined) return;
  const indent = /[ \t]*$/.exec(tree.source.slice(0, first.start))?.[0] ?? "";
  for (const word of ["nonlocal", "global"]) {
    yield { operator: "fix_name", file, start: first.start, end: first.start, text: `${word} ${name}\n${indent}` };
  }
}
