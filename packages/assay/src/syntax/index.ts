export { conditionalEdits } from "./conditional-edits.ts";
export { applyEdits, type EditsApplied } from "./edits/apply-edits.ts";
export { applyHunks } from "./edits/apply-hunks.ts";
export { pathProblem } from "./edits/edit-path.ts";
export { alwaysExcluded, dependencyFolder } from "./edits/exclusion.ts";
export {
  type FilePatch,
  type Hunk,
  type HunkLine,
  newLines,
  oldLines,
  patchPath,
  splitLines,
} from "./edits/file-patch.ts";
export {
  type Changes,
  decodeText,
  type FileState,
  type Found,
  isCrlf,
  type ReadFileState,
  sameState,
  toCrlf,
} from "./edits/file-state.ts";
export { occurrencesOf } from "./edits/occurrences.ts";
export { parseDiff } from "./edits/parse-diff.ts";
export { type Facts, familiesOf, type Literals, literalsIn, noFacts, siblingsFrom } from "./facts.ts";
export { applyReplacement, generateReplacements, type Place, type Replacement } from "./generate.ts";
export { importedFiles } from "./imported-files.ts";
export type { LanguageTable, ValueKind } from "./language.ts";
export { languageOf, languages } from "./languages/index.ts";
export { stringLineStarts } from "./layout.ts";
export { type NamedFunction, namedFunctions } from "./names.ts";
export { binaryParts, parts, type SyntaxNode, type SyntaxTree, textOf, walk } from "./node.ts";
export type { Operator } from "./operator.ts";
export { operatorTitles } from "./operator-titles.ts";
export { isWellFormed, type ParseResult, parseSource, sourceCharactersMax, syntaxErrorLine } from "./parse.ts";
export { deletions, type OperatorName, priors } from "./priors.ts";
export { matchRules, type RuleMatch, type RuleMatches } from "./rules/match-rules.ts";
export { type Scope, scopeOf, type Variable } from "./scope.ts";
export type { Shape } from "./shape.ts";
