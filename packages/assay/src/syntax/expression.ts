import type { LanguageTable, Template } from "./language.ts";
import { binaryParts, type SyntaxNode, type SyntaxTree, textOf } from "./node.ts";

/** The text of an expression and how tightly its outermost operator binds. */
export type Expression = { text: string; precedence: number };

/** Precedence of what an expression node is, by its language's table. */
export function precedenceOf(tree: SyntaxTree, node: SyntaxNode): number {
  const { language } = tree;
  switch (node.shape) {
    case "binary": {
      const operator = binaryParts(node).operators[0];
      return (operator && language.binary[textOf(tree, operator)]?.precedence) ?? 0;
    }
    case "unary":
      return node.children[0]?.kind === "not" ? language.precedence.not : language.precedence.unary;
    case "update":
      return language.precedence.unary;
    case "await":
      return language.precedence.await;
    case "conditional":
      return language.precedence.conditional;
    case "lambda":
    case "yield":
    case "assign":
    case "augmented-assign":
    case "spread":
    case "cast":
      return language.precedence.lambda;
    case "tuple":
      return node.children[0]?.kind === "(" ? language.precedence.primary : -2;
    default:
      return language.precedence.primary;
  }
}

export function expressionOf(tree: SyntaxTree, node: SyntaxNode): Expression {
  return { text: textOf(tree, node), precedence: precedenceOf(tree, node) };
}

/** An expression that binds like a primary: a name, a literal, a call. */
export function atom(language: LanguageTable, text: string): Expression {
  return { text, precedence: language.precedence.primary };
}

/** Parenthesised when it binds less tightly than `precedenceMin`. */
export function bound(expression: Expression, precedenceMin: number): string {
  return expression.precedence < precedenceMin ? `(${expression.text})` : expression.text;
}

export function binary(language: LanguageTable, left: Expression, operator: string, right: Expression): Expression {
  const entry = language.binary[operator];
  const precedence = entry?.precedence ?? 0;
  // Comparisons chain in some languages, so that an operand which is one needs its parentheses on either side.
  const chains =
    entry?.group === "comparison" ||
    entry?.group === "identity" ||
    entry?.group === "membership" ||
    entry?.group === "coalesce";
  const powerful = operator === language.words.power;
  const leftMin = chains || powerful ? precedence + 1 : precedence;
  const rightMin = powerful ? language.precedence.unary : entry?.group === "boolean" ? precedence : precedence + 1;
  return { text: `${bound(left, leftMin)} ${operator} ${bound(right, rightMin)}`, precedence };
}

export function negation(language: LanguageTable, operand: Expression): Expression {
  return {
    text: `${language.words.not}${bound(operand, language.precedence.not)}`,
    precedence: language.precedence.not,
  };
}

/** Fills `$x` and `$y` of a template. */
export function filled(language: LanguageTable, template: Template, x: Expression, y?: Expression): Expression {
  const inner = bound(x, template.tight ? language.precedence.primary : 0);
  const text = template.text.replace(/\$([xy])/g, (_, name) => (name === "x" ? inner : (y?.text ?? "")));
  return { text, precedence: template.precedence };
}

/** The text with which `expression` may take the place of `node`: in parentheses where the surroundings bind tighter. */
export function placed(tree: SyntaxTree, node: SyntaxNode, expression: Expression): string {
  // `13.name` is not a member access but a broken number.
  const receiver = node.parent?.shape === "member" && /^\d+$/.test(expression.text);
  return receiver ? `(${expression.text})` : bound(expression, precedenceNeeded(tree, node));
}

function precedenceNeeded(tree: SyntaxTree, node: SyntaxNode): number {
  const parent = node.parent;
  if (parent === undefined) return -3;
  const { language } = tree;
  const own = precedenceOf(tree, parent);
  switch (parent.shape) {
    case "binary": {
      const { operands, operators } = binaryParts(parent);
      const entry = language.binary[operators[0] ? textOf(tree, operators[0]) : ""];
      const first = operands[0] === node;
      const loose = entry?.group === "boolean" || (first && entry?.group !== "comparison");
      return loose ? own : own + 1;
    }
    case "unary":
    case "await":
    case "update":
    case "spread":
      return own;
    case "member":
    case "subscript":
      return parts0(parent) === node ? language.precedence.primary : 0;
    case "call":
    case "new":
      return language.precedence.primary;
    case "cast":
      return language.precedence.primary;
    case "conditional":
      return language.precedence.conditional + 1;
    case "comprehension":
    case "for-clause":
    case "if-clause":
      return language.precedence.conditional + 1;
    case "arguments":
    case "list":
    case "set":
    case "pair":
    case "keyword-argument":
      return language.precedence.lambda;
    case "tuple":
      return language.precedence.lambda;
    default:
      return -3;
  }
}

function parts0(node: SyntaxNode): SyntaxNode | undefined {
  return node.children.find((child) => child.named && child.shape !== "comment");
}
