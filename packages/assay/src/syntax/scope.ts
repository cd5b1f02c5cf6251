import { kindOf } from "./kinds.ts";
import type { ValueKind } from "./language.ts";
import { ancestor, binaryParts, parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "./node.ts";

/** A name with the part of the source where it can be used. */
type Binding = { name: string; region: SyntaxNode; parameter: boolean };

export type Variable = { name: string; kind: ValueKind | undefined; parameter: boolean };

/** The variables of a tree and what is guessed of their kinds. */
export type Scope = {
  /** Variables usable at the node, inner ones first; module-level ones only outside of functions. */
  variablesAt(node: SyntaxNode): Variable[];
  kindOf(node: SyntaxNode): ValueKind | undefined;
};

const closures = new Set(["function", "lambda", "comprehension"]);
const regions = new Set(["function", "lambda", "comprehension", "block", "for", "for-each", "class"]);

/** Reads all names of a tree once. */
export function scopeOf(tree: SyntaxTree): Scope {
  const bindings = collectBindings(tree);
  const kinds = guessKinds(tree);
  const cache = new Map<SyntaxNode, Variable[]>();
  const variablesIn = (region: SyntaxNode): Variable[] => {
    const cached = cache.get(region);
    if (cached) return cached;
    const own = bindings
      .filter((binding) => binding.region === region)
      .map(({ name, parameter }) => ({ name, parameter, kind: kinds.get(name) }));
    const outer = ancestor(region, (node) => regions.has(node.shape));
    // What the module holds is offered only to the module's own statements: elsewhere it is rarely what was meant.
    const inherited = outer && outer.parent !== undefined ? variablesIn(outer) : [];
    const names = new Set(own.map((variable) => variable.name));
    const all = [...own, ...inherited.filter((variable) => !names.has(variable.name))];
    cache.set(region, all);
    return all;
  };
  return {
    variablesAt: (node) =>
      variablesIn(regions.has(node.shape) ? node : (ancestor(node, (at) => regions.has(at.shape)) ?? tree.root)),
    kindOf: (node) => kindOf(tree, node, (name) => kinds.get(name)),
  };
}

function collectBindings(tree: SyntaxTree): Binding[] {
  const found = new Map<SyntaxNode, Map<string, Binding>>();
  for (const node of walk(tree.root)) {
    const parameter = node.usage === "name" && isParameterName(node);
    if (!parameter && !(node.usage === "write" && isName(node))) continue;
    if (!parameter && node.parent?.shape === "member") continue;
    const region = parameter ? ancestor(node, (at) => closures.has(at.shape)) : regionOf(tree, node);
    if (region === undefined) continue;
    const name = textOf(tree, node);
    const here = found.get(region) ?? new Map<string, Binding>();
    found.set(region, here);
    if (!here.has(name)) here.set(name, { name, region, parameter });
  }
  return [...found.values()].flatMap((names) => [...names.values()]);
}

function isName(node: SyntaxNode): boolean {
  return node.shape === "identifier" || node.kind === "shorthand_property_identifier_pattern";
}

function isParameterName(node: SyntaxNode): boolean {
  if (!isName(node)) return false;
  if (node.parent?.shape === "lambda") return node.parent.kind === "arrow_function";
  const list = ancestor(node, (at) => at.shape === "parameters" || closures.has(at.shape) || at.shape === "type");
  return list?.shape === "parameters";
}

/** Where an assigned name lives: its function, or for block-scoped declarations the block around it. */
function regionOf(tree: SyntaxTree, node: SyntaxNode): SyntaxNode {
  const clause = ancestor(node, (at) => at.shape === "for-clause" || at.shape === "block");
  if (clause?.shape === "for-clause" && clause.parent) return clause.parent;
  const declaration = ancestor(node, (at) => at.shape === "declaration" || at.shape === "block");
  const loop = ancestor(node, (at) => at.shape === "for-each" || at.shape === "block");
  const blockScoped =
    tree.language.blockScoped.has(declaration?.kind ?? "") ||
    (loop?.shape === "for-each" &&
      tree.language.blockScoped.size > 0 &&
      loop.children.some((c) => /^(const|let)$/.test(c.kind)));
  const test = blockScoped
    ? (at: SyntaxNode) => regions.has(at.shape)
    : (at: SyntaxNode) => at.shape === "function" || at.shape === "lambda";
  return ancestor(node, test) ?? tree.root;
}

/** Kinds by name for the whole file: the first clue wins, annotations before values before uses. */
function guessKinds(tree: SyntaxTree): Map<string, ValueKind> {
  const kinds = new Map<string, ValueKind>();
  const learn = (node: SyntaxNode | undefined, kind: ValueKind | undefined): void => {
    if (node?.shape !== "identifier" || kind === undefined || kind === "null") return;
    const name = textOf(tree, node);
    if (!kinds.has(name)) kinds.set(name, kind);
  };
  const nodes = [...walk(tree.root)];
  for (const node of nodes) {
    const annotation = node.children.find((child) => child.shape === "type");
    if (annotation === undefined) continue;
    const text = textOf(tree, annotation).replace(/^(:\s*)?(Optional\[)?/, "");
    learn(parts(node)[0], tree.language.annotations.find(([pattern]) => pattern.test(text))?.[1]);
  }
  const known = (name: string) => kinds.get(name);
  for (let round = 0; round < 2; round += 1) {
    for (const node of nodes) {
      const [first, ...rest] = parts(node);
      if (node.shape === "assign" || node.shape === "declarator" || node.shape === "augmented-assign") {
        const value = rest.at(-1);
        if (value) learn(first, kindOf(tree, value, known));
      } else if (node.shape === "for-each" || node.shape === "for-clause") {
        if (rest[0] && /^range\(/.test(textOf(tree, rest[0]))) learn(first, "number");
        if (rest[0] && rest[0].shape === "identifier") learn(rest[0], "list");
      } else if (node.shape === "member") {
        const name = rest.at(-1);
        if (name) learn(first, tree.language.receivers[textOf(tree, name)]);
      } else if (node.shape === "binary") {
        learnFromOperands(tree, node, known, learn);
      } else if (node.shape === "update") {
        learn(first, "number");
      } else if (node.shape === "subscript") {
        if (rest[0]?.shape === "slice") learn(first, "list");
      }
    }
  }
  return kinds;
}

/** What is calculated with, or compared in size with a number, is a number. */
function learnFromOperands(
  tree: SyntaxTree,
  node: SyntaxNode,
  known: (name: string) => ValueKind | undefined,
  learn: (node: SyntaxNode | undefined, kind: ValueKind | undefined) => void,
): void {
  const { operands, operators } = binaryParts(node);
  const group = tree.language.binary[operators[0] ? textOf(tree, operators[0]) : ""]?.group;
  if (group !== "comparison" && group !== "arithmetic") return;
  const kinds = operands.map((operand) => kindOf(tree, operand, known));
  const sign = operators[0] ? textOf(tree, operators[0]) : "";
  const isNumeric = group === "arithmetic" && !tree.language.mixedSigns.includes(sign);
  const numeric = isNumeric || /^[<>]=?$/.test(sign) ? kinds.find((kind) => kind === "number") : undefined;
  const same =
    group === "comparison" || sign === "+" ? kinds.find((kind) => kind !== undefined && kind !== "null") : undefined;
  for (const operand of operands) learn(operand, numeric ?? same ?? (isNumeric ? "number" : undefined));
}
