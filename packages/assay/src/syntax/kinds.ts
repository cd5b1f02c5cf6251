import type { ValueKind } from "./language.ts";
import { binaryParts, parts, type SyntaxNode, type SyntaxTree, textOf, unparenthesized } from "./node.ts";

/** A guess at the kind of value an expression has, from its form alone; `known` tells of names. */
export function kindOf(
  tree: SyntaxTree,
  node: SyntaxNode,
  known: (name: string) => ValueKind | undefined = () => undefined,
): ValueKind | undefined {
  const { language } = tree;
  switch (node.shape) {
    case "number":
    case "update":
      return "number";
    case "string":
    case "template":
      return "string";
    case "true":
    case "false":
      return "boolean";
    case "null":
      return "null";
    case "list":
      return "list";
    case "set":
      return "set";
    case "map":
      return "map";
    case "lambda":
      return "function";
    case "tuple":
      return "list";
    case "comprehension":
      return node.kind.startsWith("set") ? "set" : node.kind.startsWith("dict") ? "map" : "list";
    case "parenthesized":
      return kindOf(tree, unparenthesized(node), known);
    case "unary":
      return node.children[0]?.kind === "not" || node.children[0]?.kind === "!" ? "boolean" : "number";
    case "identifier":
      return known(textOf(tree, node));
    case "binary":
      return binaryKind(tree, node, known);
    case "member":
      return /\.(length|size)$/.test(textOf(tree, node)) ? "number" : undefined;
    case "call":
    case "new": {
      const callee = parts(node)[0];
      if (callee === undefined) return undefined;
      const name = callee.shape === "member" ? parts(callee).at(-1) : callee;
      return name && language.results[textOf(tree, name)];
    }
    default:
      return undefined;
  }
}

function binaryKind(
  tree: SyntaxTree,
  node: SyntaxNode,
  known: (name: string) => ValueKind | undefined,
): ValueKind | undefined {
  const { operands, operators } = binaryParts(node);
  const operator = operators[0] ? textOf(tree, operators[0]) : "";
  const kinds = operands.map((operand) => kindOf(tree, operand, known));
  switch (tree.language.binary[operator]?.group) {
    case "comparison":
    case "equality":
    case "identity":
    case "membership":
      return "boolean";
    case "arithmetic":
      if (tree.language.mixedSigns.includes(operator)) return kinds.find((kind) => kind !== undefined);
      return "number";
    case "bitwise":
      return kinds.find((kind) => kind !== undefined) ?? "number";
    default:
      return kinds[0];
  }
}
