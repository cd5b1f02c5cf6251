import { parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "#syntax";
import { everywhere, type Fix } from "./fix-edit.ts";
import { nearest } from "./nearest.ts";
import type { ProjectNames } from "./project-names.ts";

type Named = { file: string; tree: SyntaxTree; node: SyntaxNode };

/** Where a function is called with too many or too few arguments: at the call one less or more, at the function one more or a default. */
export function* argumentCountFixes(
  place: { file: string; line: number } | undefined,
  name: string,
  surplus: boolean,
  names: ProjectNames,
): Iterable<Fix> {
  for (const { file, tree, node } of functionsNamed(name, names)) yield* fixedParameters(file, tree, node, surplus);
  const calls = callsNamed(name, names).sort((a, b) => Number(isAt(b, place)) - Number(isAt(a, place)));
  for (const { file, tree, node } of calls) {
    const given = givenTo(node);
    if (given === undefined) continue;
    if (surplus) for (const argument of given.list) yield without("fix_arguments", file, given.list, argument);
    else {
      for (const text of known(tree, node)) {
        const lead = given.list.length === 0 ? "" : ", ";
        yield { operator: "fix_arguments", file, start: given.end, end: given.end, text: `${lead}${text}` };
      }
    }
  }
}

/** A keyword that the function does not have: the nearest that it has, or the function's own renamed. */
export function* keywordFixes(name: string, keyword: string, names: ProjectNames): Iterable<Fix> {
  const own = functionsNamed(name, names);
  const parameters = own.flatMap(({ tree, node }) => parameterNames(tree, node));
  for (const { file, tree, node } of callsNamed(name, names)) {
    for (const argument of givenTo(node)?.list ?? []) {
      const [key] = argument.shape === "keyword-argument" ? parts(argument) : [];
      if (key === undefined || textOf(tree, key) !== keyword) continue;
      for (const other of nearest(keyword, parameters)) {
        yield { operator: "fix_arguments", file, start: key.start, end: key.end, text: other };
      }
    }
  }
  for (const { file, tree, node } of own) {
    for (const other of nearest(keyword, parameterNames(tree, node))) {
      const uses = [...walk(node)].filter((leaf) => leaf.children.length === 0 && textOf(tree, leaf) === other);
      yield* everywhere(file, tree.source, uses, keyword);
    }
  }
}

function* fixedParameters(file: string, tree: SyntaxTree, node: SyntaxNode, surplus: boolean): Iterable<Fix> {
  const list = node.children.find(({ shape }) => shape === "parameters");
  if (list === undefined) return;
  const own = parts(list);
  const [first, last] = [own.at(0), own.at(-1)];
  if (surplus) {
    // A method without its object.
    const receiver = node.parent?.parent?.shape === "class" && (first === undefined || textOf(tree, first) !== "self");
    const at = list.start + 1;
    if (receiver && tree.language.indented) {
      yield { operator: "fix_arguments", file, start: at, end: at, text: first === undefined ? "self" : "self, " };
    }
    // One that the body speaks of and nothing gives it.
    const end = list.end - 1;
    for (const name of unboundIn(tree, node).slice(0, 5)) {
      yield { operator: "fix_arguments", file, start: end, end, text: own.length === 0 ? name : `, ${name}` };
    }
    return;
  }
  if (last === undefined || last.children.some(({ kind }) => kind === "=")) return;
  for (const value of tree.language.defaults) {
    const sign = last.shape === "identifier" && tree.language.indented ? "=" : " = ";
    yield { operator: "fix_arguments", file, start: last.end, end: last.end, text: `${sign}${value}` };
  }
}

/** Names that a function reads and neither it nor the file around it defines. */
function unboundIn(tree: SyntaxTree, node: SyntaxNode): string[] {
  const defined = new Set<string>();
  for (const leaf of walk(tree.root)) {
    if (leaf.shape === "identifier" && leaf.usage !== "read" && leaf.usage !== "callee")
      defined.add(textOf(tree, leaf));
  }
  for (const name of parameterNames(tree, node)) defined.add(name);
  const read = [...walk(node)].filter((leaf) => leaf.shape === "identifier" && leaf.usage === "read");
  return [...new Set(read.map((leaf) => textOf(tree, leaf)))].filter((name) => !defined.has(name));
}

function functionsNamed(name: string, names: ProjectNames): Named[] {
  const isNamed = (tree: SyntaxTree, node: SyntaxNode) =>
    node.shape === "function" && parts(node).some((part) => part.shape === "identifier" && textOf(tree, part) === name);
  return nodesOf(name, names, isNamed);
}

function callsNamed(name: string, names: ProjectNames): Named[] {
  return nodesOf(name === "__init__" ? "" : name, names, (tree, node) => {
    if (node.shape !== "call" && node.shape !== "new") return false;
    const [callee] = parts(node);
    const last = callee?.shape === "member" ? parts(callee).at(-1) : callee;
    return (
      last !== undefined && (textOf(tree, last) === name || (name === "__init__" && /^[A-Z]/.test(textOf(tree, last))))
    );
  });
}

function nodesOf(text: string, names: ProjectNames, wanted: (tree: SyntaxTree, node: SyntaxNode) => boolean): Named[] {
  const found: Named[] = [];
  for (const [file, tree] of names.containing(text)) {
    for (const node of walk(tree.root)) if (wanted(tree, node)) found.push({ file, tree, node });
  }
  return found;
}

function parameterNames(tree: SyntaxTree, node: SyntaxNode): string[] {
  const list = node.children.find(({ shape }) => shape === "parameters");
  return (list ? parts(list) : []).flatMap((one) => {
    const name = one.shape === "parameter" ? parts(one)[0] : one;
    return name?.shape === "identifier" ? [textOf(tree, name)] : [];
  });
}

function givenTo(call: SyntaxNode): { list: SyntaxNode[]; end: number } | undefined {
  const list = call.children.find(({ shape }) => shape === "arguments");
  return list && { list: parts(list), end: list.end - 1 };
}

/** Names that the function around the call knows. */
function known(tree: SyntaxTree, call: SyntaxNode): string[] {
  let home: SyntaxNode = tree.root;
  for (let at = call.parent; at !== undefined; at = at.parent) {
    if (at.shape === "function") {
      home = at;
      break;
    }
  }
  const found = new Set<string>();
  for (const node of walk(home)) {
    if (node.shape === "identifier" && node.usage !== "callee" && found.size < 20) found.add(textOf(tree, node));
  }
  return [...found, ...tree.language.defaults];
}

function without(operator: Fix["operator"], file: string, list: readonly SyntaxNode[], gone: SyntaxNode): Fix {
  const index = list.indexOf(gone);
  const [before, after] = [list[index - 1], list[index + 1]];
  const start = before && !after ? before.end : gone.start;
  return { operator, file, start, end: after ? after.start : gone.end, text: "" };
}

function isAt({ file, node }: Named, place: { file: string; line: number } | undefined): boolean {
  return place !== undefined && file === place.file && node.line <= place.line && place.line <= node.lineEnd;
}
