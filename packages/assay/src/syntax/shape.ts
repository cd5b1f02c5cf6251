/**
 * What a piece of syntax is, whatever the language calls it. A language table maps the kinds of its grammar to shapes;
 * operators know shapes only.
 */
export type Shape =
  // expressions
  | "identifier"
  | "number"
  | "string"
  | "template"
  | "template-hole"
  | "true"
  | "false"
  | "null"
  | "binary"
  | "unary"
  | "update"
  | "await"
  | "yield"
  | "call"
  | "new"
  | "arguments"
  | "keyword-argument"
  | "member"
  | "subscript"
  | "slice"
  | "list"
  | "tuple"
  | "set"
  | "map"
  | "pair"
  | "spread"
  | "conditional"
  | "lambda"
  | "comprehension"
  | "for-clause"
  | "if-clause"
  | "parenthesized"
  | "this"
  | "cast"
  // statements
  | "block"
  | "expression-statement"
  | "declaration"
  | "declarator"
  | "assign"
  | "augmented-assign"
  | "return"
  | "throw"
  | "if"
  | "else"
  | "else-if"
  | "for"
  | "for-each"
  | "while"
  | "break"
  | "continue"
  | "pass"
  | "function"
  | "class"
  | "import"
  | "parameters"
  | "parameter"
  | "statement"
  // the rest
  | "decorator"
  | "pattern"
  | "type"
  | "comment"
  | "optional-chain"
  | "token"
  | "other";

const expressionShapes: ReadonlySet<Shape> = new Set<Shape>([
  "identifier",
  "number",
  "string",
  "template",
  "true",
  "false",
  "null",
  "binary",
  "unary",
  "update",
  "await",
  "call",
  "new",
  "member",
  "subscript",
  "list",
  "tuple",
  "set",
  "map",
  "conditional",
  "lambda",
  "comprehension",
  "parenthesized",
  "this",
  "cast",
]);

export function isExpressionShape(shape: Shape): boolean {
  return expressionShapes.has(shape);
}
