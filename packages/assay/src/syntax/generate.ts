import { type Facts, noFacts } from "./facts.ts";
import { parts, type SyntaxNode, type SyntaxTree } from "./node.ts";
import type { Draft, Operator } from "./operator.ts";
import { operators } from "./operators/index.ts";
import { deletions, type OperatorName, priors } from "./priors.ts";
import { isExpressionShape, type Shape } from "./shape.ts";
import { Site } from "./site.ts";

/** One edit of a file: `start` to `end` (UTF-16 code units, exclusive) become `replacement`. */
export type Replacement = Place & {
  operator: OperatorName;
  file: string;
  start: number;
  end: number;
  replacement: string;
  /** Prior of the operator, scaled by how well it fits here: above 0, at most 1. */
  prior: number;
  /** Puts a statement between others. */
  insertion: boolean;
  deletion: boolean;
  /** Of a pair: the two edits that it is made of, in the order of the source. */
  both?: readonly [Replacement, Replacement];
};

const byShape = new Map<Shape, Operator[]>();
const onExpressions: Operator[] = [];
for (const operator of operators) {
  if (operator.shapes === undefined) onExpressions.push(operator);
  for (const shape of operator.shapes ?? []) byShape.set(shape, [...(byShape.get(shape) ?? []), operator]);
}

/** Where a piece of syntax is, for the decision whether it is worth editing. */
export type Place = {
  /** 1-based, of the syntax and of the statement around it. */
  line: number;
  statementLine: number;
  /** Runs when the module is loaded, not when a function is called: a test's own coverage may not show it. */
  atLoad: boolean;
};

/** All edits of a parsed file by all operators where `wanted` holds, lazily, in the order of the source. */
export function* generateReplacements(
  tree: SyntaxTree,
  file: string,
  wanted: (place: Place) => boolean = () => true,
  facts: Facts = noFacts,
): Generator<Replacement> {
  const site = new Site(tree, facts);
  yield* visit(tree.root, site, file, { line: 1, statementLine: 1, atLoad: true }, wanted);
}

function* visit(
  node: SyntaxNode,
  site: Site,
  file: string,
  outer: Place,
  wanted: (place: Place) => boolean,
): Generator<Replacement> {
  // Types, imports and decorators are never edited.
  if (!node.named || ["type", "import", "decorator", "comment"].includes(node.shape)) return;
  const place = placeOf(node, outer);
  if (wanted(place)) {
    for (const operator of byShape.get(node.shape) ?? []) {
      for (const draft of operator.drafts(node, site)) yield* checked(draft, site, file, place);
    }
    if (isExpressionShape(node.shape) && node.usage === "read") {
      for (const operator of onExpressions) {
        for (const draft of operator.drafts(node, site)) yield* checked(draft, site, file, place);
      }
    }
  }
  for (const child of node.children) yield* visit(child, site, file, place, wanted);
}

function placeOf(node: SyntaxNode, outer: Place): Place {
  const ownLine = node.parent?.shape === "block" || node.shape === "else-if";
  const called = node.parent?.shape === "function" || node.parent?.shape === "lambda";
  // What a parameter's default is wrong for shows where the body begins.
  const body = node.shape === "parameters" ? node.parent?.children.find((child) => child.shape === "block") : undefined;
  const first = body && parts(body)[0];
  return {
    line: node.line,
    statementLine: ownLine ? node.line : (first?.line ?? outer.statementLine),
    atLoad: outer.atLoad && !(called && node.shape !== "parameters"),
  };
}

export function* checked(draft: Draft, site: Site, file: string, place: Place): Generator<Replacement> {
  if (site.tree.source.slice(draft.start, draft.end) === draft.text) return;
  yield {
    operator: draft.operator,
    file,
    start: draft.start,
    end: draft.end,
    replacement: draft.text,
    ...place,
    prior: priors[draft.operator] * (draft.weight ?? 1),
    insertion: draft.operator.startsWith("ins_"),
    deletion: deletions.has(draft.operator),
  };
}

export function applyReplacement(source: string, edit: Pick<Replacement, "start" | "end" | "replacement">): string {
  return source.slice(0, edit.start) + edit.replacement + source.slice(edit.end);
}
