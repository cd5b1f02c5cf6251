export { applyReplacement, generateReplacements, type Place, type Replacement } from "./generate.ts";
export type { LanguageTable, ValueKind } from "./language.ts";
export { languageOf, languages } from "./languages/index.ts";
export { binaryParts, parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "./node.ts";
export type { Operator } from "./operator.ts";
export { isWellFormed, type ParseResult, parseSource, sourceCharactersMax } from "./parse.ts";
export { deletions, type OperatorName, priors } from "./priors.ts";
export { type Scope, scopeOf, type Variable } from "./scope.ts";
export type { Shape } from "./shape.ts";
