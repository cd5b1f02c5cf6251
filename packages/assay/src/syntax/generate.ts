import type { SyntaxNode, SyntaxTree } from "./node.ts";
import type { Draft, Operator } from "./operator.ts";
import { operators } from "./operators/index.ts";
import { deletions, type OperatorName, priors } from "./priors.ts";
import { isExpressionShape, type Shape } from "./shape.ts";
import { Site } from "./site.ts";

/** One edit of a file: `start` to `end` (UTF-16 code units, exclusive) become `replacement`. */
export type Replacement = {
  operator: OperatorName;
  file: string;
  start: number;
  end: number;
  replacement: string;
  /** 1-based line of the syntax the edit is about, and of the statement around it. */
  line: number;
  statementLine: number;
  /** Prior of the operator, scaled by how well it fits here: above 0, at most 1. */
  prior: number;
  /** Puts a statement between others. */
  insertion: boolean;
  deletion: boolean;
};

const byShape = new Map<Shape, Operator[]>();
const onExpressions: Operator[] = [];
for (const operator of operators) {
  if (operator.shapes === undefined) onExpressions.push(operator);
  for (const shape of operator.shapes ?? []) byShape.set(shape, [...(byShape.get(shape) ?? []), operator]);
}

/**
 * All edits of a parsed file by all operators, lazily, in the order of the source. `wanted` says whether the syntax that
 * starts on a line, in a statement that starts on another, is worth editing.
 */
export function* generateReplacements(
  tree: SyntaxTree,
  file: string,
  wanted: (line: number, statementLine: number) => boolean = () => true,
): Generator<Replacement> {
  const site = new Site(tree);
  yield* visit(tree.root, site, file, tree.root.line, wanted);
}

function* visit(
  node: SyntaxNode,
  site: Site,
  file: string,
  statementLine: number,
  wanted: (line: number, statementLine: number) => boolean,
): Generator<Replacement> {
  // Types, imports and decorators are never edited.
  if (!node.named || ["type", "import", "decorator", "comment"].includes(node.shape)) return;
  const line = node.parent?.shape === "block" ? node.line : statementLine;
  if (wanted(node.line, line)) {
    for (const operator of byShape.get(node.shape) ?? []) {
      for (const draft of operator.drafts(node, site)) yield* checked(draft, node, site, file, line);
    }
    if (isExpressionShape(node.shape) && node.usage === "read") {
      for (const operator of onExpressions) {
        for (const draft of operator.drafts(node, site)) yield* checked(draft, node, site, file, line);
      }
    }
  }
  for (const child of node.children) yield* visit(child, site, file, line, wanted);
}

function* checked(
  draft: Draft,
  node: SyntaxNode,
  site: Site,
  file: string,
  statementLine: number,
): Generator<Replacement> {
  if (site.tree.source.slice(draft.start, draft.end) === draft.text) return;
  yield {
    operator: draft.operator,
    file,
    start: draft.start,
    end: draft.end,
    replacement: draft.text,
    line: node.line,
    statementLine,
    prior: priors[draft.operator] * (draft.weight ?? 1),
    insertion: draft.operator.startsWith("ins_"),
    deletion: deletions.has(draft.operator),
  };
}

export function applyReplacement(source: string, edit: Pick<Replacement, "start" | "end" | "replacement">): string {
  return source.slice(0, edit.start) + edit.replacement + source.slice(edit.end);
}
