import { type Expression, expressionOf, placed } from "./expression.ts";
import { type Facts, noFacts } from "./facts.ts";
import type { LanguageTable, ValueKind } from "./language.ts";
import { indentUnitOf, newlineOf, stringLineStarts } from "./layout.ts";
import { attributesOf, callablesOf } from "./names.ts";
import { ancestor, type SyntaxNode, type SyntaxTree, textOf, walk } from "./node.ts";
import { type Scope, scopeOf, type Variable } from "./scope.ts";
import { isExpressionShape, type Shape } from "./shape.ts";

/** An expression found elsewhere in the same function. */
export type Donor = { expression: Expression; node: SyntaxNode; kind: ValueKind | undefined };

/** Longer expressions are no donors: copies of them are rarely meant. */
const donorCharactersMax = 60;
const donorsMax = 60;

/** What operators may ask about the file they edit. Everything is worked out once and kept. */
export class Site {
  readonly tree: SyntaxTree;
  readonly language: LanguageTable;
  readonly facts: Facts;
  readonly #scope: Scope;
  readonly #donors = new Map<SyntaxNode, Donor[]>();
  #attributes: string[] | undefined;
  #callables: string[] | undefined;
  readonly #byShape = new Map<Shape, readonly SyntaxNode[]>();
  #indentUnit: string | undefined;
  #stringLineStarts: ReadonlySet<number> | undefined;

  constructor(tree: SyntaxTree, facts = noFacts) {
    this.tree = tree;
    this.facts = facts;
    this.language = tree.language;
    this.#scope = scopeOf(tree);
  }

  text(node: SyntaxNode): string {
    return textOf(this.tree, node);
  }

  expression(node: SyntaxNode): Expression {
    return expressionOf(this.tree, node);
  }

  /** The text that may take the place of `node`. */
  placed(node: SyntaxNode, expression: Expression): string {
    return placed(this.tree, node, expression);
  }

  kindOf(node: SyntaxNode): ValueKind | undefined {
    if (this.facts.untyped) return undefined;
    const seen = node.shape === "identifier" ? this.#seenKinds(node)?.get(this.text(node)) : undefined;
    return seen ?? this.#scope.kindOf(node);
  }

  variables(node: SyntaxNode): Variable[] {
    const variables = this.#scope.variablesAt(node);
    if (this.facts.untyped) return variables.map((variable) => ({ ...variable, kind: undefined }));
    const seen = this.#seenKinds(node);
    // What was seen when it ran is better than what its use suggests.
    return seen === undefined
      ? variables
      : variables.map((variable) => ({ ...variable, kind: seen.get(variable.name) ?? variable.kind }));
  }

  /** Of the innermost function around the node that was seen to run. */
  #seenKinds(node: SyntaxNode): ReadonlyMap<string, ValueKind> | undefined {
    if (this.facts.kindsAt === undefined) return undefined;
    for (let at: SyntaxNode | undefined = node; at !== undefined; at = at.parent) {
      if (at.shape !== "function" && at.shape !== "lambda") continue;
      // A decorated function begins on the line of its first decorator.
      const first = at.parent?.kind === "decorated_definition" ? at.parent.line : at.line;
      const seen = this.facts.kindsAt(first);
      if (seen !== undefined) return seen;
    }
    return undefined;
  }

  /** The outermost function around the node, or the node itself if it is one. */
  functionAround(node: SyntaxNode): SyntaxNode | undefined {
    let found: SyntaxNode | undefined = isFunction(node) ? node : undefined;
    for (let at = node.parent; at !== undefined; at = at.parent) if (isFunction(at)) found = at;
    return found;
  }

  /** Distinct expressions of the function around the node, in the order of the source. */
  donors(node: SyntaxNode): Donor[] {
    const home = this.functionAround(node) ?? this.tree.root;
    const cached = this.#donors.get(home);
    if (cached) return cached;
    const donors = new Map<string, Donor>();
    for (const candidate of walk(home)) {
      if (!isExpressionShape(candidate.shape) || candidate.end - candidate.start > donorCharactersMax) continue;
      if (candidate.usage !== "read" && candidate.usage !== "write") continue;
      if (candidate.shape === "parenthesized" || candidate.shape === "lambda" || candidate.shape === "update") continue;
      const text = this.text(candidate);
      if (text.includes("\n") || donors.has(text) || donors.size >= donorsMax) continue;
      if (candidate.usage === "write" && candidate.shape === "list") continue;
      donors.set(text, { expression: this.expression(candidate), node: candidate, kind: this.kindOf(candidate) });
    }
    const all = [...donors.values()];
    this.#donors.set(home, all);
    return all;
  }

  /** Names of attributes, methods and fields that the file uses or defines, sorted. */
  get attributes(): string[] {
    this.#attributes ??= attributesOf(this.tree);
    return this.#attributes;
  }

  /** Functions, classes and imported names of the module, in the order of the source. */
  get callables(): string[] {
    this.#callables ??= callablesOf(this.tree);
    return this.#callables;
  }

  /** All of one shape in the file, in the order of the source. */
  nodesOf(shape: Shape): readonly SyntaxNode[] {
    const known = this.#byShape.get(shape) ?? [...walk(this.tree.root)].filter((node) => node.shape === shape);
    this.#byShape.set(shape, known);
    return known;
  }

  get newline(): string {
    return newlineOf(this.tree.source);
  }

  /** One step of indentation. */
  get indentUnit(): string {
    this.#indentUnit ??= indentUnitOf(this.tree);
    return this.#indentUnit;
  }

  /** Offsets of lines whose white space is a string's content. */
  get stringLineStarts(): ReadonlySet<number> {
    this.#stringLineStarts ??= stringLineStarts(this.tree);
    return this.#stringLineStarts;
  }

  /** The statement the node belongs to, or the node itself if it is one. */
  statementAround(node: SyntaxNode): SyntaxNode | undefined {
    return isStatement(node) ? node : ancestor(node, isStatement);
  }
}

function isFunction(node: SyntaxNode): boolean {
  return node.shape === "function" || (node.shape === "lambda" && node.children.some((c) => c.shape === "block"));
}

/** A statement of a block. */
export function isStatement(node: SyntaxNode): boolean {
  return node.named && node.shape !== "comment" && node.parent?.shape === "block";
}
