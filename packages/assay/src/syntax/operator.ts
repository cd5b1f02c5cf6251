import type { SyntaxNode } from "./node.ts";
import type { OperatorName } from "./priors.ts";
import type { Shape } from "./shape.ts";
import type { Site } from "./site.ts";

/** One textual replacement: what `start` to `end` (UTF-16 code units, exclusive) becomes. */
export type Draft = {
  operator: OperatorName;
  start: number;
  end: number;
  text: string;
  /** Scales the operator's prior, 0 to 1: lower for what fits less well here. Default 1. */
  weight?: number;
};

/**
 * A small pure function from a node to edits of it. It knows shapes and the language's table, never a language.
 * Every draft keeps what is around it; what it yields is checked by parsing, so that it may be a little generous.
 */
export type Operator = {
  /** Shapes of the nodes it is asked about; absent: all expressions that are read. */
  shapes?: readonly Shape[];
  drafts(node: SyntaxNode, site: Site): Iterable<Draft>;
};

/** Replaces a whole node. */
export function replace(operator: OperatorName, node: SyntaxNode, text: string, weight?: number): Draft {
  const draft = { operator, start: node.start, end: node.end, text };
  return weight === undefined ? draft : { ...draft, weight };
}
