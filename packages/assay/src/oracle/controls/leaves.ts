import { parts, type SyntaxNode, type SyntaxTree, textOf } from "#syntax";

const plain = new Set(["integer", "float", "string", "true", "false", "number", "template_string"]);
const containers = new Set([
  "list",
  "tuple",
  "set",
  "unary_operator",
  "parenthesized_expression",
  "array",
  "object",
  "unary_expression",
  "dictionary",
]);
/** What gives another value for another first argument. */
const constructors =
  /(?:^|\.|^new\s+)(?:approx|Decimal|Fraction|date|datetime|timedelta|Date|Set|Map|BigInt|Path|set|frozenset|list|tuple)$/;

/** The literals in an expected value: changing any of them makes another value of it. Keys of maps are left alone. */
export function leaves(tree: SyntaxTree, node: SyntaxNode | undefined): SyntaxNode[] {
  if (node === undefined) return [];
  if (plain.has(node.kind)) return [node];
  if (node.kind === "pair") return leaves(tree, parts(node)[1]);
  // Of other unary operators (`not`, `!`, `~`) a changed operand may give the same.
  if (node.kind.startsWith("unary") && !textOf(tree, node).startsWith("-")) return [];
  if (containers.has(node.kind)) return parts(node).flatMap((part) => leaves(tree, part));
  if (node.kind === "call" || node.kind === "call_expression" || node.kind === "new_expression") {
    const [callee, list] = parts(node);
    const called = callee === undefined ? "" : textOf(tree, callee);
    const [first] = list === undefined ? [] : parts(list);
    return constructors.test(called) && first?.kind !== "keyword_argument" ? leaves(tree, first) : [];
  }
  return [];
}
